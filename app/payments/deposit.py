"""Accounts that take one deposit: issued by the gateway, closed when they are not needed."""

from datetime import datetime, time, timedelta

from flask import current_app

from app import clock
from app.clock import SEOUL
from app.crashpoint import crashpoint
from app.money import Money
from app.payments import calls, gate, others, settle
from app.payments.gateway import Answer, Declined, Done, Ours, Stage, current
from app.payments.models import Attempt, Payer, State
from app.payments.opening import Item, RefusedError, Why, order_of
from app.payments.states import locked, move
from app.words import local_day

LAST_SECOND = time(23, 59, 59)


def until(now: datetime) -> datetime:
    """The end of the last day on which an account that is issued now takes its deposit."""
    days = min(int(current_app.config["DEPOSIT_DAYS"]), 29)
    return datetime.combine(local_day(now) + timedelta(days=days), LAST_SECOND, SEOUL)


def live_account(items: list[Item], payer: Payer, amount: Money, now: datetime) -> Attempt | None:
    """The payer's own account that waits for exactly these bills and won already: it is shown again
    while it can still be paid into.
    """
    for one in others.of_bills([(item.premises_id, item.month) for item in items]):
        same = {Item(b.premises_id, b.month, b.position) for b in one.bills}
        is_mine = one.state == State.WAITING and one.belongs_to(payer) and same == set(items)
        in_time = one.deposit_until is None or now < one.deposit_until
        if is_mine and in_time and one.amount == amount:
            return one
    return None


def close_accounts(items: list[Item], now: datetime, form_key: str | None = None) -> bool:
    """Close accounts that wait for some bills, before another way is taken; whether none is left.
    That of the same form, which was sent twice at once, stays. Raises RefusedError instead while
    payments are closed.

    To be asked before `open_attempt`, which cannot ask the gateway within its transaction.
    """
    for one in others.of_bills([(item.premises_id, item.month) for item in items]):
        same_form = form_key is not None and one.form_key == form_key
        if one.state in (State.WAITING, State.REVERSED) and not same_form:
            if gate.why_closed():
                raise RefusedError(Why.CLOSED)
            close(one, now, State.CANCELLED, "replaced")
            if one.state in (State.WAITING, State.REVERSED):
                return False
    return True


def issue_account(attempt: Attempt, bank: str = "") -> Attempt:
    """Have the gateway issue the account of an attempt; `attempt` is as it is then: waiting, or
    declined, or still created when nobody knows (the sweep finds out).
    """
    now = clock.now()
    if attempt.state != State.CREATED or now > attempt.expires_at:
        return attempt
    bank, last = bank or str(current_app.config["DEPOSIT_BANK"]), until(attempt.created_at)
    with gate.booking():
        calls.intend(key_of(attempt), now, order_id=attempt.order_id, amount=int(attempt.amount))
        Attempt.update(bank=bank).where(Attempt.id == attempt.id).execute()
        attempt.bank = bank
    crashpoint("deposit.after_intent")
    name = attempt.name or "고객"
    answer = current().issue_account(order_of(attempt), name, bank, last, key_of(attempt))
    crashpoint("deposit.after_answer")
    if isinstance(answer, Done):
        return settle.take_over(attempt, answer.value, clock.now(), key_of(attempt))
    if isinstance(answer, Declined) and answer.sure:
        return not_issued(attempt, State.DECLINED, answer.reason, answer)
    settle.settle(attempt)
    if attempt.state != State.CREATED:
        return attempt
    if isinstance(answer, Ours):
        return not_issued(attempt, State.DECLINED, "unavailable", answer)
    return not_issued(attempt, State.UNKNOWN, "", answer)


def key_of(attempt: Attempt) -> str:
    return f"issue:{attempt.order_id}"


def not_issued(attempt: Attempt, to: State, reason: str, answer: Answer) -> Attempt:
    now = clock.now()
    with gate.booking():
        fresh = locked(attempt.id)
        calls.answered(key_of(attempt), answer, now)
        if fresh.state == State.CREATED:
            move(fresh, to, now, f"gateway: {to}", reason=str(reason))
    attempt.__data__.update(fresh.__data__)
    return attempt


def issue_again(attempt: Attempt, now: datetime) -> bool:
    """After a crash or an unknown answer: the same call again, while it is young."""
    if now - attempt.created_at > timedelta(minutes=9) or gate.must_not_take():
        return False
    if attempt.state == State.UNKNOWN:
        with gate.booking():
            if not move(locked(attempt.id), State.CREATED, now, "issue again"):
                return False
        attempt.state = State.CREATED
    issue_account(attempt, attempt.bank)
    return True


def close(attempt: Attempt, now: datetime, to: State, reason: str) -> Attempt:
    """Have the gateway close an account, so that no deposit can come any more; `attempt` is as it
    is then. When a deposit was faster, it is booked.
    """
    assert attempt.payment_key  # noqa: S101 it waits, so it was issued
    # a key for each hour: an account that waits can only be closed, however often that is asked
    key = f"close:{attempt.order_id}:{now:%Y%m%d%H}"
    with gate.booking():
        calls.intend(key, now, order_id=attempt.order_id)
    crashpoint("close.after_intent")
    answer = current().cancel(attempt.payment_key, None, f"account closed: {reason}", None, key)
    crashpoint("close.after_answer")
    if isinstance(answer, Done) and answer.value.stage is Stage.CANCELLED:
        if not answer.value.was_paid:
            with gate.booking():
                fresh = locked(attempt.id)
                calls.answered(key, answer, now)
                if fresh.state in (State.WAITING, State.REVERSED):
                    move(fresh, to, now, "account closed", reason, reason=reason)
                crashpoint("close.before_commit")
            attempt.__data__.update(fresh.__data__)
            return attempt
        return settle.take_over(attempt, answer.value, now, key)
    with gate.booking():
        calls.answered(key, answer, now)
    settle.settle(attempt)
    return attempt
