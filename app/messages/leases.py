"""Taking a message to send it, and writing down what became of it; both compare before they set.

A worker that takes a message leases it: until `run_after` it belongs to whoever knows the lease's
random word. When a lease ends without a result, nobody knows whether the message was sent: where
the provider can be asked, it is asked; else it is tried again, under the same Message-ID, and noted
as perhaps sent twice.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app import masks, references
from app.db import as_instant, instant, is_postgres, rows, writing
from app.messages.kinds import Priority
from app.messages.models import Cause, Channel, State
from app.messages.outbox import follow
from app.messages.taken import INTERRUPTED, NO_ANSWER, Taken, shown
from app.sealed import seal

LONGEST_LEASE = timedelta(minutes=10)
KEEP = timedelta(days=90)
"""So long after its end a message's recipient and values are kept, unless they are urgent ones."""

DUE = """
SELECT 1 FROM messages WHERE channel = ? AND priority = ?
    AND (state = 'created' OR state = 'held' OR state = 'sending' OR state = 'unknown')
    AND run_after <= ? LIMIT 1
"""
OLDEST = """
SELECT id FROM messages WHERE channel = ? AND priority = ?
    AND (state = 'created' OR state = 'held' OR state = 'sending' OR state = 'unknown')
    AND run_after <= ? ORDER BY run_after, id LIMIT 1
"""
TAKE = """
UPDATE messages SET state = 'sending', lease = ?, run_after = ?, attempts = attempts + 1,
    problem = CASE WHEN state = 'sending' AND problem <> 'no answer' THEN 'interrupted'
        ELSE problem END
WHERE id = ? AND (state = 'created' OR state = 'held' OR state = 'sending' OR state = 'unknown')
    AND run_after <= ?
RETURNING id, reference, kind, channel, language, recipient, content, attempts, created_at,
    expires_at, problem, priority, lease, account_id, otherwise, provider_id
"""
FINISH = """
UPDATE messages SET state = ?, problem = ?, cause = ?, finished_at = ?, lease = '',
    content = COALESCE(?, content), recipient = COALESCE(?, recipient),
    otherwise = COALESCE(?, otherwise)
WHERE id = ? AND state = 'sending' AND lease = ? RETURNING id
"""
GIVE_BACK = """
UPDATE messages SET state = ?, problem = ?, run_after = ?, lease = '', attempts = attempts - ?
WHERE id = ? AND state = 'sending' AND lease = ? RETURNING id
"""
ACCEPT = """
UPDATE messages SET state = 'accepted', problem = '', provider_id = ?, run_after = ?, lease = '',
    content = COALESCE(?, content), recipient = COALESCE(?, recipient),
    otherwise = COALESCE(?, otherwise)
WHERE id = ? AND state = 'sending' AND lease = ? RETURNING id
"""
NOTE = "UPDATE messages SET problem = ? WHERE id = ? AND state = 'sending' AND lease = ?"
SETTLE = """
UPDATE messages SET state = ?, problem = ?, cause = ?, finished_at = ?
WHERE id = ? AND state = 'accepted'
RETURNING id, reference, kind, channel, language, recipient, content, attempts, created_at,
    expires_at, problem, priority, lease, account_id, otherwise, provider_id
"""
FORGET = """
UPDATE messages SET content = ?, recipient = ?, otherwise = ? WHERE id = ? RETURNING id
"""


def take(
    priorities: Sequence[Priority], now: datetime, lease: timedelta, channel: str = Channel.MAIL
) -> Taken | None:
    """Lease the message that is due first, of the first of the priorities that has any."""
    moment = instant(now)
    for priority in priorities:
        place = (Channel(channel).value, priority.value, moment)
        if rows(DUE, place) and (found := take_oldest(place, now, lease)):
            return found
    return None


def take_oldest(place: tuple[str, int, str], now: datetime, lease: timedelta) -> Taken | None:
    word = references.new(20)
    with writing():
        oldest = rows(f"{OLDEST} FOR UPDATE SKIP LOCKED" if is_postgres() else OLDEST, place)
        if not oldest:
            return None
        found = rows(TAKE, (word, instant(now + lease), oldest[0][0], instant(now)))
    return as_taken(found[0]) if found else None


def as_taken(row: Sequence[object]) -> Taken:
    """The columns of a message, in their order."""
    found = Taken._make(row)
    times = as_instant(found.created_at), as_instant(found.expires_at)
    return found._replace(created_at=times[0], expires_at=times[1])


def kept(message: Taken, state: State) -> tuple[str | None, str | None, str | None]:
    """What replaces content, recipient and steps in a state: None leaves them as they are."""
    if not message.is_spent(state):
        return None, None, None
    return "", seal(masked(message.channel, shown(message.recipient))), ""


def masked(channel: str, recipient: str) -> str:
    """A recipient as people may see it."""
    if not recipient or channel == Channel.PUSH:
        return ""
    masks_ = {Channel.MAIL: masks.email, Channel.SMS: masks.phone}
    return masks_.get(Channel(channel), masks.address)(recipient)


def finish(
    message: Taken, state: State, problem: str, now: datetime, cause: Cause = Cause.TECHNICAL
) -> bool:
    """Write down a final state; False when the lease was lost to somebody else. What has failed,
    so that it did surely not arrive, goes on to its next step.
    """
    failed = state is State.FAILED
    why = cause if failed else Cause.NONE
    values = (state.value, problem[:200], why.value, instant(now), *kept(message, state))
    with writing():
        written = bool(rows(FINISH, (*values, message.id, message.lease)))
        if written and failed and problem not in (NO_ANSWER, INTERRUPTED):
            follow(message, now)
    return written


def accept(message: Taken, provider_id: str, ask_at: datetime) -> bool:
    """A provider has it, and is asked later whether it arrived."""
    values = (provider_id[:64], instant(ask_at), *kept(message, State.ACCEPTED))
    with writing():
        return bool(rows(ACCEPT, (*values, message.id, message.lease)))


def settle(number: int, state: State, problem: str, cause: Cause, now: datetime) -> bool:
    """Write down how an accepted message has ended; False when that was written down before."""
    values = (state.value, problem[:200], cause.value, instant(now), number)
    with writing():
        found = [as_taken(row) for row in rows(SETTLE, values)]
        for message in found:
            if state is State.FAILED:
                follow(message, now)
            if message.content and message.is_spent(state):
                rows(FORGET, (*kept(message, state), number))
    return bool(found)


def give_back(
    message: Taken,
    problem: str,
    at: datetime,
    counts: bool = True,
    state: State = State.CREATED,
) -> bool:
    """It is to be tried again at a moment; a try that does not count is taken back."""
    back = 0 if counts else 1
    values = (state.value, problem[:200], instant(at), back, message.id, message.lease)
    with writing():
        return bool(rows(GIVE_BACK, values))


def note(message: Taken, problem: str) -> None:
    """Say what happened to a message whose lease goes on."""
    with writing():
        rows(f"{NOTE} RETURNING id", (problem[:200], message.id, message.lease))
