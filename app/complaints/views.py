"""민원 접수: one thing a page, a draft on the server, no account where the kind allows that."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from app import clock, phones, words
from app.access import public
from app.accounts import reach
from app.accounts.models import Account, digest
from app.complaints import album, drafts, filing, kinds, photos, seeing, summary, uploads
from app.complaints.acting import APPLICANT
from app.complaints.drafts import Draft
from app.complaints.filing import Filing
from app.complaints.forms import ContactForm, PlaceForm, details_form
from app.complaints.officer import office
from app.complaints.photos import MOST
from app.complaints.visitors import (
    BEGUN_PER_NETWORK,
    FILED_PER_EMAIL,
    FILED_PER_NETWORK,
    FILED_PER_PHONE,
    PHOTOS_PER_NETWORK,
    few,
    later_again,
    network,
    sent_photos,
    whom,
)
from app.db import writing
from app.forms import Form
from app.language import _, current, later
from app.messages import channels
from app.messages.models import Channel
from app.sessions import browser
from app.web import page

bp = Blueprint("complaints", __name__, url_prefix="/complaints")

TITLES = {
    "place": later("어디입니까?"),
    "details": later("무슨 일입니까?"),
    "photos": later("사진 붙이기"),
    "contact": later("연락처"),
    "check": later("접수할 내용 확인"),
}
LOCATION = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"


def known(step: str) -> Draft | Response:
    """This browser's draft; where to go when the step cannot be shown (S-69)."""
    draft = Draft.of(session.get("browser", ""), clock.now())
    if draft is None:
        return redirect(url_for(".index"), 303)  # type: ignore[return-value]
    if not draft.reaches(step):
        return redirect(url_for(f".{draft.first_open}"), 303)  # type: ignore[return-value]
    return draft


def shown(step: str, draft: Draft, form: Form, **context: Any) -> ResponseReturnValue:
    """The page of a step."""
    steps = draft.steps
    at = steps.index(step)
    ready = draft.first_open == "check" != step
    before = "check" if ready else steps[max(at - 1, 0)]
    frame = {
        "title": str(TITLES[step]),
        "number": at + 1,
        "count": len(steps),
        "back": url_for(f".{before}") if at or ready else url_for(".begin", matter=draft.type),
        "ready": ready,
        "draft": draft,
    }
    return page(f"complaints/{step}.html", form=form, **frame, **context), form.status


def go_on(draft: Draft, step: str, answers: dict[str, Any]) -> ResponseReturnValue:
    """Keep the answers and lead to the first step that is open."""
    found = replace(draft, **answers, done=tuple(dict.fromkeys((*draft.done, step))))
    found.keep(browser(), clock.now())
    return redirect(url_for(f".{found.first_open}"), 303)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    draft = Draft.of(session.get("browser", ""), clock.now())
    return page("complaints/index.html", groups=summary.groups(), draft=draft)


@bp.route("/new/<matter>", methods=["GET", "POST"])
@public
def begin(matter: str) -> ResponseReturnValue:
    """What helps before anybody files; from here on there is a draft."""
    kind = kinds.types().get(matter) or abort(404)
    form, account = Form(), whom()
    barred = kind.account and account is None
    if not barred and form.validate_on_submit():
        if not few("complaint begun", network(), BEGUN_PER_NETWORK):
            return later_again()
        mine, contact = Draft.of(browser(), clock.now()), {}
        if account:
            contact = {"name": account.name, "phone": account.phone, "email": account.email}
        if mine is None:
            start_anew()
        same = mine is not None and mine.type == kind.code
        return go_on(mine if mine and same else Draft(kind.code, **contact), "begin", {})
    answer_by = summary.answer_by(kind, clock.now())
    shown = {"kind": kind, "barred": barred, "answer_by": answer_by}
    return page("complaints/begin.html", form=form, **shown), form.status


