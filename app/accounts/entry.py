"""Checking a password: throttled, in constant time, without holding the database meanwhile."""

import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import after_this_request, current_app, request
from flask.wrappers import Response

from app import clock, limits
from app.accounts import passwords, throttle
from app.accounts.models import Account, Device
from app.db import writing

DEVICE_COOKIE = "device"
YEAR = 365 * 24 * 3600


class Wait(NamedTuple):
    """No try may be made for so long."""

    time: timedelta


def cost() -> passwords.Cost:
    """argon2id's cost by the settings."""
    return current_app.config["PASSWORD_MEMORY_KIB"], current_app.config["PASSWORD_ROUNDS"]


def device_cookie() -> str:
    """The cookie's name; browsers accept the prefix in production only from us, over https."""
    return (
        f"__Host-{DEVICE_COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else DEVICE_COOKIE
    )


def checked(email: str, password: str) -> Account | Wait | None:
    """The account that an address and a password belong to; raises BusyError.

    Neither the answer nor its time tells whether the address is known (S-11).
    """
    key, now, email = current_app.config["SECRET_KEY"], clock.now(), email.lower()
    device = request.cookies.get(device_cookie(), "")
    known = device if Device.knows(email, device) else ""
    visitor = throttle.Visitor(email, limits.network(request.remote_addr), known)
    if pause := throttle.begin(visitor, key, now):
        return Wait(pause)
    account = Account.active(email)
    try:
        right = passwords.is_right(account.password_hash if account else None, password, cost())
    except passwords.BusyError:
        throttle.take_back(visitor, key, now)
        raise
    if not (account and right):
        throttle.wrong(key, current_app.config["FAILURE_ALARM"], now)
        return None
    throttle.right(visitor, key, now)
    renew_hash(account, password)
    return account


def renew_hash(person: Any, password: str) -> None:
    """Hash an account's or a member's password anew when settings want another cost (S-10)."""
    model, old = type(person), person.password_hash
    if passwords.is_old(old, cost()):
        new = passwords.hashed(password, cost())
        same = (model.id == person.id) & (model.password_hash == old)
        with writing():
            model.update(password_hash=new).where(same).execute()


def note_device(account: Account, now: datetime) -> bool:
    """Remember this browser; whether it is a new one of an account that has others."""
    name = device_cookie()
    token = request.cookies.get(name) or secrets.token_urlsafe(32)
    secure = current_app.config["SESSION_COOKIE_SECURE"]

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            name, token, max_age=YEAR, secure=secure, httponly=True, samesite="Lax", path="/"
        )
        return response

    return Device.note(account, token, now)
