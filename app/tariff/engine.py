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
    if len(tiers) == 1:
        return [(tenths, tiers[0][1])]
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


class Part(NamedTuple):
    """What of a part's charge does not depend on the use: made once for many premises.

    `exact` is the base charge in 1/(10 x days) won, `shown` the whole won of its lines.
    """

    name: str
    base: list[Line]
    exact: int
    shown: int
    slices: tuple[Slice, ...]
    days: int
    per_household: bool


Plan = tuple[Part, ...]


def plan(table: Table, terms: Terms, period: Period) -> Plan:
    """The parts of a charge for one kind of premises and period, kept with the table."""
    key = terms.water_class, terms.sewer_class, terms.diameter_mm, period
    found: Plan | None = table.plans.get(key)
    if found is None:
        found = table.plans[key] = tuple(
            part(table, name, use_class, terms.diameter_mm, period)
            for name, use_class in (
                ("water", terms.water_class),
                ("sewer", terms.sewer_class),
                ("levy", "all"),
            )
        )
    return found


def part(table: Table, name: str, use_class: str, diameter_mm: int, period: Period) -> Part:
    """One part with its base charge; raises TariffError for a day without a rate."""
    slices = table.slices(name, use_class, period)
    days = sum(piece.days for piece in slices)
    base, exact, shown = [], 0, 0
    for rate, share in table.slices("base", str(diameter_mm), period) if name == "water" else ():
        won = rate.tiers[0][1]
        exact += period.months * won * share * 10
        amount = exact // (10 * days) - shown
        base.append(Line(name, "base", period.months, won, share, days, amount, rate.key))
        shown += amount
    return Part(name, base, exact, shown, slices, days, name in table.rules.per_household)


def charge(table: Table, terms: Terms, period: Period, usage_m3: int) -> Charge:
    """What a use of whole m3 costs; raises TariffError when a rate is missing.

    W-ORD art. 23, 26; W-RULE art. 20: the use is brought to one household and month and cut after
    the first decimal, charged there, and multiplied back; base charge once for each month; days
    before and after a change of rate count in proportion (addendum 7997 art. 2).
    """
    if usage_m3 < 0 or period.months < 1 or terms.households < 1:
        raise ValueError("use, months and households must not be below 0, 1 and 1")
    cut_to, by_part = table.rules.cut_to, table.rules.cut_each == "part"
    lines: list[Line] = []
    sums = []
    for name, base, exact, shown, slices, days, per_household in plan(table, terms, period):
        times = terms.households * period.months if per_household else 1
        tenths = usage_m3 * 10 // times
        lines += base
        for rate, share in slices:
            for volume, won in tier_volumes(tenths, rate.tiers):
                quantity = volume * times
                exact += quantity * won * share
                amount = exact // (10 * days) - shown
                lines.append(Line(name, "usage", quantity, won, share, days, amount, rate.key))
                shown += amount
        if by_part and shown % cut_to:
            rest = shown % cut_to
            lines.append(Line(name, "cut", 0, 0, 0, 0, -rest, ""))
            shown -= rest
        sums.append(shown)
    total = sum(sums)
    rest = total % cut_to
    if rest:
        lines.append(Line("total", "cut", 0, 0, 0, 0, -rest, ""))
    return Charge(sums[0], sums[1], sums[2], total - rest, lines)
