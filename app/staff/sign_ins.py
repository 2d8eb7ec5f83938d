"""Sign-ins of staff, and what is known of a member at every request."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from peewee import AutoField, CharField, ForeignKeyField, ModelSelect

from app import references
from app.accounts.models import AGENT, digest
from app.db import BaseModel, InstantColumn, as_instant, instant, one_of, rows, writing
from app.staff.models import ALL_OFFICES, Member
from app.staff.roles import giving
from app.supply.offices import offices


class StaffSession(BaseModel):
    """A sign-in of staff. Without `factor` it only leads to the second factor."""

    id = AutoField()
    member = ForeignKeyField(Member, backref="+", on_delete="CASCADE")
    token_hash = CharField(64, unique=True)
    reference = CharField(12, unique=True, default=references.new)
    agent = CharField(AGENT)
    factor = CharField(7, default="", constraints=[one_of("factor", "", "totp", "passkey")])
    created_at = InstantColumn()
    seen_at = InstantColumn()
    proved_at = InstantColumn()
    ended_at = InstantColumn(null=True)

    class Meta:
        table_name = "staff_sessions"

    @classmethod
    def start(cls, member: Member, agent: str, factor: str, now: datetime) -> str:
        """Begin a session; its token, which is known only now."""
        token = secrets.token_urlsafe(32)
        cls.create(
            member=member, token_hash=digest(token), agent=agent[:AGENT], factor=factor,
            created_at=now, seen_at=now, proved_at=now,
        )  # fmt: skip
        return token

    @classmethod
    def running(cls, member_id: int, since: datetime) -> "ModelSelect[Self]":
        """The sessions of a member that have not ended and were seen since; newest first."""
        mine = (cls.member == member_id) & cls.ended_at.is_null() & (cls.seen_at > since)
        return cls.select().where(mine).order_by(cls.seen_at.desc(), cls.id.desc())

    @classmethod
    def seen_agent(cls, member: Member, agent: str, since: datetime, but: str) -> bool:
        """Whether the member has signed in with this kind of browser lately, `but` for a token."""
        same = (cls.member == member) & (cls.agent == agent[:AGENT]) & (cls.created_at > since)
        before = (cls.factor != "") & (cls.token_hash != digest(but))
        return cls.select().where(same & before).exists()

    @classmethod
    def prove(cls, token: str, factor: str, now: datetime) -> str:
        """Note that the second factor was given; the session's new token (S-13)."""
        new = secrets.token_urlsafe(32)
        with writing():
            cls.update(token_hash=digest(new), factor=factor, proved_at=now, seen_at=now).where(
                cls.token_hash == digest(token)
            ).execute()
        return new

    @classmethod
    def touch(cls, token: str, now: datetime) -> None:
        with writing():
            cls.update(seen_at=now).where(cls.token_hash == digest(token)).execute()

    @classmethod
    def end_all(cls, member_id: int, now: datetime, *, but: str = "", only: str = "") -> int:
        """End sessions of a member: all but the one with this token, or the one of a reference."""
        mine = (cls.member == member_id) & cls.ended_at.is_null()
        if but:
            mine &= cls.token_hash != digest(but)
        if only:
            mine &= cls.reference == only
        with writing():
            return cls.update(ended_at=now).where(mine).execute()


class SignedIn(NamedTuple):
    """What is found at every request of a signed-in member: who it is and what they may now."""

    id: int
    reference: str
    email: str
    name: str
    unit: str
    phone: str
    language: str
    session: str
    agent: str
    factor: str
    seen_at: datetime
    proved_at: datetime
    grants: tuple[tuple[str, str], ...]
    """(role, office) of the running grants."""

    def offices(self, permission: str) -> tuple[str, ...]:
        """The offices in which the member has a permission, in the order of their codes."""
        held = {office for role, office in self.grants if role in giving(permission)}
        return tuple(code for code in offices() if code in held or ALL_OFFICES in held)

    def may(self, permission: str) -> bool:
        return bool(self.offices(permission))

    def may_everywhere(self, permission: str) -> bool:
        return any(
            office == ALL_OFFICES and role in giving(permission) for role, office in self.grants
        )


FOUND = """
SELECT m.id, m.reference, m.email, m.name, m.unit, m.phone, m.language,
    s.reference, s.agent, s.factor, s.seen_at, s.proved_at, g.role, g.office
FROM staff_sessions s JOIN staff m ON m.id = s.member_id
    LEFT JOIN staff_grants g ON g.member_id = m.id AND g.ended_at IS NULL
WHERE s.token_hash = ? AND s.ended_at IS NULL AND m.disabled_at IS NULL
    AND s.seen_at > ? AND s.seen_at <= ? AND s.created_at > ?
ORDER BY g.id
"""
SKEW = timedelta(minutes=5)
"""A session that was seen later than now: the clock was set back, and it must not live longer."""


def signed_in(token: str, now: datetime, idle: timedelta, whole: timedelta) -> SignedIn | None:
    """Who a session's token belongs to, with the roles of this moment (S-05)."""
    limits = instant(now - idle), instant(now + SKEW), instant(now - whole)
    found = rows(FOUND, (digest(token), *limits))
    if not found:
        return None
    first = found[0]
    grants = tuple((row[12], row[13]) for row in found if row[12])
    times = as_instant(first[10]), as_instant(first[11])
    return SignedIn._make([*first[:10], *times, grants])
