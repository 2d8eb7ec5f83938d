"""Credits: money of a premises that pays no bill. A person decides what becomes of it."""

from datetime import datetime

from app import references
from app.billing.paid import owed_of, pay
from app.crashpoint import crashpoint
from app.db import rows
from app.ledger.book import Occasion, Posting, credit_of, left_of_payment, post
from app.ledger.models import Book, Operation
from app.money import Money
from app.payments import gate, others
from app.payments.models import Payment
from app.supply.models import Premises

PENDING = """
SELECT coalesce(sum(p.amount), 0) FROM refund_parts p JOIN refunds r ON r.id = p.refund_id
WHERE p.premises_id = ? AND p.month = '' AND r.state = 'requested'
"""


class CreditError(ValueError):
    """What cannot be done with a credit; says why."""


class ConfirmingError(CreditError):
    """Money for the bill may have been taken: whether it needs the credit is not known yet."""


def free_credit(premises_id: int) -> Money:
    """The credit of a premises without what was asked to be paid back."""
    return Money(credit_of(premises_id) - int(rows(PENDING, (premises_id,))[0][0]))


def apply_credit(premises_id: int, month: str, by: str, now: datetime, form_key: str = "") -> Money:
    """Pay a bill from its premises' credit, as a person decided; what was used. A bill is paid as a
    whole or not at all; of one in parts the next part, and a form that is sent twice (with the same
    `form_key`) pays one. Raises CreditError; ConfirmingError while the gateway is asked for it.
    """
    key = f"set_off:{premises_id}:{month}:{form_key or references.new(8)}"[:80]
    with gate.booking():
        Premises.hold([premises_id])
        if Operation.get_or_none(Operation.key == key):
            return Money(0)
        owed = owed_of(premises_id, month)[:1] if month else []
        if not owed:
            raise CreditError("nothing is owed for this bill")
        if others.is_being_taken(owed[0]):
            raise ConfirmingError("a payment of this bill is being confirmed")
        if free_credit(premises_id) < owed[0].amount:
            raise CreditError("the credit is not enough for the whole bill")
        postings = [*pay(owed[0], now), Posting(Book.CREDIT, owed[0].amount, premises_id)]
        post(Occasion(key, "set_off", now, now, by), postings)
        others.let_go([(premises_id, month)], now)
        crashpoint("credit.before_commit")
    return owed[0].amount


def assign(payment: Payment, premises_id: int, by: str, now: datetime) -> Money:
    """Make money of which nobody knew what it was for a credit of a premises; how much.

    Raises CreditError.
    """
    with gate.booking():
        Premises.hold([premises_id])
        left = -sum(o.amount for o in left_of_payment(payment.id) if o.account is Book.SUSPENSE)
        if left <= 0:
            raise CreditError("it is known what this payment is for")
        postings = [Posting(Book.SUSPENSE, left), Posting(Book.CREDIT, -left, premises_id)]
        key = f"assign:{payment.id}:{references.new(8)}"
        post(Occasion(key, "assign", now, now, by, payment.id), postings)
    return Money(left)
