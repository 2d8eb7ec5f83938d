"""What waits for a second person, and what was decided."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import staff, staff_fresh
from app.language import later
from app.staff import approvals, desk
from app.staff.approvals import ApprovalError, Decision, Proposal
from app.staff.desk import Offices, Place, Waiting
from app.staff.forms import AnswerForm
from app.staff.models import Member
from app.staff.session import actor, current_member
from app.web import page

bp = Blueprint("approvals", __name__, url_prefix="/staff/approvals")

OVER = 50


def waiting(offices: Offices, now: datetime) -> Waiting:
    """What the signed-in member may decide."""
    mine = [one for one in open_ones(now) if decidable(one)]
    soon = [one for one in mine if one.expires_at - now < approvals.HOLDS / 7]
    return Waiting(len(mine), len(soon))


desk.register(Place("/staff/approvals/", later("승인"), "", waiting, order=70))


def open_ones(now: datetime) -> list[Proposal]:
    kinds = approvals.seen_by_me(current_member())
    return [one for one in Proposal.listed(kinds, waiting=True, now=now) if visible(one)]


def visible(one: Proposal) -> bool:
    kind, member = approvals.kinds()[one.kind], current_member()
    allowed = (
        approvals.holds_for(member, name, one.office) for name in (kind.propose, kind.approve)
    )
    return one.proposed_by_id == member.id or any(allowed)


def decidable(one: Proposal) -> bool:
    kind, member = approvals.kinds()[one.kind], current_member()
    return one.proposed_by_id != member.id and approvals.holds_for(member, kind.approve, one.office)


def shown(one: Proposal, now: datetime) -> dict[str, Any]:
    kind = approvals.kinds()[one.kind]
    return {
        "reference": one.reference,
        "title": str(kind.title),
        "sentence": kind.sentence(one.values),
        "details": kind.details + one.reference if kind.details else "",
        "reason": one.reason,
        "by": one.proposed_by.name,
        "at": words.moment(one.proposed_at),
        "until": words.moment(one.expires_at),
        "open": one.is_open(now),
        "decision": one.decision,
        "answer": one.answer,
        "decided_at": words.moment(one.decided_at) if one.decided_at else "",
        "decided_by": name_of(one.decided_by_id),
    }


def name_of(number: int | None) -> str:
    found = Member.get_or_none(Member.id == number) if number else None
    return found.name if found else ""


@bp.get("/")
@staff("")
def index() -> ResponseReturnValue:
    now, kinds = clock.now(), approvals.seen_by_me(current_member())
    over = [one for one in Proposal.listed(kinds, waiting=False, now=now).limit(OVER)]
    return page(
        "staff/approvals.html",
        waiting=[shown(one, now) for one in open_ones(now)],
        over=[shown(one, now) for one in over if visible(one)],
    )


def found(reference: str) -> Proposal:
    one: Proposal | None = Proposal.get_or_none(Proposal.reference == reference)
    if one is None or one.kind not in approvals.kinds() or not visible(one):
        abort(404)
    return one


@bp.get("/<reference>")
@staff("")
def show(reference: str) -> ResponseReturnValue:
    one = found(reference)
    return as_page(one, AnswerForm())


def as_page(one: Proposal, form: AnswerForm) -> ResponseReturnValue:
    own = one.proposed_by_id == current_member().id
    return page(
        "staff/approval.html",
        proposal=shown(one, clock.now()),
        form=form,
        own=own,
        decidable=decidable(one),
    ), form.status


@bp.post("/<reference>/<decision>")
@staff_fresh("")
def decide(reference: str, decision: str) -> ResponseReturnValue:
    """Approve, refuse, or take back one's own."""
    one, form = found(reference), AnswerForm()
    if decision not in [*Decision]:
        abort(404)
    wanted = Decision(decision)
    if wanted is not Decision.WITHDRAWN and not decidable(one):
        abort(403)
    if not form.validate_on_submit():
        return as_page(one, form)
    try:
        approvals.decide(one, wanted, form.answer.data or "", who=actor(), now=clock.now())
    except ApprovalError as error:
        form.form_errors.append(str(error))
        return as_page(found(reference), form)
    return redirect(url_for(".show", reference=reference), 303)
