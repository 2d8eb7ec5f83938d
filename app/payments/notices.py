"""What payers are told: a receipt, an account to pay into, a deposit that was undone, a refund."""

from datetime import datetime, timedelta

from app import words
from app.accounts.models import Account
from app.language import _, speaking
from app.ledger.book import count_of
from app.messages.kinds import Kind, Priority, register
from app.messages.outbox import Value, queue
from app.money import Money
from app.observe import log
from app.payments.banks import bank_name
from app.payments.models import Attempt, Payment
from app.payments.refund_models import Refund
from app.ready import read_one
from app.web import absolute

WEEK = timedelta(days=7)
RECEIVED = register(Kind("payment_received", Priority.NORMAL, WEEK))
WANTED = register(Kind("deposit_wanted", Priority.NORMAL, timedelta(days=2)))
UNDONE = register(Kind("payment_undone", Priority.NORMAL, WEEK))
REFUNDED = register(Kind("refund_done", Priority.NORMAL, WEEK))


def reader(attempt: Attempt) -> tuple[str, str, str]:
    """Name, address and language of who is told: the account's present ones; none is nobody."""
    if attempt.account_id is None:
        return attempt.name, attempt.email, attempt.language
    account = read_one(Account, "id = ?", attempt.account_id)
    if account is None or account.disabled_at:
        return "", "", attempt.language
    return account.name, account.email, account.language


def send(
    kind: Kind, attempt: Attempt, key: str, now: datetime, **values: Money | datetime | str
) -> None:
    """Queue a notice, once for each key. What cannot be written must not stop the money."""
    name, email, language = reader(attempt)
    if not email:
        return
    with speaking(language):
        told: dict[str, Value] = {field: said(value) for field, value in values.items()}
        told |= {
            "name": name or _("고객"),
            "bills": bills_of(attempt),
            "order": attempt.order_id,
            "link": absolute(f"/payments/result/{attempt.order_id}"),
        }
    try:
        queue(
            kind, to=email, values=told, key=key, language=language, now=now,
            account_id=attempt.account_id,
        )  # fmt: skip
    except ValueError as error:
        fields = {"order": attempt.order_id, "problem": str(error)}
        log.error("a mail cannot be queued", extra={"fields": fields})


def said(value: Money | datetime | str) -> str:
    if isinstance(value, datetime):
        return words.moment(value)
    return words.won(value) if isinstance(value, Money) else value


def bills_of(attempt: Attempt) -> str:
    """`2026년 9월, 2026년 11월`."""
    months = sorted({one.month for one in attempt.bills})
    return ", ".join(words.month(one) for one in months)


def received(attempt: Attempt, payment: Payment, now: datetime) -> None:
    """The receipt; of a deposit that came again after it was undone, another one."""
    number = count_of(payment.id, "paid")
    send(
        RECEIVED, attempt, f"payment:{payment.id}:received:{number}", now,
        amount=payment.amount, paid=payment.paid_at, method=payment.method, card=payment.card,
    )  # fmt: skip


def wanted(attempt: Attempt, now: datetime) -> None:
    """Where to, how much, until when."""
    until = attempt.deposit_until or attempt.expires_at
    send(
        WANTED, attempt, f"attempt:{attempt.id}:account", now,
        amount=attempt.amount, bank=bank_name(attempt.bank), account=attempt.account_number,
        until=until,
    )  # fmt: skip


def undone(attempt: Attempt, payment: Payment, now: datetime) -> None:
    number = count_of(payment.id, "undone")
    send(
        UNDONE, attempt, f"payment:{payment.id}:undone:{number}", now,
        amount=payment.amount, paid=payment.paid_at,
    )  # fmt: skip


def refunded(attempt: Attempt, refund: Refund, now: datetime) -> None:
    send(REFUNDED, attempt, f"refund:{refund.id}", now, amount=refund.amount, reason=refund.reason)
