"""What all signed-in areas share: the signed cookie, form tokens, and where a sign-in leads to.

Customers and staff have a cookie each, told apart by the address: neither is ever read in the
other's area.
"""

import secrets
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, redirect, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.access import is_staff_path
from app.web import current_view_is_by_link, fragment_wanted, is_local

COOKIES_KNOWN = 4096
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}

csrf = CSRFProtect()


def browser() -> str:
    """A random word that only this browser's session knows; what is begun in it stays in it."""
    found: str = session.setdefault("browser", secrets.token_urlsafe(32))
    return found


def asks_by_itself() -> bool:
    """Whether a page that is left open asks for news: that is no sign of anybody being there."""
    return bool(fragment_wanted()) and "seen" in request.args


def protect() -> None:
    """Refuse a changing request that does not come from a page of ours."""
    unsafe = request.method in UNSAFE and request.routing_exception is None
    if unsafe and not current_view_is_by_link():
        refuse_foreign_origin()
        csrf.protect()


def back(otherwise: str) -> str:
    """Where to go on after the sign-in: what was asked for, or the page of a sent form."""
    if request.method == "GET":
        return request.full_path.removesuffix("?")
    asked = urlsplit(request.headers.get("Referer", ""))
    ours = f"{asked.scheme}://{asked.netloc}" == request.host_url.rstrip("/")
    return asked.path if ours and is_local(asked.path) else otherwise


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
        raise CSRFError("from another site")


def cookie_name(app: Flask, path: str) -> str:
    """The name of the session's cookie in the area of an address."""
    name: str = app.config["SESSION_COOKIE_NAME"]
    return f"{name}-staff" if is_staff_path(path) else name


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie: signer made once, signatures checked once, nothing saved unchanged."""

    def get_cookie_name(self, app: Flask) -> str:
        return cookie_name(app, request.path)

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
        value = request.cookies.get(cookie_name(app, request.path), "")
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
