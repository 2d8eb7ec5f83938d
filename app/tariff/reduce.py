"""Takes discounts and reductions off a charge, in the order of the tariff file."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from app.tariff.lines import Line, Segment, exact
from app.tariff.reductions import PARTS, Grant, Reduction
from app.tariff.table import Period, Table

VOLUMES = ("volume", "less_use", "free")
Chosen = list[tuple[Reduction, int]]
"""Rules with the number that each grant gives them."""


class Taken(NamedTuple):
    """One part's charge before anything is taken off: its volumes, days and whole won."""

    name: str
    segments: tuple[Segment, ...]
    days: int
    won: int


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

    Of a group only the one that takes off most counts (W-ORD art. 31: they do not add up). Nothing
    takes a part below 0.
    """
    key = "rules", tuple(grants), period.month, terms.water_class, terms.dwellings > 0
    rules: dict[str, Chosen] | None = table.plans.get(key)
    if rules is None:
        rules = table.plans[key] = chosen(table, grants, period.month, terms)
    lines: list[Line] = []
    for part in parts:
        if of := rules.get(part.name):
            lines += of_part(part, of, terms, period.months, table.rules.cut_to)
    return lines


def chosen(table: Table, grants: Sequence[Grant], month: str, terms: HasClass) -> dict[str, Chosen]:
    """The rules that count, by part, in the order of the table."""
    given: dict[str, int] = {}
    for code, value in grants:
        given[code] = max(value, given.get(code, 0))
    rules = [
        (rule, given[code])
        for code, rule in table.reductions.items()
        if code in given and rule.holds(month, terms.water_class, terms.dwellings > 0)
    ]
    return {part: best_of_groups(part, rules) for part in PARTS}


def of_part(part: Taken, rules: Chosen, terms: HasClass, months: int, cut_to: int) -> list[Line]:
    """What is taken off one part."""
    segments, left = list(part.segments), part.won
    lines: list[Line] = []
    for rule, value in rules:
        quantity, rate = 0, rule.won
        if rule.kind in VOLUMES:
            fewer = without(rule, value, segments, part.name, terms, months)
            quantity = tenths_of(segments) - tenths_of(fewer)
            rate = rule.percent[part.name] if rule.kind == "less_use" else 0
            won = (exact(segments) - exact(fewer)) // (10 * part.days)
            segments = fewer
        elif rule.kind == "share":
            quantity, rate = left, rule.percent[part.name]
            won = max(left * rate // 100, rule.least)
            won = won if rule.most is None else min(won, rule.most)
        else:
            won = rule.won
        won = min(won, left) // cut_to * cut_to
        if won:
            lines.append(Line(part.name, "discount", quantity, rate, 0, 0, -won, rule.code))
            left -= won
    return lines


def best_of_groups(part: str, rules: Chosen) -> Chosen:
    """The rules of a part, of each group the one that frees most."""
    best: dict[str, int] = {}
    for rule, value in rules:
        if rule.group and part in rule.percent:
            best[rule.group] = max(best.get(rule.group, 0), rule.m3 * value)
    found: Chosen = []
    seen: set[str] = set()
    for rule, value in rules:
        if part not in rule.percent or rule.group in seen:
            continue
        if rule.group:
            if rule.m3 * value < best[rule.group]:
                continue
            seen.add(rule.group)
        found.append((rule, value))
    return found


def tenths_of(segments: list[Segment]) -> int:
    return sum(tenths * times for _, tenths, times in segments)


def without(
    rule: Reduction,
    value: int,
    segments: list[Segment],
    part: str,
    terms: HasClass,
    months: int,
) -> list[Segment]:
    """The volumes that are left to be charged."""
    percent = rule.percent[part]
    if rule.kind == "less_use":
        return [(pieces, tenths - tenths * percent // 100, n) for pieces, tenths, n in segments]
    if rule.kind == "volume":
        return less_volume(segments, value * percent // 10)
    pieces, tenths, times = segments[0]  # household use comes first where use is mixed
    if times == 1:  # one household and month, or a part that is not counted by households
        freed = min(value, terms.households) * months
        return [(pieces, max(tenths - rule.m3 * 10 * freed, 0), 1), *segments[1:]]
    freed = min(value * months, times)
    free = min(rule.m3 * 10, tenths)
    return [(pieces, tenths - free, freed), (pieces, tenths, times - freed), *segments[1:]]


def less_volume(segments: list[Segment], tenths_off: int) -> list[Segment]:
    """Tenths of a m3 off the last volumes first: what leaks is not a household's own use."""
    left: list[Segment] = []
    for pieces, tenths, times in reversed(segments):
        off = min(tenths_off, tenths * times)
        tenths_off -= off
        left.append((pieces, (tenths * times - off) // times, times))
    return left[::-1]
