"""Members of staff, and the roles that they were granted, in which offices, since when."""

from datetime import datetime
from typing import Self

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    CharField,
    Check,
    CompositeKey,
    ForeignKeyField,
    ModelSelect,
)

from app import references
from app.accounts.passwords import NO_PASSWORD
from app.db import BaseModel, InstantColumn, one_of, writing
from app.sealed import SealedColumn

ALL_OFFICES = ""


class Member(BaseModel):
    """Somebody who works here. Nothing may be done without a second factor."""

    id = AutoField()
    reference = CharField(12, unique=True, default=references.new)
    email = CharField(254, unique=True)
    name = CharField(60)
    unit = CharField(60, default="")
    phone = CharField(30, default="")
    """Unit and telephone of the office: customers are told them."""
    language = CharField(2, default="ko", constraints=[one_of("language", "ko", "en")])
    password_hash = CharField(200, default=NO_PASSWORD)
    totp_secret = SealedColumn(200, default="")
    totp_step = BigIntegerField(default=0, constraints=[Check("totp_step >= 0")])
    """The last time step whose code was used: a code works once (S-19)."""
    created_at = InstantColumn()
    joined_at = InstantColumn(null=True)
    disabled_at = InstantColumn(null=True)

    class Meta:
        table_name = "staff"

    @classmethod
    def team(cls) -> "ModelSelect[Self]":
        """Everybody, by name."""
        return cls.select().order_by(cls.name, cls.id)

    @classmethod
    def active(cls, email: str) -> Self | None:
        """The member of an address who has joined and is not disabled."""
        there = cls.disabled_at.is_null() & cls.joined_at.is_null(False)
        return cls.get_or_none((cls.email == email.lower()) & there)

    def use_step(self, step: int) -> bool:
        """Note a time step as used; False when it, or a later one, was used before."""
        cls = type(self)
        later = (cls.id == self.id) & (cls.totp_step < step)
        with writing():
            return bool(cls.update(totp_step=step).where(later).execute())


class Grant(BaseModel):
    """That a member has a role in an office (or in all), since when, by whom, until when."""

    id = AutoField()
    member = ForeignKeyField(Member, backref="+", on_delete="RESTRICT")
    member_id: int
    reference = CharField(12, unique=True, default=references.new)
    role = CharField(20)
    office = CharField(3)
    granted_at = InstantColumn()
    granted_by = CharField(130)
    ended_at = InstantColumn(null=True)
    ended_by = CharField(60, default="")

    class Meta:
        table_name = "staff_grants"

    @classmethod
    def of(cls, member_id: int) -> "ModelSelect[Self]":
        """A member's grants, the running ones first, then by age."""
        mine = cls.select().where(cls.member == member_id)
        return mine.order_by(cls.ended_at.is_null(False), cls.granted_at, cls.id)

    def end(self, by: str, now: datetime) -> bool:
        """End it at once; False when it had ended."""
        cls = type(self)
        running = (cls.id == self.id) & cls.ended_at.is_null()
        with writing():
            return bool(cls.update(ended_at=now, ended_by=by[:60]).where(running).execute())


Grant.add_index(
    Grant.index(
        Grant.member,
        Grant.role,
        Grant.office,
        unique=True,
        name="grant_held",
        where=SQL("ended_at IS NULL"),
    )
)


class Unmasking(BaseModel):
    """That a member said why, and may see somebody's data whole for some minutes."""

    member = ForeignKeyField(Member, backref="+", on_delete="CASCADE", index=False)
    subject = CharField(20)
    expires_at = InstantColumn(index=True)

    class Meta:
        table_name = "unmaskings"
        primary_key = CompositeKey("member", "subject")
        without_rowid = True
