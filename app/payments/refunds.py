"""Refunds: asked for by one person, above a limit approved by another; then `carry_out`."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import current_app

from app import references
from app.crashpoint import crashpoint
from app.ledger.book import Occasion, Posting, credit_of, left_of_payment, post
from app.ledger.models import Book
from app.money import Money
from app.payments import gate, give_back, notices
from app.payments.credits import free_credit
from app.payments.gateway import Refund as To
from app.payments.models import AttemptEvent, Channel, Payment
from app.payments.refund_models import Refund, RefundPart, RefundState, Way
from app.payments.states import locked
from app.supply.models import Premises

WAITING = (RefundState.REQUESTED, RefundState.APPROVED, RefundState.SENDING, RefundState.UNKNOWN)


class RefundError(ValueError):
    """A refund that cannot be; says why."""


class Part(NamedTuple):
    """A bill that is to be open again, as a whole; or, without month, some won of a credit."""

    premises_id: int
    amount: Money
    month: str = ""
    position: int = 0
    revision: int = 0


class Available(NamedTuple):
    """What can be given back of a payment: bills that it pays, credits of their premises, and
    `room`, what all together must not be more than.
    """

    bills: list[Part]
    credits: list[Part]
    room: Money

    @property
    def total(self) -> Money:
        return Money(min(sum(one.amount for one in (*self.bills, *self.credits)), self.room))


def available(payment: Payment) -> Available:
    """What a payment's refunds can be taken from now; refunds on their way are taken off.

    A credit goes back through any payment of its premises, also one that a correction made.
    """
    others = list(Refund.of(payment.id).where(Refund.state << (*WAITING, RefundState.DONE)))
    room = Money(payment.amount - sum(one.amount for one in others))
    if payment.reversed_at:
        return Available([], [], Money(0))
    asked = [
        Part(p.premises_id, p.amount, p.month, p.position, p.revision)
        for one in others
        if one.state != RefundState.DONE
        for p in RefundPart.of(one.id)
    ]
    left = left_of_payment(payment.id)
    bills = [
        Part(one.premises_id or 0, Money(-one.amount), one.month, one.position, one.revision)
        for one in left
        if one.account is Book.RECEIVABLE and 0 < -one.amount <= room
    ]
    places = sorted({one.premises_id for one in left if one.premises_id})
    credits = [
        Part(place, Money(most)) for place in places if (most := min(free_credit(place), room)) > 0
    ]
    return Available([one for one in bills if one not in asked], credits, room)


def hold(payment: Payment, parts: Sequence["Part | RefundPart"]) -> None:
    """Nobody else changes this payment, its refunds or its premises until the transaction ends."""
    Premises.hold(sorted({one.premises_id for one in parts}))
    locked(payment.attempt_id)


def request_refund(
    payment: Payment,
    parts: Sequence[Part],
    reason: str,
    by: str,
    now: datetime,
    *,
    believed: Money,
    to: To | None = None,
    way: Way = Way.GATEWAY,
    form_key: str | None = None,
) -> Refund:
    """Ask for a refund. `believed` is what the asker saw as available: when it is another sum now,
    somebody else was at it, and nothing is asked (F-26). Raises RefundError.

    Money of a deposit goes `to` an account. `form_key` is the one-time key of the form.
    """
    with gate.booking():
        hold(payment, parts)
        if form_key and (made := Refund.get_or_none(Refund.form_key == form_key)):
            return checked_form(made, payment, parts)
        check_request(payment, parts, believed)
        needs_account = way is Way.BANK or payment.channel == Channel.DEPOSIT
        if needs_account and to is None:
            raise RefundError("a deposit goes back to an account: say which")
        refund: Refund = Refund.create(
            reference=references.new(10),
            payment=payment,
            amount=sum(one.amount for one in parts),
            way=way,
            state=RefundState.REQUESTED,
            reason=reason.strip()[:150],
            problem="",
            account=json.dumps(to._asdict(), ensure_ascii=False) if to else "",
            requested_by=by,
            requested_at=now,
            approved_by="",
            approved_at=None,
            done_at=None,
            provider_tx=None,
            form_key=form_key,
            check_at=None,
            checks=0,
        )
        for one in parts:
            of = {"premises": one.premises_id, "month": one.month, "position": one.position}
            RefundPart.create(refund=refund, revision=one.revision, amount=one.amount, **of)
        note(refund, "refund requested", now, by)
    return refund


def checked_form(made: Refund, payment: Payment, parts: Sequence[Part]) -> Refund:
    asked = {(p.premises_id, p.month, p.position, p.amount) for p in RefundPart.of(made.id)}
    same = {(one.premises_id, one.month, one.position, one.amount) for one in parts}
    if made.payment_id != payment.id or asked != same:
        raise RefundError("the same form was sent before with something else in it")
    return made


def check_request(payment: Payment, parts: Sequence[Part], believed: Money) -> None:
    """Raise RefundError unless all of this can be given back now."""
    now_available = available(payment)
    if now_available.total != believed:
        raise RefundError("the payment has changed meanwhile: look at it again")
    credit = {one.premises_id: one.amount for one in now_available.credits}
    names = [(one.premises_id, one.month, one.position) for one in parts]
    if not parts or len(set(names)) < len(names):
        raise RefundError("say what is to be given back, each thing once")
    if sum(one.amount for one in parts) > now_available.room:
        raise RefundError("that is more than is left of the payment")
    for one in parts:
        if one.month and one not in now_available.bills:
            raise RefundError("a bill goes back as a whole, and only while this payment pays it")
        if not one.month and not 0 < one.amount <= credit.get(one.premises_id, 0):
            raise RefundError("there is not so much credit")


def note(refund: Refund, what: str, now: datetime, by: str = "") -> None:
    AttemptEvent.note(refund.payment.attempt, what, now, refund.reference, by)


def approve(refund: Refund, by: str, now: datetime) -> None:
    """Approve a refund: above the limit somebody else than who asked (S-08). Raises RefundError.

    A credit is set aside from now on.
    """
    with gate.booking():
        parts = list(RefundPart.of(refund.id))
        hold(refund.payment, parts)
        fresh = Refund.get_by_id(refund.id)
        if fresh.state != RefundState.REQUESTED:
            raise RefundError("it is decided already")
        if needs_other(fresh, by):
            raise RefundError("somebody else has to approve it")
        set_aside(fresh, parts, by, now)
        check_at = now if fresh.way == Way.GATEWAY else None
        change(
            fresh, state=RefundState.APPROVED, approved_by=by, approved_at=now, check_at=check_at
        )
        note(fresh, "refund approved", now, by)
        crashpoint("refund.before_approval_commit")
    refund.__data__.update(fresh.__data__)


def needs_other(refund: Refund, by: str) -> bool:
    """Whether `by` may not be the one who approves: above the limit two of the office must have
    seen it (S-08), also when one person asked for it in several pieces, or the customer did.
    """
    alone = int(current_app.config["REFUND_ALONE"])
    if is_wish(refund):
        return refund.amount > alone
    mine = (Refund.requested_by == by) & (Refund.approved_by == by)
    live = Refund.state << (*WAITING, RefundState.DONE)
    before = sum(one.amount for one in Refund.of(refund.payment_id).where(mine & live))
    return refund.requested_by == by and before + refund.amount > alone


def is_wish(refund: Refund) -> bool:
    """Whether the customer asked, and nobody of the office has taken it over."""
    return refund.requested_by.startswith("account ")


def take_over_request(refund: Refund, by: str, now: datetime) -> None:
    """A customer's wish becomes a member's request: above the limit another one then approves it.

    Raises RefundError.
    """
    with gate.booking():
        hold(refund.payment, [])
        fresh = Refund.get_by_id(refund.id)
        if fresh.state != RefundState.REQUESTED or not is_wish(fresh):
            raise RefundError("it is decided already")
        change(fresh, requested_by=by)
        note(fresh, "refund taken over", now, by)
    refund.__data__.update(fresh.__data__)


def set_aside(refund: Refund, parts: Sequence[RefundPart], by: str, now: datetime) -> None:
    postings: list[Posting] = []
    for one in parts:
        if not one.month:
            if credit_of(one.premises_id) < one.amount:
                raise RefundError("the credit was used meanwhile")
            postings.append(Posting(Book.CREDIT, one.amount, one.premises_id))
            postings.append(Posting(Book.REFUND, -one.amount, one.premises_id))
    if postings:
        key = f"set_aside:{refund.id}"
        post(Occasion(key, "set_aside", now, now, by, refund.payment_id, refund.id), postings)


def put_back(refund: Refund, now: datetime) -> None:
    """It was refused after all: the credit is a credit again."""
    postings: list[Posting] = []
    for one in RefundPart.of(refund.id):
        if not one.month:
            postings.append(Posting(Book.REFUND, one.amount, one.premises_id))
            postings.append(Posting(Book.CREDIT, -one.amount, one.premises_id))
    if postings:
        key = f"put_back:{refund.id}"
        post(Occasion(key, "put_back", now, now, "", refund.payment_id, refund.id), postings)


def withdraw(refund: Refund, by: str, now: datetime) -> None:
    """A refund that nobody approved is not wanted any more, or is turned down."""
    with gate.booking():
        hold(refund.payment, [])
        fresh = Refund.get_by_id(refund.id)
        if fresh.state != RefundState.REQUESTED:
            raise RefundError("it is decided already")
        change(fresh, state=RefundState.WITHDRAWN)
        note(fresh, "refund withdrawn", now, by)
    refund.__data__.update(fresh.__data__)


def end_undone(payment: Payment, now: datetime) -> None:
    """The deposit was undone: there is nothing that could go back, and nothing set aside for it. In
    the transaction that undoes it, before its entries.
    """
    for one in Refund.of(payment.id).where(Refund.state << WAITING):
        if one.state != RefundState.REQUESTED:
            put_back(one, now)
        change(one, state=RefundState.REFUSED, problem="deposit undone", check_at=None)
        note(one, "refund refused", now)


def change(refund: Refund, **values: object) -> None:
    for name, value in values.items():
        setattr(refund, name, value)
    refund.save(only=list(values))


def paid_out(refund: Refund, reference: str, by: str, now: datetime) -> None:
    """The finance department has sent an approved refund; `reference` is the bank's, of this one.

    Raises RefundError.
    """
    if not reference.strip():
        raise RefundError("say which transaction of the bank it was")
    with gate.booking():
        hold(refund.payment, list(RefundPart.of(refund.id)))
        fresh = Refund.get_by_id(refund.id)
        if fresh.way != Way.BANK or fresh.state != RefundState.APPROVED:
            raise RefundError("it is not waiting to be paid")
        if Refund.get_or_none(Refund.provider_tx == give_back.of_bank(reference)):
            raise RefundError("that transaction of the bank belongs to another refund")
        give_back.finish_by_bank(fresh, reference, by, now)
        note(fresh, "refund paid out", now, by)
        notices.refunded(fresh.payment.attempt, fresh, now)
    refund.__data__.update(fresh.__data__)
