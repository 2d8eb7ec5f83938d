"""What a member of staff has searched for: kept sealed for a while, so that no address holds it."""

from datetime import datetime, timedelta
from typing import Self

from peewee import CharField, ForeignKeyField

from app import references
from app.db import BaseModel, InstantColumn, writing
from app.sealed import SealedColumn
from app.staff.models import Member

HOLDS = timedelta(hours=8)


class Search(BaseModel):
    """A member's search, under a random reference."""

    reference = CharField(20, primary_key=True)
    member = ForeignKeyField(Member, backref="+", on_delete="CASCADE")
    query = SealedColumn(400)
    expires_at = InstantColumn(index=True)

    class Meta:
        table_name = "staff_searches"
        without_rowid = True

    @classmethod
    def begin(cls, member_id: int, query: str, now: datetime) -> str:
        """Keep a search; the reference of its page. Old ones go."""
        reference = references.new(20)
        with writing():
            cls.delete().where(cls.expires_at <= now).execute()
            cls.create(reference=reference, member=member_id, query=query, expires_at=now + HOLDS)
        return reference

    @classmethod
    def of(cls, member_id: int, reference: str, now: datetime) -> Self | None:
        """A member's own search."""
        mine = (cls.member == member_id) & (cls.reference == reference) & (cls.expires_at > now)
        return cls.get_or_none(mine)
