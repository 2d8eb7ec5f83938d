"""Who handles a complaint, as its applicant is told."""

from app.complaints.models import Complaint
from app.language import _
from app.supply.offices import offices


def office(one: Complaint) -> tuple[str, str]:
    """Who handles it, and their telephone: the officer's, else the office's."""
    found, who = offices()[one.office], one.assigned_to
    name = _("%(office)s수도사업소", office=found.shown)
    return (who.unit if who else "") or name, (who.phone if who else "") or found.phone
