"""Attempts to pay, the payments that came of them, and refunds."""

from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, Self

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

from app.accounts.models import Account, digest
from app.db import BaseModel, DayColumn, InstantColumn, MoneyColumn, one_of
from app.ready import add, read, read_one
from app.sealed import SealedColumn
from app.supply.models import Premises


class Channel(StrEnum):
    CARD = "card"
    """In the gateway's window."""
    DEPOSIT = "deposit"
    """Into an account that takes this one amount."""
    BILLING = "billing"
    """With a card that was registered before."""


class State(StrEnum):
    """created → opened → confirming → paid | declined | cancelled | expired | unknown;
    created → waiting → paid | cancelled | expired; paid → reversed | refunded; reversed → paid.
    Whatever it is, money that the gateway has makes it paid.
    """

    CREATED = "created"
    OPENED = "opened"
    """Its window was shown."""
    CONFIRMING = "confirming"
    """The gateway was asked to take the money, or is about to be."""
    WAITING = "waiting"
    """Its account waits for the deposit."""
    UNKNOWN = "unknown"
    """Asked, and no answer that says what happened: it is looked up until there is one."""
    PAID = "paid"
    REVERSED = "reversed"
    """A deposit was undone; its account waits again."""
    REFUNDED = "refunded"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


OPEN = (State.CREATED, State.OPENED, State.CONFIRMING, State.WAITING, State.UNKNOWN)


class Owner(StrEnum):
    ACCOUNT = "account"
    GUEST = "guest"
    KIOSK = "kiosk"
    OFFICE = "office"


class Payer(NamedTuple):
    """Who pays: an account, or a browser that proved to hold a bill's paper.

    `key` is what it is recognised by. A guest's `email` may be empty: then nobody is written to.
    """

    owner: Owner
    key: str
    account_id: int | None
    name: str
    email: str
    language: str

    @classmethod
    def of(cls, account: Account) -> Self:
        return cls(
            Owner.ACCOUNT,
            str(account.id),
            account.id,
            account.name,
            account.email,
            account.language,
        )

    @classmethod
    def guest(cls, browser: str, name: str, language: str, email: str = "") -> Self:
        """A visitor, known by the random word of their browser's session."""
        return cls(Owner.GUEST, digest(browser), None, name, email, language)


class Attempt(BaseModel):
    """One try to pay some bills. `order_id` is its name at the gateway, and cannot be guessed.

    One without bills was found at the gateway: money of which we know nothing else.

    `check_at` is when a sweep looks it up; none when nothing can change any more. `form_key` is the
    one-time key of the form that made it: the same key is the same attempt.
    """

    id = AutoField()
    order_id = CharField(64, unique=True)
    channel = CharField(8, constraints=[one_of("channel", *Channel)])
    amount = MoneyColumn(constraints=[Check("amount > 0")])
    tax_free = MoneyColumn(constraints=[Check("tax_free BETWEEN 0 AND amount")])
    order_name = CharField(100)
    state = CharField(10, constraints=[one_of("state", *State)])
    reason = CharField(60)
    owner = CharField(8, constraints=[one_of("owner", *Owner)])
    owner_key = CharField(64)
    account_id = IntegerField(null=True, index=True)
    name = SealedColumn(600)
    email = SealedColumn(1000)
    language = CharField(2, constraints=[one_of("language", "ko", "en")])
    form_key = CharField(64, null=True, unique=True)
    form_digest = CharField(64)
    payment_key = CharField(200, null=True, unique=True)
    secret = SealedColumn(300)
    bank = CharField(10)
    account_number = SealedColumn(200)
    deposit_until = InstantColumn(null=True)
    created_at = InstantColumn()
    changed_at = InstantColumn()
    expires_at = InstantColumn()
    authenticated_at = InstantColumn(null=True)
    check_at = InstantColumn(null=True)
    checks = IntegerField(constraints=[Check("checks >= 0")])

    class Meta:
        table_name = "attempts"

    @cached_property
    def bills(self) -> list["AttemptBill"]:
        """What it is to pay. Asked once: of all this only `closed_at` ever changes."""
        return AttemptBill.of(self.id)

    @property
    def places(self) -> list[int]:
        """The premises of its bills, in the order in which they are held."""
        return sorted({one.premises_id for one in self.bills})

    def belongs_to(self, payer: Payer) -> bool:
        return self.owner == payer.owner and self.owner_key == payer.key

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @classmethod
    def of_order(cls, order_id: str) -> Self | None:
        """The attempt of this name; None when there is none."""
        return read_one(cls, "order_id = ?", order_id)

    @classmethod
    def of_form(cls, key: str) -> Self | None:
        """The attempt that a form has made already."""
        return read_one(cls, "form_key = ?", key)

    @classmethod
    def of(cls, payer: Payer) -> "ModelSelect[Self]":
        """What somebody tried, the newest first."""
        mine = (cls.owner == payer.owner) & (cls.owner_key == payer.key)
        return cls.select().where(mine).order_by(cls.id.desc())


