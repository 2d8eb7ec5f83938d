"""The mails that customers chose: a bill is there, a bill is due soon; and news for who agreed."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app import masks, words
from app.accounts import consents
from app.accounts.models import Account
from app.db import rows, writing
from app.language import speaking
from app.messages.kinds import Kind, Priority, Waiting, register
from app.messages.night import morning
from app.messages.outbox import Value, queue
from app.messages.timetable import register as each
from app.observe import log
from app.reminders.models import NoticeChoice, Topic
from app.reminders.told import CORRECTED, DUE, PART, READY, START, Bills, Place, Told
from app.web import absolute
from app.words import local_day

NEWS = "news"
STOPPABLE = {Topic.BILL.value, Topic.DUE.value, NEWS}
BATCH = 300
"""So many mails are queued in one transaction; the worker sends others meanwhile."""


class Recipient(NamedTuple):
    """Somebody who is told something; `key` as of `queue`."""

    account_id: int
    email: str
    language: str
    key: str
    values: dict[str, Value]


def still_told(bills: Bills, one: Waiting) -> bool:
    """Asked right before sending: whether it would still be queued today, to this address."""
    account, (key, premises) = one.account_id or 0, (one.values["key"], one.values["premises"])
    return bills.hold(local_day(one.now), key, one.to, account, premises)


def kind_of(bills: Bills, lifetime: timedelta) -> Kind:
    wanted = partial(still_told, bills)
    return register(Kind(bills.kind, Priority.BULK, lifetime, bills.topic.value, wanted))


KINDS = {
    READY: kind_of(READY, timedelta(days=7)),
    CORRECTED: kind_of(CORRECTED, timedelta(days=7)),
    DUE: kind_of(DUE, timedelta(days=2)),
    PART: kind_of(PART, timedelta(days=2)),
}
AGREED = """
SELECT a.id, a.email, a.language FROM accounts a WHERE a.disabled_at IS NULL AND (
    SELECT c.decision FROM consents c WHERE c.account_id = a.id AND c.code = 'news'
    ORDER BY c.id DESC LIMIT 1) = 'given'
"""
ONE_AGREED = AGREED + "AND a.id = ? AND a.email = ?"


def still_agreed(one: Waiting) -> bool:
    return bool(rows(ONE_AGREED, (one.account_id, one.to)))


NEWS_MAIL = register(
    Kind("news", Priority.BULK, timedelta(days=2), topic=NEWS, wanted=still_agreed)
)


def signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="unsubscribe")


def stop_link(account_id: int, topic: str) -> str:
    """An address under which a reader ends one kind of mail without signing in."""
    return absolute(f"/reminders/stop/{signer().dumps([account_id, topic])}")


def read_stop(token: str) -> tuple[int, str] | None:
    """The account and topic of such an address; None for one that we did not make."""
    try:
        account_id, topic = signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return (account_id, topic) if topic in STOPPABLE else None


def stop(account_id: int, topic: str, now: datetime) -> None:
    """End one kind of mail for an account."""
    if topic == NEWS:
        if account := Account.get_or_none(Account.id == account_id):
            consents.withdraw(account, NEWS, now, channel=consents.MAIL)
    else:
        NoticeChoice.choose(account_id, Topic(topic), False, now)


def values_of(one: Told, topic: str) -> dict[str, Value]:
    """What a mail about a bill says, in the language of who gets it."""
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
            "unsubscribe": stop_link(one.account_id, topic),
        }


def addressed(one: Told, kind: Kind) -> Recipient:
    values = values_of(one, kind.topic)
    return Recipient(one.account_id, one.email, one.language, one.key, values)


def tell(kind: Kind, to: Sequence[Recipient], now: datetime) -> int:
    """Queue some mails in one transaction; how many are new. One that cannot be is left out."""
    new = 0
    with writing():
        for one in to:
            try:
                new += queue(
                    kind, to=one.email, values=one.values, key=one.key, language=one.language,
                    now=now, account_id=one.account_id,
                )  # fmt: skip
            except ValueError as error:
                fields = {"key": one.key, "problem": str(error)}
                log.error("a mail cannot be queued", extra={"fields": fields})
    return new


def queue_due(now: datetime) -> Iterator[int]:
    """Queue what is to be told today and was not yet, some at each step; nothing at night."""
    if morning(now):
        return
    for bills, kind in KINDS.items():
        after: Place | None = START
        while after:
            found = bills.untold(local_day(now), after, BATCH)
            after = found[-1].place if found else None
            yield tell(kind, [addressed(one, kind) for one in found], now)


each(timedelta(hours=1), queue_due)


def agreed() -> int:
    """How many people agreed to news by mail."""
    return len(rows(AGREED))


def news(article: str, texts: dict[str, dict[str, str]], now: datetime) -> int:
    """Queue an article as news for everybody who agreed; `texts` by language. How many are new."""
    to = [
        Recipient(
            account_id,
            email,
            language,
            f"news:{article}:{account_id}",
            {**texts.get(language, texts["ko"]), "unsubscribe": stop_link(account_id, NEWS)},
        )
        for account_id, email, language in rows(f"{AGREED} ORDER BY a.id")
    ]
    return sum(
        tell(NEWS_MAIL, to[first : first + BATCH], now) for first in range(0, len(to), BATCH)
    )
