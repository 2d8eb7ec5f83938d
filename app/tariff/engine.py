"""The charge of a period: one function for the single bill and for the whole city.

Arithmetic is exact: volumes in tenths of a m3, amounts as integers over 10 x the days of the
period; only the cutting rule of the table rounds, and its effect is a line of its own.
"""

from typing import NamedTuple

from app.tariff.table import Period, Slice, Table


class Terms(NamedTuple):
    """What the charge of a premises depends on besides its use."""

    water_class: str
    sewer_class: str
    diameter_mm: int
    households: int


class Line(NamedTuple):
    """One line of a bill, with all that its amount was computed from.

    `quantity` is tenths of a m3 for `usage`, months for `base`, 0 for `cut`.
    amount = quantity x rate x days / of_days (/ 10 for usage), cut to whole won as a running sum.
    """

    part: str
    kind: str
    quantity: int
    rate: int
    days: int
    of_days: int
    amount: int
    key: str


class Charge(NamedTuple):
    """Amounts in won; `lines` add up to `total`."""

    water: int
    sewer: int
    levy: int
    total: int
    lines: list[Line]


def tier_volumes(tenths: int, tiers: tuple[tuple[int | None, int], ...]) -> list[tuple[int, int]]:
    """Split tenths of a m3 over the tiers: (tenths, won per m3) for each tier that is reached."""
    found: list[tuple[int, int]] = []
    below = 0
    for limit, won in tiers:
        top = tenths if limit is None else min(tenths, limit * 10)
        if top > below or not found:
            found.append((top - below, won))
            below = top
        if top == tenths:
            break
    return found


def part_lines(
    part: str,
    base: tuple[Slice, ...],
    usage: tuple[Slice, ...],
    tenths: int,
    times: int,
    months: int,
) -> tuple[list[Line], int]:
    """The lines of one part before cutting, and their sum in whole won.

    `tenths` is the monthly volume of one household, `times` = households x months.
    """
    days = sum(piece.days for piece in usage)
    lines, exact, shown = [], 0, 0
    for rate, share in base:
        won = rate.tiers[0][1]
        exact += months * won * share * 10
        amount = exact // (10 * days) - shown
        lines.append(Line(part, "base", months, won, share, days, amount, rate.key))
        shown += amount
    for rate, share in usage:
        for volume, won in tier_volumes(tenths, rate.tiers):
            quantity = volume * times
            exact += quantity * won * share
            amount = exact // (10 * days) - shown
            lines.append(Line(part, "usage", quantity, won, share, days, amount, rate.key))
            shown += amount
    return lines, shown


def charge(table: Table, terms: Terms, period: Period, usage_m3: int) -> Charge:
    """What a use of whole m3 costs; raises TariffError when a rate is missing.

    W-ORD art. 23, 26; W-RULE art. 20: the use is brought to one household and month and cut after
    the first decimal, charged there, and multiplied back; base charge once for each month; days
    before and after a change of rate count in proportion (addendum 7997 art. 2).
    """
    if usage_m3 < 0 or period.months < 1 or terms.households < 1:
        raise ValueError("use, months and households must not be below 0, 1 and 1")
    rules, lines, sums = table.rules, [], []
    for part, use_class in (
        ("water", terms.water_class),
        ("sewer", terms.sewer_class),
        ("levy", "all"),
    ):
        base = table.slices("base", str(terms.diameter_mm), period) if part == "water" else ()
        times = terms.households * period.months if part in rules.per_household else 1
        tenths = usage_m3 * 10 // times
        slices = table.slices(part, use_class, period)
        found, amount = part_lines(part, base, slices, tenths, times, period.months)
        lines += found
        rest = amount % rules.cut_to if rules.cut_each == "part" else 0
        if rest:
            lines.append(Line(part, "cut", 0, 0, 0, 0, -rest, ""))
        sums.append(amount - rest)
    total = sum(sums)
    rest = total % rules.cut_to
    if rest:
        lines.append(Line("total", "cut", 0, 0, 0, 0, -rest, ""))
    return Charge(sums[0], sums[1], sums[2], total - rest, lines)
