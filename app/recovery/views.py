"""비밀번호 찾기: a link by mail, and a new password with it."""

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, limits
from app.access import public
from app.accounts import entry, passwords
from app.accounts.models import Account
from app.accounts.tokens import Purpose, Token
from app.db import writing
from app.errors import wait
from app.recovery import mails
from app.recovery.change import change
from app.recovery.forms import AskForm, ResetForm
from app.web import page

bp = Blueprint("recovery", __name__, url_prefix="/recovery")

PER_NETWORK, PER_ADDRESS = 20, 5


@bp.route("/", methods=["GET", "POST"])
@public
def index() -> ResponseReturnValue:
    form = AskForm()
    if form.validate_on_submit():
        key, now = current_app.config["SECRET_KEY"], clock.now()
        source = limits.network(request.remote_addr)
        if not limits.may("reset source", key, source, PER_NETWORK, now):
            return wait(limits.window_end(now, limits.HOUR) - now)
        email = form.email.data.lower()
        send(email, limits.may("reset", key, email, PER_ADDRESS, now))
        return redirect(url_for(".sent"), 303)
    return page("recovery/index.html", form=form), form.status


def send(email: str, may: bool) -> None:
    """Queue the mail for an address; the work is the same whether somebody has it (S-11)."""
    now = clock.now()
    account = Account.active(email)
    with writing():
        if not may or Token.is_fresh(Purpose.RESET, account, email, now):
            return
        token = Token.make(Purpose.RESET, account, email, now)
        if account:
            mails.reset(account, token, now)
        else:
            mails.unknown(email, token, now)


@bp.get("/sent")
@public
def sent() -> ResponseReturnValue:
    return page("recovery/sent.html")


@bp.route("/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    """The page of the mail's link: opening it changes nothing."""
    now = clock.now()
    link = Token.find(Purpose.RESET, token, now)
    if link is None or link.account is None:
        return page("recovery/over.html"), 404
    account = link.account
    form = ResetForm()
    form.known_texts = account.email, account.name, account.phone
    if form.validate_on_submit():
        hashed = passwords.hashed(form.password.data, entry.cost())
        if not change(account, hashed, now, link=link):
            return page("recovery/over.html"), 404
        with writing():
            entry.note_device(account, now)
        return redirect(url_for("accounts.login", renewed=""), 303)
    return page("recovery/reset.html", form=form, email=account.email), form.status


@bp.after_request
def keep_the_link_here(response: Response) -> Response:
    """The address is a secret: it goes nowhere with a click (S-17)."""
    if request.endpoint == "recovery.reset":
        response.headers["Referrer-Policy"] = "no-referrer"
    return response
