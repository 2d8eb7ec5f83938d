"""Checking a member's password: throttled, and as slow for an unknown address."""

from flask import current_app, request

from app import clock, limits
from app.accounts import passwords, throttle
from app.accounts.entry import Wait, cost, renew_hash
from app.audit import trail
from app.audit.trail import Actor
from app.staff.models import Member


def visitor(name: str) -> throttle.Visitor:
    return throttle.Visitor(name, limits.network(request.remote_addr), "")


def checked(email: str, password: str) -> Member | Wait | None:
    """The member with this address and password; how long to wait; or nothing."""
    key, now = current_app.config["SECRET_KEY"], clock.now()
    who = visitor(f"staff {email.lower()}")
    if pause := throttle.begin(who, key, now):
        return Wait(pause)
    member = Member.active(email)
    try:
        right = passwords.is_right(member.password_hash if member else None, password, cost())
    except passwords.BusyError:
        throttle.take_back(who, key, now)
        raise
    if not (member and right):
        refused(member, "password")
        return None
    throttle.right(who, key, now)
    renew_hash(member, password)
    return member


def begin_code(member: Member) -> Wait | None:
    """Count a try of the second factor; how long to wait when it may not be made now."""
    pause = throttle.begin(
        visitor(f"code {member.id}"), current_app.config["SECRET_KEY"], clock.now()
    )
    return Wait(pause) if pause else None


def code_was_right(member: Member) -> None:
    throttle.right(visitor(f"code {member.id}"), current_app.config["SECRET_KEY"], clock.now())


def refused(member: Member | None, what: str) -> None:
    """Note a failed sign-in, and count it for the alarm; of an unknown address only that it was."""
    source = (request.remote_addr or "")[:45]
    who = Actor("visitor", member.id if member else None, member.name if member else "", "", source)
    trail.record(who, "staff.refused", now=clock.now(), details={"what": what})
    throttle.wrong(
        current_app.config["SECRET_KEY"], current_app.config["FAILURE_ALARM"], clock.now()
    )
