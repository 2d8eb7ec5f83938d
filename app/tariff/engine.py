"""The charge of a period: one function for the single bill and for the whole city.

Arithmetic is exact: volumes in tenths of a m3, amounts as integers over 10 x the days of the
period; only the cutting rule of the table rounds, and its effect is a line of its own.
"""

from collections.abc import Sequence
from typing import NamedTuple

from app.tariff.base import Stretch, base_of
from app.tariff.lines import Line, Piece, Segment, tier_volumes
from app.tariff.reduce import Taken, take_off
from app.tariff.reductions import PARTS, Grant
from app.tariff.table import Period, Table

__all__ = ["Charge", "Grant", "Line", "Special", "Terms", "charge", "tier_volumes"]


class Terms(NamedTuple):
    """What the charge of a premises depends on besides its use.

    `dwellings` are households on a meter of another class (mixed use), 0 where there are none.
    """

    water_class: str
    sewer_class: str
    diameter_mm: int
    households: int
    dwellings: int = 0


class Special(NamedTuple):
    """What sets a period apart from a plain one.

    `base` are the days with supply, each with its diameter, where these are not all days with the
    meter of the terms; `base_days` the days that make its months where they are not whole.
    `ground_m3` is groundwater that goes into the sewer.
    """

    base: tuple[Stretch, ...] | None = None
    base_days: int = 0
    ground_m3: int = 0


class Charge(NamedTuple):
    """Amounts in won, parts before discounts; `lines` add up to `total`.

    `discount` is above 0; with a cut of the total alone, that is in it too.
    """

    water: int
    sewer: int
    levy: int
    discount: int
    total: int
    lines: list[Line]


class Part(NamedTuple):
    """What of a part's charge does not depend on the use: made once for many premises.

    `exact` is the base charge in 1/(10 x days) won, `shown` the whole won of its lines. `pieces`
    are the days of each rate, `home_pieces` those of households where use is mixed.
    """

    name: str
    base: list[Line]
    exact: int
    shown: int
    pieces: tuple[Piece, ...]
    home_pieces: tuple[Piece, ...]
    days: int
    per_household: bool


PLAIN = Special()
new = tuple.__new__


def plan(table: Table, terms: Terms, period: Period) -> tuple[Part, ...]:
    """The parts of a charge for one kind of premises and period, kept with the table.

    Raises TariffError for a day without a rate.
    """
    homes = terms.dwellings > 0 and period.month >= table.rules.mixed_from
    key = terms.water_class, terms.sewer_class, terms.diameter_mm, homes, period
    found: tuple[Part, ...] | None = table.plans.get(key)
    if found is None:
        classes = terms.water_class, terms.sewer_class, "all"
        found = table.plans[key] = tuple(
            part(table, name, use_class, terms.diameter_mm, period, homes)
            for name, use_class in zip(PARTS, classes, strict=True)
        )
    return found


def part(
    table: Table, name: str, use_class: str, diameter_mm: int, period: Period, homes: bool
) -> Part:
    pieces = rated(table, name, use_class, period)
    base: list[Line] = []
    if name == "water":
        base = base_of(table, period, (Stretch(diameter_mm, period.start, period.end),), 0)
    homes = homes and use_class not in ("household", "all")
    days = sum(piece.days for piece in pieces)
    shown = sum(line.amount for line in base)
    per_household = name in table.rules.per_household
    home_pieces = rated(table, name, "household", period) if homes else ()
    return Part(name, base, shown * 10 * days, shown, pieces, home_pieces, days, per_household)


def rated(table: Table, name: str, use_class: str, period: Period) -> tuple[Piece, ...]:
    """The rates of a part over a period, as the loop below wants them."""
    return tuple(
        Piece(rate.tiers, rate.tiers[0][1] if len(rate.tiers) == 1 else -1, days, rate.key)
        for rate, days in table.slices(name, use_class, period)
    )


