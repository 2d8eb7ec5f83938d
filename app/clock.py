"""The only place that asks for the time: moments in UTC, days in Seoul."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")

_frozen: datetime | None = None


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _frozen or datetime.now(UTC)


def today() -> date:
    """The calendar day in Seoul."""
    return now().astimezone(SEOUL).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stop the clock at an aware moment (tests, previews)."""
    global _frozen
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    before, _frozen = _frozen, moment.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def add_months(month: str, count: int) -> str:
    """`2026-11` and -1 give `2026-10`."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + count, 12)
    return f"{year:04d}-{number + 1:02d}"


def first_day(month: str) -> date:
    """`2026-11` gives 2026-11-01; raises ValueError for anything else."""
    try:
        day = date.fromisoformat(f"{month}-01")
    except ValueError:
        day = None
    if day is None or len(month) != 7:
        raise ValueError("a month is written YYYY-MM")
    return day
