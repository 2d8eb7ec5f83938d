"""How often something was tried and failed: counters that all workers share and a restart keeps."""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple, TypeVar

from peewee import CharField, Check, CompositeKey, IntegerField

from app import clock
from app.db import BaseModel, InstantColumn, instant, rows, writing
from app.observe import log

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PER_SOURCE, PER_SUBJECT = 20, 5
ALL = "all"
PORT = re.compile(r"\[(.*)\](?::\d+)?|([^:]*):\d+")
Found = TypeVar("Found")


class Limit(BaseModel):
    """A counter until a moment. `name` is a keyed hash of who or what is counted, or `all`."""

    kind = CharField(20)
    name = CharField(32)
    ends_at = InstantColumn()
    count = IntegerField(constraints=[Check("count >= 0")])

    class Meta:
        table_name = "limits"
        primary_key = CompositeKey("kind", "name", "ends_at")
        without_rowid = True


class Refusal(Enum):
    NO_MATCH = "no match"
    MORE_PROOF = "more proof"
    """Too many failures for this subject today; the right answer counts no more either."""
    WAIT = "wait"
    """Too many failures from this source within the hour."""


class Door(NamedTuple):
    """A question that takes two secrets: its kind, the key that hides names, the alarm's height."""

    kind: str
    key: str
    alarm: int


class Try(NamedTuple):
    """One try: what it is about (a customer number), where it came from, and when."""

    subject: str
    source: str
    now: datetime


def window_end(now: datetime, span: timedelta) -> datetime:
    """The next full hour or midnight in Seoul."""
    local = now.astimezone(clock.SEOUL)
    begun = local.replace(minute=0, second=0, microsecond=0)
    return (begun.replace(hour=0) if span == DAY else begun) + span


def hidden(key: str, kind: str, text: str) -> str:
    """What the database knows of a name: nothing that could be tried out without the key."""
    found = hmac.digest(key.encode(), f"{kind} {text}".encode(), hashlib.sha256)
    return found.hex()[:32]


def network(address: str | None) -> str:
    """A visitor's address; of IPv6 the half that one household has to itself.

    Some proxies add the port: `192.0.2.1:5000`, `[2001:db8::1]:5000`.
    """
    given = PORT.fullmatch(address or "")
    try:
        found = ip_address((given[1] or given[2]) if given else address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or int(found) >> 64)
    return str(found)


ADD = """
INSERT INTO limits (kind, name, ends_at, count) VALUES (?, ?, ?, ?)
ON CONFLICT (kind, name, ends_at) DO UPDATE SET count = limits.count + excluded.count
RETURNING count
"""
TAKE_BACK = """
UPDATE limits SET count = count - ? WHERE kind = ? AND name = ? AND ends_at = ? RETURNING count
"""
COUNTED = "SELECT count FROM limits WHERE kind = ? AND name = ? AND ends_at = ?"
FORGET = "DELETE FROM limits WHERE kind = ? AND ends_at <= ? RETURNING count"


def add(kind: str, name: str, ends_at: datetime, many: int = 1) -> int:
    """Count one more, or many; how many there are now. Only within a write transaction."""
    return int(rows(ADD, (kind, name, instant(ends_at), many))[0][0])


def take_back(kind: str, name: str, ends_at: datetime, many: int = 1) -> None:
    """It was no failure after all."""
    rows(TAKE_BACK, (many, kind, name, instant(ends_at)))


def counted(kind: str, name: str, ends_at: datetime) -> int:
    """How many there are, without one more."""
    found = rows(COUNTED, (kind, name, instant(ends_at)))
    return int(found[0][0]) if found else 0


def failed(door: Door, now: datetime) -> None:
    """Count a failure of anybody's; at the alarm's height somebody should look (spread attack)."""
    count = add(door.kind, ALL, window_end(now, HOUR))
    if count == 1:
        rows(FORGET, (door.kind, instant(now)))
    if count == door.alarm:
        log.error("many failures", extra={"fields": {"door": door.kind, "failures": count}})


def ask(door: Door, attempt: Try, question: Callable[[], Found | None]) -> Found | Refusal:
    """The answer to a question, or why there is none.

    A try is counted before it is answered, so tries at the same time do not slip through, and the
    question is asked in every case, so each refusal costs the same. Without its counters there is
    no answer: what goes wrong here is raised.
    """
    day, hour = window_end(attempt.now, DAY), window_end(attempt.now, HOUR)
    source = hidden(door.key, f"{door.kind} source", attempt.source)
    subject = hidden(door.key, f"{door.kind} subject", attempt.subject)
    with writing():
        if add(door.kind, source, hour) > PER_SOURCE:
            return Refusal.WAIT
        tries = add(door.kind, subject, day)
        found = question()
        if found is not None and tries <= PER_SUBJECT:
            take_back(door.kind, source, hour)
            take_back(door.kind, subject, day)
            return found
        failed(door, attempt.now)
    return Refusal.NO_MATCH if tries <= PER_SUBJECT else Refusal.MORE_PROOF


def forget(now: datetime) -> int:
    """Delete the counters of times that are over; how many."""
    with writing():
        return Limit.delete().where(Limit.ends_at <= now).execute()


def may(kind: str, key: str, name: str, most: int, now: datetime, span: timedelta = HOUR) -> bool:
    """Count one more of what somebody may have so often in a span; whether it is still few."""
    with writing():
        count = add(kind, hidden(key, kind, name), window_end(now, span))
        if count == 1:
            rows(FORGET, (kind, instant(now)))
    return count <= most
