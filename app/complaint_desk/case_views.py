"""The page of one complaint, and every act on it."""

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.access import staff, staff_fresh
from app.complaint_desk import case, replies, verbs
from app.complaint_desk.desk import HANDLE, REDACT, RELEASE, SEE, about, bp, found, me
from app.complaint_desk.forms import ActForm
from app.complaint_desk.verbs import Verb
from app.complaints import photos, seeing
from app.complaints.acting import ActError, ConflictError
from app.complaints.models import Complaint
from app.complaints.records import ComplaintPhoto
from app.db import writing
from app.language import later
from app.staff.forms import ReasonForm
from app.staff.looks import is_whole, looked, unmask
from app.staff.session import audit, current_member, scope
from app.web import page

CANNOT = later("지금 상태에서는 할 수 없거나, 고른 것이 없습니다. 상태를 다시 확인해 주십시오.")


@bp.get("/<complaint>")
@staff(SEE)
def show(complaint: str) -> ResponseReturnValue:
    return as_page(found(complaint), {})


def as_page(
    one: Complaint, sent: Mapping[str, ActForm], changed: list[case.Happened] | None = None
) -> Response:
    """The page, with the form that was sent, and what others did meanwhile."""
    whole = is_whole(subject(one))
    looked("complaint.seen", about(one), (one.name,), complaint=one.reference)
    may = {name: one.office in current_member().offices(name) for name in (HANDLE, RELEASE, REDACT)}
    offered = verbs.offered(one, lambda name: may[name])
    return page(
        "complaint_desk/show.html",
        offered=offered,
        forms={name: sent.get(name) or blank(verb, one) for name, verb in verbs.ALL.items()},
        wrong=next(iter(sent), ""),
        form=next(iter(sent.values()), None),
        changed=changed,
        done=told(request.args.get("done", "")),
        may_release=may[RELEASE],
        may_redact=may[REDACT],
        may_unmask=one.office in current_member().offices("customers.unmask"),
        may_customers=current_member().may("customers.see"),
        **case.page_of(one, scope(), whole, clock.now()),
    )


def blank(verb: Verb, one: Complaint) -> ActForm:
    """The form with nothing typed, of the version that is shown."""
    start = {"text": one.public_text} if verb is verbs.RELEASE else {}
    if verb is verbs.SPLIT:
        start = {"text": one.body}
    return verb.form(one, formdata=None, data={"version": one.version, **start})


def told(name: str) -> str:
    return str(verbs.ALL[name].done) if name in verbs.ALL else ""


def subject(one: Complaint) -> str:
    """What somebody is unmasked as."""
    return f"complaint {one.id}"


def carry_out(one: Complaint, name: str, form: ActForm) -> ResponseReturnValue | None:
    """Do it, in one transaction with its row of the log; None when it was done."""
    verb = verbs.ALL[name]
    try:
        with writing():
            verb.run(one, form, me(), clock.now())
            audit(verb.log, about(one), complaint=one.reference)
    except ConflictError:
        fresh = found(one.reference)
        changed, form.version.data = case.since(fresh, form.seen), fresh.version
        return again(fresh, name, form, changed), 409
    except ActError:
        form.form_errors.append(str(CANNOT))
        return again(found(one.reference), name, form), 409
    return None


def again(
    one: Complaint, name: str, form: ActForm, changed: list[case.Happened] | None = None
) -> Response:
    """The page that the form stood on, with what was typed."""
    if name == "answer":
        return writing_page(one, form, changed=changed)
    return as_page(one, {name: form}, changed)


def do_it(one: Complaint, name: str) -> ResponseReturnValue:
    form = verbs.ALL[name].form(one)
    if not form.validate_on_submit():
        return as_page(one, {name: form}), 422
    return carry_out(one, name, form) or after(one, name)


def after(one: Complaint, name: str) -> ResponseReturnValue:
    """Back to it, or to the queue when it is another office's now."""
    if one.office in scope():
        return redirect(url_for(".show", complaint=one.reference, done=name), 303)
    return redirect(url_for(".index", did="move", count=1), 303)


@bp.post("/<complaint>/acts/<act>")
@staff(HANDLE)
def act(complaint: str, act: str) -> ResponseReturnValue:
    one = found(complaint)
    return do_it(one, act) if act in verbs.VERBS else abort(404)


@bp.post("/<complaint>/release")
@staff(RELEASE)
def release(complaint: str) -> ResponseReturnValue:
    """Let everybody see it, or no longer."""
    return do_it(found(complaint), "release")


@bp.post("/<complaint>/redaction")
@staff(REDACT)
def redact(complaint: str) -> ResponseReturnValue:
    """What is taken out is gone: photos with their files, once that is committed."""
    one = found(complaint)
    answer = do_it(one, "redact")
    gone = (ComplaintPhoto.complaint == one.id) & ComplaintPhoto.hidden_at.is_null(False)
    for photo in ComplaintPhoto.select().where(gone):
        photos.remove(seeing.folder(), photo.name)
    return answer


@bp.route("/<complaint>/answer", methods=["GET", "POST"])
@staff(HANDLE)
def answer(complaint: str) -> ResponseReturnValue:
    """The answer, begun from a template, seen as it will arrive, and sent."""
    one, template = found(complaint), request.args.get("template", "")
    if request.method == "GET":
        start = replies.begun(one, template, request.args.get("language", one.language))
        form = verbs.ANSWER.form(one, formdata=None, data={"version": one.version, **start})
        return writing_page(one, form)
    form = verbs.ANSWER.form(one)
    if not form.validate_on_submit():
        return writing_page(one, form), 422
    if request.form.get("wish") == "preview":
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        return writing_page(one, form, replies.preview(app, one, form, clock.now()))
    return carry_out(one, "answer", form) or after(one, "answer")


def writing_page(
    one: Complaint, form: Any, preview: Any = None, changed: list[case.Happened] | None = None
) -> Response:
    looked("complaint.seen", about(one), (), complaint=one.reference)
    return page(
        "complaint_desk/answer.html",
        form=form,
        preview=preview,
        changed=changed,
        templates=replies.choices(one.type),
        chosen=request.args.get("template", ""),
        language=request.args.get("language", one.language),
        **case.page_of(one, scope(), False, clock.now()),
    )


@bp.route("/<complaint>/unmasking", methods=["GET", "POST"])
@staff_fresh("customers.unmask")
def unmask_applicant(complaint: str) -> ResponseReturnValue:
    """Say why, then see name and telephone whole for ten minutes."""
    one, form = found(complaint), ReasonForm()
    back = url_for(".show", complaint=complaint)
    if form.validate_on_submit():
        unmask(subject(one), about(one), form.reason.data)
        return redirect(back, 303)
    return page("customers/unmask.html", form=form, back=back), form.status