def mixed(
    found: Part, terms: Terms, months: int, usage_m3: int, limit_m3: int
) -> tuple[Segment, ...]:
    """Mixed use (W-ORD art. 29(4)): so many m3 of each dwelling and month are household use, the
    rest is of the other class.
    """
    times = terms.dwellings * months
    at_home = min(usage_m3, limit_m3 * times)
    rest = (usage_m3 - at_home) * 10 // months
    return (
        (found.home_pieces, at_home * 10 // times, times),
        (found.pieces, rest, months),
    )


def charge(
    table: Table,
    terms: Terms,
    period: Period,
    usage_m3: int,
    grants: Sequence[Grant] = (),
    special: Special = PLAIN,
) -> Charge:
    """What a use of whole m3 costs; raises TariffError when a rate is missing.

    W-ORD art. 23, 26; W-RULE art. 20: the use is brought to one household and month and cut after
    the first decimal, charged there, and multiplied back; base charge once for each month; days
    before and after a change of rate count in proportion (addendum 7997 art. 2).
    """
    if usage_m3 < 0 or period.months < 1 or terms.households < 1:
        raise ValueError("use, months and households must not be below 0, 1 and 1")
    return planned(table, plan(table, terms, period), terms, period, usage_m3, grants, special)


def planned(
    table: Table,
    parts: tuple[Part, ...],
    terms: Terms,
    period: Period,
    usage_m3: int,
    grants: Sequence[Grant],
    special: Special,
) -> Charge:
    """The same where the plan of the terms and the period is at hand."""
    cut_to, by_part = table.rules.cut_to, table.rules.cut_each == "part"
    households = terms.households * period.months
    lines: list[Line] = []
    sums, taken = [], []
    for found in parts:
        name, base, exact, shown, pieces, homes, days, per_household = found
        use = usage_m3
        if special is not PLAIN:
            base, exact, shown = special_base(table, terms.diameter_mm, period, special, found)
            use += special.ground_m3 if name == "sewer" else 0
        times = households if per_household else 1
        segments: tuple[Segment, ...] = ((pieces, use * 10 // times, times),)
        if homes:
            segments = mixed(found, terms, period.months, use, table.rules.mixed_m3)
        if base:
            lines += base
        shown = add_use(lines, name, segments, 10 * days, exact, shown)
        if by_part and shown % cut_to:
            shown = cut(lines, name, shown, cut_to)
        sums.append(shown)
        if grants:
            ground = use - usage_m3
            taken.append(Taken(name, segments, days, shown, per_household, use, ground))
    less = take_off(table, grants, taken, terms, period) if grants else []
    off = -sum([line.amount for line in less])
    lines += less
    before = sum(sums) - off
    total = cut(lines, "total", before, cut_to)
    return new(Charge, (*sums, off + before - total, total, lines))


def add_use(
    lines: list[Line],
    name: str,
    segments: tuple[Segment, ...],
    scale: int,
    exact: int,
    shown: int,
) -> int:
    """Add the lines of a part's use; the whole won of the part so far.

    Amounts are cut as a running sum, so that lines add up: `exact` and `shown` begin with the base
    charge, `exact` in 1/`scale` won.
    """
    days = scale // 10
    for pieces, tenths, times in segments:
        for tiers, won, share, key in pieces:
            tiered = ((tenths, won),) if won >= 0 else tier_volumes(tenths, tiers)
            for volume, rate in tiered:
                quantity = volume * times
                exact += quantity * rate * share
                amount = exact // scale - shown
                lines.append(new(Line, (name, "usage", quantity, rate, share, days, amount, key)))
                shown += amount
    return shown


def cut(lines: list[Line], name: str, shown: int, cut_to: int) -> int:
    """Whole won after the cutting rule, whose effect is a line of its own."""
    rest = shown % cut_to
    if rest:
        lines.append(Line(name, "cut", 0, 0, 0, 0, -rest, ""))
    return shown - rest


def special_base(
    table: Table, diameter_mm: int, period: Period, special: Special, found: Part
) -> tuple[list[Line], int, int]:
    """The base charge where supply was paused, or the meter or the months are not plain."""
    if found.name != "water":
        return [], 0, 0
    whole = (Stretch(diameter_mm, period.start, period.end),)
    stretches = whole if special.base is None else special.base
    base = base_of(table, period, stretches, special.base_days)
    shown = sum(line.amount for line in base)
    return base, shown * 10 * found.days, shown
