"""The last steps of filing: everything to check, sending it once, and what happens by when."""

from collections.abc import Mapping

from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, phones, words
from app.access import public
from app.accounts.models import Account, digest
from app.complaints import album, drafts, filing, kinds, seeing, summary
from app.complaints.acting import APPLICANT
from app.complaints.drafts import Draft
from app.complaints.filing import Filing
from app.complaints.officer import office
from app.complaints.steps import is_locked, known, shown, to_sign_in_again
from app.complaints.views import bp
from app.complaints.visitors import (
    FILED_PER_EMAIL,
    FILED_PER_NETWORK,
    FILED_PER_PHONE,
    few,
    later_again,
    network,
    whom,
)
from app.db import writing
from app.forms import Form
from app.language import _, current
from app.sessions import browser
from app.web import page


@bp.route("/check", methods=["GET", "POST"])
@public
def check() -> ResponseReturnValue:
    """Sent twice, or after a lost answer, it leads to the one complaint that was filed."""
    draft, key = known("check"), request.form.get("form_key", "")
    if request.method == "POST" and (done := seeing.filed_here(key)):
        return redirect(url_for(".received", number=done.reference), 303)
    if isinstance(draft, Response):
        return draft
    form, account = Form(), whom()
    if is_locked(draft):
        return to_sign_in_again()
    if draft.kind.account and account is None:
        return redirect(url_for("accounts.login", next=request.path), 303)
    mine, homes = album.of_draft(digest(browser())), summary.homes(account, clock.today())
    if step := missing(draft, homes, bool(mine)):
        return redirect(url_for(f".{step}"), 303)
    if form.validate_on_submit():
        if key == draft.form_key:
            return send(draft, account)
        form.form_errors.append(_("다른 창에서 새로 쓰기 시작한 민원입니다. 보고 접수하십시오."))
    rows = summary.rows(draft, homes)
    return shown("check", draft, form, rows=rows, photos=mine)


def missing(draft: Draft, homes: Mapping[str, str], has_photos: bool) -> str:
    """The step whose answer is gone since: a home after the sign-out, a photo taken out again."""
    if draft.home and draft.home not in homes:
        return "place"
    return "photos" if draft.kind.photos == "needed" and not has_photos else ""


def send(draft: Draft, account: Account | None) -> ResponseReturnValue:
    """File it, once; this browser may see it from now on, and the draft is over. An account's is
    seen by that account alone: when its session has run out, others may sit here.
    """
    if not (
        few("complaint filed", network(), FILED_PER_NETWORK)
        and few("complaint phone", draft.phone, FILED_PER_PHONE)
        and (not draft.email or few("complaint email", draft.email, FILED_PER_EMAIL))
    ):
        return later_again()
    now, mine = clock.now(), digest(browser())
    premises = summary.premises_of(account, draft.home, clock.today())
    one = Filing(
        type=draft.type, form_key=draft.form_key, body=draft.body, answers=draft.answers,
        name=draft.name, phone=draft.phone, email=draft.email, wants_texts=draft.wants_texts,
        wants_push=draft.wants_push, language=current(), account=account, premises=premises,
        district=premises.district if premises else draft.district,
        dong=premises.dong if premises else draft.dong,
        place=premises.road_address if premises else draft.place,
        latitude=draft.latitude, longitude=draft.longitude, draft_hash=mine,
    )  # fmt: skip
    with writing():
        found = filing.file(one, APPLICANT, now)
        if account is None:
            seeing.open_to(mine, found.id, now)
        drafts.forget(browser())
    return redirect(url_for(".received", number=found.reference), 303)


@bp.get("/<number>/received")
@public
def received(number: str) -> ResponseReturnValue:
    """What was filed, its number, and what happens by when."""
    found = seeing.seen(number) or abort(404)
    return page(
        "complaints/received.html",
        one=found,
        kind_name=kinds.name(found.type),
        due=words.moment(found.promised_at),
        office=office(found),
        phone=phones.shown_or(found.phone),
        told=summary.told_by(found),
    )
