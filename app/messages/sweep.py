"""What the worker does every so often: forget what is not needed, undo what a wrong clock did."""

from datetime import datetime, timedelta

from app import destructions, masks
from app.db import instant, rows, writing
from app.messages.kinds import Priority
from app.messages.leases import KEEP, LONGEST_LEASE, shown
from app.messages.night import morning
from app.messages.timetable import register
from app.sealed import seal

BATCH = 500
GRACE = timedelta(hours=1)
"""An expired link is kept a little longer: perhaps it was only the clock that said so."""
LOST_TIME = LONGEST_LEASE + timedelta(minutes=5)
"""A waiting message further ahead than this was put there by a clock that was wrong."""

ERASE = """
UPDATE messages SET content = '', recipient = '' WHERE id IN
    (SELECT id FROM messages WHERE content <> '' AND finished_at <= ? ORDER BY finished_at LIMIT ?)
RETURNING id
"""
SPENT = """
SELECT id, recipient FROM messages WHERE content <> '' AND finished_at <= ? AND priority = 0
    AND expires_at <= ? AND (state = 'failed' OR state = 'expired') LIMIT ?
"""
FORGET = """
UPDATE messages SET content = '', recipient = ?
WHERE id = ? AND (state = 'failed' OR state = 'expired') RETURNING id
"""
UNPRINTED = """
UPDATE messages SET state = 'expired', finished_at = ?, lease = ''
WHERE channel = 'letter' AND (state = 'created' OR state = 'sending') AND run_after <= ?
    AND expires_at <= ? RETURNING id
"""
WAKE = """
UPDATE messages SET run_after = ? WHERE channel = 'mail' AND priority = ?
    AND (state = 'created' OR state = 'sending') AND run_after > ? RETURNING id
"""
REVIVE = """
UPDATE messages SET state = 'created', run_after = ?, finished_at = NULL
WHERE state = 'expired' AND content <> '' AND finished_at > ? AND expires_at > ? RETURNING id
"""


def erase(now: datetime) -> None:
    """Forget what finished messages said and to whom, after a time."""
    expire_letters(now)
    forget_links(now)
    while True:
        with writing():
            erased = len(rows(ERASE, (instant(now - KEEP), BATCH)))
            destructions.note("messages", "finished_at 90d: content, recipient", erased, now)
        if erased < BATCH:
            return


def expire_letters(now: datetime) -> None:
    """Letters that nobody has printed in their time: nothing else would end them."""
    moment = instant(now)
    with writing():
        rows(UNPRINTED, (moment, moment, moment))


def forget_links(now: datetime) -> None:
    """Forget codes and links that failed or came too late, once nobody can resend them."""
    while True:
        found = rows(SPENT, (instant(now - GRACE), instant(now), BATCH))
        hidden = [(seal(masks.email(shown(recipient))), number) for number, recipient in found]
        with writing():
            for one in hidden:
                rows(FORGET, one)
            destructions.note("messages", "links that are over", len(hidden), now)
        if len(found) < BATCH:
            return


def wake(now: datetime) -> None:
    """Bring back what a clock that was wrong has put off to a far day, or has ended."""
    moment, late = instant(now), instant(now + LOST_TIME)
    rested = instant((morning(now) or now) + LOST_TIME)
    with writing():
        for priority in Priority:
            limit = late if priority is Priority.URGENT else rested
            rows(WAKE, (moment, priority.value, limit))
        rows(REVIVE, (moment, moment, moment))


register(timedelta(hours=1), erase)
register(timedelta(minutes=1), wake)
