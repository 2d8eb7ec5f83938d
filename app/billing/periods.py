"""When a premises is billed, for which days, and until when the bill is to be paid."""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from app.clock import add_months, first_day, month_end
from app.workdays import next_business_day

RUN_LOCK = "SELECT pg_advisory_xact_lock(7214032)"
"""What a run and a correction take on PostgreSQL: one of them at a time writes bills."""
NOTICE = timedelta(days=7)
CYCLE_DAYS = 5  # a reading counts when made within five days of the regular days (W-RULE art. 49)


def cycle(month: str) -> tuple[date, date]:
    """First and last day on which a reading counts for a billing month (21st to 8th, ± 5 days)."""
    first = first_day(add_months(month, -1)).replace(day=21) - timedelta(days=CYCLE_DAYS)
    last = first_day(month).replace(day=8) + timedelta(days=CYCLE_DAYS)
    return first, last


def due_date(month: str, today: date = date.min) -> date:
    """The last day of the month, or the next business day (W-ORD art. 28(1)).

    A bill that is made late is due a week after it was made at the earliest (W-RULE art. 29).
    """
    usual = month_end(first_day(month))
    return next_business_day(max(usual, today + NOTICE) if today > date.min else usual)


@lru_cache(256)
def months_between(since: str, until: str) -> int:
    return (int(until[:4]) - int(since[:4])) * 12 + int(until[5:]) - int(since[5:])


def months_of_days(start_on: date, end_on: date) -> int:
    """Whole months that some days come to; half a month counts as one, and at least one."""
    return max(((end_on - start_on).days * 24 + 365) // 730, 1)


def days_of_months(start_on: date, months: int) -> int:
    """The days of some calendar months that begin after a day."""
    month = add_months(start_on.isoformat()[:7], months)
    last = monthrange(int(month[:4]), int(month[5:]))[1]
    end = first_day(month).replace(day=min(start_on.day, last))
    return (end - start_on).days


def final_month(read_on: date, last: str | None, month: str) -> str:
    """The month that a final bill is filed under: one that no regular bill needs.

    That of the reading where it lies between the last bill and the month that is billed, else the
    one before that month, else that month itself, or the one after when that has its bill.
    """
    own, before = read_on.isoformat()[:7], add_months(month, -1)
    for wanted in (own, before):
        if wanted < month and (last is None or wanted > last):
            return wanted
    return month if last is None or last < month else add_months(last, 1)
