"""Cancels at the gateway, booked: those that we asked for, and those that somebody made there."""

from datetime import datetime

from app import references
from app.crashpoint import crashpoint
from app.ledger.book import Occasion, Posting, left_of_payment, post
from app.ledger.models import Book
from app.payments.booking import align_all, reopened, tell_overdrawn
from app.payments.gateway import Cancel, Truth
from app.payments.models import Attempt, AttemptEvent, Payment
from app.payments.records import Discrepancy, Kind
from app.payments.refund_models import Refund, RefundPart, RefundState, Way

ELSEWHERE = "gateway"
"""Who asked for a refund that we first heard of from the gateway."""
IN_FLIGHT = (RefundState.APPROVED, RefundState.SENDING, RefundState.UNKNOWN)


def tag(refund: Refund) -> str:
    """How a refund's own cancel is recognised among the gateway's."""
    return f"({refund.reference})"


def new_cancels(payment: Payment, truth: Truth) -> list[Cancel]:
    """What went back and is not booked."""
    if not truth.cancels:
        return []
    known = {one.provider_tx for one in Refund.of(payment.id)}
    return [one for one in truth.cancels if one.key not in known]


def money_back(attempt: Attempt, payment: Payment, truth: Truth, now: datetime) -> list[Refund]:
    """Book the cancels that are not booked; the refunds that came of them."""
    booked = []
    for one in new_cancels(payment, truth):
        refund = asked_for(payment, one)
        if refund is None:
            refund = from_elsewhere(attempt, payment, one, truth, now)
        else:
            booked.append(refund)
        finish(refund, one, now)
        AttemptEvent.note(attempt, "refunded", now, refund.reference)
    return booked


def asked_for(payment: Payment, one: Cancel) -> Refund | None:
    """The refund of ours that a cancel carries out: by its reference, not by its amount alone."""
    for refund in Refund.of(payment.id).where(Refund.way == Way.GATEWAY):
        own = tag(refund) in one.reason and refund.amount == one.amount
        if refund.state in IN_FLIGHT and own:
            return refund
    return None


def from_elsewhere(
    attempt: Attempt, payment: Payment, one: Cancel, truth: Truth, now: datetime
) -> Refund:
    """A refund for a cancel that somebody made at the gateway; the office is told."""
    refund = Refund.create(
        reference=references.new(10),
        payment=payment,
        amount=one.amount,
        way=Way.GATEWAY,
        state=RefundState.SENDING,
        reason=one.reason or ELSEWHERE,
        problem="",
        account="",
        requested_by=ELSEWHERE,
        requested_at=now,
        approved_by=ELSEWHERE,
        approved_at=None,
        done_at=None,
        provider_tx=None,
        check_at=None,
        checks=0,
    )
    whole = not truth.left and one.key == truth.cancels[-1].key
    for part in parts_of(attempt, payment, one, whole):
        RefundPart.create(refund=refund, **part)
    Discrepancy.tell(
        Kind.FOUND_CANCEL,
        one.key,
        now,
        order_id=attempt.order_id,
        payment_id=payment.id,
        refund_id=refund.id,
        theirs=one.amount,
    )
    return refund


def parts_of(
    attempt: Attempt, payment: Payment, one: Cancel, whole: bool
) -> list[dict[str, object]]:
    """What such a cancel is taken from: the last one from all that is left, when that is as much;
    any other from the credit, which may be overdrawn by it.
    """
    left = [
        entry
        for entry in left_of_payment(payment.id)
        if entry.account in (Book.RECEIVABLE, Book.CREDIT)
    ]
    if whole and -sum(entry.amount for entry in left) == one.amount:
        return [
            {
                "premises": entry.premises_id,
                "month": entry.month,
                "position": entry.position,
                "revision": entry.revision,
                "amount": -entry.amount,
            }
            for entry in left
        ]
    credit = next((entry.premises_id for entry in left if entry.account is Book.CREDIT), None)
    premises = credit or next((bill.premises_id for bill in attempt.bills), None)
    if premises is None:
        return []
    nothing = {"month": "", "position": 0, "revision": 0}
    return [{"premises": premises, "amount": one.amount, **nothing}]


def finish(refund: Refund, one: Cancel, now: datetime) -> None:
    """The gateway has given the money back."""
    booked(refund, Book.GATEWAY, one.at, now, refund.requested_by)
    end(refund, one.key, now)


def finish_by_bank(refund: Refund, reference: str, by: str, now: datetime) -> None:
    """Our bank has sent the money."""
    booked(refund, Book.BANK, now, now, by)
    end(refund, of_bank(reference), now)


def of_bank(reference: str) -> str:
    """How a transaction of our bank is called among those of the gateway."""
    return f"bank:{reference.strip()}"[:64]


def booked(refund: Refund, source: Book, at: datetime, now: datetime, by: str) -> None:
    """The money is back with who paid: bills are open again, the credit is used up."""
    key = f"refund:{refund.id}"
    postings = [Posting(source, -refund.amount)]
    for part in RefundPart.of(refund.id):
        postings += taken_from(refund, part, now)
    if len(postings) == 1:  # of an order that nobody knows
        postings.append(Posting(Book.SUSPENSE, refund.amount))
    post(Occasion(key, "refund", at, now, by, refund.payment_id, refund.id), postings)
    align_all(postings, key, now)
    tell_overdrawn(postings, key, now)
    crashpoint("refund.after_entries")


def end(refund: Refund, reference: str, now: datetime) -> None:
    refund.state, refund.done_at, refund.check_at = RefundState.DONE, now, None
    refund.provider_tx, refund.problem = reference, ""
    refund.save(only=["state", "done_at", "check_at", "provider_tx", "problem"])


def taken_from(refund: Refund, part: RefundPart, now: datetime) -> list[Posting]:
    """The entries of one part. A credit was set aside when the refund was approved; a bill that is
    not paid by this payment any more is taken from the credit.
    """
    if part.month and is_paid_by(refund.payment_id, part):
        of = part.premises_id, part.month, part.revision, part.position
        return reopened(Posting(Book.RECEIVABLE, 0, *of), part.amount, now, "refund")
    reserved = refund.approved_at is not None and not part.month
    account = Book.REFUND if reserved else Book.CREDIT
    return [Posting(account, part.amount, part.premises_id)]


def is_paid_by(payment_id: int, part: RefundPart) -> bool:
    """Whether a bill is still paid by a payment, with this amount."""
    of = part.premises_id, part.month, part.revision, part.position
    return Posting(Book.RECEIVABLE, -part.amount, *of) in left_of_payment(payment_id)
