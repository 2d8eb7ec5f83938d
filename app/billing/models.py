"""What goes with bills that were late, wrong or too much at once."""

from peewee import CharField, Check, CompositeKey, ForeignKeyField, SmallIntegerField, TextField

from app.db import BaseModel, DayColumn, InstantColumn, MoneyColumn, one_of
from app.supply.models import Premises


class LateFee(BaseModel):
    """That a bill's late fee was charged, once, on the bill of a later month."""

    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    month = CharField(7)
    charged_in = CharField(7)
    unpaid = MoneyColumn()
    days = SmallIntegerField(constraints=[Check("days > 0")])
    amount = MoneyColumn(constraints=[Check("amount >= 0")])

    class Meta:
        table_name = "late_fees"
        primary_key = CompositeKey("premises", "month")
        without_rowid = True


class Correction(BaseModel):
    """Why a bill was replaced, by whom, and what is proposed for the difference in won.

    `wanted` is JSON: all that differs from the first document, which the next correction keeps.
    """

    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    month = CharField(7)
    revision = SmallIntegerField(constraints=[Check("revision > 0")])
    reason = CharField(200, constraints=[Check("length(reason) > 0")])
    made_by = CharField(60, constraints=[Check("length(made_by) > 0")])
    made_at = InstantColumn()
    difference = MoneyColumn()
    wanted = TextField()
    proposal = CharField(
        7, constraints=[one_of("proposal", "none", "collect", "set_off", "refund")]
    )

    class Meta:
        table_name = "corrections"
        primary_key = CompositeKey("premises", "month", "revision")
        without_rowid = True


class Instalment(BaseModel):
    """One part of a bill that is paid in parts (W-ORD art. 28(3))."""

    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    month = CharField(7)
    position = SmallIntegerField(constraints=[Check("position > 0")])
    due_on = DayColumn()
    amount = MoneyColumn(constraints=[Check("amount > 0")])
    agreed_by = CharField(60, constraints=[Check("length(agreed_by) > 0")])
    agreed_at = InstantColumn()
    paid_at = InstantColumn(null=True)

    class Meta:
        table_name = "instalments"
        primary_key = CompositeKey("premises", "month", "position")
        without_rowid = True


class LateHold(BaseModel):
    """That no late fee is charged for a bill until somebody decides, because a payment of it was
    undone: whose fault that was, no program knows.
    """

    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    month = CharField(7)
    since = InstantColumn()
    reason = CharField(60)
    decision = CharField(6, constraints=[one_of("decision", "", "charge", "waive")])
    decided_by = CharField(60)
    decided_at = InstantColumn(null=True)

    class Meta:
        table_name = "late_holds"
        primary_key = CompositeKey("premises", "month")
        without_rowid = True
