"""The audit log: who did what and who looked at whom. Rows are added, never changed (C-5, S-63)."""

from peewee import BigIntegerField, CharField, Check, IntegerField, SmallIntegerField, TextField

from app.db import BaseModel, InstantColumn, one_of
from app.sealed import SealedColumn

KINDS = ("staff", "account", "visitor", "system")


class Head(BaseModel):
    """The one row that knows the chain's secret, its last link, and how much was erased by age."""

    id = SmallIntegerField(primary_key=True, constraints=[Check("id = 1")])
    key = SealedColumn(200)
    last_id = BigIntegerField()
    last_mac = CharField(64)
    erased_id = BigIntegerField()
    """Rows up to this one were destroyed because of their age; the chain begins behind it."""
    erased_mac = CharField(64)

    class Meta:
        table_name = "audit_head"
        without_rowid = True


class Entry(BaseModel):
    """One thing that somebody did. `mac` covers the row and the one before it."""

    id = BigIntegerField(primary_key=True)
    at = InstantColumn(index=True)
    actor_kind = CharField(7, constraints=[one_of("actor_kind", *KINDS)])
    actor_id = IntegerField(null=True)
    actor_name = CharField(60)
    office = CharField(3)
    action = CharField(40)
    account_id = IntegerField(null=True)
    premises_id = IntegerField(null=True)
    details = TextField()
    """JSON: what else there is to know. A reason is as somebody wrote it, and may name a person."""
    source = CharField(45)
    mac = CharField(64)

    class Meta:
        table_name = "audit"
        without_rowid = True
        indexes = (
            (("account_id", "id"), False),
            (("premises_id", "id"), False),
            (("actor_kind", "actor_id", "id"), False),
            (("action", "id"), False),
        )
