"""Whether texts have arrived: hints that are posted to us, and what the provider says when asked.

A report may be late, double, out of order or false. So it is only noted, and the provider is asked
soon; only its answer ends a message, and an ended one never changes again.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import current_app

from app import clock, health
from app.db import as_instant, instant, rows, writing
from app.language import _
from app.messages.leases import settle
from app.messages.models import Cause, State
from app.messages.timetable import register
from app.observe import log
from app.texts import settings
from app.texts.models import HOOK, READ
from app.texts.provider import Provider, ProviderError, Report, Standing, open_provider

AT_ONCE = 50
SOON, LATEST, GIVE_UP = timedelta(minutes=5), timedelta(hours=6), timedelta(hours=72)
KEEP_STRANGE = timedelta(days=90)
READ_SECONDS = 8.0

NOTE = """
INSERT INTO message_events (key, message_id, source, code, provider_id, at)
VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING id
"""
BY_REFERENCE = "SELECT id FROM messages WHERE reference = ? AND channel = 'sms'"
BY_PROVIDER = """
SELECT id FROM messages WHERE provider_id = ? AND provider_id <> '' AND channel = 'sms'
"""
ASK_SOON = """
UPDATE messages SET run_after = ? WHERE id = ? AND run_after > ?
    AND (state = 'accepted' OR state = 'unknown') RETURNING id
"""
DUE = """
SELECT id, provider_id, created_at FROM messages
WHERE state = 'accepted' AND run_after <= ? ORDER BY run_after, id LIMIT ?
"""
LATER = "UPDATE messages SET run_after = ? WHERE id = ? AND state = 'accepted' RETURNING id"
HELD = """
SELECT problem FROM messages WHERE channel = 'sms' AND state = 'held' AND problem <> '' LIMIT 1
"""
FORGET = "DELETE FROM message_events WHERE message_id IS NULL AND at <= ? RETURNING id"


class Accepted(NamedTuple):
    """A message that the provider has."""

    id: int
    provider_id: str
    created_at: datetime


def take_hints(reports: Sequence[Report], now: datetime) -> int:
    """Keep reports that were posted to us, each once; how many are new."""
    new = 0
    with writing():
        for report in reports:
            found = rows(BY_REFERENCE, (report.reference,)) if report.reference else []
            found = found or rows(BY_PROVIDER, (report.provider_id,))
            number = found[0][0] if found else None
            if note(f"{HOOK}:{report.key}", number, HOOK, report.code, report.provider_id, now):
                new += 1
                if number is not None:
                    rows(ASK_SOON, (instant(now), number, instant(now)))
    return new


def note(
    key: str, number: int | None, source: str, code: str, provider_id: str, now: datetime
) -> bool:
    """Keep what was said; False when the same was said before."""
    return bool(rows(NOTE, (key, number, source, code, provider_id, instant(now))))


def due(now: datetime) -> list[Accepted]:
    """Messages of which the provider is to be asked."""
    return [
        Accepted(number, provider_id, as_instant(created_at))
        for number, provider_id, created_at in rows(DUE, (instant(now), AT_ONCE))
    ]


def ask_all(now: datetime) -> Iterator[int]:
    """Ask the provider of all messages that are due, some at each step."""
    if not settings.is_on(current_app.config):
        return
    found = due(now)
    if not found:
        return
    provider = open_provider(current_app.config, READ_SECONDS)
    try:
        while found:
            ask(provider, found, now)
            yield len(found)
            found = due(now)
    except ProviderError as error:
        log.error("texts: the provider cannot be asked", extra={"fields": {"problem": str(error)}})
    finally:
        provider.close()


def ask(provider: Provider, some: Sequence[Accepted], now: datetime) -> None:
    """Ask of some messages, and write down the answers. Raises ProviderError."""
    try:
        found = provider.read([one.provider_id for one in some], clock.now())
    except ProviderError:
        for one in some:
            postpone(one, now + SOON)
        raise
    for one in some:
        learn(one, found.get(one.provider_id), now)


def learn(one: Accepted, standing: Standing | None, now: datetime) -> None:
    """What the provider says of a message becomes its end, or it is asked again later."""
    with writing():
        if standing:
            key = f"{READ}:{one.provider_id}:{standing.code}"
            note(key, one.id, READ, standing.code, one.provider_id, now)
        age = now - one.created_at
        if standing and standing.state:
            problem = "" if standing.state is State.DELIVERED else standing.code
            settle(one.id, standing.state, problem, standing.cause, now)
        elif age >= GIVE_UP:
            settle(one.id, State.FAILED, "no report", Cause.TEMPORARY, now)
        else:
            postpone(one, now + min(max(age, SOON), LATEST))


def postpone(one: Accepted, at: datetime) -> None:
    with writing():
        rows(LATER, (instant(at), one.id))


def watch_balance(now: datetime) -> None:
    """An error in the log while there is little money in our account."""
    config = current_app.config
    if not settings.is_on(config):
        return
    provider = open_provider(config, READ_SECONDS)
    try:
        left = provider.balance(clock.now())
    except ProviderError as error:
        log.error("texts: the provider cannot be asked", extra={"fields": {"problem": str(error)}})
        return
    finally:
        provider.close()
    if left < int(config["SMS_LOW_BALANCE"]):
        log.error("texts: little money is left", extra={"fields": {"won": left}})


def forget(now: datetime) -> None:
    """Delete what was said of messages that were none of ours."""
    with writing():
        rows(FORGET, (instant(now - KEEP_STRANGE),))


def held(now: datetime) -> str | None:
    """Why texts are held that could be sent by day: an operator has something to mend."""
    found = rows(HELD)
    return _("문자를 보내지 못하고 있습니다: %(problem)s", problem=found[0][0]) if found else None


health.register("texts", held)
register(timedelta(seconds=2), ask_all, lane="texts")
register(timedelta(minutes=15), watch_balance, lane="texts")
register(timedelta(hours=6), forget)
