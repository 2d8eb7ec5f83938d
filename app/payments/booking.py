"""Into the ledger: money that came in, was undone, or went back. Within one transaction each."""

from datetime import datetime, timedelta
from typing import Any

from app.billing.paid import ChangedError, Owed, align, owed_of, pay, reopen
from app.crashpoint import crashpoint
from app.db import rows
from app.ledger.book import Occasion, Posting, count_of, credit_of, left_of_payment, post
from app.ledger.models import Book
from app.money import Money
from app.observe import log
from app.payments.gateway import Truth
from app.payments.models import Attempt, AttemptBill, Payment
from app.payments.records import Discrepancy, Kind
from app.ready import add

DAY = timedelta(days=1)


def value_date(truth: Truth, attempt: Attempt, now: datetime) -> datetime:
    """When the money came in, by the gateway; now when it says something that cannot be."""
    at = truth.approved_at
    if at is None or not attempt.created_at - DAY <= at <= now + DAY:
        fields = {"order": attempt.order_id, "said": str(at)}
        log.error("payments: a strange time of payment", extra={"fields": fields})
        return now
    return at


def payment_of(attempt: Attempt, truth: Truth, at: datetime, now: datetime) -> Payment:
    """The payment's row, new or (after an undone deposit) alive again."""
    found = Payment.of(attempt.id)
    if found:
        found.paid_at, found.reversed_at = at, None
        found.transaction_key = truth.transaction_key
        found.save(only=["paid_at", "reversed_at", "transaction_key"])
        return found
    values: dict[str, Any] = dict(
        attempt=attempt,
        channel=attempt.channel,
        external_ref=truth.payment_key,
        order_id=attempt.order_id,
        amount=truth.total,
        method=truth.method,
        card=truth.card,
        receipt_url=truth.receipt_url,
        transaction_key=truth.transaction_key,
        paid_at=at,
        booked_at=now,
        reversed_at=None,
        settled_on=None,
    )
    return Payment(id=add(Payment, **values), **values)


def matching(bill: AttemptBill) -> list[Owed]:
    """What a bill of an attempt pays now: itself, or all parts that it was divided into since."""
    owed = owed_of(bill.premises_id, bill.month)
    same = [one for one in owed if one.position == bill.position]
    if not same and bill.position == 0:
        same = owed
    return same if same and sum(one.amount for one in same) <= bill.amount else []


def paid_for(bill: AttemptBill, at: datetime) -> list[Posting]:
    """The entries of what a bill of an attempt pays; what is left over is a credit."""
    found: list[Posting] = []
    try:
        for one in matching(bill):
            found += pay(one, at)
    except ChangedError:  # cannot be while the premises is held
        log.exception("payments: a bill changed under our hands")
        raise
    rest = bill.amount + sum(one.amount for one in found)
    if rest:
        found.append(Posting(Book.CREDIT, -rest, bill.premises_id))
    return found


def money_in(attempt: Attempt, truth: Truth, now: datetime) -> Payment:
    """Book a payment: what its bills still need pays them, the rest is a credit."""
    at = value_date(truth, attempt, now)
    payment = payment_of(attempt, truth, at, now)
    crashpoint("booking.after_payment")
    postings = [Posting(Book.GATEWAY, truth.total)]
    for bill in attempt.bills:
        postings += paid_for(bill, at)
    if len(postings) == 1:  # an order that nobody knows
        postings.append(Posting(Book.SUSPENSE, -truth.total))
    crashpoint("booking.after_bills")
    number = count_of(payment.id, "paid") + 1
    key = f"paid:{payment.id}:{number}"
    post(Occasion(key, "paid", at, now, payment_id=payment.id), postings)
    for one in postings:
        if one.account is Book.CREDIT:
            tell_extra(attempt, payment, one, number, now)
    crashpoint("booking.after_entries")
    return payment


def tell_extra(
    attempt: Attempt, payment: Payment, one: Posting, number: int, now: datetime
) -> None:
    """Money that its bill did not need: the office and the customer decide what becomes of it."""
    Discrepancy.tell(
        Kind.EXTRA_MONEY,
        f"{payment.id}:{number}:{one.premises_id}",
        now,
        order_id=attempt.order_id,
        payment_id=payment.id,
        premises_id=one.premises_id,
        theirs=-one.amount,
    )


def money_undone(attempt: Attempt, payment: Payment, now: datetime) -> None:
    """A deposit was undone by the bank: everything that it paid is owed again."""
    postings: list[Posting] = []
    for one in left_of_payment(payment.id):
        if one.account is Book.RECEIVABLE:
            postings += reopened(one, -one.amount, now, "deposit undone")
        elif one.account in (Book.CREDIT, Book.REFUND, Book.SUSPENSE):
            postings.append(one._replace(amount=-one.amount))
    if rest := paid_by_bank(payment):
        postings.append(of_nobody(attempt, rest))
    postings.append(Posting(Book.GATEWAY, -sum(one.amount for one in postings)))
    number = count_of(payment.id, "undone") + 1
    key = f"undone:{payment.id}:{number}"
    post(Occasion(key, "undone", now, now, payment_id=payment.id), postings)
    align_all(postings, key, now)
    payment.reversed_at = now
    payment.save(only=["reversed_at"])
    Discrepancy.tell(
        Kind.UNDONE,
        f"{payment.id}:{number}",
        now,
        order_id=attempt.order_id,
        payment_id=payment.id,
        ours=payment.amount,
        theirs=0,
    )
    tell_overdrawn(postings, key, now)
    crashpoint("booking.after_undone")


PAID_BY_BANK = """
SELECT coalesce(sum(amount), 0) FROM refunds
WHERE payment_id = ? AND state = 'done' AND way = 'bank'
"""


def paid_by_bank(payment: Payment) -> int:
    """What our bank gave back of a payment: of an undone one the customer owes it."""
    return int(rows(PAID_BY_BANK, (payment.id,))[0][0])


def of_nobody(attempt: Attempt, amount: int) -> Posting:
    """An entry of an attempt's first premises, or of nobody when it has none."""
    for bill in attempt.bills:
        return Posting(Book.CREDIT, amount, bill.premises_id)
    return Posting(Book.SUSPENSE, amount)


def reopened(one: Posting, amount: int, now: datetime, why: str) -> list[Posting]:
    """The entries of a bill that is open again. `one` names it."""
    assert one.premises_id is not None  # noqa: S101 a database constraint
    owed = Owed(one.premises_id, one.month, one.position, one.revision, Money(amount), now.date())
    return reopen(owed, now, why)


def align_all(postings: list[Posting], key: str, now: datetime) -> None:
    """After bills were opened again: what their newest documents say was paid."""
    bills = {(one.premises_id, one.month) for one in postings if one.account is Book.RECEIVABLE}
    for premises_id, month in bills:
        if premises_id is not None:
            align(premises_id, month, f"{key}:{premises_id}:{month}", now)


def tell_overdrawn(postings: list[Posting], key: str, now: datetime) -> None:
    """A credit that was used up and is gone now: its customer owes it, and nobody else knows."""
    for premises_id in {one.premises_id for one in postings if one.account is Book.CREDIT}:
        if premises_id is not None and (left := credit_of(premises_id)) < 0:
            Discrepancy.tell(
                Kind.OVERDRAWN, f"{key}:{premises_id}", now, premises_id=premises_id, ours=left
            )
