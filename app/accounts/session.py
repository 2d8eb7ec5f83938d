"""Finds the customer of a request, and leads to sign-in every view that is not public."""

from datetime import timedelta
from typing import Any

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
from app.accounts.models import Account, Session
from app.db import hurried
from app.observe import log
from app.web import fragment_wanted, mark_of_current_view

TOUCH_AFTER = timedelta(minutes=1)
COOKIES_KNOWN = 4096
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}

csrf = CSRFProtect()
login_manager = LoginManager()


class SignedIn:
    """What Flask-Login keeps for a request: the account, known by its session's token."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, account: Account, token: str) -> None:
        self.account = account
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
    account, seen_at = found
    if now - seen_at > TOUCH_AFTER:
        try:
            with hurried():
                Session.touch(token, now)
        except OperationalError:  # somebody writes at length; reading goes on without the note
            log.warning("session could not be touched")
    return SignedIn(account, token)


def current_account() -> Account:
    """The signed-in customer; only in views that are not public."""
    account: Account = g._login_user.account
    return account


def guard() -> ResponseReturnValue | None:
    """Before a request: who is it, may they, and did the request come from our own page?"""
    token = session.get("_user_id")
    signed_in = load(token) if token else None
    g._login_user = signed_in or AnonymousUserMixin()  # where Flask-Login's current_user looks
    asked = request._get_current_object()  # type: ignore[attr-defined]
    if signed_in:
        g.customer_name = signed_in.account.name
    elif mark_of_current_view() != "public":
        return to_sign_in()
    if asked.method in UNSAFE and asked.routing_exception is None:
        refuse_foreign_origin()
        csrf.protect()
    return None


def to_sign_in() -> ResponseReturnValue:
    """Lead to the sign-in page and back; htmx is told to load it as a page."""
    back = request.full_path.removesuffix("?") if request.method == "GET" else url_for("home.index")
    address = url_for("accounts.login", next=back)
    if fragment_wanted():
        return Response("", 401, {"HX-Redirect": address})
    return redirect(address, 303)


def refuse_foreign_origin() -> None:
    """A changing request must come from this site (S-24), whatever token it carries."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
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
    login_manager.session_protection = None  # sessions are kept, limited and ended on the server
