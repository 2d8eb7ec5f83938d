"""The payment gateway as the rest of the program sees it: questions, and results of three kinds.

A call is *done* (what the gateway says is its truth), *declined* (for good, with a reason of ours)
or *unknown* (nobody knows what happened: it is looked up, again and again). *Ours* is a call that
could not be right; *missing* is a look-up of something that is not there. A second gateway is one
more module with a class of these methods, and a line in `current`.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from flask import current_app

from app.money import Money


class Stage(StrEnum):
    """Where a payment stands at the gateway."""

    OPEN = "open"
    AUTHENTICATED = "authenticated"
    """The customer has agreed; money moves when we confirm, within ten minutes."""
    WAITING = "waiting"
    """An account waits for its deposit; also when a deposit was undone."""
    PAID = "paid"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"


class Reason(StrEnum):
    """Why a payment or a refund is refused, in words that do not change with the gateway."""

    CARD = "card"
    EXPIRED_CARD = "expired_card"
    LIMIT = "limit"
    FUNDS = "funds"
    BANK_CLOSED = "bank_closed"
    AMOUNT = "amount"
    ACCOUNT = "account"
    REFUND = "refund"
    SOON = "soon"
    OTHER = "other"


class Account(NamedTuple):
    """An account for one deposit of the exact amount."""

    bank: str
    number: str
    due_at: datetime | None
    expired: bool


class Cancel(NamedTuple):
    """Money that went back to who paid."""

    key: str
    amount: Money
    at: datetime
    reason: str


class Truth(NamedTuple):
    """A payment as the gateway says that it is. `approved_at` is when the money came in."""

    payment_key: str
    order_id: str
    stage: Stage
    total: Money
    left: Money
    approved_at: datetime | None
    method: str
    transaction_key: str
    secret: str
    account: Account | None
    cancels: tuple[Cancel, ...]
    card: str
    receipt_url: str

    @property
    def was_paid(self) -> bool:
        """Whether money came in, even when it went back since."""
        return self.stage is Stage.PAID or (
            self.stage is Stage.CANCELLED and self.approved_at is not None
        )


class CardKey(NamedTuple):
    """What a card is charged with again; `number` is masked by the gateway."""

    key: str
    customer_key: str
    number: str


class Transaction(NamedTuple):
    """A line of the gateway's list of what happened."""

    key: str
    payment_key: str
    order_id: str
    amount: int
    status: str


class PaidOut(NamedTuple):
    """A line of what the gateway pays to our bank; below zero when money went back."""

    key: str
    payment_key: str
    order_id: str
    amount: int
    paid_out: int
    paid_out_on: date | None


class Done(NamedTuple):
    """The call was carried out."""

    value: Any


class Declined(NamedTuple):
    """Refused for good. `sure` is false for a code that nobody knows: look once before telling."""

    reason: Reason
    code: str
    sure: bool = True


class Unknown(NamedTuple):
    """What became of the call is not known."""

    why: str


class Ours(NamedTuple):
    """The gateway says that the call was wrong; somebody of us has to look."""

    code: str


class Missing(NamedTuple):
    """There is no such payment."""

    code: str


Answer = Done | Declined | Unknown | Ours | Missing


class Notice(NamedTuple):
    """What a webhook hints at; nothing in it is believed but that there is something to read."""

    kind: str
    order_id: str
    payment_key: str
    secret: str | None
    """Of a deposit notice: it must be the one of the account."""


class Order(NamedTuple):
    """What is to be paid, for a window or an account."""

    order_id: str
    name: str
    amount: Money
    tax_free: Money


class Refund(NamedTuple):
    """Where the money of a deposit goes back to."""

    bank: str
    number: str
    holder: str


class Gateway(Protocol):
    """What every gateway can do. `key` is an idempotency key: the same call again, or nothing."""

    def window(self, order: Order, success_url: str, fail_url: str) -> Mapping[str, str]: ...

    def confirm(self, order_id: str, payment_key: str, amount: Money, key: str) -> Answer: ...

    def lookup(self, order_id: str) -> Answer: ...

    def lookup_key(self, payment_key: str) -> Answer: ...

    def cancel(
        self, payment_key: str, amount: Money | None, reason: str, to: Refund | None, key: str
    ) -> Answer: ...

    def issue_account(
        self, order: Order, customer: str, bank: str, until: datetime, key: str
    ) -> Answer: ...

    def issue_card_key(self, word: str, customer_key: str, key: str) -> Answer: ...

    def charge(self, card: CardKey, order: Order, key: str) -> Answer: ...

    def delete_card_key(self, card_key: str) -> Answer: ...

    def transactions(self, first: date, last: date) -> Iterator[Transaction]: ...

    def payouts(self, first: date, last: date) -> Iterator[PaidOut]: ...

    def read_notice(self, body: bytes) -> Notice: ...


class UnreadableError(Exception):
    """A list of the gateway could not be read to its end."""


def current() -> Gateway:
    """The gateway of the settings; one object for a process."""
    made: Gateway | None = current_app.extensions.get("gateway")
    if made is None:
        from app.payments.toss import Toss

        made = current_app.extensions["gateway"] = Toss(current_app.config)
    return made
