"""민원 접수: one thing a page, a draft on the server, no account where the kind allows that."""

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app import clock
from app.access import public
from app.accounts import reach
from app.accounts.models import digest
from app.complaints import album, already, drafts, kinds, seeing, summary
from app.complaints.album import Whose
from app.complaints.drafts import Draft
from app.complaints.forms import ContactForm, PlaceForm, details_form
from app.complaints.photos import MOST
from app.complaints.steps import go_on, here, is_locked, known, set_aside, shown
from app.complaints.visitors import (
    BEGUN_PER_NETWORK,
    PHOTOS_PER_NETWORK,
    few,
    later_again,
    network,
    sent_photos,
    whom,
    whose,
)
from app.forms import Form
from app.language import _
from app.messages import channels
from app.messages.models import Channel
from app.sessions import browser
from app.web import page

bp = Blueprint("complaints", __name__, url_prefix="/complaints")

LOCATION = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    draft = here()
    locked = draft is not None and is_locked(draft)
    shown = {"draft": None if locked else draft, "locked": locked}
    return page("complaints/index.html", groups=summary.groups(), **shown)


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
        mine, contact = here(), {}
        if mine and is_locked(mine):
            mine = None
        if account:
            contact = {"name": account.name, "phone": account.phone, "email": account.email}
        if mine is None:
            drafts.discard(browser())
        same = mine is not None and mine.type == kind.code
        return go_on(mine if mine and same else Draft(kind.code, **contact), "begin", {})
    answer_by = summary.answer_by(kind, clock.now())
    shown = {"kind": kind, "barred": barred, "answer_by": answer_by}
    return page("complaints/begin.html", form=form, **shown), form.status


@bp.route("/discard", methods=["GET", "POST"])
@public
def discard() -> ResponseReturnValue:
    """For a computer that others use: what was begun is gone at once, photos too."""
    draft = here()
    if draft is None or is_locked(draft):
        return redirect(url_for(".index"), 303)
    form = Form()
    if form.validate_on_submit():
        drafts.discard(browser())
        return redirect(url_for(".index"), 303)
    return page("complaints/discard.html", draft=draft, form=form), form.status


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
        stops = found and already.about(found, whom(), clock.now())
        return redirect(url_for(".near"), 303) if stops else answer
    answer = make_response(shown("place", draft, form))
    answer.headers["Permissions-Policy"] = LOCATION
    return answer


@bp.get("/near")
@public
def near() -> ResponseReturnValue:
    """An outage there, or what others have reported: whoever means the same may follow it."""
    draft = known("details")
    if isinstance(draft, Response):
        return draft
    found = already.about(draft, whom(), clock.now())
    if not found:
        return redirect(url_for(f".{draft.first_open}"), 303)
    alerts = "/outages/alerts/mine" if whom() else "/outages/alerts/"
    return page("complaints/near.html", draft=draft, alerts=alerts, **found)


@bp.route("/details", methods=["GET", "POST"])
@public
def details() -> ResponseReturnValue:
    draft = known("details")
    if isinstance(draft, Response):
        return draft
    form = details_form(draft)
    if form.validate_on_submit():
        return go_on(draft, "details", form.answers)
    set_aside(draft, "details", form.answers)
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
        refused = seeing.take(given, Whose(digest(browser())))
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
    draft = here()
    if draft and not is_locked(draft):
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
    texts, mine = channels.is_on(Channel.SMS, reach.app()), whose()
    push = mine is not None and bool(reach.by_push(mine))
    return shown("contact", draft, form, texts=texts, push=push)
