"""What customers chose to be told: a bill is there, a bill is due soon; by which channels."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import product
from typing import NamedTuple

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app import masks, words
from app.accounts import consents, reach
from app.accounts.models import Account
from app.db import writing
from app.language import speaking
from app.messages.kinds import Kind, Priority, Waiting, register
from app.messages.models import Channel
from app.messages.night import morning
from app.messages.outbox import Step, Value, queue
from app.messages.timetable import register as each
from app.observe import log
from app.reminders.models import CHANNELS, MAIL, NoticeChoice, Topic
from app.reminders.told import CORRECTED, DUE, PART, READY, START, Bills, Place, Told
from app.web import absolute
from app.words import local_day

NEWS = "news"
STOPPABLE = {Topic.BILL.value, Topic.DUE.value, NEWS}
BATCH = 300
"""So many messages are queued in one transaction; the worker sends others meanwhile."""


class Recipient(NamedTuple):
    """Somebody who is told something, on the first of the steps; `key` as of `queue`."""

    account_id: int
    steps: Sequence[Step]
    language: str
    key: str
    values: dict[str, Value]


def still_told(bills: Bills, one: Waiting) -> bool:
    """Asked right before sending: whether it would still be queued today, to this recipient."""
    return bills.hold(local_day(one.now), one)


def kind_of(bills: Bills, lifetime: timedelta) -> Kind:
    ways, wanted = (Channel.PUSH, Channel.SMS, Channel.MAIL), partial(still_told, bills)
    topic = bills.topic.value
    return register(Kind(bills.kind, Priority.BULK, lifetime, topic, wanted, channels=ways))


KINDS = {
    READY: kind_of(READY, timedelta(days=7)),
    CORRECTED: kind_of(CORRECTED, timedelta(days=7)),
    DUE: kind_of(DUE, timedelta(days=2)),
    PART: kind_of(PART, timedelta(days=2)),
}


def signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="unsubscribe")


def stop_link(account_id: int, topic: str, channel: str = MAIL) -> str:
    """An address under which a reader ends what a mail is about without signing in. `channel` is
    the one that was chosen: a mail may stand in for a text message that did not arrive.
    """
    what = [account_id, topic] if channel == MAIL else [account_id, topic, channel]
    return absolute(f"/reminders/stop/{signer().dumps(what)}")


def read_stop(token: str) -> tuple[int, str, str] | None:
    """Account, topic and channel of such an address; None for one that we did not make."""
    try:
        account_id, topic, *more = signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return (account_id, topic, *(more or [MAIL])) if topic in STOPPABLE else None


def stop(account_id: int, topic: str, channel: str, now: datetime) -> None:
    """End what somebody is told of a topic by a channel."""
    if topic == NEWS:
        if account := Account.get_or_none(Account.id == account_id):
            consents.withdraw(account, NEWS, now, channel=consents.MAIL)
    else:
        NoticeChoice.choose(account_id, Topic(topic), False, now, channel)


def values_of(one: Told, topic: str, channel: str) -> dict[str, Value]:
    """What is said about a bill, in the language of who is told."""
    with speaking(one.language):
        return {
            "name": one.name,
            "home": one.home_name,
            "number": masks.number(one.number),
            "month": words.month(one.month),
            "total": words.won(one.total),
            "amount": words.won(one.owed),
            "owes": int(one.owed > 0),
            "due": words.day(one.due_on),
            "link": absolute(f"/bills/{one.home}/{one.month}"),
            "key": one.key,
            "premises": one.premises_id,
            "chosen": channel,
            "unsubscribe": stop_link(one.account_id, topic, channel),
        }


def addressed(one: Told, kind: Kind, channel: str) -> Recipient:
    values, steps = values_of(one, kind.topic, channel), [(MAIL, one.email)]
    if channel != MAIL:
        steps = reach.steps(one.account_id, channel, one.email)
    return Recipient(one.account_id, steps, one.language, one.key, values)


def tell(kind: Kind, to: Sequence[Recipient], now: datetime) -> int:
    """Queue some messages in one transaction; how many are new. One that cannot be is left out."""
    new = 0
    with writing():
        for one in to:
            (channel, address), rest = one.steps[0], one.steps[1:]
            try:
                new += queue(
                    kind, to=address, values=one.values, key=one.key, language=one.language,
                    now=now, account_id=one.account_id, channel=channel, otherwise=rest,
                )  # fmt: skip
            except ValueError as error:
                fields = {"key": one.key, "problem": str(error)}
                log.error("a message cannot be queued", extra={"fields": fields})
    return new


def queue_due(now: datetime) -> Iterator[int]:
    """Queue what is to be told today and was not yet, some at each step; nothing at night."""
    if morning(now):
        return
    for (bills, kind), channel in product(KINDS.items(), CHANNELS):
        after: Place | None = START
        while after:
            found = bills.untold(local_day(now), channel, after, BATCH)
            after = found[-1].place if found else None
            yield tell(kind, [addressed(one, kind, channel) for one in found], now)


each(timedelta(hours=1), queue_due)
