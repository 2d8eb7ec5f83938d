"""What has come into the queue since a page of it was opened, so that the page can say so."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from peewee import JOIN, ModelSelect

from app.complaints import queue
from app.complaints.models import Complaint, ComplaintEvent, What
from app.complaints.queue import WAITS, Wanted
from app.db import instant, rows

COMES = (What.RECEIVED, What.MOVED, What.REOPENED, What.GIVEN)
"""What brings a complaint into somebody's queue."""
MOST = 99
JUST_NOW = timedelta(seconds=2)
"""An event may become visible a moment after one with a higher number: PostgreSQL numbers them
before they are committed.
"""
BEFORE = "SELECT id FROM complaint_events WHERE at < ? ORDER BY id DESC LIMIT 1"


class Mark(NamedTuple):
    """Where a page begins to look: behind this event, after which it shows so many already."""

    event: int
    known: int

    def __str__(self) -> str:
        return f"{self.event}.{self.known}"

    @classmethod
    def of(cls, text: str) -> "Mark | None":
        """As a page sends it; None for anything else."""
        parts = text.split(".")
        if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
            return None
        event, known = (int(part[:12]) for part in parts)
        return cls(event, known)


def mark(offices: Sequence[str], wanted: Wanted, now: datetime) -> Mark:
    """Taken before the page is read: what comes meanwhile is told rather than missed."""
    found = rows(BEFORE, (instant(now - JUST_NOW),))
    event = int(found[0][0]) if found else 0
    return Mark(event, len(came(offices, wanted, now, event)))


def since(mark: Mark, offices: Sequence[str], wanted: Wanted, now: datetime) -> list[Complaint]:
    """What has come since, the newest first; no more than `MOST`."""
    found = came(offices, wanted, now, mark.event)
    return found[: max(len(found) - mark.known, 0)]


def came(offices: Sequence[str], wanted: Wanted, now: datetime, event: int) -> list[Complaint]:
    """What came behind an event and is still there, the newest first."""
    events = behind(offices, wanted, now, event)
    ids = list(dict.fromkeys(one.complaint_id for one in events))[:MOST]
    known = {one.id: one for one in Complaint.select(*queue.COLUMNS).where(Complaint.id.in_(ids))}
    return [known[each] for each in ids if each in known]


def behind(
    offices: Sequence[str], wanted: Wanted, now: datetime, event: int
) -> "ModelSelect[ComplaintEvent]":
    """Reads the few events behind one and never the queue, however long that is: the order of the
    tables is fixed by CROSS JOIN on SQLite.
    """
    chosen = [
        Complaint.id == ComplaintEvent.complaint,
        ComplaintEvent.id > event,
        ComplaintEvent.kind.in_(COMES),
        Complaint.office.in_(offices),
        Complaint.closed_at.is_null(),
        Complaint.due_at.is_null(wanted.state == WAITS),
        *queue.narrowed(wanted, now),
    ]
    asked = ComplaintEvent.select(ComplaintEvent.complaint).join(Complaint, JOIN.CROSS)
    found: ModelSelect[ComplaintEvent] = asked.where(*chosen)
    return found.order_by(ComplaintEvent.id.desc()).limit(3 * MOST)  # few come three times
