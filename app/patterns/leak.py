"""Whether water may be leaking: rules on numbers alone, with the reason for each."""

from collections.abc import Sequence
from typing import NamedTuple

NIGHTS, KNOWN = 7, 5
LEAST_M3 = 10
YEARS, BILLS, SPREADS = 2, 6, 3


class Used(NamedTuple):
    """The use of a bill, whose period has so many months."""

    month: str
    usage_m3: int
    months: int


class Usual(NamedTuple):
    """What is usual in a month, in tenths of a m3: at most, of the season, or in the mean."""

    tenths: int
    of_season: bool


def enough(nights: Sequence[int | None]) -> bool:
    """Whether the nights of a week tell anything: at least five of the seven are known."""
    return len([flow for flow in nights[-NIGHTS:] if flow is not None]) >= KNOWN


def night_flow(nights: Sequence[int | None]) -> int:
    """The least litres an hour in the last seven nights when it never stopped; 0 otherwise.

    People sleep, washing machines end, tanks fill up: in a home without a leak there is an hour
    without flow between 1 and 5 in nearly every night. One such hour in the week says that
    nothing leaks all the time. `nights` are days that follow each other, None where unknown.
    """
    known = [flow for flow in nights[-NIGHTS:] if flow is not None]
    return min(known) if enough(nights) else 0


def unusual(now: Used, earlier: Sequence[Used]) -> Usual | None:
    """What was usual, when a bill lies far above it; None when it does not or nobody can tell.

    A home is compared with itself only, for habits differ more between homes than within one. Use
    has its seasons, so the measure is the largest use of the same season (the same month of a
    year, or one beside it) in two or more earlier years. A third more and 10 m3 more at least are
    asked for: guests, a garden or a hot summer change use by less, and a toilet that runs wastes
    several m3 a week. Without two years, six bills do: then the use must also lie three
    standard deviations above their mean, which seasons do not reach.
    """
    season = [one for one in earlier if in_season(now.month, one.month)]
    if len({years_before(now.month, one.month) for one in season}) >= YEARS:
        largest = max(season, key=lambda one: one.usage_m3 * now.months / one.months)
        usual, of_season, far = monthly(largest), True, True
    elif len(earlier) >= BILLS:
        values = [monthly(one) for one in earlier]
        usual, of_season = sum(values) // len(values), False
        far = is_far(monthly(now), values)
    else:
        return None
    more = now.usage_m3 * 10 - usual * now.months
    if far and more >= LEAST_M3 * 10 and more * 3 > usual * now.months:
        return Usual(usual, of_season)
    return None


def monthly(used: Used) -> int:
    """Tenths of a m3 in a month."""
    return used.usage_m3 * 10 // used.months


def is_far(value: int, values: Sequence[int]) -> bool:
    """More than three standard deviations above the mean, in whole numbers."""
    count, total = len(values), sum(values)
    above = count * value - total
    spread = count * sum(one * one for one in values) - total * total  # (count x deviation) ** 2
    return above > 0 and above * above > SPREADS * SPREADS * spread


def in_season(month: str, other: str) -> bool:
    """Whether another month lies about whole years before this one."""
    apart = distance(month, other)
    return apart >= 11 and apart % 12 in (11, 0, 1)


def years_before(month: str, other: str) -> int:
    return (distance(month, other) + 6) // 12


def distance(month: str, other: str) -> int:
    """How many months the other one lies before."""
    return (int(month[:4]) - int(other[:4])) * 12 + int(month[5:]) - int(other[5:])
