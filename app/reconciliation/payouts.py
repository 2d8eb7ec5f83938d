"""What the gateway pays out to our bank, booked line by line; the payment carries its day."""

from collections.abc import Iterator
from datetime import date, datetime, time

from app import clock
from app.clock import SEOUL
from app.ledger.book import Occasion, Posting, post
from app.ledger.models import Book
from app.payments import gate
from app.payments.gateway import PaidOut, current
from app.payments.models import Attempt, Payment
from app.payments.records import Discrepancy, Kind
from app.payments.refund_models import Refund
from app.payments.settle import settle


def book_payouts(first: date, last: date, now: datetime | None = None) -> Iterator[int]:
    """Book what was paid out on some days, each line once; how many problems so far.

    Raises UnreadableError.
    """
    problems = 0
    for line in current().payouts(first, last):
        moment, attempt = now or clock.now(), Attempt.of_order(line.order_id)
        if attempt and not booked(line, attempt, moment):
            settle(attempt, moment)  # perhaps there is something of it that we do not know yet
        if attempt is None or not booked(line, attempt, moment):
            problems += 1
            tell(line, attempt, moment)
        yield problems


def booked(line: PaidOut, attempt: Attempt, now: datetime) -> bool:
    """Move a line from the gateway to the bank; False when it does not fit what we have."""
    with gate.booking():
        payment = Payment.of(attempt.id)
        if payment is None or line.amount not in amounts(payment, line.key):
            return False
        day = line.paid_out_on
        at = datetime.combine(day, time(), SEOUL) if day else now
        postings = [
            Posting(Book.GATEWAY, -line.amount),
            Posting(Book.BANK, line.paid_out),
            Posting(Book.FEES, line.amount - line.paid_out),
        ]
        occasion = Occasion(f"payout:{line.key}", "payout", at, now, payment_id=payment.id)
        post(occasion, postings)
        if line.amount > 0 and day:
            payment.settled_on = day
            payment.save(only=["settled_on"])
    return True


def tell(line: PaidOut, attempt: Attempt | None, now: datetime) -> None:
    payment = Payment.of(attempt.id) if attempt else None
    of = {"order_id": line.order_id, "payment_id": payment.id if payment else None}
    with gate.booking():
        Discrepancy.tell(Kind.PAYOUT, line.key, now, theirs=line.amount, **of)


def amounts(payment: Payment, key: str) -> set[int]:
    """What a transaction of this payment may pay out: the payment, what was undone, a refund."""
    back = {-int(one.amount) for one in Refund.of(payment.id) if one.provider_tx == key}
    return {int(payment.amount), -int(payment.amount)} | back
