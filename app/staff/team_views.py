"""Who works here, who may do what, and since when; roles are asked for and taken away."""

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import staff, staff_fresh
from app.db import writing
from app.language import later
from app.staff import approvals, desk, team
from app.staff.approvals import ApprovalError
from app.staff.desk import Place
from app.staff.forms import GrantForm, InviteForm, ReasonForm
from app.staff.models import Grant, Member
from app.staff.roles import roles
from app.staff.session import actor, audit, current_member, scope
from app.web import page

bp = Blueprint("team", __name__, url_prefix="/staff/team")

desk.register(Place("/staff/team/", later("직원과 권한"), "team.see", order=80))
DONE = {
    "invited": later("초대 메일을 보냈습니다. 역할은 다른 사람이 승인하면 생깁니다."),
    "asked": later("역할을 신청했습니다. 다른 사람이 승인하면 생깁니다."),
    "ended": later("역할을 거두었습니다."),
    "recovered": later("2차 인증을 지우고 새 초대 메일을 보냈습니다."),
    "disabled": later("계정을 닫았습니다."),
}


def shown_grant(one: Grant) -> dict[str, Any]:
    role = roles().get(one.role)
    return {
        "reference": one.reference,
        "role": role.name if role else one.role,
        "office": team.office_name(one.office),
        "since": words.moment(one.granted_at),
        "by": one.granted_by,
        "until": words.moment(one.ended_at) if one.ended_at else "",
        "ended_by": one.ended_by,
    }


def seen(grants: list[Grant]) -> bool:
    """Whether the member who asks may see somebody: roles in their offices, or none yet."""
    offices, everywhere = scope(), current_member().may_everywhere("team.see")
    return everywhere or not grants or any(one.office in offices for one in grants)


def may_take_over(grants: list[Grant]) -> bool:
    """Whether the member may close or invite anew somebody with these grants: only who may do so
    for each of their offices.
    """
    me, mine = current_member(), scope()
    running = [one.office for one in grants if one.ended_at is None]
    return me.may_everywhere("team.recover") or all(office in mine for office in running)


def found(reference: str) -> tuple[Member, list[Grant]]:
    member = Member.get_or_none(Member.reference == reference)
    grants = list(Grant.of(member.id)) if member else []
    if member is None or not seen(grants):
        abort(404)
    return member, grants


@bp.get("/")
@staff("team.see")
def index() -> ResponseReturnValue:
    held: dict[int, list[Grant]] = {}
    for one in Grant.select().order_by(Grant.id):
        held.setdefault(one.member_id, []).append(one)
    rows = [
        {
            "reference": member.reference,
            "name": member.name,
            "unit": member.unit,
            "state": state(member),
            "roles": [shown_grant(one) for one in held.get(member.id, []) if not one.ended_at],
        }
        for member in Member.team()
        if seen(held.get(member.id, []))
    ]
    may_invite = current_member().may("team.invite")
    done = str(DONE.get(request.args.get("done", ""), ""))
    return page("staff/team.html", rows=rows, may_invite=may_invite, done=done)


def state(member: Member) -> str:
    """`closed`, `invited` or nothing for somebody who works."""
    if member.disabled_at:
        return "closed"
    return "" if member.joined_at else "invited"


@bp.get("/<member>")
@staff("team.see")
def show(member: str) -> ResponseReturnValue:
    one, grants = found(member)
    viewer = current_member()
    rights = {name: viewer.may(f"team.{name}") for name in ("grant", "recover")}
    return page(
        "staff/member.html",
        member=one,
        state=state(one),
        own=one.id == viewer.id,
        grants=[shown_grant(grant) for grant in grants],
        rights=rights,
        done=str(DONE.get(request.args.get("done", ""), "")),
    )


@bp.route("/invite", methods=["GET", "POST"])
@staff_fresh("team.invite")
def invite() -> ResponseReturnValue:
    """Somebody new: without any right until a second person approves the role."""
    form, now = InviteForm(), clock.now()
    if form.validate_on_submit():
        values = form.values
        if not allowed(values["office"]):
            abort(403)
        try:
            with writing():
                person = (values["email"], values["name"], values["unit"], values["phone"])
                member = team.invite(*person, actor(), now)
                wish = (values["role"], values["office"], values["reason"])
                team.ask_for_role(member, *wish, actor(), now)
            return redirect(url_for(".show", member=member.reference, done="invited"), 303)
        except ApprovalError as error:
            form.form_errors.append(str(error))
    return page("staff/invite.html", form=form), form.status


def allowed(office: str) -> bool:
    """Whether the member may ask for roles in an office."""
    return approvals.holds_for(current_member(), "team.grant", office)


@bp.route("/<member>/role", methods=["GET", "POST"])
@staff_fresh("team.grant")
def ask(member: str) -> ResponseReturnValue:
    one, _grants = found(member)
    form = GrantForm()
    if form.validate_on_submit():
        if not allowed(form.office.data):
            abort(403)
        try:
            wish = (form.role.data, form.office.data, form.reason.data)
            team.ask_for_role(one, *wish, actor(), clock.now())
            return redirect(url_for(".show", member=member, done="asked"), 303)
        except ApprovalError as error:
            form.form_errors.append(str(error))
    return page("staff/role.html", form=form, member=one), form.status


@bp.post("/<member>/role/<grant>/end")
@staff_fresh("team.grant")
def end(member: str, grant: str) -> ResponseReturnValue:
    """Take a role away; one person is enough for that."""
    one, grants = found(member)
    wanted = next((held for held in grants if held.reference == grant), None)
    if wanted is None:
        abort(404)
    if not allowed(wanted.office):
        abort(403)
    team.take_away(wanted, actor(), clock.now())
    return redirect(url_for(".show", member=one.reference, done="ended"), 303)


@bp.route("/<member>/recovery", methods=["GET", "POST"])
@staff_fresh("team.recover")
def recover(member: str) -> ResponseReturnValue:
    """Who lost the second factor is invited anew, by another administrator, with a reason."""
    one, grants = found(member)
    if not may_take_over(grants):
        abort(403)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            team.recover(one, form.reason.data, actor(), clock.now())
            return redirect(url_for(".show", member=member, done="recovered"), 303)
        except ApprovalError as error:
            form.form_errors.append(str(error))
    return page("staff/recover.html", form=form, member=one), form.status


@bp.post("/<member>/closure")
@staff_fresh("team.recover")
def close(member: str) -> ResponseReturnValue:
    one, grants = found(member)
    if not may_take_over(grants):
        abort(403)
    try:
        team.disable(one, actor(), clock.now())
    except ApprovalError:
        audit("team.refused", what="closing oneself or the last administrator")
        abort(403)
    return redirect(url_for(".show", member=member, done="disabled"), 303)
