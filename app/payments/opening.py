"""Opening an attempt: what is to be paid is asked of the ledger, and one attempt at a time."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from flask import current_app
from peewee import IntegrityError

from app import clock, references, words
from app.billing.paid import Owed, owed_of
from app.crashpoint import crashpoint
from app.language import _, speaking
from app.money import Money
from app.payments import gate, journal, others
from app.payments.gateway import Order
from app.payments.models import Attempt, AttemptBill, AttemptEvent, Channel, Payer, State
from app.payments.states import CONFIRM_CHECK, WINDOW, locked, move
from app.ready import add
from app.supply.models import Premises

MOST_BILLS = 60
LEAST = {Channel.CARD: 100, Channel.DEPOSIT: 200, Channel.BILLING: 100}
ORDER_LENGTH = 24


class Item(NamedTuple):
    """A bill that somebody wants to pay; of one that is paid in parts, the part (from 1)."""

    premises_id: int
    month: str
    position: int = 0


class Why(StrEnum):
    """Why there is no attempt."""

    CLOSED = "closed"
    """Payments are closed at the moment (`gate.why_closed`)."""
    NOTHING = "nothing"
    """One of the bills is not owed (any more)."""
    CHANGED = "changed"
    """It is another amount than the one that was shown."""
    IN_PROGRESS = "in_progress"
    """Another attempt for one of the bills is with the gateway; nobody knows how it ends."""
    TOO_SMALL = "too_small"
    TOO_MANY = "too_many"
    TOO_OFTEN = "too_often"
    """It was begun again and again within this hour."""
    CONFLICT = "conflict"
    """The same form was sent before with something else in it (409)."""


class RefusedError(Exception):
    """No attempt was opened; `other` is the one that is in the way."""

    def __init__(self, why: Why, other: Attempt | None = None) -> None:
        super().__init__(why)
        self.why, self.other = why, other


def open_attempt(
    items: Sequence[Item],
    payer: Payer,
    channel: Channel,
    now: datetime,
    *,
    shown: Money | None = None,
    form_key: str | None = None,
) -> Attempt:
    """Begin to pay bills. Who may pay them is the caller's question, how much the ledger's.

    `shown` is the sum that the payer saw: another one is refused. `form_key` is the one-time key of
    the form: the same form is the same attempt, with other bills it is a conflict (S-45). Windows
    that are open for the same bills are closed; raises RefusedError when another attempt cannot be.
    Then: `window()` for a card, `deposit.issue_account()` for an account.
    """
    if gate.why_closed():
        raise RefusedError(Why.CLOSED)
    if not 0 < len(items) <= MOST_BILLS or len(set(items)) < len(items):
        raise RefusedError(Why.TOO_MANY)
    digest = digest_of(items, payer, channel)
    if made := opened_before(items, payer, channel, form_key):
        return made
    crashpoint("open.before")
    try:
        with gate.booking():
            attempt = opened(items, payer, channel, now, shown, form_key, digest)
            crashpoint("open.before_commit")
    except IntegrityError:  # another process opened one for the same bill, or sent the same form
        if form_key and (made := Attempt.of_form(form_key)):
            return same_form(made, digest)
        raise RefusedError(Why.IN_PROGRESS) from None
    except OSError:
        raise RefusedError(Why.CLOSED) from None
    crashpoint("open.after_commit")
    journal.mark(attempt.order_id)
    return attempt


def opened_before(
    items: Sequence[Item], payer: Payer, channel: Channel, form_key: str | None
) -> Attempt | None:
    """The attempt that this form has opened already; raises RefusedError when it said otherwise."""
    made = Attempt.of_form(form_key) if form_key else None
    return same_form(made, digest_of(items, payer, channel)) if made else None


def digest_of(items: Sequence[Item], payer: Payer, channel: Channel) -> str:
    said = json.dumps([sorted(items), payer.owner, payer.key, channel])
    return hashlib.sha256(said.encode()).hexdigest()


def same_form(made: Attempt, digest: str) -> Attempt:
    if made.form_digest != digest:
        raise RefusedError(Why.CONFLICT)
    return made


def opened(
    items: Sequence[Item],
    payer: Payer,
    channel: Channel,
    now: datetime,
    shown: Money | None,
    form_key: str | None,
    digest: str,
) -> Attempt:
    """The attempt with its bills, in one transaction."""
    Premises.hold(sorted({one.premises_id for one in items}))
    if made := opened_before(items, payer, channel, form_key):
        return made  # the same form, sent at the same moment
    owed = [owed_now(one) for one in items]
    total = Money(sum(one.amount for one in owed))
    if shown is not None and shown != total:
        raise RefusedError(Why.CHANGED)
    if total < LEAST[channel]:
        raise RefusedError(Why.TOO_SMALL)
    close_others(items, now)
    values: dict[str, Any] = dict(
        order_id=references.quick(ORDER_LENGTH),
        channel=channel,
        amount=total,
        tax_free=total if current_app.config["PAY_TAX_FREE"] else Money(0),
        order_name=name_of(owed, payer.language),
        state=State.CREATED,
        reason="",
        owner=payer.owner,
        owner_key=payer.key,
        account_id=payer.account_id,
        name=payer.name,
        email=payer.email,
        language=payer.language,
        form_key=form_key,
        form_digest=digest,
        payment_key=None,
        secret="",
        bank="",
        account_number="",
        deposit_until=None,
        created_at=now,
        changed_at=now,
        expires_at=now + WINDOW,
        authenticated_at=None,
        check_at=now + first_check(channel),
        checks=0,
    )
    attempt = Attempt(id=add(Attempt, **values), **values)
    for one in owed:
        of = {"premises": one.premises_id, "month": one.month, "position": one.position}
        add(AttemptBill, attempt=attempt, revision=one.revision, amount=one.amount, **of)
    AttemptEvent.note(attempt, "created", now, channel)
    journal.write(line_of(attempt, owed), now)
    return attempt


def first_check(channel: Channel) -> timedelta:
    """A window is looked at when it is long over, a call soon."""
    return WINDOW + timedelta(minutes=15) if channel is Channel.CARD else CONFIRM_CHECK


def owed_now(item: Item) -> Owed:
    """What is owed of an item; raises RefusedError for nothing."""
    for one in owed_of(item.premises_id, item.month):
        if one.position == item.position:
            return one
    raise RefusedError(Why.NOTHING)


def close_others(items: Sequence[Item], now: datetime) -> None:
    """Close windows for the same bills; raises RefusedError for what cannot be closed here."""
    for one in others.of_bills([(item.premises_id, item.month) for item in items]):
        other = locked(one.id)
        closed = others.is_window(other) and move(
            other, State.CANCELLED, now, "another attempt", reason="replaced"
        )
        if not closed:
            raise RefusedError(Why.IN_PROGRESS, other)


def name_of(owed: Sequence[Owed], language: str) -> str:
    """`2026년 11월 수도요금 외 1건`."""
    with speaking(language):
        month = words.month(max(one.month for one in owed))
        if len(owed) == 1:
            return _("%(month)s 수도요금", month=month)
        return _("%(month)s 수도요금 외 %(count)s건", month=month, count=len(owed) - 1)


def line_of(attempt: Attempt, owed: Sequence[Owed]) -> dict[str, object]:
    """What the journal keeps of an attempt: enough to book its payment without the database."""
    return {
        "order_id": attempt.order_id,
        "channel": str(attempt.channel),
        "amount": int(attempt.amount),
        "tax_free": int(attempt.tax_free),
        "name": attempt.order_name,
        "owner": str(attempt.owner),
        "owner_key": attempt.owner_key,
        "account_id": attempt.account_id,
        "language": attempt.language,
        "at": attempt.created_at.isoformat(),
        "bills": [[*one.name, one.revision, int(one.amount)] for one in owed],
    }


def order_of(attempt: Attempt) -> Order:
    """What the gateway is told of an attempt."""
    return Order(attempt.order_id, attempt.order_name, attempt.amount, attempt.tax_free)


def window_opened(attempt: Attempt) -> bool:
    """Note that the payer was shown the window; False when the attempt has ended meanwhile."""
    if attempt.state == State.OPENED:
        return True
    with gate.booking():
        now = clock.now()
        return attempt.state == State.CREATED and move(attempt, State.OPENED, now, "window")
