"""Who may try a password now: slower and slower for strangers, never shut for the owner (S-12).

A try is counted before the password is looked at and taken back when it was right. Counted are:

- a browser that has signed in to this account before (its cookie says so): nobody else can use up
  its tries;
- for all others the account together with the network, the account for all of them together, and
  the network, whatever the account.

After the free tries each further one waits twice as long as the last, up to a limit. Addresses
without an account are counted alike, so that a wait says nothing about them (S-11).
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from peewee import CharField, Check, CompositeKey, IntegerField

from app.db import BaseModel, InstantColumn, as_instant, instant, rows, writing
from app.limits import Door, failed, hidden

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Rule(NamedTuple):
    """So many tries are free; then waits from `first` on double up to `longest`.

    A counter is forgotten when nobody tried for `memory`.
    """

    kind: str
    free: int
    first: timedelta
    longest: timedelta
    memory: timedelta


DEVICE = Rule("device", 5, timedelta(seconds=30), timedelta(minutes=5), DAY)
PAIR = Rule("pair", 5, timedelta(minutes=1), timedelta(minutes=30), DAY)
STRANGERS = Rule("strangers", 30, timedelta(seconds=10), timedelta(minutes=15), DAY)
NETWORK = Rule("network", 50, timedelta(seconds=5), timedelta(minutes=15), HOUR)


class Tries(BaseModel):
    """A counter of wrong tries; `name` is a keyed hash. Before `free_at` nobody may try again."""

    kind = CharField(10)
    name = CharField(32)
    count = IntegerField(constraints=[Check("count >= 0")])
    free_at = InstantColumn()
    ends_at = InstantColumn(index=True)

    class Meta:
        table_name = "tries"
        primary_key = CompositeKey("kind", "name")
        without_rowid = True


class Visitor(NamedTuple):
    """Who tries: for which address, from where, and the browser's word if it is known there."""

    email: str
    network: str
    device: str

    def counters(self, key: str) -> list[tuple[Rule, str]]:
        """The counters that concern this visitor, with their hidden names."""
        strangers = [
            (PAIR, f"{self.email} {self.network}"),
            (STRANGERS, self.email),
            (NETWORK, self.network),
        ]
        known = [(DEVICE, f"{self.email} {self.device}")]
        return [
            (rule, hidden(key, rule.kind, text))
            for rule, text in (known if self.device else strangers)
        ]


COUNTED = "SELECT count, free_at, ends_at FROM tries WHERE kind = ? AND name = ?"
STORE = """
INSERT INTO tries (kind, name, count, free_at, ends_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (kind, name) DO UPDATE SET
    count = excluded.count, free_at = excluded.free_at, ends_at = excluded.ends_at
RETURNING count
"""
TAKE_BACK = """
UPDATE tries SET count = count - 1, free_at = ? WHERE kind = ? AND name = ? AND count > 0
RETURNING count
"""
RESET = "DELETE FROM tries WHERE kind = ? AND name = ? RETURNING count"


def begin(visitor: Visitor, key: str, now: datetime) -> timedelta | None:
    """Count a try; how long to wait when it may not be made now, and then it is not counted."""
    with writing():
        known = [(rule, name, state(rule, name, now)) for rule, name in visitor.counters(key)]
        waits = [free_at - now for _, _, (_, free_at) in known if free_at > now]
        if waits:
            return max(waits)
        for rule, name, (count, _) in known:
            rows(STORE, (rule.kind, name, count + 1, *times(rule, count + 1, now)))
    return None


def state(rule: Rule, name: str, now: datetime) -> tuple[int, datetime]:
    """How often was tried, and from when on may be again. A clock set back shuts nobody out."""
    found = rows(COUNTED, (rule.kind, name))
    if not found or as_instant(found[0][2]) <= now:
        return 0, now
    count, free_at = found[0][0], as_instant(found[0][1])
    waits = count >= rule.free and free_at - now <= rule.longest
    return count, free_at if waits else now


def times(rule: Rule, count: int, now: datetime) -> tuple[str, str]:
    """From when on may be tried after this try, and when the counter is forgotten."""
    over = count - rule.free
    pause = min(rule.first * 2 ** min(over, 20), rule.longest) if over >= 0 else timedelta(0)
    return instant(now + pause), instant(now + rule.memory)


def take_back(visitor: Visitor, key: str, now: datetime) -> None:
    """The try was not made after all."""
    with writing():
        for rule, name in visitor.counters(key):
            rows(TAKE_BACK, (instant(now), rule.kind, name))


def right(visitor: Visitor, key: str, now: datetime) -> None:
    """The try was right: the account's own counter begins anew, the shared ones forget this try."""
    with writing():
        for rule, name in visitor.counters(key):
            if rule in (DEVICE, PAIR):
                rows(RESET, (rule.kind, name))
            else:
                rows(TAKE_BACK, (instant(now), rule.kind, name))


def wrong(key: str, alarm: int, now: datetime) -> None:
    """Count a wrong try of anybody's, for the alarm."""
    with writing():
        failed(Door("sign in", key, alarm), now)


def forget(now: datetime) -> int:
    """Delete counters that hold no more; how many."""
    with writing():
        return Tries.delete().where(Tries.ends_at <= now).execute()
