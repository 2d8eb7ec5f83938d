"""How many complaints came and how well they were answered: by kind, office and week.

Nothing here is about a person. What is asked for is bounded by the chosen weeks: one search for
what came, and one for each office for what was closed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from math import ceil
from operator import itemgetter
from typing import NamedTuple

from app.clock import SEOUL
from app.complaints.acting import stopped
from app.complaints.clock import DAY, SPANS, Stop
from app.db import as_instant, instant, is_postgres, rows
from app.workdays import is_business_day

DAY_MINUTES, WEEK_MINUTES = 1440, 7 * 1440
TO_SEOUL = 9 * 60
"""Minutes; there is no summer time."""
MONDAY_OF_DAY_0 = 3 * DAY_MINUTES
"""The first day that is counted from, 1 January 1970, was a Thursday."""
EPOCH = date(1970, 1, 1)
RECEIVED = """
SELECT office, type, (unixepoch(received_at) / 60 + 540 + 4320) / 10080, count(*) FROM complaints
WHERE received_at >= ? AND received_at < ? GROUP BY 1, 2, 3
"""
RECEIVED_POSTGRES = """
SELECT office, type, (CAST(EXTRACT(EPOCH FROM received_at) AS BIGINT) / 60 + 540 + 4320) / 10080,
    count(*) FROM complaints
WHERE received_at >= ? AND received_at < ? GROUP BY 1, 2, 3
"""
ANSWERED = """
SELECT type, unixepoch(closed_at) / 60, unixepoch(begun_at) / 60,
    COALESCE(closed_at <= due_at, 1), reopened > 0, rating, id FROM complaints
WHERE office = ? AND closed_at >= ? AND closed_at < ?
    AND (state = 'done' OR state = 'transferred' OR state = 'returned')
"""
ANSWERED_POSTGRES = """
SELECT type, CAST(EXTRACT(EPOCH FROM closed_at) AS BIGINT) / 60,
    CAST(EXTRACT(EPOCH FROM begun_at) AS BIGINT) / 60,
    COALESCE(closed_at <= due_at, true), reopened > 0, rating, id FROM complaints
WHERE office = ? AND closed_at >= ? AND closed_at < ?
    AND (state = 'done' OR state = 'transferred' OR state = 'returned')
"""
WAITED = """
SELECT complaint_id, kind, at FROM complaint_events
WHERE (kind = 'asked' OR kind = 'given' OR kind = 'reopened') AND complaint_id IN (
    SELECT a.complaint_id FROM complaint_events a JOIN complaints c ON c.id = a.complaint_id
    WHERE a.kind = 'asked' AND c.office = ? AND c.closed_at >= ? AND c.closed_at < ?)
