"""Other attempts for the same bills: one bill is paid by one attempt at a time."""

from collections.abc import Sequence
from datetime import datetime

from app.billing.paid import Owed
from app.db import instant, rows
from app.payments.models import Attempt, Channel, State
from app.payments.states import locked, move
from app.ready import change, read

CAN_BE_CLOSED = (State.CREATED, State.OPENED)
"""Of a card's window: as long as we do not confirm, no money moves."""
TOUCHING = """
id IN (SELECT b.attempt_id FROM attempt_bills b JOIN attempts a ON a.id = b.attempt_id
    WHERE b.premises_id = ? AND b.month = ? AND (b.closed_at IS NULL OR a.state = 'reversed'))
ORDER BY id
"""


def of_bills(names: Sequence[tuple[int, str]]) -> list[Attempt]:
    """The open attempts, and those whose undone deposit may come again, for some bills."""
    found: dict[int, Attempt] = {}
    for premises_id, month in names:
        for one in touching(premises_id, month):
            found[one.id] = one
    return list(found.values())


def touching(premises_id: int, month: str) -> list[Attempt]:
    return read(Attempt, TOUCHING, premises_id, month)


def is_being_taken(owed: Owed) -> bool:
    """Whether the gateway was asked to take money for a bill, or a part, and nobody knows yet."""
    asked = (State.CONFIRMING, State.UNKNOWN)
    return any(
        (bill.premises_id, bill.month) == (owed.premises_id, owed.month)
        and bill.position in (0, owed.position)
        for one in touching(owed.premises_id, owed.month)
        if one.state in asked
        for bill in one.bills
    )


BEGUN = """
SELECT count(*) FROM attempt_bills b JOIN attempts a ON a.id = b.attempt_id
WHERE b.premises_id = ? AND b.month = ? AND a.created_at > ?
"""


def begun(premises_id: int, month: str, since: datetime) -> int:
    """How often a bill was begun to be paid since a moment."""
    return int(rows(BEGUN, (premises_id, month, instant(since)))[0][0])


def is_window(attempt: Attempt) -> bool:
    """Whether it can be closed without asking the gateway."""
    return attempt.channel == Channel.CARD and attempt.state in CAN_BE_CLOSED


def bills_of(attempt: Attempt) -> list[tuple[int, str]]:
    return [(one.premises_id, one.month) for one in attempt.bills]


def let_go(names: Sequence[tuple[int, str]], now: datetime, paid: Attempt | None = None) -> None:
    """After bills were paid (by `paid`): windows are closed, accounts looked at by the sweep."""
    for one in of_bills(names):
        if paid and one.id == paid.id:
            continue
        if is_window(one):
            move(locked(one.id), State.CANCELLED, now, "paid otherwise", reason="paid")
        elif one.state in (State.WAITING, State.REVERSED):
            change(Attempt, "id = ?", one.id, check_at=now)
