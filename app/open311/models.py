"""Keys of programs that may report. Only a digest of each is kept."""

import hashlib
import secrets
from datetime import datetime
from typing import Self

from peewee import AutoField, CharField

from app import references
from app.db import BaseModel, InstantColumn, writing

REFERENCE = 10


def digest(key: str) -> str:
    """A key has 256 random bits: nothing has to slow down whoever guesses."""
    return hashlib.sha256(key.encode()).hexdigest()


class ReportKey(BaseModel):
    """A key of an organisation's program, under a name by which the office knows it."""

    id = AutoField()
    reference = CharField(12, unique=True)
    name = CharField(100)
    contact = CharField(200)
    key_hash = CharField(64, unique=True)
    created_at = InstantColumn()
    revoked_at = InstantColumn(null=True)

    class Meta:
        table_name = "report_keys"

    @classmethod
    def issue(cls, name: str, contact: str, now: datetime) -> tuple[Self, str]:
        """A new key; the key itself is never seen again."""
        key = secrets.token_urlsafe(32)
        with writing():
            made: Self = cls.create(
                reference=references.new(REFERENCE), name=name, contact=contact,
                key_hash=digest(key), created_at=now, revoked_at=None,
            )  # fmt: skip
        return made, key

    @classmethod
    def find(cls, key: str) -> Self | None:
        """The live key that was given."""
        if not key:
            return None
        found: Self | None = cls.get_or_none(
            (cls.key_hash == digest(key)) & cls.revoked_at.is_null()
        )
        return found

    @classmethod
    def revoke(cls, reference: str, now: datetime) -> bool:
        """Whether there was a live one of this name."""
        live = (cls.reference == reference) & cls.revoked_at.is_null()
        with writing():
            return bool(cls.update(revoked_at=now).where(live).execute())

    @classmethod
    def listed(cls) -> list[Self]:
        return list(cls.select().order_by(cls.id))
