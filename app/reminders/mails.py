"""The mails that customers chose: a bill is there, a bill is due soon; and news for who agreed."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app import clock, masks, words
from app.accounts import consents
from app.accounts.models import Account
from app.db import rows, writing
from app.language import speaking
from app.messages.kinds import Kind, Priority, register
from app.messages.outbox import queue
from app.messages.timetable import register as each
from app.reminders.models import NoticeChoice, Told, Topic, due_soon, is_open, new_bills
from app.web import absolute

FROM_HOUR, TO_HOUR = 8, 21
NEWS = "news"
STOPPABLE = {Topic.BILL.value, Topic.DUE.value, NEWS}


def still_open(values: dict[str, Any]) -> bool:
    """Asked right before sending: a bill that was paid meanwhile needs no reminder."""
    return is_open(values["premises"], values["bill_month"])


BILL = register(Kind("bill_ready", Priority.BULK, timedelta(days=7), topic=Topic.BILL))
DUE = register(
    Kind("bill_due", Priority.BULK, timedelta(days=2), topic=Topic.DUE, wanted=still_open)
)
NEWS_MAIL = register(Kind("news", Priority.BULK, timedelta(days=2), topic=NEWS))


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
            consents.withdraw(account, NEWS, now, channel="mail")
    else:
        NoticeChoice.choose(account_id, Topic(topic), False, now)


def tell(kind: Kind, one: Told, now: datetime) -> bool:
    """Queue the mail about one bill; False when it was queued before."""
    with speaking(one.language):
        values: dict[str, Any] = {
            "name": one.name,
            "home": one.home_name,
            "number": masks.number(one.number),
            "month": words.month(one.month),
            "amount": words.won(max(one.owed, 0)),
            "due": words.day(one.due_on),
            "link": absolute(f"/bills/{one.home}/{one.month}"),
            "premises": one.premises_id,
            "bill_month": one.month,
            "unsubscribe": stop_link(one.account_id, kind.topic),
        }
    key = f"{kind.name}:{one.account_id}:{one.premises_id}:{one.month}:{one.revision}"
    with writing():
        return queue(
            kind, to=one.email, values=values, key=key, language=one.language, now=now,
            account_id=one.account_id,
        )  # fmt: skip


def queue_due(now: datetime) -> int:
    """Queue what is to be told today and was not yet; how many. Nothing at night (21 to 8 h)."""
    local = now.astimezone(clock.SEOUL)
    if not FROM_HOUR <= local.hour < TO_HOUR:
        return 0
    today = local.date()
    wanted = [(BILL, one) for one in new_bills(today)] + [(DUE, one) for one in due_soon(today)]
    return sum(tell(kind, one, now) for kind, one in wanted)


each(timedelta(hours=1), queue_due)


AGREED = """
SELECT a.id, a.email, a.language FROM accounts a WHERE a.disabled_at IS NULL AND (
    SELECT c.decision FROM consents c WHERE c.account_id = a.id AND c.code = 'news'
    ORDER BY c.id DESC LIMIT 1) = 'given'
ORDER BY a.id
"""


def news(article: str, texts: dict[str, dict[str, str]], now: datetime) -> int:
    """Queue an article as news for everybody who agreed; `texts` by language. How many are new."""
    sent = 0
    for account_id, email, language in rows(AGREED):
        values = {
            **texts.get(language, texts["ko"]),
            "unsubscribe": stop_link(account_id, NEWS),
        }
        with writing():
            sent += queue(
                NEWS_MAIL, to=email, values=values, key=f"news:{article}:{account_id}",
                language=language, now=now, account_id=account_id,
            )  # fmt: skip
    return sent
