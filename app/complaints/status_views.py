"""처리 상태: following a complaint, by its account or by its number and telephone number."""

from collections.abc import Callable

from flask import abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, limits
from app.access import public
from app.accounts.models import digest
from app.complaints import acts, progress, seeing
from app.complaints.acting import APPLICANT, ActError
from app.complaints.album import Whose
from app.complaints.models import Complaint, State
from app.complaints.status_forms import MessageForm, RatingForm, ReopeningForm, StatusForm
from app.complaints.views import bp
from app.complaints.visitors import (
    PHOTOS_PER_NETWORK,
    SAID_PER_NETWORK,
    few,
    later_again,
    network,
    sent_photos,
    whom,
)
from app.db import writing
from app.errors import wait
from app.forms import Form
from app.language import _
from app.limits import Door, Refusal, Try
from app.sealed import lookup_hash
from app.sessions import browser
from app.web import fragment_wanted, page

PER_NUMBER = 50
"""Wrong tries a day for one complaint, from everywhere: the number itself is no secret. Of one
network only the few count that were answered, so that nobody shuts others out.
"""
FORMS: dict[str, type[Form]] = {
    "message": MessageForm, "reopening": ReopeningForm, "rating": RatingForm, "photos": Form,
}  # fmt: skip


@bp.route("/status", methods=["GET", "POST"])
@public
def status() -> ResponseReturnValue:
    """The account's own; any other by its number and the telephone number that was given."""
    form = StatusForm(data={"number": request.args.get("number", "")[:20]})
    if form.validate_on_submit():
        config, now = current_app.config, clock.now()
        number, key = form.number.data, config["SECRET_KEY"]
        door = Door("complaint", key, config["FAILURE_ALARM"])
        attempt = Try(f"{number} {network()}", network(), now)
        found = limits.ask(door, attempt, lambda: known(number, form.stored))
        if guessed(number, wrong=found is Refusal.NO_MATCH):
            found = Refusal.MORE_PROOF
        if found is Refusal.WAIT:
            return wait(limits.window_end(now, limits.HOUR) - now)
        if not isinstance(found, Refusal):
            seeing.open_to(digest(browser()), found.id, now)
            return redirect(url_for(".show", number=found.reference), 303)
        form.refuse(found)
    account = whom()
    mine = [progress.listed(one) for one in Complaint.of(account)] if account else []
    shown = {"mine": mine, "signed_in": account is not None}
    return page("complaints/status.html", form=form, **shown), form.status


def guessed(number: str, wrong: bool) -> bool:
    """Whether too many were wrong about this number today; a wrong one more is counted."""
    config, now = current_app.config, clock.now()
    name = limits.hidden(config["SECRET_KEY"], "complaint number", number)
    ends_at = limits.window_end(now, limits.DAY)
    if not wrong:
        return limits.counted("complaint number", name, ends_at) >= PER_NUMBER
    with writing():
        return limits.add("complaint number", name, ends_at) > PER_NUMBER


def known(number: str, phone: str) -> Complaint | None:
    """The complaint of a number that was filed with this telephone number."""
    found = Complaint.referred(number)
    return found if found and found.phone_hash == lookup_hash(phone) else None


def mine(number: str) -> Complaint:
    """A complaint that this browser may see; 404 otherwise."""
    return seeing.seen(number) or abort(404)


@bp.get("/<number>")
@public
def show(number: str) -> ResponseReturnValue:
    """A stranger is asked for the telephone number, whether there is such a complaint or not."""
    one = seeing.seen(number)
    if one is None:
        return redirect(url_for(".status", number=number[:20]), 303)
    if fragment_wanted() == "progress" and request.args.get("seen") == str(one.version):
        return "", 204
    return shown(one)


def shown(one: Complaint, **sent: Form) -> ResponseReturnValue:
    """The page, with the form that was sent and is wrong."""
    forms = {name: sent.get(name) or made() for name, made in FORMS.items()}
    if "message" in sent:  # what was just closed is opened again with the same words
        forms["reopening"].text.data = sent["message"].text.data
    wrong = next(iter(sent.values()), None)
    answer = page(
        "complaints/show.html",
        live=one.is_open and request.args.get("live") != "off",
        form=wrong or forms["photos"],
        forms=forms,
        **progress.page_of(one),
    )
    return answer, wrong.status if wrong else 200


def done(one: Complaint, act: Callable[[], object]) -> ResponseReturnValue:
    """Do it; what cannot be done any more is seen on the page."""
    try:
        act()
    except ActError:
        current_app.logger.info("a complaint had changed")
    return redirect(url_for(".show", number=one.reference), 303)


@bp.post("/<number>/messages")
@public
def say(number: str) -> ResponseReturnValue:
    one, form = mine(number), MessageForm()
    if not form.validate_on_submit():
        return shown(one, message=form)
    text, now = form.text.data, clock.now()
    if not one.is_open:
        form.form_errors.append(
            _("그사이 처리가 끝나 보내지 않았습니다. 적으신 글은 아래에 있습니다.")
        )
        return shown(one, message=form)
    if progress.was_said(one, text, now):
        return redirect(url_for(".show", number=number), 303)
    if not few("complaint message", network(), SAID_PER_NETWORK):
        return later_again()
    return done(one, lambda: acts.say(one, text, APPLICANT, now))


@bp.post("/<number>/photos")
@public
def more_photos(number: str) -> ResponseReturnValue:
    one, form = mine(number), Form()
    if not form.validate_on_submit() or not one.is_open:
        return redirect(url_for(".show", number=number), 303)
    before, given = progress.photo_count(one), sent_photos()
    if given and not few("complaint photos", network(), PHOTOS_PER_NETWORK):
        return later_again()
    form.form_errors += seeing.take(given, Whose(complaint_id=one.id))
    if added := progress.photo_count(one) - before:
        sent = done(one, lambda: acts.add_photos(one, added, APPLICANT, clock.now()))
        if not form.form_errors:
            return sent
    if form.form_errors:
        return shown(one, photos=form)
    return redirect(url_for(".show", number=number), 303)


@bp.route("/<number>/withdrawal", methods=["GET", "POST"])
@public
def withdraw(number: str) -> ResponseReturnValue:
    one, form = mine(number), Form()
    if not one.is_open:
        return redirect(url_for(".show", number=number), 303)
    if form.validate_on_submit():
        return done(one, lambda: acts.withdraw(one, APPLICANT, clock.now()))
    return page("complaints/withdraw.html", form=form, one=progress.listed(one)), form.status


@bp.post("/<number>/reopening")
@public
def reopen(number: str) -> ResponseReturnValue:
    """아직 그대로예요, or an objection to the answer: it begins anew."""
    one, form = mine(number), ReopeningForm()
    if not form.validate_on_submit():
        return shown(one, reopening=form)
    verb = acts.object_to if form.why.data == "objection" else acts.reopen
    return done(one, lambda: verb(one, form.text.data, APPLICANT, clock.now()))


@bp.post("/<number>/rating")
@public
def rate(number: str) -> ResponseReturnValue:
    one, form = mine(number), RatingForm()
    if one.state != State.DONE or not form.validate_on_submit():
        return shown(one, rating=form)
    stars, text = int(form.stars.data), form.text.data
    return done(one, lambda: acts.rate(one, stars, text, APPLICANT, clock.now()))
