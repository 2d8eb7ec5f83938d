"""The places that somebody goes to on a day: open complaints with a place that are due by then."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from app import words
from app.clock import SEOUL
from app.complaint_desk.lines import nearness
from app.complaints import kinds, progress
from app.complaints.models import Complaint
from app.complaints.public import Shown, Spot, spots
from app.supply.models import Premises

MOST = 60
"""More does nobody visit in a day."""
EXCERPT = 200


class Visit(NamedTuple):
    """`number` is that on the map."""

    number: int
    reference: str
    kind: str
    place: str
    due: str
    css: str
    shape: str
    word: str
    text: str
    on_map: bool


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), SEOUL)


def due_by(offices: Sequence[str], day: date, member_id: int | None) -> list[Complaint]:
    """Of these offices, or of one member in them; by dong, then what is due first."""
    placed = [code for code, kind in kinds.types().items() if kind.place != "none"]
    found: list[Complaint] = []
    for office in offices:
        wanted = [
            Complaint.office == office,
            Complaint.closed_at.is_null(),
            Complaint.due_at < end_of(day),
            Complaint.type.in_(placed),
        ]
        if member_id is not None:
            wanted.append(Complaint.assigned_to == member_id)
        found.extend(Complaint.select().where(*wanted).order_by(Complaint.due_at).limit(MOST))
    first = sorted(found, key=lambda one: (one.due_at, one.id))[:MOST]
    return sorted(first, key=lambda one: (one.district, one.dong, one.due_at, one.id))


def address(one: Complaint) -> str:
    """Where somebody must go: the home's address, else what was said."""
    home: Premises | None = one.premises
    parts = (home.road_address if home else "", one.place)
    return " ".join(part for part in parts if part)


def together(
    some: Sequence[Complaint], now: datetime
) -> tuple[list[tuple[str, list[Visit]]], list[Spot]]:
    """The visits of each dong, and where they lie on a map."""
    groups: dict[str, list[Visit]] = {}
    drawn = []
    for number, one in enumerate(some, 1):
        css, shape, word = nearness(one, now)
        due = words.moment(one.due_at) if one.due_at else ""
        placed = one.latitude is not None and one.longitude is not None
        kind, text = kinds.name(one.type), one.body[:EXCERPT]
        visit = Visit(
            number, one.reference, kind, address(one), due, css, shape, word, text, placed
        )
        groups.setdefault(f"{one.district} {one.dong}".strip(), []).append(visit)
        badge = progress.badge(one.state)
        drawn.append(
            Shown(number, one.reference, kind, "", "", badge, "", [], one.latitude, one.longitude)
        )
    return list(groups.items()), spots(drawn)