@bp.route("/place", methods=["GET", "POST"])
@public
def place() -> ResponseReturnValue:
    draft = known("place")
    if isinstance(draft, Response):
        return draft
    form = PlaceForm(data=PlaceForm.typed(draft))
    form.kept, form.homes = draft, summary.homes(whom(), clock.today())
    if form.validate_on_submit():
        answer = go_on(draft, "place", form.answers)
        found = Draft.of(browser(), clock.now())
        return redirect(url_for(".near"), 303) if found and summary.near(found) else answer
    answer = make_response(shown("place", draft, form))
    answer.headers["Permissions-Policy"] = LOCATION
    return answer


@bp.get("/near")
@public
def near() -> ResponseReturnValue:
    """Others have reported this nearby: whoever means the same may follow it instead."""
    draft = known("details")
    if isinstance(draft, Response):
        return draft
    found = summary.near(draft)
    if not found:
        return redirect(url_for(f".{draft.first_open}"), 303)
    return page("complaints/near.html", draft=draft, near=found)


@bp.route("/details", methods=["GET", "POST"])
@public
def details() -> ResponseReturnValue:
    draft = known("details")
    if isinstance(draft, Response):
        return draft
    form = details_form(draft)
    if form.validate_on_submit():
        return go_on(draft, "details", form.answers)
    return shown("details", draft, form)


@bp.route("/photos", methods=["GET", "POST"], endpoint="photos")
@public
def choose_photos() -> ResponseReturnValue:
    """Photos are kept one by one: a refused one loses none of the others."""
    draft = known("photos")
    if isinstance(draft, Response):
        return draft
    form, refused = Form(), []
    if form.validate_on_submit():
        given = sent_photos()
        if given and not few("complaint photos", network(), PHOTOS_PER_NETWORK):
            return later_again()
        refused = seeing.take(given, digest(browser()))
        mine = album.of_draft(digest(browser()))
        if draft.kind.photos == "needed" and not mine and not refused:
            refused = [_("사진이 한 장은 필요합니다.")]
        stays = refused or "add" in request.form
        if not stays:
            return go_on(draft, "photos", {})
        draft.keep(browser(), clock.now())
        if not refused:
            return redirect(url_for(".photos"), 303)
    mine = album.of_draft(digest(browser()))
    form.form_errors += refused
    return shown("photos", draft, form, photos=mine, most=MOST)


@bp.post("/photos/<photo>/removal")
@public
def remove_photo(photo: str) -> ResponseReturnValue:
    album.drop(photo, digest(browser()), seeing.folder())
    return redirect(url_for(".photos"), 303)


@bp.route("/contact", methods=["GET", "POST"])
@public
def contact() -> ResponseReturnValue:
    draft = known("contact")
    if isinstance(draft, Response):
        return draft
    form = ContactForm(data=ContactForm.typed(draft))
    form.kind = draft.kind
    if form.validate_on_submit():
        return go_on(draft, "contact", form.answers)
    texts = channels.is_on(Channel.SMS, reach.app())
    return shown("contact", draft, form, texts=texts)


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
    """File it, once; this browser may see it from now on, and the draft is over."""
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
        language=current(), account=account, premises=premises,
        district=premises.district if premises else draft.district,
        dong=premises.dong if premises else draft.dong,
        place=premises.road_address if premises else draft.place,
        latitude=draft.latitude, longitude=draft.longitude, draft_hash=mine,
    )  # fmt: skip
    with writing():
        found = filing.file(one, APPLICANT, now)
        seeing.open_to(mine, found.id, now)
        drafts.forget(browser())
    return redirect(url_for(".received", number=found.reference), 303)


def start_anew() -> None:
    """Nothing that was begun in this browser is left: no draft, no photo, no half of one."""
    for name in drafts.forget(browser()):
        photos.remove(seeing.folder(), name)
    uploads.remove_all(seeing.folder(), digest(browser()))


@bp.post("/erasure")
@public
def erase() -> ResponseReturnValue:
    """Everything that was typed and added so far is deleted."""
    start_anew()
    return redirect(url_for(".index"), 303)


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
