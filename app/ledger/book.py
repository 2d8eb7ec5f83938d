"""Writing operations down, and what the entries add up to."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from app.db import as_instant, database, instant, rows
from app.ledger.models import Book
from app.money import Money


class UnbalancedError(ValueError):
    """An operation whose entries do not add up to zero: it is not written."""


class Posting(NamedTuple):
    """One entry that is to be written; of a bill, of a premises, or of the city as a whole."""

    account: Book
    amount: int
    premises_id: int | None = None
    month: str = ""
    revision: int = 0
    position: int = 0


class Occasion(NamedTuple):
    """What happened: `key` names it once and for all, `at` is when, outside."""

    key: str
    kind: str
    at: datetime
    now: datetime
    actor: str = ""
    payment_id: int | None = None
    refund_id: int | None = None


OPERATION = """
INSERT INTO ledger_operations
    (key, kind, payment_id, refund_id, event_at, created_at, actor)
VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING id
"""
ENTRY = """
INSERT INTO ledger_entries (operation_id, line, account, premises_id, month, revision, position,
    amount, event_at, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING line
"""
CREDIT = """
SELECT coalesce(sum(amount), 0) FROM ledger_entries WHERE premises_id = ? AND account = 'credit'
"""
PAID = """
SELECT coalesce(sum(amount), 0) FROM ledger_entries
WHERE premises_id = ? AND account = 'receivable' AND month = ? AND revision = ?
"""
OF_PAYMENT = """
SELECT e.account, e.premises_id, e.month, e.revision, e.position, sum(e.amount)
FROM ledger_operations o JOIN ledger_entries e ON e.operation_id = o.id
WHERE o.payment_id = ?
GROUP BY e.account, e.premises_id, e.month, e.revision, e.position HAVING sum(e.amount) <> 0
ORDER BY e.account, e.premises_id, e.month, e.position
"""
COUNT = "SELECT count(*) FROM ledger_operations WHERE payment_id = ? AND kind = ?"
LISTED = """
SELECT o.kind, o.event_at, o.created_at, o.actor, e.account, e.month, e.amount
FROM ledger_entries e JOIN ledger_operations o ON o.id = e.operation_id
WHERE e.premises_id = ? ORDER BY o.id DESC, e.line LIMIT ?
"""


def post(occasion: Occasion, postings: Sequence[Posting]) -> bool:
    """Write an operation in the caller's transaction; False when it was there already.

    Raises UnbalancedError. Entries of nothing are left out.
    """
    if not database.in_transaction():
        raise RuntimeError("An operation is written in the transaction of what it tells about.")
    wanted = [one for one in postings if one.amount]
    if sum(one.amount for one in wanted) or not wanted:
        raise UnbalancedError(occasion.key)
    moments = instant(occasion.at), instant(occasion.now)
    head = (occasion.key, occasion.kind, occasion.payment_id, occasion.refund_id)
    found = rows(OPERATION, (*head, *moments, occasion.actor))
    if not found:
        return False
    for line, one in enumerate(wanted, 1):
        account, amount, *of = one
        rows(ENTRY, (found[0][0], line, Book(account).value, *of, int(amount), *moments))
    return True


def credit_of(premises_id: int) -> Money:
    """What a premises has paid too much and was not given back; below zero: it owes that."""
    return Money(-int(rows(CREDIT, (premises_id,))[0][0]))


def paid_of(premises_id: int, month: str, revision: int) -> Money:
    """What was paid of one document of a bill."""
    return Money(-int(rows(PAID, (premises_id, month, revision))[0][0]))


def left_of_payment(payment_id: int) -> list[Posting]:
    """What a payment's operations come to: where its money is and what it pays, as entries."""
    found = rows(OF_PAYMENT, (payment_id,))
    return [
        Posting(Book(account), int(amount), premises_id, month, revision, position)
        for account, premises_id, month, revision, position, amount in found
    ]


def count_of(payment_id: int, kind: str) -> int:
    """How many operations of a kind a payment has."""
    return int(rows(COUNT, (payment_id, kind))[0][0])


class Move(NamedTuple):
    """A line of a premises' account, for its customer and for the office."""

    kind: str
    event_at: datetime
    created_at: datetime
    actor: str
    account: Book
    month: str
    amount: int


def moves(premises_id: int, most: int = 100) -> list[Move]:
    """What happened to a premises' money, the newest first."""
    return [
        Move(kind, as_instant(at), as_instant(noted), actor, Book(account), month, int(amount))
        for kind, at, noted, actor, account, month, amount in rows(LISTED, (premises_id, most))
    ]
