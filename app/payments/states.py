"""How an attempt goes from one state to the next: compared and set, noted, its bills let go."""

from datetime import datetime, timedelta
from typing import Any

from app.crashpoint import crashpoint
from app.db import is_postgres
from app.payments.models import OPEN, Attempt, AttemptBill, AttemptEvent, State
from app.ready import change, read
from app.supply.models import Premises

CONFIRM_CHECK = timedelta(seconds=90)
"""A confirm that has no result after so long is looked up."""
WINDOW = timedelta(minutes=30)
AFTER_WINDOW = timedelta(minutes=15)
ACCOUNT_CHECK = timedelta(hours=6)
"""So often an account that waits is looked up, should no notice of its deposit arrive."""
LONGEST_PAUSE = timedelta(hours=1)


def locked(attempt_id: int) -> Attempt:
    """The attempt as it is now; nobody else changes it until the transaction ends."""
    (found,) = read(Attempt, "id = ? FOR UPDATE" if is_postgres() else "id = ?", attempt_id)
    return found


def held(attempt: Attempt) -> Attempt:
    """The same after its premises: nobody else changes what its bills owe either."""
    Premises.hold(attempt.places)
    fresh = locked(attempt.id)
    fresh.bills = attempt.bills
    return fresh


def move(
    attempt: Attempt, to: State, now: datetime, what: str, detail: str = "", **changes: Any
) -> bool:
    """Go to another state in the caller's transaction; False when somebody was faster.

    An attempt that is not open any more lets its bills go.
    """
    values = {"state": to, "changed_at": now, "check_at": next_check(attempt, to, now), **changes}
    if not change(Attempt, "id = ? AND state = ?", attempt.id, str(attempt.state), **values):
        return False
    for name, value in values.items():
        setattr(attempt, name, value)
    if to not in OPEN:
        change(AttemptBill, "attempt_id = ? AND closed_at IS NULL", attempt.id, closed_at=now)
    AttemptEvent.note(attempt, what, now, detail)
    crashpoint(f"state.{to}")
    return True


def next_check(attempt: Attempt, state: State, now: datetime) -> datetime | None:
    """When a sweep looks at an attempt of this state, should nothing happen before."""
    if state in (State.CREATED, State.CONFIRMING):
        return now + CONFIRM_CHECK
    if state is State.OPENED:
        return attempt.expires_at + AFTER_WINDOW
    if state is State.UNKNOWN:
        return now + pause(0)
    if state in (State.WAITING, State.REVERSED):
        return now + ACCOUNT_CHECK
    return None


def pause(checks: int) -> timedelta:
    """A minute, two, four, up to an hour."""
    return min(timedelta(minutes=2 ** min(checks, 6)), LONGEST_PAUSE)
