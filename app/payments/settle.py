"""settle(): the one way from what the gateway says to what we say. Redirects, notices, sweeps and
commands all end here.
"""

from datetime import datetime
from time import monotonic
from typing import Any

from peewee import OperationalError

from app import clock
from app.crashpoint import crashpoint
from app.db import database
from app.observe import log
from app.payments import booking, calls, gate, give_back, notices, others, refunds
from app.payments.gateway import Answer, Done, Missing, Stage, Truth, current
from app.payments.models import OPEN, Attempt, Payment, State
from app.payments.records import Discrepancy, Kind
from app.payments.states import held, move

PATIENCE = 15.0
"""Seconds for which the result of a call is tried to be stored while somebody else writes."""
HAS_MONEY = (State.PAID, State.REFUNDED)
ENDS = {
    Stage.DECLINED: State.DECLINED,
    Stage.EXPIRED: State.EXPIRED,
    Stage.CANCELLED: State.CANCELLED,
}


def settle(attempt: Attempt, now: datetime | None = None) -> Answer:
    """Ask the gateway what became of an attempt, and take that over. `attempt` is as it is then."""
    answer = current().lookup(attempt.order_id)
    crashpoint("settle.after_lookup")
    moment = now or clock.now()
    if isinstance(answer, Done):
        take_over(attempt, answer.value, moment)
    elif isinstance(answer, Missing) and attempt.state in HAS_MONEY:
        with gate.booking():
            tell(Kind.OURS_NOT_THEIRS, attempt, moment, theirs=0)
    return answer


def take_over(attempt: Attempt, truth: Truth, now: datetime, call: str = "") -> Attempt:
    """Make our state the gateway's, patiently; `call` is the call whose answer `truth` is.

    While somebody else writes for long the answer is kept here, not forgotten (F-33).
    """
    until = monotonic() + PATIENCE
    while True:
        try:
            found = apply(attempt, truth, now, call)
        except OperationalError as error:
            if gate.Process.broken or monotonic() > until:
                raise
            log.error("payments: a result waits to be stored", exc_info=error)
            database.close()
            database.connect(reuse_if_open=True)
        else:
            attempt.__data__.update(found.__data__)
            return attempt


def apply(known: Attempt, truth: Truth, now: datetime, call: str = "") -> Attempt:
    """In one transaction: compare what is with what the gateway says, and note the difference; the
    attempt as it is then.
    """
    with gate.booking():
        attempt = held(known)
        if call:
            calls.answered(call, Done(truth), now)
        if is_another(attempt, truth, now):
            return attempt
        if truth.was_paid:
            with_money(attempt, truth, now)
        elif attempt.state in HAS_MONEY:
            money_has_gone(attempt, truth, now)
        else:
            without_money(attempt, truth, now)
        crashpoint("settle.before_commit")
    crashpoint("settle.after_commit")
    return attempt


def is_another(attempt: Attempt, truth: Truth, now: datetime) -> bool:
    """Whether the gateway speaks of another payment or amount: nothing is done but told."""
    other_key = attempt.payment_key not in (None, truth.payment_key)
    if truth.order_id == attempt.order_id and truth.total == attempt.amount and not other_key:
        return False
    kind = Kind.AMOUNT if truth.total != attempt.amount else Kind.STATE
    tell(kind, attempt, now, theirs=truth.total)
    return True


def tell(kind: Kind, attempt: Attempt, now: datetime, theirs: int) -> None:
    Discrepancy.tell(
        kind,
        attempt.order_id,
        now,
        order_id=attempt.order_id,
        ours=attempt.amount,
        theirs=theirs,
    )


def with_money(attempt: Attempt, truth: Truth, now: datetime) -> None:
    """The gateway has, or had, the money: book what is not booked, whatever we thought before."""
    is_booked = attempt.state in HAS_MONEY
    payment = Payment.of(attempt.id) if is_booked else booked(attempt, truth, now)
    if payment is None:
        return
    gone_back = give_back.money_back(attempt, payment, truth, now)
    if not truth.left and truth.cancels and attempt.state == State.PAID:
        move(attempt, State.REFUNDED, now, "refunded")
    if gone_back and not gate.is_restored():
        for one in gone_back:
            notices.refunded(attempt, one, now)


def booked(attempt: Attempt, truth: Truth, now: datetime) -> Payment:
    """The payment, now that it is in the books and its payer is told."""
    payment = booking.money_in(attempt, truth, now)
    move(attempt, State.PAID, now, "paid", payment_key=truth.payment_key, reason="")
    others.let_go(others.bills_of(attempt), now, paid=attempt)
    if not gate.is_restored():
        notices.received(attempt, payment, now)
    return payment


def money_has_gone(attempt: Attempt, truth: Truth, now: datetime) -> None:
    """We have it as paid and the gateway does not: an undone deposit, or something worse."""
    payment = Payment.of(attempt.id)
    if truth.stage is not Stage.WAITING or payment is None or attempt.state != State.PAID:
        tell(Kind.OURS_NOT_THEIRS, attempt, now, theirs=0)
        return
    refunds.end_undone(payment, now)
    booking.money_undone(attempt, payment, now)
    move(attempt, State.REVERSED, now, "deposit undone")
    if not gate.is_restored():
        notices.undone(attempt, payment, now)


def without_money(attempt: Attempt, truth: Truth, now: datetime) -> None:
    """No money has moved."""
    if truth.stage is Stage.WAITING and attempt.state in OPEN and truth.account:
        if attempt.state != State.WAITING:
            wait_for_deposit(attempt, truth, now)
    elif truth.stage in ENDS and (attempt.state in OPEN or attempt.state == State.REVERSED):
        move(attempt, ENDS[truth.stage], now, f"gateway: {truth.stage}")


def wait_for_deposit(attempt: Attempt, truth: Truth, now: datetime) -> None:
    """The account is there: from now on a deposit may come."""
    assert truth.account  # noqa: S101 asked before
    changes: dict[str, Any] = {
        "payment_key": truth.payment_key,
        "secret": truth.secret,
        "bank": truth.account.bank,
        "account_number": truth.account.number,
        "deposit_until": truth.account.due_at,
    }
    move(attempt, State.WAITING, now, "account issued", **changes)
    if not gate.is_restored():
        notices.wanted(attempt, now)
