"""연체금: what a bill that is paid late costs more."""

from datetime import date, timedelta
from typing import NamedTuple

from app.clock import add_months, first_day, month_end
from app.tariff.table import LateFee


class Late(NamedTuple):
    """A late fee in won, and the days that it counts of the days of its month."""

    amount: int
    days: int
    of_days: int


def last_day(month: str, due_on: date) -> date:
    """The day after which nothing more accrues: a month of days after the due date."""
    return due_on + timedelta(days=days_after(month))


def days_after(month: str) -> int:
    """The days of the month that follows the billing month, whose end is the due date."""
    return month_end(first_day(add_months(month, 1))).day


def late_fee(rule: LateFee, unpaid: int, month: str, due_on: date, until: date) -> Late:
    """The fee on what was unpaid from the day after `due_on` up to `until`.

    W-ORD art. 33(1), S-ORD art. 33: percent of the unpaid amount, by days of the month after the
    billing month, one month at most. A due date that moved over holidays moves the beginning.
    """
    of_days = days_after(month)
    days = min(max((until - due_on).days, 0), of_days)
    exact = unpaid * rule.percent * days // (100 * of_days)
    return Late(exact // rule.cut_to * rule.cut_to, days, of_days)
