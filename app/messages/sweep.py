"""What the worker does every so often: forget what is not needed, undo what a wrong clock did."""

from datetime import datetime, timedelta
from itertools import product

from app import destructions
from app.db import instant, rows, writing
from app.messages.kinds import Priority
from app.messages.leases import KEEP, LONGEST_LEASE, masked
from app.messages.models import Channel
from app.messages.night import morning
from app.messages.taken import shown
from app.messages.timetable import register
from app.sealed import seal

BATCH = 500
GRACE = timedelta(hours=1)
"""An expired link is kept a little longer: perhaps it was only the clock that said so."""
LOST_TIME = LONGEST_LEASE + timedelta(minutes=5)
"""A waiting message further ahead than this was put there by a clock that was wrong."""

ERASE = """
UPDATE messages SET content = '', recipient = '', otherwise = '' WHERE id IN
    (SELECT id FROM messages WHERE content <> '' AND finished_at <= ? ORDER BY finished_at LIMIT ?)
RETURNING id
"""
ERASING = "finished_at 90d: content, recipient, otherwise"
"""The rule of the register that this carries out sooner."""
SPENT = """
SELECT id, channel, recipient FROM messages
WHERE content <> '' AND finished_at <= ? AND priority = 0 AND expires_at <= ?
    AND (state = 'failed' OR state = 'expired') LIMIT ?
"""
FORGET = """
UPDATE messages SET content = '', recipient = ?, otherwise = ''
WHERE id = ? AND (state = 'failed' OR state = 'expired') RETURNING id
"""
UNPRINTED = """
UPDATE messages SET state = 'expired', finished_at = ?, lease = ''
WHERE channel = ? AND run_after <= ? AND expires_at <= ?
    AND (state = 'created' OR state = 'held' OR state = 'sending' OR state = 'unknown')
RETURNING id
"""
LEFT = {
    Channel.LETTER: timedelta(0),
    Channel.SMS: timedelta(days=4),
    Channel.PUSH: timedelta(days=1),
}
"""So long after it has expired nobody can come who would end it: nobody prints letters, or the lane
of the channel was switched off.
"""
WAKE = """
UPDATE messages SET run_after = ? WHERE channel = ? AND priority = ? AND run_after > ?
    AND (state = 'created' OR state = 'held' OR state = 'sending' OR state = 'unknown')
RETURNING id
"""
AWAKE = (Channel.MAIL, Channel.SMS, Channel.PUSH)
WAKE_ACCEPTED = """
UPDATE messages SET run_after = ? WHERE state = 'accepted' AND run_after > ? RETURNING id
"""
FAR = timedelta(hours=7)
"""Further ahead than this no provider is to be asked of a message that it has."""
REVIVE = """
UPDATE messages SET state = 'created', run_after = ?, finished_at = NULL
WHERE state = 'expired' AND content <> '' AND finished_at > ? AND expires_at > ? RETURNING id
"""


def erase(now: datetime) -> None:
    """Forget what finished messages said and to whom, after a time."""
    expire_left(now)
    forget_links(now)
    while True:
        with writing():
            erased = len(rows(ERASE, (instant(now - KEEP), BATCH)))
            destructions.note(
                "messages", "finished_at 90d: content, recipient, otherwise", erased, now
            )
        if erased < BATCH:
            return


def expire_left(now: datetime) -> None:
    """What nobody has printed or sent in its time: nothing else would end it."""
    moment = instant(now)
    with writing():
        for channel, grace in LEFT.items():
            rows(UNPRINTED, (moment, channel.value, moment, instant(now - grace)))


def forget_links(now: datetime) -> None:
    """Forget codes and links that failed or came too late, once nobody can resend them."""
    while True:
        found = rows(SPENT, (instant(now - GRACE), instant(now), BATCH))
        hidden = [
            (seal(masked(channel, shown(recipient))), number)
            for number, channel, recipient in found
        ]
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
        for channel, priority in product(AWAKE, Priority):
            limit = late if priority is Priority.URGENT else rested
            rows(WAKE, (moment, channel.value, priority.value, limit))
        rows(WAKE_ACCEPTED, (moment, instant(now + FAR)))
        rows(REVIVE, (moment, moment, moment))


register(timedelta(hours=1), erase)
register(timedelta(minutes=1), wake)
