"""What all views of this desk share: its blueprint, whose complaints these are, who acts."""

from flask import Blueprint, abort

from app.audit.trail import About
from app.complaints import queue
from app.complaints.acting import By
from app.complaints.models import Complaint
from app.staff.session import current_member, scope

bp = Blueprint("complaint_desk", __name__, url_prefix="/staff/complaints")

SEE, HANDLE = "complaints.see", "complaints.handle"
RELEASE, REDACT = "complaints.release", "complaints.redact"


def me() -> By:
    return By("staff", current_member().name)


def found(reference: str) -> Complaint:
    """A complaint of the member's offices; the same 404 for another's as for none."""
    return queue.scoped(reference, scope()) or abort(404)


def about(one: Complaint) -> About:
    return About(one.account_id, one.premises_id)
