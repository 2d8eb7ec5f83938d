"""The way back from the window: is it ours, is it whole, then the gateway takes the money."""

import re
from datetime import datetime, timedelta
from typing import Any

from peewee import IntegrityError

from app import clock
from app.crashpoint import crashpoint
from app.observe import log
from app.payments import booking, calls, gate, settle
from app.payments.gateway import Declined, Done, Missing, Ours, Stage, current
from app.payments.models import Attempt, Channel, State
from app.payments.states import held, locked, move

KEY = re.compile(r"[A-Za-z0-9_=-]{10,200}")
WAITS_FOR_US = (State.CREATED, State.OPENED)
AGAIN_WITHIN = timedelta(minutes=9)
"""An authenticated payment is asked for again so long; the gateway lets it go after ten minutes."""


def confirm_return(order_id: str, payment_key: str, amount: str) -> Attempt | None:
    """What somebody brought back from the window in an address; None for an unknown order.

    Whoever brings it, the payment is confirmed for the bills of its attempt: the browser of a
    telephone's app is often not the one that began (S-41). The caller shows nothing of it to
    somebody else (`attempt.belongs_to`). An attempt that is not waiting for this stays as it is.
    """
    attempt = Attempt.of_order(order_id)
    if attempt is None or attempt.channel != Channel.CARD or attempt.state not in WAITS_FOR_US:
        return attempt
    if gate.must_not_take():  # what was authenticated expires, and no money moves
        return attempt
    now = clock.now()
    if amount != str(int(attempt.amount)) or not KEY.fullmatch(payment_key):
        return tampered(attempt, "amount" if KEY.fullmatch(payment_key) else "key", now)
    try:
        begun = begin(attempt, payment_key, now)
    except IntegrityError:
        return tampered(attempt, "key of another payment", now)
    crashpoint("confirm.after_intent")
    return ask(attempt) if begun else Attempt.of_order(order_id)


def tampered(attempt: Attempt, what: str, now: datetime) -> Attempt:
    """Somebody changed what came back: nothing is confirmed, so no money moves."""
    with gate.booking():
        if move(attempt, State.DECLINED, now, "tampered", what, reason="tampered"):
            fields = {"order": attempt.order_id, "what": what}
            log.error("payments: a changed return", extra={"fields": fields})
    found = Attempt.of_order(attempt.order_id)
    return found or attempt


def begin(attempt: Attempt, payment_key: str, now: datetime) -> bool:
    """Write down that the money is about to be taken; False when that must not be any more."""
    with gate.booking():
        fresh = held(attempt)
        if fresh.state not in WAITS_FOR_US:
            return False
        if not is_still_owed(fresh):
            move(fresh, State.CANCELLED, now, "bill changed", reason="changed")
            return False
        changes: dict[str, Any] = {"payment_key": payment_key, "authenticated_at": now}
        if not move(fresh, State.CONFIRMING, now, "confirming", **changes):
            return False
        intend(fresh, now)
        crashpoint("confirm.before_intent_commit")
    attempt.__data__.update(fresh.__data__)
    return True


def intend(attempt: Attempt, now: datetime) -> None:
    asked = {"payment_key": attempt.payment_key, "amount": int(attempt.amount)}
    calls.intend(key_of(attempt), now, order_id=attempt.order_id, **asked)


def key_of(attempt: Attempt) -> str:
    """The idempotency key: of the attempt, so that the same call is the same payment."""
    return f"confirm:{attempt.order_id}"


def is_still_owed(attempt: Attempt) -> bool:
    """Whether all its bills are owed as when it was opened; else the money would be too much."""
    return all(
        sum(one.amount for one in booking.matching(bill)) == bill.amount for bill in attempt.bills
    )


def ask(attempt: Attempt) -> Attempt:
    """Have the gateway take the money, and write down what came of it."""
    assert attempt.payment_key  # noqa: S101 stored by begin
    key = key_of(attempt)
    answer = current().confirm(attempt.order_id, attempt.payment_key, attempt.amount, key)
    crashpoint("confirm.after_answer")
    now = clock.now()
    if isinstance(answer, Done):
        return settle.take_over(attempt, answer.value, now, key)
    if isinstance(answer, Declined) and answer.sure:
        return ended(attempt, State.DECLINED, answer.reason, answer, now)
    looked = settle.settle(attempt)
    now = clock.now()
    if attempt.state not in (State.CONFIRMING, State.UNKNOWN):
        return attempt
    if is_untouched(looked) and isinstance(answer, Missing):  # too late, or a key of nobody
        return ended(attempt, State.EXPIRED, "expired", answer, now)
    if is_untouched(looked) and isinstance(answer, Declined | Ours):
        reason = answer.reason if isinstance(answer, Declined) else "unavailable"
        return ended(attempt, State.DECLINED, reason, answer, now)
    return ended(attempt, State.UNKNOWN, "", answer, now)


def is_untouched(looked: object) -> bool:
    """Whether a look-up says that the money was not taken."""
    if isinstance(looked, Missing):
        return True
    waiting = (Stage.OPEN, Stage.AUTHENTICATED)
    return isinstance(looked, Done) and looked.value.stage in waiting


def ended(
    attempt: Attempt,
    to: State,
    reason: str,
    answer: Declined | Ours | object,
    now: datetime,
) -> Attempt:
    """Write down an end without money, or that none is known yet; unless somebody was faster."""
    code = getattr(answer, "code", "") or getattr(answer, "why", "")
    with gate.booking():
        fresh = locked(attempt.id)
        calls.answered(key_of(attempt), answer, now)  # type: ignore[arg-type]
        if fresh.state in (State.CONFIRMING, State.UNKNOWN):
            move(fresh, to, now, f"gateway: {to}", code, reason=str(reason))
        crashpoint("confirm.before_end")
    attempt.__data__.update(fresh.__data__)
    return attempt


def again(attempt: Attempt, now: datetime) -> bool:
    """Ask again, with the same key, for a payment of which the gateway says that it still waits for
    us; False when it is too late or the bills are paid otherwise.
    """
    since = attempt.authenticated_at
    in_time = since is not None and timedelta(0) <= now - since <= AGAIN_WITHIN
    if not in_time or gate.must_not_take():
        return False
    with gate.booking():
        if not is_still_owed(attempt):
            return False
        try:
            intend(attempt, now)
        except calls.StaleCallError:
            return False
    crashpoint("confirm.after_second_intent")
    ask(attempt)
    return True
