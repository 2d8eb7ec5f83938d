"""Complaints that may be about the same thing: offered for merging."""

from collections.abc import Sequence
from typing import NamedTuple

from app import words
from app.complaints import progress
from app.complaints.models import Complaint
from app.complaints.public import METRES_A_DEGREE, NEAR_METRES, metres_between
from app.language import _

MOST = 5
BOX = round(NEAR_METRES / METRES_A_DEGREE * 1_000_000 * 1.3) + 1
"""Millionths of a degree that reach at least as far, in either direction."""


class Alike(NamedTuple):
    reference: str
    place: str
    received: str
    how: str


def like(one: Complaint, allowed: Sequence[str]) -> list[Alike]:
    """Open ones of the same kind: within 250 m, else of the same dong; what came first on top."""
    spot = (one.latitude, one.longitude)
    same = (Complaint.type == one.type) & Complaint.closed_at.is_null() & (Complaint.id != one.id)
    mine = Complaint.select().where(same & Complaint.office.in_(list(allowed)))
    found: dict[str, Alike] = {}
    if spot[0] is not None and spot[1] is not None:
        boxed = Complaint.latitude.between(spot[0] - BOX, spot[0] + BOX)
        boxed &= Complaint.longitude.between(spot[1] - BOX, spot[1] + BOX)
        for other in mine.where(boxed).order_by(Complaint.id).limit(4 * MOST):
            far = metres_between((spot[0], spot[1]), (other.latitude or 0, other.longitude or 0))
            if far <= NEAR_METRES:
                found[other.reference] = shown(other, _("%(count)s m 거리", count=round(far)))
    if one.dong:
        there = (Complaint.district == one.district) & (Complaint.dong == one.dong)
        here = Complaint.office == one.office
        for other in mine.where(here & there).order_by(Complaint.id.desc()).limit(MOST):
            found.setdefault(other.reference, shown(other, _("같은 동")))
    return list(found.values())[:MOST]


def shown(one: Complaint, how: str) -> Alike:
    return Alike(one.reference, progress.place(one), words.moment(one.received_at), how)
