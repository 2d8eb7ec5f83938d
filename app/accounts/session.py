"""Finds the customer of a request, and leads to sign-in every view that is not public."""

import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Flask,
    Request,
    Response,
    abort,
    current_app,
    g,
    redirect,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, LoginManager
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadSignature, URLSafeTimedSerializer
from peewee import OperationalError

from app import clock
from app.accounts import agents, entry, mails
from app.accounts.models import Account, Proof, Session, SignIn
from app.accounts.passwords import BusyError
from app.db import hurried, writing
from app.errors import answer
from app.observe import log
from app.web import (
    current_view_is_by_link,
    fragment_wanted,
    is_local,
    mark_of_current_view,
    proof_of_current_view,
)

TOUCH_AFTER = timedelta(minutes=1)
PROOF_HOLDS = timedelta(minutes=5)
COOKIES_KNOWN = 4096
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}

csrf = CSRFProtect()
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
    if now - found.seen_at > TOUCH_AFTER:
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


def browser() -> str:
    """A random word that only this browser's session knows; what is begun in it stays in it."""
    found: str = session.setdefault("browser", secrets.token_urlsafe(32))
    return found


def sign_in(account: Account, proof: Proof) -> None:
    """Begin a session of this browser; whatever it held before is dropped (S-13)."""
    session.clear()
    agent, now = agents.named(request.headers.get("User-Agent", "")), clock.now()
    with writing():
        token = Session.start(account, now, agent, proof)
        if entry.note_device(account, now):
            mails.new_device(account, token, agent, now)
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
    asked = request._get_current_object()  # type: ignore[attr-defined]
    if signed_in:
        g.customer_name = signed_in.account.name
    elif mark_of_current_view() != "public":
        return to_sign_in(url_for("accounts.login", next=back()))
    unsafe = asked.method in UNSAFE and asked.routing_exception is None
    if unsafe and not current_view_is_by_link():
        refuse_foreign_origin()
        csrf.protect()
    if signed_in and (wanted := proof_of_current_view()) and not proved(wanted):
        return to_sign_in(url_for("accounts.prove", next=back(), how=wanted))
    return None


def back() -> str:
    """Where to go on after the sign-in: what was asked for, or the page of a sent form."""
    if request.method == "GET":
        return request.full_path.removesuffix("?")
    asked = urlsplit(request.headers.get("Referer", ""))
    ours = f"{asked.scheme}://{asked.netloc}" == request.host_url.rstrip("/")
    return asked.path if ours and is_local(asked.path) else url_for("home.index")


def to_sign_in(address: str) -> ResponseReturnValue:
    """Lead to a page that asks who it is; htmx is told to load it as a page."""
    if fragment_wanted():
        return Response("", 401, {"HX-Redirect": address})
    return redirect(address, 303)


def refuse_foreign_origin() -> None:
    """A changing request must come from this site (S-24), whatever token it carries.

    Pages of secret links send no referrer, and then browsers say `null` instead of the origin;
    their word `same-origin` tells that it is ours, and no script can forge it.
    """
    site = request.headers.get("Sec-Fetch-Site", "")
    origin = request.headers.get("Origin")
    if origin == "null" and site == "same-origin":
        return
    site = site or "same-origin"
    if site not in ("same-origin", "none") or (origin and origin != request.host_url.rstrip("/")):
        abort(403)


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie: signer made once, signatures checked once, nothing saved unchanged."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        made: URLSafeTimedSerializer | None = app.extensions.get("session_serializer")
        if made is None:
            made = app.extensions["session_serializer"] = super().get_signing_serializer(app)
        return made

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """The content of the cookie; a foreign or broken one is a new, empty session.

        A signature that was right stays right: it is checked once, and the session's row decides
        at every request whether it still counts.
        """
        value = request.cookies.get(self.get_cookie_name(app), "")
        found = self.checked(app, value) if value else None
        return SecureCookieSession(found or {})

    def checked(self, app: Flask, value: str) -> dict[str, Any] | None:
        known: dict[str, Any] = app.extensions.setdefault("checked_cookies", {})
        found = known.get(value)  # other threads may empty it meanwhile
        if found is None:
            serializer = self.get_signing_serializer(app)
            longest = int(app.permanent_session_lifetime.total_seconds())
            try:
                found = serializer.loads(value, max_age=longest) if serializer else None
            except BadSignature:
                return None
            if len(known) >= COOKIES_KNOWN:
                known.clear()
            known[value] = found
        return found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified:
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.session_interface = Sessions()
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_SSL_STRICT=False)
    csrf.init_app(app)
    login_manager.init_app(app)
    app.register_error_handler(BusyError, lambda error: answer(503))
    login_manager.session_protection = None  # sessions are kept, limited and ended on the server
