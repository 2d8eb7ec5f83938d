"""What happens to members: invited, granted roles by two persons, recovered, disabled."""

from datetime import datetime

from peewee import IntegrityError

from app.accounts.passwords import NO_PASSWORD
from app.audit import trail
from app.audit.trail import Actor
from app.db import writing
from app.language import _, later
from app.staff import mails
from app.staff.approvals import ApprovalError, Content, Kind, Proposal, propose, register
from app.staff.keys import StaffLink, StaffPasskey
from app.staff.models import ALL_OFFICES, Grant, Member
from app.staff.roles import giving, roles
from app.staff.sign_ins import StaffSession
from app.supply.offices import offices


def office_name(code: str) -> str:
    return offices()[code].shown if code else _("모든 사업소")


def sentence(content: Content) -> str:
    """What is asked for, in the reader's language."""
    return _(
        "%(name)s 님에게 %(role)s 역할을 줍니다. 범위: %(office)s",
        name=content["name"],
        role=roles()[content["role"]].name,
        office=office_name(content["office"]),
    )


def apply(proposal: Proposal, both: str, now: datetime) -> None:
    """Two persons agree: the role is there from the next request on."""
    content = proposal.values
    member: Member | None = Member.get_or_none(Member.reference == content["member"])
    if member is None or member.disabled_at:
        raise ApprovalError(_("그 사람의 계정이 닫혔습니다."))
    grant(member, content["role"], content["office"], both, now)


GRANT = register(
    Kind(
        "grant",
        later("역할 주기"),
        "team.grant",
        "team.grant",
        sentence,
        apply,
        concerns=lambda content: str(content["member"]),
    )
)
WEIGHTY = "team.recover"
"""Whose role gives this can take over others: only who may grant everywhere decides on it."""


def grant(member: Member, role: str, office: str, by: str, now: datetime) -> Grant:
    """Give a role; raises ApprovalError when it is held already."""
    try:
        with writing():
            made: Grant = Grant.create(
                member=member, role=role, office=office, granted_at=now, granted_by=by[:130]
            )
            return made
    except IntegrityError as error:
        raise ApprovalError(_("이미 가진 역할입니다.")) from error


def ask_for_role(
    member: Member, role: str, office: str, reason: str, who: Actor, now: datetime
) -> Proposal:
    """Propose a role for a member."""
    held = (Grant.member == member) & (Grant.role == role) & (Grant.office == office)
    if Grant.select().where(held & Grant.ended_at.is_null()).exists():
        raise ApprovalError(_("이미 가진 역할입니다."))
    content = {"member": member.reference, "name": member.name, "role": role, "office": office}
    subject = f"{member.reference} {role} {office}"
    weight = ALL_OFFICES if role in giving(WEIGHTY) else office
    return propose(GRANT, subject, content, who=who, reason=reason, now=now, office=weight)


def take_away(found: Grant, who: Actor, now: datetime) -> None:
    """End a role: one person is enough, and the next request knows it (S-05)."""
    with writing():
        if found.end(who.name, now):
            details = {"member": found.member.reference, "role": found.role, "at": found.office}
            trail.record(who, "team.role_ended", now=now, details=details)


def invite(email: str, name: str, unit: str, phone: str, who: Actor, now: datetime) -> Member:
    """Make a member without any role, and send the link; raises ApprovalError for a known one."""
    try:
        with writing():
            member: Member = Member.create(
                email=email.lower(), name=name, unit=unit, phone=phone, created_at=now
            )
            mails.invited(member, StaffLink.make(member, now), now)
            details = {"member": member.reference}
            trail.record(who, "team.invited", now=now, details=details)
    except IntegrityError as error:
        raise ApprovalError(_("이 이메일의 직원 계정이 이미 있습니다.")) from error
    return member


def recover(member: Member, reason: str, who: Actor, now: datetime) -> None:
    """Invite a member anew who has lost the second factor; raises ApprovalError for oneself.

    Whatever they had is gone at once: password, app, passkeys, sessions.
    """
    if member.get_id() == who.id:
        raise ApprovalError(_("자기 계정은 다른 관리자가 다시 열어 주어야 합니다."))
    if member.disabled_at:
        raise ApprovalError(_("그 사람의 계정이 닫혔습니다."))
    with writing():
        Member.update(password_hash=NO_PASSWORD, totp_secret="", joined_at=None).where(
            Member.id == member.get_id()
        ).execute()
        StaffPasskey.delete().where(StaffPasskey.member == member).execute()
        StaffSession.end_all(member.get_id(), now)
        mails.changed(member, "recovered", now)
        mails.invited(member, StaffLink.make(member, now), now)
        details = {"member": member.reference, "reason": reason}
        trail.record(who, "team.recovered", now=now, details=details)


def disable(member: Member, who: Actor, now: datetime) -> None:
    """Somebody does not work here any more: nothing of theirs works from the next request on."""
    if member.get_id() == who.id:
        raise ApprovalError(_("자기 계정은 닫을 수 없습니다."))
    with writing():
        if is_last_administrator(member):
            raise ApprovalError(_("마지막 시스템 관리자는 닫을 수 없습니다."))
        Member.update(disabled_at=now).where(
            (Member.id == member.get_id()) & Member.disabled_at.is_null()
        ).execute()
        running = (Grant.member == member) & Grant.ended_at.is_null()
        Grant.update(ended_at=now, ended_by=who.name[:60]).where(running).execute()
        StaffSession.end_all(member.get_id(), now)
        StaffLink.delete().where(StaffLink.member == member).execute()
        trail.record(who, "team.disabled", now=now, details={"member": member.reference})


def is_last_administrator(member: Member) -> bool:
    """Whether nobody else could be second person for roles everywhere."""
    mine = (Grant.member == member) & (Grant.role == "administrator")
    everywhere = mine & (Grant.office == ALL_OFFICES) & Grant.ended_at.is_null()
    return Grant.select().where(everywhere).exists() and administrators() < 2


def administrators() -> int:
    """How many members can be second person for roles everywhere."""
    mine = (Grant.role == "administrator") & (Grant.office == ALL_OFFICES)
    there = Member.disabled_at.is_null() & Grant.ended_at.is_null()
    return Grant.select().join(Member).where(mine & there).count()
