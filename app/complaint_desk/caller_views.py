"""대신 접수하기: writing down what somebody tells by telephone, at the counter or at a kiosk."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import staff
from app.complaint_desk.caller_forms import HERE, CallerForm, caller_form
from app.complaint_desk.desk import HANDLE, about, bp, me
from app.complaints import acts, filing, kinds
from app.complaints.models import Complaint
from app.db import writing
from app.language import _
from app.staff.session import audit, scope
from app.supply.offices import offices
from app.web import fragment_wanted, page


@bp.route("/new", methods=["GET", "POST"])
@staff(HANDLE)
def new() -> ResponseReturnValue:
    """With a kind its questions come; nothing is filed before they were shown."""
    form = caller_form(request.form)
    if fragment_wanted() == "questions":
        return page("complaint_desk/new.html", form=form)
    if form.validate_on_submit():
        with writing():
            one = file(form)
        return redirect(url_for(".filed", filed=one.reference), 303)
    return page("complaint_desk/new.html", form=form), form.status


def file(form: CallerForm) -> Complaint:
    """Once for each form: sent twice it is noted once."""
    given, now = form.filing(), clock.now()
    known = filing.filed(given.form_key)
    if known:
        return known
    one = filing.file(given, me(), now)
    if form.told_by.data:
        acts.note(one, _("알려 준 사람: %(who)s", who=form.told_by.data), me(), now)
    audit("complaint.filed", about(one), complaint=one.reference)
    return one


@bp.get("/new/received")
@staff(HANDLE)
def filed() -> ResponseReturnValue:
    """The number to read out, and by when there is an answer; nothing about the person."""
    one = Complaint.referred(request.args.get("filed", "")[:12])
    if one is None or one.channel not in [*HERE]:
        return redirect(url_for(".new"), 303)
    spelled = " ".join((one.reference[:3], one.reference[3:6], one.reference[6:]))
    return page(
        "complaint_desk/filed.html",
        one=one,
        spelled=spelled,
        kind_name=kinds.name(one.type),
        due=words.moment(one.promised_at),
        office=offices()[one.office].shown,
        mine=one.office in scope(),
    )
