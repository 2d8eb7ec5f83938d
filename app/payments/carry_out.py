"""Carrying refunds out: the gateway is asked once, and looked up until it is known what it did."""

import json
from datetime import datetime

from app import clock
from app.crashpoint import crashpoint
from app.db import instant, rows
from app.payments import calls, gate, give_back, settle
from app.payments.gateway import Answer, Declined, Done, Ours, current
from app.payments.gateway import Refund as To
from app.payments.records import Discrepancy, Kind
from app.payments.refund_models import Refund, RefundPart, RefundState, Way
from app.payments.refunds import change, hold, note, put_back
from app.payments.states import pause

SENT = """
UPDATE refunds SET state = 'sending', check_at = ? WHERE id = ?
    AND (state = 'approved' OR state = 'sending' OR state = 'unknown') RETURNING id
"""


def execute(refund: Refund) -> Refund:
    """Have the gateway carry an approved refund out, or find out whether it has: once, however
    often this is called. What the bank is to pay waits for `refunds.paid_out`.
    """
    now = clock.now()
    if refund.way != Way.GATEWAY or refund.state not in give_back.IN_FLIGHT:
        return refund
    if refund.state != RefundState.APPROVED:  # it was tried: see first what is
        settle.settle(refund.payment.attempt)
        refund = Refund.get_by_id(refund.id)
        if refund.state not in give_back.IN_FLIGHT:
            return refund
    key = f"cancel:{refund.reference}"
    try:
        with gate.booking():
            calls.intend(key, now, payment=refund.payment_id, amount=int(refund.amount))
            if not rows(SENT, (instant(now + pause(refund.checks)), refund.id)):
                return Refund.get_by_id(refund.id)
    except calls.StaleCallError:
        return too_old(refund, now)
    crashpoint("refund.after_intent")
    to = To(**json.loads(refund.account)) if refund.account else None
    reason = f"{' '.join(refund.reason.split())} {give_back.tag(refund)}"
    payment = refund.payment
    answer = current().cancel(payment.external_ref, refund.amount, reason, to, key)
    crashpoint("refund.after_answer")
    now = clock.now()
    if isinstance(answer, Done):
        settle.take_over(payment.attempt, answer.value, now, key)
    else:
        looked_up(refund, answer, key, now)
    return Refund.get_by_id(refund.id)


def looked_up(refund: Refund, answer: Answer, key: str, now: datetime) -> None:
    """After anything but a yes: see what is, before anything is said."""
    found = settle.settle(refund.payment.attempt)
    with gate.booking():
        hold(refund.payment, list(RefundPart.of(refund.id)))
        fresh = Refund.get_by_id(refund.id)
        if fresh.state not in give_back.IN_FLIGHT:
            return
        calls.answered(key, answer, now)
        if isinstance(answer, Declined | Ours) and isinstance(found, Done):
            refuse(fresh, answer.code, now)
        elif isinstance(found, Done) and found.value.left < fresh.amount:
            refuse(fresh, "nothing left", now)  # somebody took it back at the gateway
        else:
            wait = now + pause(fresh.checks)
            change(fresh, state=RefundState.UNKNOWN, check_at=wait, checks=fresh.checks + 1)
        crashpoint("refund.before_refusal")


def refuse(refund: Refund, code: str, now: datetime) -> None:
    """The gateway will not: a person has to find another way."""
    put_back(refund, now)
    change(refund, state=RefundState.REFUSED, problem=code, check_at=None)
    note(refund, "refund refused", now)
    told(Kind.REFUND_REFUSED, refund, now)


def too_old(refund: Refund, now: datetime) -> Refund:
    """Nobody sends a call of yesterday (F-28): look whether it was carried out, tell the office."""
    settle.settle(refund.payment.attempt)
    with gate.booking():
        hold(refund.payment, [])
        fresh: Refund = Refund.get_by_id(refund.id)
        if fresh.state in give_back.IN_FLIGHT:
            change(fresh, state=RefundState.UNKNOWN, check_at=None)
            told(Kind.STALE_CALL, fresh, now)
    return fresh


def told(kind: Kind, refund: Refund, now: datetime) -> None:
    of = {"payment_id": refund.payment_id, "refund_id": refund.id}
    Discrepancy.tell(kind, refund.reference, now, ours=refund.amount, **of)
