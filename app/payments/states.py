"""How an attempt goes from one state to the next: compared and set, noted, its bills let go."""

from datetime import datetime, timedelta
from typing import Any

from app.crashpoint import crashpoint
from app.db import is_postgres, rows
from app.payments.models import OPEN, Attempt, AttemptBill, AttemptEvent, State

CONFIRM_CHECK = timedelta(seconds=90)
"""A confirm that has no result after so long is looked up."""
WINDOW = timedelta(minutes=30)
AFTER_WINDOW = timedelta(minutes=15)
ACCOUNT_CHECK = timedelta(hours=6)
"""So often an account that waits is looked up, should no notice of its deposit arrive."""
LONGEST_PAUSE = timedelta(hours=1)

LOCK = "SELECT id FROM attempts WHERE id = ? FOR UPDATE"


def locked(attempt_id: int) -> Attempt:
    """The attempt as it is now; nobody else changes it until the transaction ends."""
    if is_postgres():
        rows(LOCK, (attempt_id,))
    found: Attempt = Attempt.get_by_id(attempt_id)
    return found


def move(
    attempt: Attempt, to: State, now: datetime, what: str, detail: str = "", **changes: Any
) -> bool:
    """Go to another state in the caller's transaction; False when somebody was faster.

    An attempt that is not open any more lets its bills go.
    """
    values = {"state": to, "changed_at": now, "check_at": next_check(attempt, to, now), **changes}
    same = (Attempt.id == attempt.id) & (Attempt.state == attempt.state)
    if not Attempt.update(**values).where(same).execute():
        return False
    for name, value in values.items():
        setattr(attempt, name, value)
    if to not in OPEN:
        open_bills = (AttemptBill.attempt == attempt.id) & AttemptBill.closed_at.is_null()
        AttemptBill.update(closed_at=now).where(open_bills).execute()
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