ORDER BY complaint_id, id
"""
"""Of the few of whose applicants something was asked; an index has them."""


class Key(NamedTuple):
    """`week` is the number of its Monday."""

    office: str
    type: str
    week: int


@dataclass
class Cell:
    """What is known of some complaints together."""

    received: int = 0
    answered: int = 0
    in_time: int = 0
    reopened: int = 0
    rated: int = 0
    stars: int = 0
    minutes: list[int] = field(default_factory=list)
    """Working time from receipt to answer, of each, without that in which its applicant was waited
    for.
    """

    def add(self, other: "Cell") -> None:
        self.received += other.received
        self.answered += other.answered
        self.in_time += other.in_time
        self.reopened += other.reopened
        self.rated += other.rated
        self.stars += other.stars
        self.minutes += other.minutes


def week_of(day: date) -> int:
    return ((day - EPOCH).days + 3) // 7


def monday(week: int) -> date:
    return EPOCH + timedelta(days=7 * week - 3)


def within_day() -> list[int]:
    """How many minutes of a working day are over at each of its minutes."""
    found, total = [], 0
    opened = [range(a.hour * 60 + a.minute, z.hour * 60 + z.minute) for a, z in SPANS]
    for minute in range(DAY_MINUTES):
        found.append(total)
        total += any(minute in span for span in opened)
    return [*found, total]


class Hours:
    """Working minutes until a minute, by two look-ups: for a hundred thousand of them."""

    def __init__(self, first: int, last: int) -> None:
        """For minutes since 1970 from the first to the last one."""
        self.first = (first + TO_SEOUL) // DAY_MINUTES
        self.within, nothing = within_day(), [0] * (DAY_MINUTES + 1)
        self.before, self.days, total = [], [], 0
        for number in range(self.first, (last + TO_SEOUL) // DAY_MINUTES + 1):
            works = is_business_day(EPOCH + number * DAY)
            self.before.append(total)
            self.days.append(self.within if works else nothing)
            total += self.within[-1] if works else 0

    def until(self, minute: int) -> int:
        number, rest = divmod(minute + TO_SEOUL, DAY_MINUTES)
        at = number - self.first
        return self.before[at] + self.days[at][rest]

    def between(self, begun: int, ended: int, stops: Sequence[Stop]) -> int:
        """From the receipt to the answer, without what lies in a stop; one that nothing has ended
        lasts until the answer.
        """
        whole = self.until(ended) - self.until(begun)
        for stop in stops:
            since = max(minute(stop.since), begun)
            until = min(minute(stop.until), ended) if stop.until else ended
            whole -= max(self.until(until) - self.until(since), 0) if since < until else 0
        return whole


def minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def waits(office: str, span: tuple[str, str]) -> dict[int, list[Stop]]:
    """When the clock of what was answered stood still, by the complaint's id."""
    asked = groupby(rows(WAITED, (office, *span)), itemgetter(0))
    return {
        number: stopped((kind, as_instant(at)) for _, kind, at in events)
        for number, events in asked
    }


def bounds(first: int, last: int) -> tuple[str, str]:
    """The beginning of the first week, and the end of the last one."""
    since, until = (
        datetime.combine(monday(week), datetime.min.time(), SEOUL) for week in (first, last + 1)
    )
    return instant(since), instant(until)


def cells(offices: Sequence[str], first: int, last: int) -> dict[Key, Cell]:
    """All there is of these offices and weeks."""
    found: dict[Key, Cell] = {}
    span = bounds(first, last)
    for office, kind, week, count in rows(RECEIVED_POSTGRES if is_postgres() else RECEIVED, span):
        if office in offices:
            found.setdefault(Key(office, kind, int(week)), Cell()).received = count
    for office in offices:
        for key, one in answered(office, span):
            found.setdefault(key, Cell()).add(one)
    return found


def answered(office: str, span: tuple[str, str]) -> Iterator[tuple[Key, Cell]]:
    """What was answered, put together by kind and week."""
    closed = rows(ANSWERED_POSTGRES if is_postgres() else ANSWERED, (office, *span))
    if not closed:
        return iter(())
    hours = Hours(min(row[2] for row in closed), max(row[1] for row in closed))
    stops = waits(office, span)
    found: dict[Key, Cell] = {}
    for kind, ended, begun, in_time, again, rating, number in closed:
        week = (ended + TO_SEOUL + MONDAY_OF_DAY_0) // WEEK_MINUTES
        key = Key(office, kind, week)
        one = found.get(key) or found.setdefault(key, Cell())
        one.answered += 1
        one.in_time += bool(in_time)
        one.reopened += bool(again)
        one.minutes.append(hours.between(begun, ended, stops.get(number, ())))
        if rating is not None:
            one.rated += 1
            one.stars += rating
    return iter(found.items())


def by(some: dict[Key, Cell], axis: Callable[[Key], str | int]) -> dict[str | int, Cell]:
    """The same, put together by one thing; what there is most of first, weeks in their order."""
    found: dict[str | int, Cell] = {}
    for key, one in some.items():
        found.setdefault(axis(key), Cell()).add(one)
    return found


def total(some: Iterable[Cell]) -> Cell:
    found = Cell()
    for one in some:
        found.add(one)
    return found


def at_share(minutes: Sequence[int], share: float) -> int | None:
    """The time within which a share of all were answered; None of none."""
    if not minutes:
        return None
    return sorted(minutes)[max(ceil(len(minutes) * share) - 1, 0)]
