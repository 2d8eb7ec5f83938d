"""Consents to advertising: each decision is told to who made it, and after two years a consent
ends that was not given again (정보통신망법 50).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from app.accounts import mails
from app.accounts.consents import (
    ASKED_BEFORE,
    GIVEN,
    HOLDS,
    TIME,
    WITHDRAWN,
    current,
    note,
    register,
)
from app.accounts.models import Account
from app.db import as_instant, instant, rows, writing
from app.messages.timetable import register as each

TIME_TO_ANSWER = timedelta(days=20)
"""Nobody's consent ends sooner after they were asked, however late that was."""
BATCH = 200

OLD = """
SELECT c.id, c.account_id, c.code, c.decided_at FROM consents c
WHERE c.decision = 'given' AND c.decided_at <= ? AND c.id > ? AND c.id = (
    SELECT max(x.id) FROM consents x WHERE x.account_id = c.account_id AND x.code = c.code)
ORDER BY c.id LIMIT ?
"""
TELL_WITHIN = timedelta(days=14)
UNTOLD = """
SELECT c.id, c.account_id, c.code, c.decided_at, c.decision FROM consents c
WHERE c.decided_at > ? AND c.id > ?
    AND (SELECT m.id FROM messages m WHERE m.dedupe_key = 'consent:' || c.id) IS NULL
ORDER BY c.id LIMIT ?
"""
ASKED_AT = "SELECT created_at FROM messages WHERE dedupe_key = ?"


class Old(NamedTuple):
    """A consent that holds, and was given long ago."""

    number: int
    account_id: int
    code: str
    decided_at: datetime


def old(before: datetime, after: int) -> list[Old]:
    found = rows(OLD, (instant(before), after, BATCH))
    return [Old(number, who, code, as_instant(at)) for number, who, code, at in found]


def sweep(now: datetime) -> Iterator[int]:
    """Ask the givers of old consents again, and end those who were asked and did not answer."""
    after = 0
    while found := old(now - HOLDS + ASKED_BEFORE, after):
        for one in found:
            text = register().get(one.code)
            if text and text.advertising:
                ask_or_end(one, text.title, now)
        after = found[-1].number
        yield len(found)


def ask_or_end(one: Old, titles: dict[str, str], now: datetime) -> None:
    asked = rows(ASKED_AT, (mails.renewal_key(one.number),))
    with writing():
        if not asked:
            ends_at = max(one.decided_at + HOLDS, now + TIME_TO_ANSWER)
            mails.consent_ends(one.account_id, titles, ends_at, one.number, now)
        elif one.decided_at + HOLDS <= now and as_instant(asked[0][0]) + TIME_TO_ANSWER <= now:
            end(one, now)


def end(one: Old, now: datetime) -> None:
    """End a consent, unless it was given again at this moment."""
    account: Account = Account.get_by_id(one.account_id)
    standing = current(account)[one.code]
    if standing.number == one.number and standing.given:
        note(account, one.code, standing.version, WITHDRAWN, now, TIME)


def tell(now: datetime) -> Iterator[int]:
    """Tell people what they have decided about advertising, however they did it."""
    after = 0
    while found := rows(UNTOLD, (instant(now - TELL_WITHIN), after, BATCH)):
        with writing():
            for number, account_id, code, decided_at, decision in found:
                text = register().get(code)
                if text and text.advertising:
                    at = as_instant(decided_at)
                    mails.consent_told(account_id, text.title, decision == GIVEN, number, at, now)
        after = found[-1][0]
        yield len(found)


each(timedelta(hours=6), sweep)
each(timedelta(minutes=1), tell)
