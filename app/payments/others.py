"""Other attempts for the same bills: one bill is paid by one attempt at a time."""

from collections.abc import Sequence
from datetime import datetime

from peewee import ModelSelect

from app.payments.models import Attempt, AttemptBill, Channel, State
from app.payments.states import locked, move

CAN_BE_CLOSED = (State.CREATED, State.OPENED)
"""Of a card's window: as long as we do not confirm, no money moves."""


def of_bills(names: Sequence[tuple[int, str]]) -> list[Attempt]:
    """The open attempts, and those whose undone deposit may come again, for some bills."""
    found: dict[int, Attempt] = {}
    for premises_id, month in names:
        for one in touching(premises_id, month):
            found[one.id] = one
    return list(found.values())


def touching(premises_id: int, month: str) -> "ModelSelect[Attempt]":
    same = (AttemptBill.premises == premises_id) & (AttemptBill.month == month)
    alive = AttemptBill.closed_at.is_null() | (Attempt.state == State.REVERSED)
    return Attempt.select().join(AttemptBill).where(same & alive).order_by(Attempt.id).distinct()


def is_window(attempt: Attempt) -> bool:
    """Whether it can be closed without asking the gateway."""
    return attempt.channel == Channel.CARD and attempt.state in CAN_BE_CLOSED


def let_go(paid: Attempt, now: datetime) -> None:
    """After a payment: windows for its bills are closed, accounts are looked at by the sweep."""
    names = [(one.premises_id, one.month) for one in AttemptBill.of(paid.id)]
    for one in of_bills(names):
        if one.id == paid.id:
            continue
        if is_window(one):
            move(locked(one.id), State.CANCELLED, now, "paid otherwise", reason="paid")
        elif one.state in (State.WAITING, State.REVERSED):
            Attempt.update(check_at=now).where(Attempt.id == one.id).execute()
