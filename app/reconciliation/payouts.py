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


def book_payouts(first: date, last: date, now: datetime | None = None) -> Iterator[int]:
    """Book what was paid out on some days, each line once; how many problems so far.

    Raises UnreadableError.
    """
    problems = 0
    for line in current().payouts(first, last):
        problems += not booked(line, now or clock.now())
        yield problems


def booked(line: PaidOut, now: datetime) -> bool:
    """Move a line from the gateway to the bank; False when it does not fit what we have."""
    with gate.booking():
        attempt = Attempt.of_order(line.order_id)
        payment = Payment.of(attempt.id) if attempt else None
        if payment is None or line.amount not in amounts(payment, line.key):
            Discrepancy.tell(
                Kind.PAYOUT,
                line.key,
                now,
                order_id=line.order_id,
                payment_id=payment.id if payment else None,
                theirs=line.amount,
            )
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


def amounts(payment: Payment, key: str) -> set[int]:
    """What a transaction of this payment may pay out: the payment, what was undone, a refund."""
    back = {-int(one.amount) for one in Refund.of(payment.id) if one.provider_tx == key}
    return {int(payment.amount), -int(payment.amount)} | back
