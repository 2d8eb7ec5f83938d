"""Finds the member of staff of a request; nothing of the area is there without the permission."""

from datetime import timedelta
from ipaddress import ip_address, ip_network

from flask import Flask, abort, current_app, g, request, session, url_for
from flask.typing import ResponseReturnValue
from peewee import OperationalError

from app import clock
from app.accounts import agents
from app.accounts.models import digest
from app.audit import trail
from app.audit.trail import NOBODY, About, Actor, Value
from app.db import hurried, rows, writing
from app.observe import log
from app.sessions import asks_by_itself, back, protect, to_sign_in
from app.staff import desk, mails
from app.staff.models import Member
from app.staff.roles import giving
from app.staff.sign_ins import SignedIn, StaffSession, signed_in
from app.web import (
    current_view_is_half,
    mark_of_current_view,
    permission_of_current_view,
    proof_of_current_view,
)

TOUCH_AFTER = timedelta(minutes=1)
PROOF_HOLDS = timedelta(minutes=5)
AGENT_KNOWN = timedelta(days=90)
OF_PREMISES = "SELECT office FROM premises WHERE id = ?"
OF_ACCOUNT = """
SELECT DISTINCT p.office FROM homes h JOIN premises p ON p.id = h.premises_id WHERE h.account_id = ?
"""
TOKEN = "staff"  # noqa: S105 a name in the session


def current_member() -> SignedIn:
    """The signed-in member of staff; not in public views."""
    found: SignedIn = g.member
    return found


def scope() -> tuple[str, ...]:
    """The offices for which the member has what this view wants."""
    return current_member().offices(permission_of_current_view())


def source() -> str:
    """The address that a request came from, as the log keeps it."""
    return (request.remote_addr or "")[:45]


def actor(about: About = NOBODY) -> Actor:
    """The member as the log names them."""
    member = current_member()
    return Actor("staff", member.id, member.name, office(about), source())


def office(about: About) -> str:
    """Where the member works; of several offices with the permission, the one of the subject."""
    grants, giving_it = current_member().grants, giving(permission_of_current_view())
    held = {place for role, place in grants if role in giving_it} or {place for _, place in grants}
    if len(held) > 1:
        sql, subject = (OF_PREMISES, about[1]) if about[1] else (OF_ACCOUNT, about[0])
        held = held & {place for (place,) in rows(sql, (subject,))} or held
    return min(held, default="")


def audit(action: str, about: About = NOBODY, **details: Value) -> None:
    """Write into the log that the member does something, in the transaction of doing it."""
    trail.record(actor(about), action, about, now=clock.now(), details=details)


def refuse_other_networks() -> None:
    """Elsewhere than in the offices' networks the area is not there (S-07)."""
    wanted = str(current_app.config["STAFF_NETWORKS"]).split()
    if not wanted:
        return
    try:
        address = ip_address(request.remote_addr or "")
        address = getattr(address, "ipv4_mapped", None) or address
    except ValueError:
        abort(404)
    if not any(address in ip_network(network) for network in wanted):
        abort(404)


def load() -> SignedIn | None:
    """The member whose token the cookie holds, while the session lives."""
    token, config, now = session.get(TOKEN), current_app.config, clock.now()
    if not token:
        return None
    idle = timedelta(minutes=config["STAFF_IDLE_MINUTES"])
    found = signed_in(token, now, idle, timedelta(hours=config["STAFF_HOURS"]))
    if found and now - found.seen_at > TOUCH_AFTER and not asks_by_itself():
        try:
            with hurried():
                StaffSession.touch(token, now)
        except OperationalError:  # somebody writes at length; reading goes on without the note
            log.warning("session could not be touched")
    return found


def is_fresh(member: SignedIn) -> bool:
    """Whether the second factor was given a few minutes ago (S-18)."""
    return timedelta(0) <= clock.now() - member.proved_at <= PROOF_HOLDS


def guard() -> ResponseReturnValue | None:
    """Before a request of the staff's area: from where, who, what may they, from which page?"""
    refuse_other_networks()
    member = g.member = load()
    if member and member.factor:
        g.customer_name = member.name  # the page is somebody's own: it is not kept
        g.desk_menu = desk.menu(member)
    if mark_of_current_view() == "staff":
        home = url_for("staff.index")
        if member is None:
            return to_sign_in(url_for("staff.login", next=back(home)))
        if not member.factor and not current_view_is_half():
            return to_sign_in(url_for("staff.second", next=back(home)))
        if (permission := permission_of_current_view()) and not member.may(permission):
            abort(403)
    protect()
    if member and member.factor and proof_of_current_view() and not is_fresh(member):
        return to_sign_in(url_for("staff.again", next=back(url_for("staff.index"))))
    return None


def begin(member: Member, factor: str) -> None:
    """Begin a session of this browser; without `factor` it leads to the second factor only."""
    session.clear()
    agent, now = agents.named(request.headers.get("User-Agent", "")), clock.now()
    with writing():
        token = StaffSession.start(member, agent, factor, now)
        if factor:
            tell(member, agent, token)
    session[TOKEN] = token


def prove(member: Member, factor: str) -> None:
    """The second factor was right: the session has a new token, and may do what the roles say."""
    now = clock.now()
    first = not current_member().factor
    with writing():
        token = StaffSession.prove(session[TOKEN], factor, now)
        if first:
            tell(member, current_member().agent, token)
    session[TOKEN] = token


def tell(member: Member, agent: str, token: str) -> None:
    """Note a sign-in; by a kind of browser that is new, the member is told (S-21)."""
    now = clock.now()
    signer = Actor("staff", member.get_id(), member.name, "", source())
    known = StaffSession.seen_agent(member, agent, now - AGENT_KNOWN, but=token)
    trail.record(signer, "staff.signed_in", now=now, details={"agent": agent})
    if not known:
        mails.new_browser(member, agent, digest(token), now)


def init_app(app: Flask) -> None:
    for network in str(app.config["STAFF_NETWORKS"]).split():
        try:
            ip_network(network)
        except ValueError as error:
            raise RuntimeError(f"WATER_STAFF_NETWORKS: {error}") from error
