"""The two-person rule: one proposes, another approves, and only then it happens (S-08).

A feature registers a kind with what it does when it is approved. Everything is kept: who, when,
why, and what the second person said.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from peewee import (
    SQL,
    AutoField,
    CharField,
    Check,
    ForeignKeyField,
    IntegrityError,
    ModelSelect,
    TextField,
)

from app import references
from app.audit import trail
from app.audit.trail import Actor
from app.db import BaseModel, InstantColumn, instant, one_of, rows, writing
from app.language import _
from app.staff.models import ALL_OFFICES, Grant, Member
from app.staff.roles import giving
from app.staff.sign_ins import SignedIn

HOLDS = timedelta(days=7)
Content = dict[str, Any]


class ApprovalError(ValueError):
    """Why something cannot be proposed or decided, in a sentence for the person."""


class Decision(StrEnum):
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Proposal(BaseModel):
    """Something that one member of staff wants and another one decides."""

    id = AutoField()
    reference = CharField(12, unique=True, default=references.new)
    kind = CharField(20)
    subject = CharField(60)
    """What it is about; there is one open proposal of a kind about a subject."""
    office = CharField(3)
    content = TextField()
    reason = CharField(400, constraints=[Check("reason <> ''")])
    proposed_by = ForeignKeyField(Member, backref="+", on_delete="RESTRICT")
    proposed_by_id: int
    proposed_at = InstantColumn()
    expires_at = InstantColumn()
    decision = CharField(9, constraints=[one_of("decision", "", *Decision)])
    decided_by = ForeignKeyField(Member, backref="+", on_delete="RESTRICT", null=True)
    decided_by_id: int | None
    decided_at = InstantColumn(null=True)
    answer = CharField(400)

    class Meta:
        table_name = "proposals"
        indexes = ((("decision", "id"), False),)
        constraints = [  # noqa: RUF012
            Check("decision <> 'approved' OR decided_by_id <> proposed_by_id")
        ]

    @property
    def values(self) -> Content:
        found: Content = json.loads(self.content)
        return found

    def is_open(self, now: datetime) -> bool:
        return not self.decision and self.expires_at > now

    @classmethod
    def listed(cls, kinds: list[str], *, waiting: bool, now: datetime) -> "ModelSelect[Self]":
        """Proposals of these kinds: what waits, oldest first, or what is over, newest first."""
        wanted = cls.select(cls, Member).join(Member, on=cls.proposed_by).where(cls.kind.in_(kinds))
        running = (cls.decision == "") & (cls.expires_at > now)
        if waiting:
            return wanted.where(running).order_by(cls.id)
        return wanted.where(~running).order_by(cls.id.desc())


Proposal.add_index(
    Proposal.index(
        Proposal.kind,
        Proposal.subject,
        unique=True,
        name="proposal_open",
        where=SQL("decision = ''"),
    )
)


@dataclass(frozen=True)
class Kind:
    """A kind of proposal: who may propose and decide it, what it says, what it does."""

    name: str
    title: Any
    """Korean, marked with `later`."""
    propose: str
    approve: str
    """Permissions."""
    sentence: Callable[[Content], str]
    apply: Callable[[Proposal, str, datetime], None]
    """Does it, in the transaction of the approval, in the name of both (`A / B`)."""
    concerns: Callable[[Content], str] | None = None
    """The reference of the member who gains by it, and so does not decide."""
    details: str = ""
    """Where a proposal is shown in full: the beginning of an address that its reference ends."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    _kinds[kind.name] = kind
    return kind


def kinds() -> dict[str, Kind]:
    return dict(_kinds)


def decided_by_me(member: SignedIn) -> list[str]:
    """The kinds that a member may decide."""
    return [kind.name for kind in _kinds.values() if member.may(kind.approve)]


def seen_by_me(member: SignedIn) -> list[str]:
    """The kinds that a member may propose or decide."""
    mine = [one for one in _kinds.values() if member.may(one.approve) or member.may(one.propose)]
    return [kind.name for kind in mine]


def still_holds(number: int, permission: str, office: str) -> bool:
    """Whether a member has a permission at this moment, session or not."""
    grants = Grant.select().join(Member).where((Member.id == number) & Member.disabled_at.is_null())
    running = grants.where(Grant.ended_at.is_null() & Grant.role.in_(giving(permission)))
    return any(one.office in (ALL_OFFICES, office) for one in running)


