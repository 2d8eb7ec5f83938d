"""Invitations and passkeys of members of staff."""

import secrets
from datetime import datetime, timedelta
from typing import Self

from peewee import AutoField, BigIntegerField, CharField, Check, ForeignKeyField, ModelSelect

from app import references
from app.accounts.models import digest
from app.db import BaseModel, InstantColumn, writing
from app.staff.models import Member

INVITATION_HOLDS = timedelta(hours=48)
MOST_KEYS = 10


class StaffLink(BaseModel):
    """An invitation: whoever opens its link chooses a password and a second factor. Used once."""

    token_hash = CharField(64, primary_key=True)
    member = ForeignKeyField(Member, backref="+", on_delete="CASCADE")
    created_at = InstantColumn()
    expires_at = InstantColumn(index=True)

    class Meta:
        table_name = "staff_links"
        without_rowid = True

    @classmethod
    def make(cls, member: Member, now: datetime) -> str:
        """A new link's token; earlier ones of the member die."""
        token = secrets.token_urlsafe(32)
        with writing():
            cls.delete().where(cls.member == member).execute()
            cls.create(
                token_hash=digest(token),
                member=member,
                created_at=now,
                expires_at=now + INVITATION_HOLDS,
            )
        return token

    @classmethod
    def find(cls, token: str, now: datetime) -> Member | None:
        """Whose link a token is, while it holds; looking at it changes nothing."""
        found = cls.get_or_none(cls.token_hash == digest(token))
        if found is None or found.expires_at <= now or found.member.disabled_at:
            return None
        member: Member = found.member
        return member

    @classmethod
    def spend(cls, token: str) -> bool:
        return bool(cls.delete().where(cls.token_hash == digest(token)).execute())


class StaffPasskey(BaseModel):
    """A passkey of a member, as those of customers are kept."""

    id = AutoField()
    member = ForeignKeyField(Member, backref="+", on_delete="CASCADE")
    reference = CharField(12, unique=True, default=references.new)
    credential_id = CharField(1400, unique=True)
    public_key = CharField(2000)
    sign_count = BigIntegerField(constraints=[Check("sign_count >= 0")])
    name = CharField(40)
    created_at = InstantColumn()
    used_at = InstantColumn(null=True)

    class Meta:
        table_name = "staff_passkeys"

    @classmethod
    def of(cls, member_id: int) -> "ModelSelect[Self]":
        """A member's passkeys, oldest first."""
        return cls.select().where(cls.member == member_id).order_by(cls.id)

    @classmethod
    def known(cls, credential_id: object) -> Self | None:
        """The passkey that a browser's answer names."""
        if not isinstance(credential_id, str) or not credential_id.isascii():
            return None
        return cls.get_or_none(cls.credential_id == credential_id)
