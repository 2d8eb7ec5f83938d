"""When the worker's process for money does what."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import current_app

from app.clock import SEOUL
from app.messages.timetable import register
from app.observe import log
from app.payments import gate, keys
from app.payments.gateway import UnreadableError
from app.reconciliation import compare, payouts, sweeps, verify
from app.words import local_day

MONEY = "money"
LATE_NIGHT = 2
"""The gateway's list of a day is whole after two in the morning."""


class Night:
    """The last day on which this process has compared."""

    done: object = None


def wanted() -> bool:
    return keys.are_set(current_app.config)


def notices(now: datetime) -> None:
    """Look up what notices hinted at."""
    if wanted():
        sweeps.look_at_notices(now)


def attempts(now: datetime) -> Iterator[int]:
    """Look up what has no end yet."""
    if wanted():
        yield from sweeps.look_at_attempts(now)
        yield from sweeps.look_at_refunds(now)


def restored(now: datetime) -> None:
    """After a restored backup: compare at once, and open again when everything agrees."""
    if wanted() and (gate.note_restored(now) or gate.is_restored()):
        try:
            compare.reconcile(now=now)
        except UnreadableError as error:
            log.error("payments: the gateway cannot be read", extra={"fields": {"why": str(error)}})


def check(now: datetime) -> None:
    """The books, and the pages of the database that they are in."""
    problems = [*verify.problems(), *gate.check_tables()]
    for one in problems[:20]:
        log.critical("payments: the books do not agree", extra={"fields": {"problem": one}})


def nightly(now: datetime) -> Iterator[int]:
    """Once a night: yesterday and the day before against the gateway, and what was paid out."""
    today = local_day(now)
    early = now.astimezone(SEOUL).hour < LATE_NIGHT
    if not wanted() or early or Night.done == today:
        return
    try:
        compare.reconcile(now=now)
        first, last = compare.days_behind(now)
        yield from payouts.book_payouts(first, last, now)
    except UnreadableError as error:
        log.error("payments: the gateway cannot be read", extra={"fields": {"why": str(error)}})
        return
    Night.done = today
    sweeps.tidy(now)


register(timedelta(seconds=1), notices, MONEY)
register(timedelta(seconds=20), attempts, MONEY)
register(timedelta(minutes=1), restored, MONEY)
register(timedelta(minutes=15), nightly, MONEY)
register(timedelta(hours=24), check, MONEY)
