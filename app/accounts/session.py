"""Finds the customer of a request, and leads to sign-in every view that is not public."""

from datetime import timedelta

from flask import Flask, current_app, g, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, LoginManager
from peewee import OperationalError

from app import clock
from app.accounts import agents, belongings, entry, mails
from app.accounts.models import Account, Proof, Session, SignIn
from app.accounts.passwords import BusyError
from app.accounts.subscriptions import Subscription
from app.db import hurried, writing
from app.errors import answer
from app.observe import log
from app.sessions import asks_by_itself, back, browser, protect, to_sign_in
from app.web import mark_of_current_view, proof_of_current_view

TOUCH_AFTER = timedelta(minutes=1)
PROOF_HOLDS = timedelta(minutes=5)

login_manager = LoginManager()


class SignedIn:
    """What Flask-Login keeps for a request: the account, known by its session's token."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, found: SignIn, token: str) -> None:
        self.found = found
        self.account = found.account
        self.token = token

    def get_id(self) -> str:
        return self.token


@login_manager.user_loader
def load(token: str) -> SignedIn | None:
    config = current_app.config
    idle = timedelta(minutes=config["SESSION_IDLE_MINUTES"])
    now = clock.now()
    found = Session.find(token, now, idle, timedelta(hours=config["SESSION_HOURS"]))
    if found is None:
        return None
    if now - found.seen_at > TOUCH_AFTER and not asks_by_itself():
        try:
            with hurried():
                Session.touch(token, now)
        except OperationalError:  # somebody writes at length; reading goes on without the note
            log.warning("session could not be touched")
    return SignedIn(found, token)


def current_account() -> Account:
    """The signed-in customer, with id, e-mail, name and language only; not in public views."""
    account: Account = g._login_user.account
    return account


def current_sign_in() -> SignIn:
    """The session of the signed-in customer; not in public views."""
    found: SignIn = g._login_user.found
    return found


def sign_in(account: Account, proof: Proof) -> None:
    """Begin a session of this browser; whatever it held before is dropped (S-13), and what was
    begun in it goes on under another word.
    """
    before = session.get("browser", "")
    session.clear()
    agent, now = agents.named(request.headers.get("User-Agent", "")), clock.now()
    with writing():
        token = Session.start(account, now, agent, proof)
        if entry.note_device(account, now):
            mails.new_device(account, token, agent, now)
        if device := request.cookies.get(entry.device_cookie()):
            Subscription.follow(account, device, Session.reference_of(token))
        if before:
            belongings.take_over(before, browser(), account.get_id())
    session["_user_id"] = token


def renew(proof: Proof) -> None:
    """Note that the customer has just proved who they are; the session gets a new token."""
    session["_user_id"] = Session.prove(session["_user_id"], proof, clock.now())


def proved(wanted: str) -> bool:
    """Whether the customer proved who they are, as a view wants it, a few minutes ago (S-18)."""
    found = current_sign_in()
    recent = timedelta(0) <= clock.now() - found.proved_at <= PROOF_HOLDS
    return recent and (wanted != "strong" or found.proof == Proof.STRONG)


def guard() -> ResponseReturnValue | None:
    """Before a request: who is it, may they, and did the request come from our own page?"""
    token = session.get("_user_id")
    signed_in = load(token) if token else None
    g._login_user = signed_in or AnonymousUserMixin()  # where Flask-Login's current_user looks
    if signed_in:
        g.customer_name = signed_in.account.name
    elif mark_of_current_view() != "public":
        return to_sign_in(url_for("accounts.login", next=back(url_for("home.index"))))
    protect()
    if signed_in and (wanted := proof_of_current_view()) and not proved(wanted):
        return to_sign_in(url_for("accounts.prove", next=back(url_for("home.index")), how=wanted))
    return None


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    app.register_error_handler(BusyError, lambda error: answer(503))
    login_manager.session_protection = None  # sessions are kept, limited and ended on the server