def holds_for(member: SignedIn, permission: str, office: str) -> bool:
    """Whether a member has a permission for an office, or for all of them when it is about all."""
    if office == ALL_OFFICES:
        return member.may_everywhere(permission)
    return office in member.offices(permission)


EXPIRED = """
UPDATE proposals SET decision = 'withdrawn', decided_at = expires_at
WHERE kind = ? AND subject = ? AND decision = '' AND expires_at <= ? RETURNING id
"""


def propose(
    kind: Kind,
    subject: str,
    content: Mapping[str, Any],
    *,
    who: Actor,
    reason: str,
    now: datetime,
    office: str = ALL_OFFICES,
) -> Proposal:
    """Ask for something in the name of a member; raises ApprovalError when it is asked already."""
    if who.id is None:
        raise ApprovalError("A proposal is a member's.")
    try:
        with writing():
            rows(EXPIRED, (kind.name, subject, instant(now)))
            made: Proposal = Proposal.create(
                kind=kind.name, subject=subject, office=office, reason=reason, answer="",
                decision="", content=json.dumps(dict(content), ensure_ascii=False),
                proposed_by=who.id, proposed_at=now, expires_at=now + HOLDS,
            )  # fmt: skip
            details = {"kind": kind.name, "proposal": made.reference, "subject": subject}
            trail.record(who, "approval.proposed", now=now, details=details)
    except IntegrityError as error:
        raise ApprovalError(_("같은 일이 이미 승인을 기다리고 있습니다.")) from error
    return made


DECIDE = """
UPDATE proposals SET decision = ?, decided_by_id = ?, decided_at = ?, answer = ?
WHERE id = ? AND decision = '' AND expires_at > ? AND (? = 'withdrawn' OR proposed_by_id <> ?)
RETURNING id
"""


def decide(
    proposal: Proposal, decision: Decision, answer: str, *, who: Actor, now: datetime
) -> None:
    """Approve and do it, refuse, or take back; raises ApprovalError when that cannot be.

    Nobody decides on their own proposal or one in their own favour, and only its author takes it
    back. What is approved needs both persons to have their rights still.
    """
    own = proposal.proposed_by_id == who.id
    if decision is Decision.WITHDRAWN and not own:
        raise ApprovalError(_("낸 사람만 거둘 수 있습니다."))
    if decision is not Decision.WITHDRAWN and own:
        raise ApprovalError(_("낸 사람은 결정할 수 없습니다. 다른 사람이 결정해야 합니다."))
    kind = _kinds[proposal.kind]
    if decision is Decision.APPROVED and concerns(kind, proposal, who):
        raise ApprovalError(_("자기에게 줄 것은 다른 사람이 결정해야 합니다."))
    with writing():
        values = (decision.value, who.id, instant(now), answer[:400])
        if not rows(DECIDE, (*values, proposal.id, instant(now), decision.value, who.id)):
            raise ApprovalError(_("이미 결정되었거나 기한이 지났습니다."))
        if decision is Decision.APPROVED:
            author = Member.get_by_id(proposal.proposed_by_id)
            check_rights(kind, proposal, who)
            kind.apply(proposal, f"{author.name} / {who.name}", now)
        details = {"kind": proposal.kind, "proposal": proposal.reference}
        trail.record(who, f"approval.{decision.value}", now=now, details=details)


def concerns(kind: Kind, proposal: Proposal, who: Actor) -> bool:
    """Whether a proposal is in favour of the one who decides."""
    if kind.concerns is None:
        return False
    found = Member.get_or_none(Member.reference == kind.concerns(proposal.values))
    return found is not None and found.get_id() == who.id


def check_rights(kind: Kind, proposal: Proposal, who: Actor) -> None:
    """Raise ApprovalError unless author and approver may still do this."""
    if not still_holds(proposal.proposed_by_id, kind.propose, proposal.office):
        raise ApprovalError(_("낸 사람에게 이제 그 권한이 없습니다. 거절해 주십시오."))
    if who.id is None or not still_holds(who.id, kind.approve, proposal.office):
        raise ApprovalError(_("결정할 권한이 없습니다."))