Attempt.add_index(
    Attempt.index(Attempt.check_at, name="attempt_check").where(Attempt.check_at.is_null(False))
)


class AttemptBill(BaseModel):
    """A bill, or a part of one, that an attempt is to pay. One open attempt for each."""

    attempt = ForeignKeyField(Attempt, backref="+", on_delete="RESTRICT", index=False)
    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    premises_id: int
    month = CharField(7)
    position = SmallIntegerField()
    revision = SmallIntegerField()
    amount = MoneyColumn(constraints=[Check("amount > 0")])
    closed_at = InstantColumn(null=True)

    class Meta:
        table_name = "attempt_bills"
        primary_key = CompositeKey("attempt", "premises", "month", "position")
        without_rowid = True

    @classmethod
    def of(cls, attempt_id: int) -> list[Self]:
        return read(cls, "attempt_id = ? ORDER BY premises_id, month, position", attempt_id)


AttemptBill.add_index(
    AttemptBill.index(
        AttemptBill.premises,
        AttemptBill.month,
        AttemptBill.position,
        unique=True,
        name="attempt_open",
    ).where(AttemptBill.closed_at.is_null())
)
AttemptBill.add_index(AttemptBill.index(AttemptBill.premises, AttemptBill.month, name="attempt_of"))


class AttemptEvent(BaseModel):
    """Something that happened to an attempt, for the office; only added to."""

    id = AutoField()
    attempt = ForeignKeyField(Attempt, backref="+", on_delete="RESTRICT")
    at = InstantColumn()
    state = CharField(10)
    what = CharField(30)
    detail = CharField(200)
    actor = CharField(60)

    class Meta:
        table_name = "attempt_events"

    @classmethod
    def of(cls, attempt: Attempt) -> "ModelSelect[Self]":
        return cls.select().where(cls.attempt == attempt).order_by(cls.id)

    @classmethod
    def note(
        cls, attempt: Attempt, what: str, now: datetime, detail: str = "", actor: str = ""
    ) -> None:
        values = {"at": now, "state": attempt.state, "what": what, "actor": actor[:60]}
        add(cls, attempt=attempt, detail=detail[:200], **values)


class Payment(BaseModel):
    """Money that came in. `paid_at` is when, by the gateway or the bank; it counts as paid then.

    `external_ref` is the gateway's name of it.
    """

    id = AutoField()
    attempt = ForeignKeyField(Attempt, backref="+", on_delete="RESTRICT", unique=True)
    attempt_id: int
    channel = CharField(8, constraints=[one_of("channel", *Channel)])
    external_ref = CharField(200)
    order_id = CharField(64)
    amount = MoneyColumn(constraints=[Check("amount > 0")])
    method = CharField(20)
    card = CharField(20)
    receipt_url = CharField(300)
    transaction_key = CharField(64)
    paid_at = InstantColumn(index=True)
    booked_at = InstantColumn()
    reversed_at = InstantColumn(null=True)
    settled_on = DayColumn(null=True)

    class Meta:
        table_name = "payments"
        indexes = ((("channel", "external_ref"), True),)

    @classmethod
    def of(cls, attempt_id: int) -> Self | None:
        """What came of an attempt."""
        return read_one(cls, "attempt_id = ?", attempt_id)
