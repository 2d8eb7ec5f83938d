"""What stands beside a bill: why it was corrected, and the parts in which it is paid."""

from datetime import date, datetime
from typing import NamedTuple

from app.db import as_day, as_instant, rows

CORRECTIONS = """
SELECT c.revision, c.reason, c.made_at, c.difference, c.proposal, o.total
FROM corrections c
JOIN bills o ON o.premises_id = c.premises_id AND o.month = c.month
    AND o.revision = c.revision - 1
WHERE c.premises_id = ? AND c.month = ? ORDER BY c.revision DESC
"""
INSTALMENTS = """
SELECT position, due_on, amount, paid_at IS NOT NULL FROM instalments
WHERE premises_id = ? AND month = ? ORDER BY position
"""


class Corrected(NamedTuple):
    """How a document differs from the one that it replaced; `difference` in won."""

    revision: int
    reason: str
    made_at: datetime
    difference: int
    proposal: str
    before: int


class Part(NamedTuple):
    """One of the parts in which a bill is paid."""

    position: int
    due_on: date
    amount: int
    paid: bool


def corrections(premises_id: int, month: str) -> list[Corrected]:
    """The corrections of a bill, newest first."""
    return [
        Corrected(revision, reason, as_instant(made_at), *rest)
        for revision, reason, made_at, *rest in rows(CORRECTIONS, (premises_id, month))
    ]


def instalments(premises_id: int, month: str) -> list[Part]:
    """The parts in which a bill is paid, in their order."""
    return [
        Part(position, as_day(due_on), amount, bool(paid))
        for position, due_on, amount, paid in rows(INSTALMENTS, (premises_id, month))
    ]
