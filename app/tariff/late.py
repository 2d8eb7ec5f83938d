"""연체금: what a bill that is paid late costs more."""

from datetime import date, timedelta
from typing import NamedTuple

from app.clock import add_months, first_day, month_end
from app.tariff.table import LateFee
from app.workdays import next_business_day


class Late(NamedTuple):
    """A late fee in won, and the days that it counts of the days of its month."""

    amount: int
    days: int
    of_days: int


def last_day(month: str, due_on: date) -> date:
    """The day after which nothing more accrues: a month of days after the due date."""
    return due_on + timedelta(days=days_after(month, due_on))


def days_after(month: str, due_on: date) -> int:
    """The days of the month that follows the one in which the bill was due.

    That is the billing month, even where its end moved over holidays; for a bill that was made late
    it is the month of its own due date.
    """
    usual = next_business_day(month_end(first_day(month)))
    due_month = month if due_on <= usual else due_on.isoformat()[:7]
    return month_end(first_day(add_months(due_month, 1))).day


def late_fee(rule: LateFee, unpaid: int, month: str, due_on: date, until: date) -> Late:
    """The fee on what was unpaid from the day after `due_on` up to `until`.

    W-ORD art. 33(1), S-ORD art. 33: percent of the unpaid amount, by days of the month after the
    billing month, one month at most. A due date that moved over holidays moves the beginning.
    """
    of_days = days_after(month, due_on)
    days = min(max((until - due_on).days, 0), of_days)
    exact = unpaid * rule.percent * days // (100 * of_days)
    return Late(exact // rule.cut_to * rule.cut_to, days, of_days)
