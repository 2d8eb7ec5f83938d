"""Who handles complaints in an office."""

from collections.abc import Sequence

from app.staff.models import ALL_OFFICES, Grant, Member
from app.staff.roles import giving

HANDLE = "complaints.handle"


def colleagues(offices: Sequence[str]) -> list[Member]:
    """The members who may handle complaints of one of these offices, by name."""
    running = Grant.ended_at.is_null() & Grant.role.in_([*giving(HANDLE)])
    held = Grant.select(Grant.member).where(running & Grant.office.in_([ALL_OFFICES, *offices]))
    there = Member.disabled_at.is_null() & Member.joined_at.is_null(False)
    return list(Member.team().where(there & Member.id.in_(held)))


def colleague(reference: str, office: str) -> Member | None:
    """A member who may handle complaints of an office."""
    return next((one for one in colleagues([office]) if one.reference == reference), None)
