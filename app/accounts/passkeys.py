"""Passkeys of an account, and the challenges that a browser has to answer with one."""

import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from peewee import AutoField, BigIntegerField, CharField, Check, ForeignKeyField, ModelSelect

from app import references
from app.accounts.models import Account, digest
from app.db import BaseModel, InstantColumn, one_of, writing

MOST = 10
CHALLENGE_HOLDS = timedelta(minutes=5)


class Use(StrEnum):
    """What a challenge is for."""

    SIGN_IN = "sign_in"
    PROOF = "proof"
    ADD = "add"


class Passkey(BaseModel):
    """A key pair in somebody's device, of which we know the public half. Texts are base64url."""

    id = AutoField()
    account = ForeignKeyField(Account, backref="+", on_delete="CASCADE")
    reference = CharField(12, unique=True, default=references.new)
    credential_id = CharField(1400, unique=True)
    public_key = CharField(2000)
    sign_count = BigIntegerField(constraints=[Check("sign_count >= 0")])
    name = CharField(40)
    created_at = InstantColumn()
    used_at = InstantColumn(null=True)

    class Meta:
        table_name = "passkeys"

    @classmethod
    def of(cls, account: Account) -> "ModelSelect[Self]":
        """The passkeys of an account, oldest first."""
        return cls.select().where(cls.account == account).order_by(cls.id)

    @classmethod
    def known(cls, credential_id: Any) -> Self | None:
        """The passkey that a browser's answer names."""
        if not isinstance(credential_id, str) or not credential_id.isascii():
            return None
        return cls.get_or_none(cls.credential_id == credential_id)


class Challenge(BaseModel):
    """Random bytes that one browser must sign once, within minutes. Only their hash is kept."""

    challenge = CharField(100, primary_key=True)
    purpose = CharField(10, constraints=[one_of("purpose", *Use)])
    browser_hash = CharField(64)
    expires_at = InstantColumn(index=True)

    class Meta:
        table_name = "challenges"
        without_rowid = True

    @classmethod
    def make(cls, use: Use, browser: str, now: datetime) -> bytes:
        """New random bytes for this browser; earlier ones of the same use die."""
        challenge, mine = secrets.token_bytes(32), digest(browser)
        with writing():
            cls.delete().where((cls.browser_hash == mine) & (cls.purpose == use)).execute()
            cls.create(
                challenge=hidden(challenge),
                purpose=use,
                browser_hash=mine,
                expires_at=now + CHALLENGE_HOLDS,
            )
        return challenge

    @classmethod
    def spend(cls, challenge: bytes, use: Use, browser: str, now: datetime) -> bool:
        """Whether this browser was asked this a moment ago for this use; only once."""
        asked = (
            (cls.challenge == hidden(challenge))
            & (cls.purpose == use)
            & (cls.browser_hash == digest(browser))
            & (cls.expires_at > now)
        )
        with writing():
            return bool(cls.delete().where(asked).execute())

    @classmethod
    def forget(cls, now: datetime) -> int:
        """Delete what nobody has answered in time."""
        with writing():
            return cls.delete().where(cls.expires_at <= now).execute()


def hidden(challenge: bytes) -> str:
    return digest(urlsafe_b64encode(challenge).decode())
