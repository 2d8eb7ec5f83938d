"""The staff's way in: password, second factor, and what each day begins with."""

from flask import Blueprint, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.access import half_staff, public, staff
from app.accounts.entry import Wait
from app.accounts.key_forms import AnswerForm
from app.accounts.passkeys import Use
from app.authenticators import options_to_ask
from app.errors import answer, wait
from app.language import later
from app.sessions import browser
from app.staff import desk, entry, factors
from app.staff.forms import FactorForm, SignInForm
from app.staff.keys import StaffPasskey
from app.staff.models import Member
from app.staff.session import begin, current_member, prove
from app.staff.sign_ins import StaffSession
from app.web import is_local, page

bp = Blueprint("staff", __name__, url_prefix="/staff")

WRONG_KEY = later("패스키를 확인하지 못했습니다. 다시 하거나 다른 방법을 써 주십시오.")


def target() -> str:
    """Where the member wanted to go, as far as it is in the staff's area."""
    back = request.args.get("next", "")
    return back if is_local(back) and back.startswith("/staff/") else url_for("staff.index")


def me() -> Member:
    """The signed-in member's whole row."""
    found: Member = Member.get_by_id(current_member().id)
    return found


@bp.get("/")
@staff("")
def index() -> ResponseReturnValue:
    """What waits for this member, and what of it is late."""
    member = current_member()
    finds = member.may("customers.see")
    return page("staff/index.html", member=member, cards=desk.cards(member), finds=finds)


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        found = entry.checked(form.email.data, form.password.data)
        if isinstance(found, Wait):
            return wait(found.time)
        if found:
            begin(found, "")
            return redirect(url_for(".second", next=target()), 303)
        form.refuse()
    return page("staff/login.html", form=form, next=target()), form.status


@bp.route("/second", methods=["GET", "POST"])
@half_staff
def second() -> ResponseReturnValue:
    """The second factor after the password; who has none yet chooses one."""
    return factor_page("staff/second.html")


@bp.route("/again", methods=["GET", "POST"])
@staff("")
def again() -> ResponseReturnValue:
    """The second factor again, before something that a borrowed session must not do (S-18)."""
    return factor_page("staff/again.html")


def factor_page(template: str) -> ResponseReturnValue:
    member = me()
    if not factors.has_any(member):
        return redirect(url_for("me.app"), 303)
    form = FactorForm()
    if form.validate_on_submit():
        if pause := entry.begin_code(member):
            return wait(pause.time)
        if factors.code_is_right(member, form.code.data, clock.now()):
            entry.code_was_right(member)
            prove(member, "totp")
            return redirect(target(), 303)
        entry.refused(member, "code")
        form.refuse()
    shown = {
        "has_app": bool(member.totp_secret),
        "has_passkey": StaffPasskey.of(member.id).exists(),
        "next": target(),
    }
    return page(template, form=form, **shown), form.status


@bp.post("/logout")
@half_staff
def logout() -> ResponseReturnValue:
    member = current_member()
    StaffSession.end_all(member.id, clock.now(), only=member.session)
    session.clear()
    return redirect(url_for(".login"), 303)


@bp.post("/passkeys/sign_in/challenge")
@public
def sign_in_challenge() -> ResponseReturnValue:
    return jsonify(options_to_ask(factors.challenge(Use.SIGN_IN, browser(), clock.now())))


@bp.post("/passkeys/sign_in")
@public
def enter() -> ResponseReturnValue:
    """A passkey is both factors at once: a thing that one has, and a finger or a code for it."""
    found = factors.answered(AnswerForm().read(), Use.SIGN_IN, browser(), clock.now())
    if found is None:
        return answer(422, str(WRONG_KEY))
    begin(found, "passkey")
    return redirect(target(), 303)


@bp.post("/passkeys/proof/challenge")
@half_staff
def proof_challenge() -> ResponseReturnValue:
    return jsonify(options_to_ask(factors.challenge(Use.PROOF, browser(), clock.now())))


@bp.post("/passkeys/proof")
@half_staff
def proof() -> ResponseReturnValue:
    """The member's own passkey as second factor, or as proof that it is still they."""
    found = factors.answered(AnswerForm().read(), Use.PROOF, browser(), clock.now())
    if found is None or found.id != current_member().id:
        return answer(422, str(WRONG_KEY))
    prove(found, "passkey")
    return redirect(target(), 303)
