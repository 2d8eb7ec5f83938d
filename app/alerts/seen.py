"""Noticing what has changed in the files of outages: what is new is written down, to be told; what
was withdrawn is marked, so that messages that still wait are not sent.
"""

import platform
from datetime import datetime
from typing import NamedTuple

from app.accounts import reach
from app.alerts.told import revisions
from app.db import instant, rows, writing
from app.outages import shelf
from app.outages.record import OVER, Outage

NEWEST = """
SELECT outage, number, record, seen_on, withdrawn_at IS NOT NULL FROM outage_revisions r
WHERE number = (SELECT max(number) FROM outage_revisions WHERE outage = r.outage)
"""
SEE = """
INSERT INTO outage_revisions
    (outage, number, record, seen_at, reached, queued, told_at, seen_on)
VALUES (?, ?, ?, ?, 0, 0, ?, ?) ON CONFLICT (outage, number) DO NOTHING RETURNING number
"""
MARK = """
UPDATE outage_revisions SET withdrawn_at = ? WHERE outage = ? AND number = ? RETURNING number
"""


class Newest(NamedTuple):
    """The last revision of an outage that was seen."""

    outage: str
    number: int
    record: str
    seen_on: str
    withdrawn: bool


def see(now: datetime) -> int:
    """Write down what nobody has seen yet; how many. What is over when it is first seen is told to
    nobody.
    """
    on_shelf = shelf.of(reach.app())
    newest = {row[0]: Newest(*row) for row in rows(NEWEST)}
    fresh = [
        one
        for one in list(on_shelf.current().values())
        if one.is_published(now) and is_new(one, on_shelf.texts[one.id], newest.get(one.id))
    ]
    for id in newest.keys() - {one.id for one in fresh}:
        judge(newest[id], now)
    return sum(add(one, on_shelf.texts[one.id], newest.get(one.id), now) for one in fresh)


def machine() -> str:
    return platform.node()[:64]


def is_new(one: Outage, text: str, newest: Newest | None) -> bool:
    """Whether a file has a line that was never seen; one that is taken back is none. A checkout
    that is behind says what was seen before, and is not told again.
    """
    if newest is None or newest.record == text:
        return newest is None
    lines, known = one.updates, revisions(one.id).values()
    return not any(seen.updates[: len(lines)] == lines for seen in known)


def add(one: Outage, text: str, newest: Newest | None, now: datetime) -> int:
    """Write a revision down, to be told; 1 when nobody else did meanwhile."""
    told = instant(now) if newest is None and one.state in OVER else None
    number = newest.number + 1 if newest else 1
    with writing():
        return len(rows(SEE, (one.id, number, text, instant(now), told, machine())))


def judge(last: Newest, now: datetime) -> None:
    """Mark a revision whose file is gone or a draft again, and take the mark away when it is back
    as it was. What comes back with a new line is a new revision after a withdrawn one.
    """
    gone = is_gone(last.outage, now)
    if last.seen_on != machine() or gone == last.withdrawn:
        return
    if gone:  # or about to be replaced at this moment
        shelf.of(reach.app()).look_now()
        gone = is_gone(last.outage, now)
    if gone != last.withdrawn:
        with writing():
            rows(MARK, (instant(now) if gone else None, last.outage, last.number))


def is_gone(id: str, now: datetime) -> bool:
    one = shelf.of(reach.app()).current().get(id)
    return one is None or not one.is_published(now)
