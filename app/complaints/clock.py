"""When a complaint is due by law: working hours and days, from data to moments (Act art. 19).

Up to five days are counted in hours from the moment of receipt, eight working hours a day; from six
days on in days, of which the day of receipt is the first. Saturdays and public holidays count for
nothing, nor does the time in which the applicant or a test is waited for.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from app.clock import SEOUL
from app.workdays import is_business_day

HOURS_A_DAY = 8
LONGEST_IN_HOURS = 5
SPANS = ((time(9), time(12)), (time(13), time(18)))
"""Office hours."""
DAY = timedelta(days=1)
PERIOD = re.compile(r"(\d{1,3})([hd])")


class Period(NamedTuple):
    """A legal period: `hours` of work, or whole `days`; one of them is nothing."""

    hours: int
    days: int

    def twice(self, times: int = 2) -> "Period":
        """The period with its extensions, each as long as itself (art. 21)."""
        return Period(self.hours * times, self.days * times)


def period(text: str) -> Period:
    """`3h`, `3d` or `14d`; raises ValueError for anything else."""
    found = PERIOD.fullmatch(text)
    number = int(found[1]) if found else 0
    if not found or not number:
        raise ValueError("a period is written like 3h (working hours) or 7d (days)")
    if found[2] == "h":
        return Period(number, 0)
    if number <= LONGEST_IN_HOURS:
        return Period(number * HOURS_A_DAY, 0)
    return Period(0, number)


def written(one: Period) -> str:
    """A period as `period` reads it; working days up to five are hours."""
    return f"{one.hours}h" if one.hours else f"{one.days}d"


class Stop(NamedTuple):
    """A time that is not counted; without an end it still lasts."""

    since: datetime
    until: datetime | None


def spans(day: date) -> Iterator[tuple[datetime, datetime]]:
    """The office hours of a day; none when it is no working day."""
    if is_business_day(day):
        for opens, closes in SPANS:
            yield (
                datetime.combine(day, opens, SEOUL),
                datetime.combine(day, closes, SEOUL),
            )


def days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += DAY


def due(received: datetime, wanted: Period, stops: Sequence[Stop] = ()) -> datetime | None:
    """The moment at which a period ends, in Seoul; None while the clock stands still."""
    local = received.astimezone(SEOUL)
    if any(stop.until is None for stop in stops):
        return None
    return (
        by_hours(local, wanted.hours, stops) if wanted.hours else by_days(local, wanted.days, stops)
    )


def by_hours(received: datetime, hours: int, stops: Sequence[Stop]) -> datetime:
    """Working hours from a moment on, without the stopped ones."""
    left = timedelta(hours=hours)
    for day in days_from(received.date()):
        for opens, closes in spans(day):
            for since, until in without(max(opens, received), closes, stops):
                if until - since >= left:
                    return since + left
                left -= until - since
    raise AssertionError("days never end")


def without(
    since: datetime, until: datetime, stops: Sequence[Stop]
) -> Iterator[tuple[datetime, datetime]]:
    """The parts of a span that lie in no stop."""
    for stop in sorted(stops):
        if stop.until is None or stop.until <= since:
            continue
        if stop.since >= until:
            break
        if since < stop.since:
            yield since, stop.since.astimezone(SEOUL)
        since = max(since, stop.until.astimezone(SEOUL))
    if since < until:
        yield since, until


def by_days(received: datetime, days: int, stops: Sequence[Stop]) -> datetime:
    """The end of office hours of the last day; days that a stop touches do not count."""
    stopped = {day for stop in stops for day in touched(stop)}
    left = days
    for day in days_from(received.date()):
        if is_business_day(day) and day not in stopped:
            left -= 1
        if not left:
            return datetime.combine(day, SPANS[-1][1], SEOUL)
    raise AssertionError("days never end")


def touched(stop: Stop) -> Iterator[date]:
    """The days of a stop, the first and the last included."""
    day = stop.since.astimezone(SEOUL).date()
    last = stop.until.astimezone(SEOUL).date() if stop.until else day
    while day <= last:
        yield day
        day += DAY


def share(received: datetime, end: datetime, now: datetime) -> float:
    """How much of the working time until a deadline is over: 0 to 1, more when it is late."""
    whole, past = worked(received, end), worked(received, min(now, end))
    if now > end:
        return 1.0 + (now - end) / DAY
    return past / whole if whole else 1.0


def worked(since: datetime, until: datetime) -> timedelta:
    """Office hours between two moments."""
    since, until = since.astimezone(SEOUL), until.astimezone(SEOUL)
    total, day = timedelta(0), since.date()
    while day <= until.date():
        for opens, closes in spans(day):
            total += max(min(closes, until) - max(opens, since), timedelta(0))
        day += DAY
    return total
