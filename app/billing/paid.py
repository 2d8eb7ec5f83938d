"""What is owed of a bill, and the one place where a bill is marked as paid or open again."""

from datetime import date, datetime
from typing import NamedTuple

from app.db import as_day, as_instant, instant, rows
from app.ledger.book import Occasion, Posting, post
from app.ledger.models import Book
from app.money import Money

OWED = """
SELECT b.premises_id, b.month, coalesce(i.position, 0), b.revision,
    coalesce(i.amount, b.total - b.paid_before), coalesce(i.due_on, b.due_on)
FROM bills b LEFT JOIN instalments i ON i.premises_id = b.premises_id AND i.month = b.month
WHERE b.premises_id = ? AND (? = '' OR b.month = ?) AND b.paid_at IS NULL
    AND b.total > b.paid_before AND i.paid_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM bills n WHERE n.premises_id = b.premises_id
        AND n.month = b.month AND n.revision > b.revision)
ORDER BY b.month, 3
"""
PAY = """
UPDATE bills SET paid_at = ? WHERE premises_id = ? AND month = ? AND revision = ?
    AND paid_at IS NULL RETURNING revision
"""
PAY_PART = """
UPDATE instalments SET paid_at = ? WHERE premises_id = ? AND month = ? AND position = ?
    AND paid_at IS NULL RETURNING position
"""
PARTS_LEFT = """
SELECT count(*) FROM instalments WHERE premises_id = ? AND month = ? AND paid_at IS NULL
"""
OPEN_AGAIN = """
UPDATE bills SET paid_at = NULL WHERE premises_id = ? AND month = ? AND revision = ?
RETURNING revision
"""
NOT_PAID_BEFORE = """
UPDATE bills SET paid_before = CASE WHEN paid_before >= ? THEN paid_before - ? ELSE 0 END
WHERE premises_id = ? AND month = ? AND revision > ? RETURNING revision
"""
OPEN_PART = """
UPDATE instalments SET paid_at = NULL WHERE premises_id = ? AND month = ?
    AND (? = 0 OR position = ?) RETURNING position
"""
HOLD = """
INSERT INTO late_holds (premises_id, month, since, reason, decision, decided_by)
VALUES (?, ?, ?, ?, '', '')
ON CONFLICT (premises_id, month) DO UPDATE SET since = excluded.since,
    reason = excluded.reason, decision = '', decided_by = '', decided_at = NULL RETURNING month
"""
DECIDE = """
UPDATE late_holds SET decision = ?, decided_by = ?, decided_at = ?
WHERE premises_id = ? AND month = ? AND decided_at IS NULL RETURNING month
"""
DOCUMENTS = """
SELECT b.revision, b.total, b.paid_before, b.paid_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM instalments i WHERE i.premises_id = b.premises_id AND i.month = b.month),
    -coalesce((SELECT sum(e.amount) FROM ledger_entries e WHERE e.premises_id = b.premises_id
        AND e.account = 'receivable' AND e.month = b.month AND e.revision = b.revision), 0)
FROM bills b WHERE b.premises_id = ? AND b.month = ? ORDER BY b.revision
"""


class Owed(NamedTuple):
    """A bill, or a part of one (`position` from 1), that is to be paid as a whole."""

    premises_id: int
    month: str
    position: int
    revision: int
    amount: Money
    due_on: date

    @property
    def name(self) -> tuple[int, str, int]:
        return self.premises_id, self.month, self.position


class ChangedError(Exception):
    """What was to be marked as paid is not owed like that any more."""


def owed_of(premises_id: int, month: str = "") -> list[Owed]:
    """Everything that is to be paid of a premises, or of one of its bills, oldest first."""
    found = rows(OWED, (premises_id, month, month))
    return [
        Owed(premises, of, position, revision, Money(amount), as_day(due_on))
        for premises, of, position, revision, amount, due_on in found
    ]


def pay(one: Owed, at: datetime) -> list[Posting]:
    """Mark something owed as paid at a moment, in the caller's transaction; its entries.

    Raises ChangedError when somebody was faster.
    """
    moment = instant(at)
    if one.position:
        if not rows(PAY_PART, (moment, one.premises_id, one.month, one.position)):
            raise ChangedError(one.name)
        left = int(rows(PARTS_LEFT, (one.premises_id, one.month))[0][0])
    else:
        left = 0
    if not left and not rows(PAY, (moment, one.premises_id, one.month, one.revision)):
        raise ChangedError(one.name)
    return [posting(one, -one.amount)]


def posting(one: Owed, amount: int) -> Posting:
    of = one.premises_id, one.month, one.revision, one.position
    return Posting(Book.RECEIVABLE, amount, *of)


def reopen(one: Owed, now: datetime, reason: str) -> list[Posting]:
    """What was paid is owed again, in the caller's transaction; its entries. `align` comes after.

    Documents that replaced it since lose what was counted for them. Whether a late fee is due for
    the time between is left to a person: until then none is charged.
    """
    premises_id, month = one.premises_id, one.month
    rows(OPEN_AGAIN, (premises_id, month, one.revision))
    rows(OPEN_PART, (premises_id, month, one.position, one.position))
    amount = int(one.amount)
    rows(NOT_PAID_BEFORE, (amount, amount, premises_id, month, one.revision))
    rows(HOLD, (premises_id, month, instant(now), reason[:60]))
    return [posting(one, one.amount)]


def align(premises_id: int, month: str, key: str, now: datetime, by: str = "") -> None:
    """Make a credit of what was paid on a bill's documents beyond what the newest one asks for, and
    take back what was made of older ones. `key` is the change after which this is done.
    """
    documents = rows(DOCUMENTS, (premises_id, month))
    found: list[Posting] = []
    for revision, total, before, is_open, paid in documents:
        if not is_open:
            continue
        newest = revision == documents[-1][0]
        change = int(paid) + (max(before - total, 0) if newest else 0)
        found.append(Posting(Book.RECEIVABLE, change, premises_id, month, revision))
        found.append(Posting(Book.CREDIT, -change, premises_id))
    if any(one.amount for one in found):
        post(Occasion(f"align:{key}", "correction", now, now, by), found)


HELD = """
SELECT month, since, reason FROM late_holds WHERE premises_id = ? AND decided_at IS NULL
ORDER BY month
"""


def held(premises_id: int) -> list[tuple[str, datetime, str]]:
    """Bills of which a person has to say whether a late fee is due: month, since when, and why."""
    found = rows(HELD, (premises_id,))
    return [(month, as_instant(since), reason) for month, since, reason in found]


def decide_late_fee(premises_id: int, month: str, charge: bool, by: str, now: datetime) -> bool:
    """What a person decided about the late fee of a bill whose payment was undone."""
    decision = "charge" if charge else "waive"
    return bool(rows(DECIDE, (decision, by, instant(now), premises_id, month)))
