"""News: advertising for who agreed to it, by each channel apart; at night by one more consent."""

from datetime import datetime, timedelta

from flask import current_app

from app.accounts import consents, reach
from app.accounts.models import Account
from app.db import rows
from app.messages.kinds import Kind, Priority, Waiting, register
from app.messages.models import Channel
from app.messages.outbox import Value
from app.reminders.mails import BATCH, NEWS, Recipient, stop_link, tell
from app.sealed import lookup_hash

CODES = {Channel.MAIL: NEWS, Channel.SMS: "news_sms", Channel.PUSH: "news_push"}
NIGHT = "news_night"
"""The consent of each channel; mails need none for the night."""

AGREED = """
SELECT a.id, a.email, a.language FROM accounts a WHERE a.disabled_at IS NULL AND (
    SELECT c.decision FROM consents c WHERE c.account_id = a.id AND c.code = ?
    ORDER BY c.id DESC LIMIT 1) = 'given'
"""
ONE_AGREED = AGREED + "AND a.id = ?"
ALL_AGREED = AGREED + "ORDER BY a.id"


def still_agreed(one: Waiting) -> bool:
    """Asked right before sending: whether the consent is there, and the recipient the same."""
    channel, account_id = Channel(one.channel), one.account_id or 0
    found = rows(ONE_AGREED, (CODES[channel], account_id))
    if channel is Channel.MAIL:
        return bool(found) and found[0][1] == one.to
    ways = reach.by_phone if channel is Channel.SMS else reach.by_push
    return bool(found) and (channel.value, one.to) in ways(account_id)


def agreed_to_nights(one: Waiting) -> bool:
    """Mails wait for the morning by our own choice; what rings needs a consent of its own."""
    return one.channel != Channel.MAIL and bool(rows(ONE_AGREED, (NIGHT, one.account_id)))


KIND = register(
    Kind(
        "news",
        Priority.BULK,
        timedelta(days=2),
        topic=NEWS,
        wanted=still_agreed,
        channels=(Channel.PUSH, Channel.SMS, Channel.MAIL),
        advertising=True,
        at_night=agreed_to_nights,
    )
)


def agreed(channel: Channel = Channel.MAIL) -> int:
    """How many people agreed to news by a channel."""
    return len(rows(ALL_AGREED, (CODES[channel],)))


def recipients(channel: Channel, article: str, texts: dict[str, dict[str, str]]) -> list[Recipient]:
    """Everybody who agreed to news by a channel and is reached by it."""
    found = []
    for account_id, email, language in rows(ALL_AGREED, (CODES[channel],)):
        ways = reach.steps(account_id, channel, email)
        if ways[0][0] != channel:  # no consent holds for another channel
            continue
        values: dict[str, Value] = {**texts.get(language, texts["ko"])}
        values["unsubscribe"] = stop_link(account_id, NEWS)
        key = f"news:{article}:{account_id}"
        found.append(Recipient(account_id, ways[:1], language, key, values))
    return found


def news(article: str, texts: dict[str, dict[str, str]], now: datetime) -> int:
    """Queue an article as news for everybody who agreed; `texts` by language. How many are new."""
    new = 0
    for channel in CODES:
        if channel is Channel.SMS and not current_app.config["SMS_REFUSAL"]:
            continue
        to = recipients(channel, article, texts)
        new += sum(tell(KIND, to[at : at + BATCH], now) for at in range(0, len(to), BATCH))
    return new


def refuse(number: str, now: datetime) -> int:
    """End advertising by text for who has a phone: somebody called the toll-free number from it.
    How many consents that were.
    """
    ended = 0
    for account in Account.select().where(Account.phone_hash == lookup_hash(number)):
        known = consents.current(account).get(CODES[Channel.SMS])
        ended += bool(known and known.given)
        consents.withdraw(account, CODES[Channel.SMS], now, channel=consents.PHONE)
    return ended
