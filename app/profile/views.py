"""내 정보: who one is here, from where one is signed in, and how to change it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app import clock, limits, masks, phones, words
from app.access import customer, fresh, public
from app.accounts import entry, passwords, reach
from app.accounts.models import Account, Session
from app.accounts.passkeys import Passkey
from app.accounts.session import current_account, current_sign_in
from app.accounts.subscriptions import Subscription
from app.accounts.tokens import Purpose, Token
from app.db import writing
from app.errors import wait
from app.homes import models as homes
from app.messages import channels
from app.profile import email as addresses
from app.profile import mails
from app.profile.forms import TAKEN, EmailForm, NewPasswordForm, OwnPersonForm
from app.recovery.change import change
from app.signup.forms import AddressForm
from app.signup.models import Answers
from app.texts import settings as texts
from app.web import page

bp = Blueprint("profile", __name__, url_prefix="/profile")

MAILS_PER_HOUR = 5
DONE = ("password", "email_sent", "person", "ended", "ended_all", "phone", "no_phone")


def done() -> str:
    """What the visitor has just done, for the notice on top."""
    return next((name for name in DONE if name == request.args.get("done")), "")


def whole() -> Account:
    """The customer with everything that is stored of them."""
    found: Account = Account.get_by_id(current_account().id)
    return found


@bp.get("/")
@customer
def index() -> ResponseReturnValue:
    account = whole()
    return page(
        "profile/index.html",
        account=account,
        phone=masks.phone(account.phone),
        verified=account.phone_verified_at is not None,
        texts=texts.is_on(current_app.config),
        pushes=channels.is_on("push", reach.app()) and Subscription.of(account.id).count(),
        passkeys=Passkey.of(account).count(),
        sessions=running(account).count(),
        homes=[link.name for link in homes.mine(account)],
        done=done(),
    )


def running(account: Account) -> Any:
    idle = timedelta(minutes=current_app.config["SESSION_IDLE_MINUTES"])
    return Session.running(account, clock.now() - idle)


@bp.get("/sessions")
@customer
def sessions() -> ResponseReturnValue:
    here = current_sign_in().reference
    found = [
        {
            "reference": one.reference,
            "agent": one.agent,
            "since": words.moment(one.created_at),
            "seen": words.moment(one.seen_at),
            "here": one.reference == here,
        }
        for one in running(current_account())
    ]
    return page("profile/sessions.html", sessions=found, done=done())


@bp.post("/sessions/<session>/end")
@customer
def end_session(session: str) -> ResponseReturnValue:
    if not Session.end_one(current_account(), session, clock.now()):
        abort(404)
    Subscription.end_here(current_account(), session)
    return redirect(url_for(".sessions", done="ended"), 303)


@bp.post("/sessions/end")
@customer
def end_sessions() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    Session.end_all(current_account(), clock.now(), but=session["_user_id"])
    Subscription.end_all(current_account(), current_sign_in().reference)
    return redirect(url_for(".sessions", done="ended_all"), 303)


@bp.route("/password", methods=["GET", "POST"])
@fresh
def password() -> ResponseReturnValue:
    account, form = whole(), NewPasswordForm()
    form.known_texts = account.email, account.name, account.phone
    if form.validate_on_submit():
        now, hashed = clock.now(), passwords.hashed(form.password.data, entry.cost())
        change(account, hashed, now, stays=session["_user_id"])
        with writing():
            entry.note_device(account, now)
        return redirect(url_for(".index", done="password"), 303)
    return page("profile/password.html", form=form, email=account.email), form.status


@bp.route("/person", methods=["GET", "POST"])
@fresh
def person() -> ResponseReturnValue:
    account = whole()
    typed = {"name": account.name, "phone": phones.shown(account.phone)}
    form = OwnPersonForm(data={**typed, "language": account.language})
    if form.validate_on_submit():
        store(account, language=form.language.data, **form.answers)
        return redirect(url_for(".index", done="person"), 303)
    return page("profile/person.html", form=form), form.status


@bp.route("/address", methods=["GET", "POST"])
@customer
def address() -> ResponseReturnValue:
    account, form = whole(), AddressForm()
    if form.validate_on_submit():
        store(account, address=Answers(**form.answers).full_address)
        return redirect(url_for(".index", done="person"), 303)
    return page("profile/address.html", form=form, address=account.address), form.status


def store(account: Account, **changes: Any) -> None:
    """Keep changes of a person; of name and phone they are told by mail (S-21)."""
    told = any(changes.get(name, old) != old for name, old in known(account).items())
    now = clock.now()
    if changes.get("phone", account.phone) != account.phone:  # another one is to be verified
        changes |= Account.with_phone(changes["phone"])
    with writing():
        Account.update(**changes).where(Account.id == account.id).execute()
        if told:
            mails.person_changed(account, f"{account.id}:{now.timestamp()}", now)


def known(account: Account) -> dict[str, str]:
    return {"name": account.name, "phone": account.phone}


@bp.route("/email", methods=["GET", "POST"])
@fresh
def email() -> ResponseReturnValue:
    account, form, now = current_account(), EmailForm(), clock.now()
    if form.validate_on_submit():
        key = current_app.config["SECRET_KEY"]
        new = form.email.data.lower()
        if new == account.email:
            form.email.errors = [str(TAKEN)]
        elif not limits.may("email", key, str(account.id), MAILS_PER_HOUR, now):
            return wait(limits.window_end(now, limits.HOUR) - now)
        else:
            addresses.ask(account, new, now)
            return redirect(url_for(".index", done="email_sent"), 303)
    return page("profile/email.html", form=form, email=account.email), form.status


@bp.route("/email/<token>", methods=["GET", "POST"])
@public
def confirm_email(token: str) -> ResponseReturnValue:
    """The link in the mail to the new address."""
    return by_mail(Purpose.EMAIL, token, addresses.confirm)


@bp.route("/undo/<token>", methods=["GET", "POST"])
@public
def undo_email(token: str) -> ResponseReturnValue:
    """The link in the mail to the old address."""
    return by_mail(Purpose.UNDO, token, addresses.undo)


def by_mail(
    purpose: Purpose, token: str, change: Callable[[Token, Account, datetime], bool]
) -> ResponseReturnValue:
    """A link from a mail: opening it changes nothing, its button changes the address."""
    now, undo = clock.now(), purpose == Purpose.UNDO
    link = Token.find(purpose, token, now)
    if link is None or link.account is None:
        return page("profile/over.html"), 404
    if request.method != "POST":
        return page("profile/email_confirm.html", email=link.subject, undo=undo)
    if not change(link, link.account, now):
        return page("profile/over.html"), 404
    return page("profile/email_changed.html", undone=undo)


@bp.after_request
def keep_the_link_here(response: Response) -> Response:
    """The address is a secret: it goes nowhere with a click (S-17)."""
    if request.endpoint in ("profile.confirm_email", "profile.undo_email"):
        response.headers["Referrer-Policy"] = "no-referrer"
    return response
