"""Refunds: asked for by one person, above a limit approved by another, carried out once."""

from enum import StrEnum
from typing import Self

from peewee import (
    AutoField,
    CharField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    SmallIntegerField,
)

from app.db import BaseModel, InstantColumn, MoneyColumn, one_of
from app.payments.models import Payment
from app.sealed import SealedColumn
from app.supply.models import Premises


class Way(StrEnum):
    GATEWAY = "gateway"
    """The gateway takes the payment, or a part of it, back."""
    BANK = "bank"
    """The finance department sends it to the customer's account."""


class RefundState(StrEnum):
    """requested → approved → sending → done | refused | unknown; requested → withdrawn."""

    REQUESTED = "requested"
    APPROVED = "approved"
    SENDING = "sending"
    UNKNOWN = "unknown"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Refund(BaseModel):
    """Money that goes back. `account` (sealed) is where to: JSON of bank, number, holder."""

    id = AutoField()
    reference = CharField(12, unique=True)
    payment = ForeignKeyField(Payment, backref="+", on_delete="RESTRICT")
    payment_id: int
    amount = MoneyColumn(constraints=[Check("amount > 0")])
    way = CharField(7, constraints=[one_of("way", *Way)])
    state = CharField(10, constraints=[one_of("state", *RefundState)])
    reason = CharField(200, constraints=[Check("length(reason) > 0")])
    problem = CharField(60)
    account = SealedColumn(600)
    requested_by = CharField(60, constraints=[Check("length(requested_by) > 0")])
    requested_at = InstantColumn()
    approved_by = CharField(60)
    approved_at = InstantColumn(null=True)
    done_at = InstantColumn(null=True)
    provider_tx = CharField(64, null=True, unique=True)
    form_key = CharField(64, null=True, unique=True)
    check_at = InstantColumn(null=True)
    checks = IntegerField(constraints=[Check("checks >= 0")])

    class Meta:
        table_name = "refunds"

    @classmethod
    def of(cls, payment_id: int) -> "ModelSelect[Self]":
        return cls.select().where(cls.payment == payment_id).order_by(cls.id)


Refund.add_index(
    Refund.index(Refund.check_at, name="refund_check").where(Refund.check_at.is_null(False))
)


class RefundPart(BaseModel):
    """What a refund is taken from: a bill that is open again then, or (without month) a credit."""

    refund = ForeignKeyField(Refund, backref="+", on_delete="RESTRICT", index=False)
    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    premises_id: int
    month = CharField(7)
    position = SmallIntegerField()
    revision = SmallIntegerField()
    amount = MoneyColumn(constraints=[Check("amount > 0")])

    class Meta:
        table_name = "refund_parts"
        primary_key = CompositeKey("refund", "premises", "month", "position")
        without_rowid = True

    @classmethod
    def of(cls, refund_id: int) -> "ModelSelect[Self]":
        chosen = cls.select().where(cls.refund == refund_id)
        return chosen.order_by(cls.premises, cls.month, cls.position)
