"""Showing that a phone is one's own: six digits are sent to it, and typed within five minutes.

Whoever asks learns nothing of a number: the same is said, and the same is done, for any.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from app.accounts.models import Account
from app.accounts.tokens import Code
from app.db import database, writing
from app.limits import DAY, HOUR, may
from app.mobile import notices
from app.sealed import lookup_hash
from app.texts import spending

PURPOSE = "phone"
PER_ACCOUNT, PER_SOURCE = 5, 10
PER_PHONE, PER_PHONE_DAY = 5, 10
"""Codes in an hour, and in a day."""
GUESSES_DAY = 30
"""Codes that are typed for a phone in a day, whoever types them."""


class Asking(NamedTuple):
    """Who wants to verify a phone, from which browser and source."""

    account: Account
    browser: str
    source: str


class Sent(Enum):
    """What is said of a code. Of too many for one phone nothing is said: it may be another's."""

    SENT = "sent"
    WAIT = "wait"
    """Too many from this account or this source within the hour."""
    NOT_NOW = "not now"
    """Text messages have cost too much within the hour."""


def subject(asking: Asking, number: str) -> str:
    """What a code is good for."""
    return f"{asking.account.id} {number}"


def send(asking: Asking, number: str, config: Mapping[str, Any], now: datetime) -> Sent:
    """Send a code, unless that would be too many."""
    key, who = str(config["SECRET_KEY"]), str(asking.account.id)
    if Code.is_fresh(PURPOSE, asking.browser, now, subject(asking, number)):
        return Sent.SENT
    if spending.is_used_up(config, now):
        return Sent.NOT_NOW
    few = may("phone code", key, who, PER_ACCOUNT, now, HOUR)
    if not few or not may("phone code from", key, asking.source, PER_SOURCE, now, HOUR):
        return Sent.WAIT
    hourly = may("phone code to", key, number, PER_PHONE, now, HOUR)
    daily = may("phone code day", key, number, PER_PHONE_DAY, now, DAY)
    with writing():
        Code.end_for(PURPOSE, subject(asking, number))
        sent = hourly and daily
        made_with = key if sent else secrets.token_hex()  # not sent: nobody can guess it
        code = Code.make(PURPOSE, asking.browser, subject(asking, number), made_with, now)
        with database.atomic() as sending:
            language = asking.account.language
            notices.send_code(asking.account.id, number, code, language, now)
            if not sent:
                sending.rollback()
    return Sent.SENT


def confirm(
    asking: Asking, number: str, code: str, config: Mapping[str, Any], now: datetime
) -> bool:
    """The phone is the account's when the code is right. One phone has one account: numbers are
    given to other people, and those must not get the bills of who had it before.
    """
    about, key = subject(asking, number), str(config["SECRET_KEY"])
    if not may("phone guess", key, number, GUESSES_DAY, now, DAY):
        return False
    if not Code.spend(PURPOSE, asking.browser, about, key, code, now):
        return False
    mine = (Account.id == asking.account.id) & Account.disabled_at.is_null()
    same = (Account.phone_hash == lookup_hash(number)) & Account.phone_verified_at.is_null(False)
    with writing():
        if not Account.select().where(mine).exists():  # closed meanwhile
            return False
        others = list(Account.select().where(same & ~mine))
        for other in others:
            Account.update(phone_verified_at=None).where(Account.id == other.id).execute()
            notices.taken(other, number, now)
        Account.update(**Account.with_phone(number, now)).where(mine).execute()
        notices.verified(Account.get(mine), number, now)
    return True


def release(account: Account) -> None:
    """Send the account no text messages any more."""
    with writing():
        Account.update(phone_verified_at=None).where(Account.id == account.id).execute()
