"""What happens to a complaint: one event, what it changes, and whom it tells, in one transaction.

A member of staff says which `version` they saw: when it is another one now, somebody else was at
it, and nothing is overwritten (F-57).
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from app.complaints import clock, notices
from app.complaints.clock import Stop
from app.complaints.models import OPEN, Complaint, ComplaintEvent, What
from app.db import as_instant, is_postgres, rows, writing

NOTHING: Mapping[str, Any] = {}
LOCK = "SELECT id FROM complaints WHERE id = ? FOR UPDATE"
STOPS = """
SELECT kind, at FROM complaint_events WHERE complaint_id = ?
    AND (kind = 'asked' OR kind = 'given' OR kind = 'reopened') ORDER BY id
"""


class ConflictError(Exception):
    """Somebody else has changed the complaint since it was shown."""


class ActError(ValueError):
    """What cannot be done with a complaint in its state."""


class By(NamedTuple):
    """Who does it: `applicant`, `staff` or `system`, and their name for the office."""

    kind: str
    name: str

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"


SYSTEM, APPLICANT = By("system", ""), By("applicant", "")


def locked(complaint_id: int) -> Complaint:
    """The complaint as it is now; nobody else changes it until the transaction ends."""
    if is_postgres():
        rows(LOCK, (complaint_id,))
    found: Complaint = Complaint.get_by_id(complaint_id)
    return found


def stops(complaint_id: int) -> list[Stop]:
    """When the clock stood still since it began last."""
    return stopped((kind, as_instant(at)) for kind, at in rows(STOPS, (complaint_id,)))


def stopped(events: Iterable[tuple[str, datetime]]) -> list[Stop]:
    """The stops that some events of a complaint come to, in their order."""
    found: list[Stop] = []
    for kind, moment in events:
        if kind == What.REOPENED:
            found = []
        elif kind == What.ASKED and not (found and found[-1].until is None):
            found.append(Stop(moment, None))
        elif kind == What.GIVEN and found and found[-1].until is None:
            found[-1] = Stop(found[-1].since, moment)
    return found


def due(one: Complaint) -> datetime | None:
    """The legal date by the events that are written; None while the clock stands."""
    period = clock.period(one.period).twice(1 + one.extensions)
    return clock.due(one.begun_at, period, stops(one.id))


def act(
    complaint: Complaint,
    what: What,
    by: By,
    now: datetime,
    *,
    states: Iterable[str] = OPEN,
    version: int | None = None,
    text: str = "",
    shown: bool = True,
    promise: bool = False,
    data: Mapping[str, Any] = NOTHING,
    changes: Mapping[str, Any] = NOTHING,
) -> Complaint:
    """Write an event and what it changes. Raises ConflictError, and ActError when the state is none
    of `states`. With `promise` the new legal date is what the applicant is told from now on.
    `complaint` is as it is then.
    """
    with writing():
        fresh = locked(complaint.id)
        if version is not None and fresh.version != version:
            raise ConflictError
        if fresh.state not in states:
            raise ActError(fresh.state)
        event = ComplaintEvent.create(
            complaint=fresh, at=now, kind=what, actor_kind=by.kind, actor=by.name[:60],
            shown=shown, text=text, data=json.dumps(dict(data), ensure_ascii=False),
        )  # fmt: skip
        for name, value in changes.items():
            setattr(fresh, name, value)
        fresh.version, fresh.changed_at = fresh.version + 1, now
        fresh.due_at = due(fresh) if fresh.closed_at is None else fresh.due_at
        fresh.promised_at = (promise and fresh.due_at) or fresh.promised_at
        fresh.save()
        if shown:
            notices.tell(fresh, event, now)
    complaint.__data__.update(fresh.__data__)
    return complaint
