"""What Toss Payments answers, read with tolerance for the new and none for the wrong."""

from datetime import date, datetime
from typing import Any

from app.clock import SEOUL
from app.money import Money
from app.payments.gateway import (
    Account,
    Cancel,
    CardKey,
    PaidOut,
    Stage,
    Transaction,
    Truth,
)

STAGES = {
    "READY": Stage.OPEN,
    "IN_PROGRESS": Stage.AUTHENTICATED,
    "WAITING_FOR_DEPOSIT": Stage.WAITING,
    "DONE": Stage.PAID,
    "PARTIAL_CANCELED": Stage.PAID,
    "CANCELED": Stage.CANCELLED,
    "ABORTED": Stage.DECLINED,
    "EXPIRED": Stage.EXPIRED,
}


class StrangeError(ValueError):
    """An answer that cannot be what it says it is; says which field."""


def record(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise StrangeError(name)
    return value


def optional(value: object, name: str) -> dict[str, Any]:
    return {} if value is None else record(value, name)


def text(value: object, name: str, longest: int = 200) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise StrangeError(name)
    return value


def label(value: object, longest: int) -> str:
    """A text that is only shown; whatever else it is, it is nothing."""
    return value[:longest] if isinstance(value, str) and value.isprintable() else ""


def line(value: object, longest: int) -> str:
    """A text that may hold a reference of ours: whatever cannot be shown in it is left out."""
    found = value if isinstance(value, str) else ""
    return "".join(sign if sign.isprintable() else " " for sign in found)[:longest]


def won(value: object, name: str) -> Money:
    """Whole won: neither a text, nor a fraction, nor `true`."""
    if type(value) is not int or not 0 <= value < 10**13:
        raise StrangeError(name)
    return Money(value)


def signed(value: object, name: str) -> int:
    if type(value) is not int:
        raise StrangeError(name)
    return value


def moment(value: object, name: str) -> datetime:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise StrangeError(name) from None
    return found if found.tzinfo else found.replace(tzinfo=SEOUL)


def day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def account(body: dict[str, Any]) -> Account | None:
    found = optional(body.get("virtualAccount"), "virtualAccount")
    if not found:
        return None
    due = found.get("dueDate")
    return Account(
        text(found.get("bankCode"), "bankCode", 10),
        text(found.get("accountNumber"), "accountNumber", 20),
        None if due is None else moment(due, "dueDate"),
        found.get("expired") is True,
    )


def cancels(body: dict[str, Any]) -> tuple[Cancel, ...]:
    listed = body.get("cancels") or []
    if not isinstance(listed, list):
        raise StrangeError("cancels")
    found = []
    for one in listed:
        entry = record(one, "cancels")
        found.append(
            Cancel(
                text(entry.get("transactionKey"), "cancels.transactionKey", 64),
                won(entry.get("cancelAmount"), "cancels.cancelAmount"),
                moment(entry.get("canceledAt"), "cancels.canceledAt"),
                line(entry.get("cancelReason"), 200),
            )
        )
    return tuple(found)


def truth(given: object) -> Truth:
    """A Payment object. Raises StrangeError for a wrong shape or a status that nobody knows."""
    body = record(given, "body")
    status = body.get("status")
    if not isinstance(status, str) or status not in STAGES:
        raise StrangeError("status")
    approved, key = body.get("approvedAt"), body.get("lastTransactionKey")
    return Truth(
        payment_key=text(body.get("paymentKey"), "paymentKey"),
        order_id=text(body.get("orderId"), "orderId", 64),
        stage=STAGES[status],
        total=won(body.get("totalAmount"), "totalAmount"),
        left=won(body.get("balanceAmount"), "balanceAmount"),
        approved_at=None if approved is None else moment(approved, "approvedAt"),
        method=label(body.get("method"), 20),
        transaction_key="" if key is None else text(key, "lastTransactionKey", 64),
        secret=label(body.get("secret"), 50),
        account=account(body),
        cancels=cancels(body),
        card=label(optional(body.get("card"), "card").get("number"), 20),
        receipt_url=label(optional(body.get("receipt"), "receipt").get("url"), 300),
    )


def card_key(given: object) -> CardKey:
    body = record(given, "body")
    card = optional(body.get("card"), "card")
    return CardKey(
        text(body.get("billingKey"), "billingKey"),
        text(body.get("customerKey"), "customerKey", 300),
        label(card.get("number"), 20),
    )


def transaction(given: object) -> Transaction:
    body = record(given, "transaction")
    return Transaction(
        text(body.get("transactionKey"), "transactionKey", 64),
        text(body.get("paymentKey"), "paymentKey"),
        text(body.get("orderId"), "orderId", 64),
        signed(body.get("amount"), "amount"),
        label(body.get("status"), 30),
    )


def paid_out(given: object) -> PaidOut:
    body = record(given, "settlement")
    return PaidOut(
        text(body.get("transactionKey"), "transactionKey", 64),
        text(body.get("paymentKey"), "paymentKey"),
        text(body.get("orderId"), "orderId", 64),
        signed(body.get("amount"), "amount"),
        signed(body.get("payOutAmount"), "payOutAmount"),
        day(body.get("paidOutDate")),
    )
