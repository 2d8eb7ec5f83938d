"""A member's own page: sign-ins, second factor, password."""

from datetime import timedelta

from flask import Blueprint, abort, current_app, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import half_staff, public, staff, staff_fresh
from app.accounts import passwords
from app.accounts.entry import cost
from app.accounts.key_forms import AddForm
from app.accounts.passkeys import Use
from app.audit import trail
from app.audit.trail import Actor
from app.db import writing
from app.language import later
from app.sessions import browser
from app.staff import factors, mails, totp
from app.staff.forms import ChoosePasswordForm, FactorForm
from app.staff.keys import MOST_KEYS, StaffLink, StaffPasskey
from app.staff.models import Member
from app.staff.session import TOKEN, audit, begin, current_member, is_fresh, prove, source
from app.staff.sign_ins import StaffSession
from app.staff.views import me
from app.web import page

bp = Blueprint("me", __name__, url_prefix="/staff")

SECRET = "totp"  # noqa: S105 a name in the session
DONE = {
    "app": later("인증 앱을 등록했습니다."),
    "passkey": later("패스키를 등록했습니다."),
    "removed": later("패스키를 지웠습니다."),
    "last": later("하나뿐인 2차 인증은 지울 수 없습니다. 먼저 다른 것을 등록해 주십시오."),
    "password": later("비밀번호를 바꿨습니다. 다른 곳의 로그인은 끝났습니다."),
    "ended": later("로그인을 끝냈습니다."),
}


@bp.get("/me/")
@staff("")
def index() -> ResponseReturnValue:
    member, now = current_member(), clock.now()
    idle = timedelta(minutes=current_app.config["STAFF_IDLE_MINUTES"])
    sessions = [
        {
            "reference": one.reference,
            "agent": one.agent,
            "since": words.moment(one.created_at),
            "own": one.reference == member.session,
        }
        for one in StaffSession.running(member.id, now - idle)
    ]
    passkeys = [
        {"reference": one.reference, "name": one.name, "since": words.moment(one.created_at)}
        for one in StaffPasskey.of(member.id)
    ]
    has_app = bool(me().totp_secret)
    shown = {"sessions": sessions, "passkeys": passkeys, "has_app": has_app, "most": MOST_KEYS}
    done = DONE.get(request.args.get("done", ""))
    return page("staff/me.html", member=member, done=str(done or ""), **shown)


FIRST_FACTOR = timedelta(hours=1)
"""So long after joining somebody without a second factor may set up one; then it takes a new
invitation.
"""


def may_enrol() -> bool:
    """A first factor soon after the password was chosen, or the password alone would do for ever;
    a further one only right after giving one (S-19).
    """
    member, one = current_member(), me()
    if member.factor:
        return is_fresh(member)
    joined = one.joined_at
    soon = joined is not None and clock.now() - joined <= FIRST_FACTOR
    return soon and not factors.has_any(one)


def to_proof() -> ResponseReturnValue:
    """To the second factor; who has none, and had an hour to set it up, needs a new invitation."""
    if not current_member().factor and not factors.has_any(me()):
        return page("staff/too_late.html"), 403
    view = "staff.again" if current_member().factor else "staff.second"
    return redirect(url_for(view, next=request.path), 303)


@bp.route("/me/app", methods=["GET", "POST"])
@half_staff
def app() -> ResponseReturnValue:
    """An app that makes codes: its secret is shown once, and kept when a code shows it works."""
    if not may_enrol():
        return to_proof()
    member, form = me(), FactorForm()
    secret = session.setdefault(SECRET, totp.new_secret())
    if form.validate_on_submit():
        if factors.keep_secret(member, secret, form.code.data, clock.now()):
            session.pop(SECRET)
            audit("staff.app_added")
            prove(member, "totp")
            return redirect(url_for(".index", done="app"), 303)
        form.refuse()
    drawing = factors.drawing(secret, member)
    grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return page("staff/app.html", form=form, secret=grouped, drawing=drawing), form.status


@bp.post("/passkeys/add/challenge")
@half_staff
def add_challenge() -> ResponseReturnValue:
    if not may_enrol():
        abort(403)
    made = factors.challenge(Use.ADD, browser(), clock.now())
    return jsonify(factors.options_to_add(me(), made))


@bp.route("/passkeys/add", methods=["GET", "POST"])
@half_staff
def add_passkey() -> ResponseReturnValue:
    """A passkey; a borrowed session must not turn itself into a lasting one (S-20)."""
    if not may_enrol():
        return to_proof()
    member, form = me(), AddForm()
    if form.validate_on_submit():
        name, answer = form.name.data, form.read()
        if factors.add_passkey(member, answer, name, browser(), clock.now()):
            audit("staff.passkey_added")
            prove(member, "passkey")
            return redirect(url_for(".index", done="passkey"), 303)
        form.refuse()
    return page("staff/passkey.html", form=form), form.status


@bp.post("/me/passkeys/<passkey>/removal")
@staff_fresh("")
def remove_passkey(passkey: str) -> ResponseReturnValue:
    member = me()
    found = StaffPasskey.of(member.id).where(StaffPasskey.reference == passkey).first()
    if found is None:
        abort(404)
    removed = factors.remove_passkey(member, found, clock.now())
    if removed:
        audit("staff.passkey_removed")
    return redirect(url_for(".index", done="removed" if removed else "last"), 303)


@bp.post("/me/sessions/<reference>/end")
@staff("")
def end_session(reference: str) -> ResponseReturnValue:
    if not StaffSession.end_all(current_member().id, clock.now(), only=reference):
        abort(404)
    return redirect(url_for(".index", done="ended"), 303)


@bp.route("/me/password", methods=["GET", "POST"])
@staff_fresh("")
def password() -> ResponseReturnValue:
    member = me()
    form = ChoosePasswordForm(member.email, member.name)
    if form.validate_on_submit():
        hashed, now = passwords.hashed(form.password.data, cost()), clock.now()
        with writing():
            Member.update(password_hash=hashed).where(Member.id == member.id).execute()
            StaffSession.end_all(member.id, now, but=session[TOKEN])
            mails.changed(member, "password", now)
            audit("staff.password_changed")
        return redirect(url_for(".index", done="password"), 303)
    return page("staff/password.html", form=form), form.status


@bp.route("/join/<token>", methods=["GET", "POST"])
@public
def join(token: str) -> ResponseReturnValue:
    """An invitation: opening it does nothing; the password that is chosen here uses it up."""
    now = clock.now()
    member = StaffLink.find(token, now)
    if member is None:
        return page("staff/join.html", form=None), 404
    form = ChoosePasswordForm(member.email, member.name)
    if form.validate_on_submit():
        hashed = passwords.hashed(form.password.data, cost())
        with writing():
            if not StaffLink.spend(token):
                abort(409)
            Member.update(password_hash=hashed, joined_at=now).where(
                Member.id == member.id
            ).execute()
            who = Actor("staff", member.get_id(), member.name, "", source())
            trail.record(who, "staff.joined", now=now)
        begin(member, "")
        return redirect(url_for("me.app"), 303)
    response = page("staff/join.html", form=form, member=member)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response, form.status
