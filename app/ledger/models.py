"""Double entry: where the money is. Rows are only ever added; a mistake is another row."""

from enum import StrEnum

from peewee import (
    AutoField,
    CharField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    SmallIntegerField,
)

from app.db import BaseModel, InstantColumn, MoneyColumn, one_of
from app.supply.models import Premises


class Book(StrEnum):
    """The accounts. Above zero is what we have or are owed, below zero what we owe."""

    RECEIVABLE = "receivable"
    """Of a bill. The bill itself is what is owed; here is what was paid of it, below zero."""
    GATEWAY = "gateway"
    """What the payment gateway holds for us until it pays out."""
    BANK = "bank"
    FEES = "fees"
    """What the gateway kept of what it held."""
    CREDIT = "credit"
    """Money of a premises that pays no bill (below zero: it is the customer's)."""
    REFUND = "refund"
    """What was decided to be paid back and is still with us."""
    SUSPENSE = "suspense"
    """Money of which nobody knows what it was for; a person decides."""


class Operation(BaseModel):
    """One thing that happened to money; its entries add up to zero. `key` is what happened, once.

    `event_at` is when it happened outside, `created_at` when we wrote it down.
    """

    id = AutoField()
    key = CharField(80, unique=True)
    kind = CharField(12)
    payment_id = IntegerField(null=True, index=True)
    refund_id = IntegerField(null=True)
    event_at = InstantColumn()
    created_at = InstantColumn()
    actor = CharField(60)

    class Meta:
        table_name = "ledger_operations"


class Entry(BaseModel):
    """One account's part of an operation. A bill is named by premises, month and revision.

    `position` is the part of a bill that is paid in parts, else 0; `month` is empty where no bill
    is meant.
    """

    operation = ForeignKeyField(Operation, backref="+", on_delete="RESTRICT", index=False)
    line = SmallIntegerField()
    account = CharField(10, constraints=[one_of("account", *Book)])
    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", null=True, index=False)
    month = CharField(7)
    revision = SmallIntegerField()
    position = SmallIntegerField()
    amount = MoneyColumn(constraints=[Check("amount <> 0")])
    event_at = InstantColumn()
    created_at = InstantColumn()

    class Meta:
        table_name = "ledger_entries"
        primary_key = CompositeKey("operation", "line")
        without_rowid = True
        constraints = [  # noqa: RUF012
            Check("account <> 'receivable' OR (premises_id IS NOT NULL AND length(month) = 7)"),
            Check("account <> 'credit' OR premises_id IS NOT NULL"),
        ]


Entry.add_index(Entry.index(Entry.premises, Entry.account, Entry.month, name="entry_of"))
