"""What the worker does for payments: looks up what has no end yet, so that no notice is needed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.crashpoint import crashpoint
from app.db import instant, rows, writing
from app.payments import booking, carry_out, confirm, deposit, gate, hooks, journal, settle
from app.payments.gateway import Account, Answer, Done, Missing, Stage, Truth
from app.payments.models import Attempt, Channel, State
from app.payments.refund_models import Refund
from app.payments.states import ACCOUNT_CHECK, AFTER_WINDOW, locked, move, pause
from app.words import local_day

AT_ONCE = 200
NOT_FOUND = timedelta(minutes=30)
"""An order that the gateway does not know after so long will not come there any more."""
OUR_CLOCK = timedelta(days=3)
"""An account is closed when the gateway calls it expired; by our clock alone only so much later."""
ASKED = (State.CONFIRMING, State.UNKNOWN)
HAS_ACCOUNT = (State.WAITING, State.REVERSED)

DUE = "SELECT id FROM attempts WHERE check_at <= ? ORDER BY check_at, id LIMIT ?"
CLAIM = """
UPDATE attempts SET check_at = ?, checks = checks + 1 WHERE id = ? AND check_at <= ? RETURNING id
"""
REFUNDS = "SELECT id FROM refunds WHERE check_at <= ? ORDER BY check_at, id LIMIT ?"


def look_at_attempts(now: datetime) -> Iterator[int]:
    """Look up every attempt whose time has come, one at each step."""
    for (number,) in rows(DUE, (instant(now), AT_ONCE)):
        attempt: Attempt = Attempt.get_by_id(number)
        if claimed(attempt, now):
            crashpoint("sweep.after_claim")
            look(attempt, now)
            yield number


def claimed(attempt: Attempt, now: datetime) -> bool:
    """Take an attempt for this sweep: it is looked at again later, by whoever is there then.

    Compared by the row's own moment, so two workers whose clocks differ do not both take it.
    """
    account = attempt.state in HAS_ACCOUNT
    later = now + (ACCOUNT_CHECK if account else pause(attempt.checks))
    with writing():
        taken = rows(CLAIM, (instant(later), attempt.id, instant(attempt.check_at or now)))
    attempt.checks += 1
    return bool(taken)


def look(attempt: Attempt, now: datetime) -> None:
    """Ask the gateway about one attempt, take its answer over, and end what is over."""
    answer = settle.settle(attempt, now)
    if isinstance(answer, Missing):
        if now - attempt.changed_at > NOT_FOUND:
            expire(attempt, now, "not found")
        elif attempt.channel == Channel.DEPOSIT and attempt.state in (State.CREATED, *ASKED):
            deposit.issue_again(attempt, now)
    elif isinstance(answer, Done):
        after_look(attempt, answer, now)
    crashpoint("sweep.after_look")


def after_look(attempt: Attempt, answer: Answer, now: datetime) -> None:
    """What is to be done about an attempt that is still open after its look-up."""
    stage = answer.value.stage if isinstance(answer, Done) else None
    if attempt.state in HAS_ACCOUNT and isinstance(answer, Done):
        look_at_account(attempt, answer.value.account, now)
    elif attempt.state in ASKED and isinstance(answer, Done):
        look_at_asked(attempt, answer.value, now)
    elif stage in (Stage.OPEN, Stage.AUTHENTICATED) and is_over(attempt, now):
        expire(attempt, now, "window over")


def look_at_asked(attempt: Attempt, truth: Truth, now: datetime) -> None:
    """Ask again for what still waits for us, and end what has no money after so long: also when the
    gateway's payment is another one than the key that came back, which never becomes ours.
    """
    ours = attempt.payment_key in (None, truth.payment_key)
    if truth.stage is Stage.AUTHENTICATED and ours and confirm.again(attempt, now):
        return
    nothing = not truth.was_paid and truth.stage is not Stage.WAITING
    if nothing and now - attempt.changed_at > NOT_FOUND:
        expire(attempt, now, "not paid")


def is_over(attempt: Attempt, now: datetime) -> bool:
    """Whether a window was left, and long enough ago that nobody comes back from it."""
    left = attempt.state in (State.CREATED, State.OPENED)
    return left and now >= attempt.expires_at + AFTER_WINDOW


def expire(attempt: Attempt, now: datetime, why: str) -> None:
    with gate.booking():
        fresh = locked(attempt.id)
        if fresh.state in (State.CREATED, State.OPENED, *ASKED):
            move(fresh, State.EXPIRED, now, why, reason="expired")
        crashpoint("sweep.before_expiry")
    attempt.__data__.update(fresh.__data__)


def look_at_account(attempt: Attempt, account: Account | None, now: datetime) -> None:
    """Close an account that is over, or whose bills need no money any more."""
    due = attempt.deposit_until or attempt.expires_at
    if (account and account.expired) or now > due + OUR_CLOCK:
        deposit.close(attempt, now, State.EXPIRED, "expired")
    elif not still_needed(attempt):
        deposit.close(attempt, now, State.CANCELLED, "paid")


def still_needed(attempt: Attempt) -> bool:
    """Whether its deposit would pay something."""
    return any(booking.matching(bill) for bill in attempt.bills)


def look_at_refunds(now: datetime) -> Iterator[int]:
    """Carry out what was approved, and look up what is unknown."""
    for (number,) in rows(REFUNDS, (instant(now), AT_ONCE)):
        carry_out.execute(Refund.get_by_id(number))
        yield number


def look_at_notices(now: datetime) -> int:
    return hooks.handle_waiting(now)


def tidy(now: datetime) -> None:
    """Old notices and old days of the journal go."""
    hooks.forget(now)
    journal.forget(local_day(now))


def everything(now: datetime) -> dict[str, int]:
    """All sweeps once, to their end; how many were looked at."""
    return {
        "notices": look_at_notices(now),
        "attempts": sum(1 for _ in look_at_attempts(now)),
        "refunds": sum(1 for _ in look_at_refunds(now)),
    }
