"""휴대전화 확인: the number, the code that was sent to it, and the end of it."""

from flask import Blueprint, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app import clock, limits, masks, phones
from app.access import fresh
from app.accounts.models import Account
from app.accounts.session import current_account
from app.accounts.tokens import CODE_MINUTES
from app.errors import answer, wait
from app.language import later
from app.mobile import verify
from app.mobile.forms import PhoneCodeForm, PhoneForm
from app.mobile.verify import Asking, Sent
from app.sealed import SealBrokenError, opened, seal
from app.sessions import browser
from app.texts import settings
from app.web import page

bp = Blueprint("mobile", __name__, url_prefix="/profile/phone")

WANTED = "phone"
"""Where the session keeps the number that was typed, sealed."""
NOT_NOW = later("지금은 문자를 보낼 수 없습니다. 한 시간쯤 뒤에 다시 해 주십시오.")


@bp.before_request
def switched_on() -> None:
    """Without text messages there are no such pages."""
    if not settings.is_on(current_app.config):
        abort(404)


def asking() -> Asking:
    return Asking(current_account(), browser(), limits.network(request.remote_addr))


def wanted() -> str:
    """The number that was typed on the page before; empty for who did not come from there."""
    try:
        return opened(session.get(WANTED, ""))
    except SealBrokenError:
        return ""


@bp.route("", methods=["GET", "POST"])
@fresh
def index() -> ResponseReturnValue:
    account: Account = Account.get_by_id(current_account().id)
    verified = account.phone_verified_at is not None
    typed = phones.is_mobile(account.phone) and not verified
    known = phones.shown(account.phone) if typed else ""
    form = PhoneForm(data={"phone": known})
    if form.validate_on_submit():
        session[WANTED] = seal(form.number)
        return send(form.number)
    shown = {"verified": verified, "phone": masks.phone(account.phone)}
    return page("mobile/index.html", form=form, **shown), form.status


def send(number: str) -> ResponseReturnValue:
    """Send a code and lead to the page that asks for it, or say when to come back."""
    now = clock.now()
    found = verify.send(asking(), number, current_app.config, now)
    if found is Sent.WAIT:
        return wait(limits.window_end(now, limits.HOUR) - now)
    if found is Sent.NOT_NOW:
        return answer(503, str(NOT_NOW))
    return redirect(url_for(".code"), 303)


@bp.route("/code", methods=["GET", "POST"])
@fresh
def code() -> ResponseReturnValue:
    number = wanted()
    if not number:
        return redirect(url_for(".index"), 303)
    form = PhoneCodeForm()
    if form.validate_on_submit():
        if verify.confirm(asking(), number, form.code.data, current_app.config, clock.now()):
            del session[WANTED]
            return redirect(url_for("profile.index", done="phone"), 303)
        form.refuse()
    shown = {"phone": masks.phone(number), "minutes": CODE_MINUTES}
    return page("mobile/code.html", form=form, **shown), form.status


@bp.post("/code/new")
@fresh
def new_code() -> ResponseReturnValue:
    """Another code, when the first did not come."""
    number = wanted()
    return send(number) if number else redirect(url_for(".index"), 303)


@bp.post("/removal")
@fresh
def remove() -> ResponseReturnValue:
    verify.release(current_account())
    return redirect(url_for("profile.index", done="no_phone"), 303)
