"""Takes discounts and reductions off a charge, in the order of the tariff file."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from app.tariff.lines import Line, Segment, exact
from app.tariff.reductions import PARTS, Grant, Reduction
from app.tariff.table import Period, Table

VOLUMES = ("volume", "less_use", "free")
HOUSEHOLD_ONLY = frozenset(["household"])
Chosen = list[tuple[Reduction, int]]
"""Rules with the number that each grant gives them."""


class Taken(NamedTuple):
    """One part's charge before anything is taken off: its volumes, days and whole won.

    `counted` tells whether its volumes are those of one household and month; of `use_m3` in all,
    `ground_m3` are groundwater. Household use is the first segment where there are two.
    """

    name: str
    segments: tuple[Segment, ...]
    days: int
    won: int
    counted: bool
    use_m3: int
    ground_m3: int


class HasClass(Protocol):
    """What of a premises' terms reductions ask for."""

    @property
    def water_class(self) -> str: ...
    @property
    def dwellings(self) -> int: ...
    @property
    def households(self) -> int: ...


def take_off(
    table: Table, grants: Sequence[Grant], parts: Sequence[Taken], terms: HasClass, period: Period
) -> list[Line]:
    """The lines of all discounts; the order of the grants changes nothing.

    Nothing takes a part below 0.
    """
    key = "rules", tuple(grants), period.month, terms.water_class, terms.dwellings > 0
    rules: dict[str, Chosen] | None = table.plans.get(key)
    if rules is None:
        rules = table.plans[key] = chosen(table, grants, period.month, terms)
    lines: list[Line] = []
    for part in parts:
        if of := rules.get(part.name):
            homes = terms.dwellings if len(part.segments) > 1 else terms.households
            lines += of_part(part, of, homes, period.months, table.rules.cut_to)
    return lines


def chosen(table: Table, grants: Sequence[Grant], month: str, terms: HasClass) -> dict[str, Chosen]:
    """The rules that count, by part, in the order of the table; grants of one code add up."""
    given: dict[str, int] = {}
    for code, value in grants:
        given[code] = given.get(code, 0) + value
    rules = [
        (rule, given[code])
        for code, rule in table.reductions.items()
        if code in given
        and not given.keys() & rule.unless
        and rule.holds(month, terms.water_class, terms.dwellings > 0)
    ]
    return {part: [one for one in rules if part in one[0].percent] for part in PARTS}


def of_part(part: Taken, rules: Chosen, homes: int, months: int, cut_to: int) -> list[Line]:
    """What is taken off one part.

    Reductions of a group do not add up (W-ORD art. 31): each household has one of them.
    """
    segments, left, home = list(part.segments), part.won, -1
    lines: list[Line] = []
    taken: dict[str, int] = {}
    for rule, value in rules:
        free = homes - taken.get(rule.group, 0) if rule.group else homes
        value = min(value, free) if rule.counts_homes else value
        if value <= 0 or not free:
            continue
        taken[rule.group] = homes - free + (value if rule.counts_homes else homes)
        quantity, rate = 0, rule.won
        if rule.kind in VOLUMES:
            fewer = without(rule, value, segments, part, months)
            if rule.kind == "free" and part.counted:
                fewer, home = freed(segments, home, rule.m3 * 10, value * months)
            quantity = tenths_of(segments) - tenths_of(fewer)
            rate = rule.percent[part.name] if rule.kind == "less_use" else 0
            won = (exact(segments) - exact(fewer)) // (10 * part.days)
            segments = fewer
        elif rule.kind == "share":
            quantity, rate = share_of(rule, value, part, left, homes), rule.percent[part.name]
            won = max(quantity * rate // 100, rule.least)
            won = won if rule.most is None else min(won, rule.most)
        else:
            won = rule.won
        won = min(won, left) // cut_to * cut_to
        if won:
            lines.append(Line(part.name, "discount", quantity, rate, 0, 0, -won, rule.code))
            left -= won
    return lines


def share_of(rule: Reduction, value: int, part: Taken, left: int, homes: int) -> int:
    """The won that a percentage is taken of: those of the households or the water it concerns."""
    if rule.ground:
        return left * part.ground_m3 // max(part.use_m3, 1)
    if len(part.segments) > 1 and rule.classes == HOUSEHOLD_ONLY:
        left = min(left, exact([part.segments[0]]) // (10 * part.days))
    return left * value // homes if rule.counts_homes else left


def tenths_of(segments: list[Segment]) -> int:
    return sum(tenths * times for _, tenths, times in segments)


def without(
    rule: Reduction, value: int, segments: list[Segment], part: Taken, months: int
) -> list[Segment]:
    """The volumes that are left to be charged."""
    percent = rule.percent[part.name]
    if rule.kind == "less_use":
        return [(pieces, tenths - tenths * percent // 100, n) for pieces, tenths, n in segments]
    if rule.kind == "volume":
        return less_volume(segments, value * percent // 10)
    pieces, tenths, times = segments[0]
    return [(pieces, max(tenths - rule.m3 * 10 * value * months, 0), times), *segments[1:]]


def freed(
    segments: list[Segment], home: int, tenths_free: int, months: int
) -> tuple[list[Segment], int]:
    """Free some tenths of a m3 of so many household-months, and how many segments then still have
    nothing free: they come first. -1 for `home` means all household use.
    """
    if home < 0:
        home = sum(1 for segment in segments if segment[0] is segments[0][0])
    whole: list[Segment] = []
    less: list[Segment] = []
    for pieces, tenths, times in segments[:home]:
        count = min(months, times)
        months -= count
        whole += [(pieces, tenths, times - count)] if times > count else []
        less += [(pieces, max(tenths - tenths_free, 0), count)] if count else []
    return [*whole, *less, *segments[home:]], len(whole)


def less_volume(segments: list[Segment], tenths_off: int) -> list[Segment]:
    """Tenths of a m3 off the last volumes first: what leaks is not a household's own use."""
    left: list[Segment] = []
    for pieces, tenths, times in reversed(segments):
        off = min(tenths_off, tenths * times)
        tenths_off -= off
        each, more = divmod(tenths * times - off, times) if times else (0, 0)
        left += [(pieces, each + 1, more)] if more else []
        left.append((pieces, each, times - more))
    return left[::-1]
