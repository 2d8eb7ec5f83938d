"""Taking a message to send it, and writing down what became of it; both compare before they set.

A worker that takes a message leases it: until `run_after` it belongs to whoever knows the lease's
random word. When a lease ends without a result, nobody knows whether the message was sent: it is
tried again, under the same Message-ID, and noted as perhaps sent twice.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from app import masks, references
from app.db import as_instant, instant, is_postgres, rows, writing
from app.messages.kinds import Priority, Values, Waiting
from app.messages.models import Channel, State
from app.sealed import SealBrokenError, opened, seal

NO_ANSWER = "no answer"
"""The mail server was given the message whole and did not say that it has it."""
INTERRUPTED = "interrupted"
"""The worker ended, or lost its database, while it had the message."""
LONGEST_LEASE = timedelta(minutes=10)
CODE_LIFETIME = timedelta(minutes=5)
"""What holds no longer than this is a code; a person at a page waits for it."""
KEEP = timedelta(days=90)
"""So long after its end a message's recipient and values are kept, unless they are urgent ones."""

DUE = """
SELECT 1 FROM messages WHERE channel = ? AND priority = ?
    AND (state = 'created' OR state = 'sending') AND run_after <= ? LIMIT 1
"""
OLDEST = """
SELECT id FROM messages WHERE channel = ? AND priority = ?
    AND (state = 'created' OR state = 'sending') AND run_after <= ?
ORDER BY run_after, id LIMIT 1
"""
TAKE = """
UPDATE messages SET state = 'sending', lease = ?, run_after = ?, attempts = attempts + 1,
    problem = CASE WHEN state = 'sending' AND problem <> 'no answer' THEN 'interrupted'
        ELSE problem END
WHERE id = ? AND (state = 'created' OR state = 'sending') AND run_after <= ?
RETURNING id, reference, kind, language, recipient, content, attempts, created_at, expires_at,
    problem, priority, lease, account_id
"""
FINISH = """
UPDATE messages SET state = ?, problem = ?, finished_at = ?, lease = '',
    content = COALESCE(?, content), recipient = COALESCE(?, recipient)
WHERE id = ? AND state = 'sending' AND lease = ? RETURNING id
"""
GIVE_BACK = """
UPDATE messages SET state = 'created', problem = ?, run_after = ?, lease = '',
    attempts = attempts - ?
WHERE id = ? AND state = 'sending' AND lease = ? RETURNING id
"""
NOTE = "UPDATE messages SET problem = ? WHERE id = ? AND state = 'sending' AND lease = ?"


class Taken(NamedTuple):
    """A leased message. Recipient and content are still sealed."""

    id: int
    reference: str
    kind: str
    language: str
    recipient: str
    content: str
    attempts: int
    created_at: datetime
    expires_at: datetime
    problem: str
    priority: int
    lease: str
    account_id: int | None

    @property
    def is_code(self) -> bool:
        return self.expires_at - self.created_at <= CODE_LIFETIME

    def to(self) -> str:
        return opened(self.recipient)

    def values(self) -> Values:
        found: Values = json.loads(opened(self.content))
        return found

    def waiting(self, now: datetime) -> Waiting:
        return Waiting(self.values(), self.to(), self.account_id, now)

    def is_spent(self, state: State) -> bool:
        """Whether nobody needs any more what it said: a failed one may be sent after all, and an
        expired link too when only the clock was wrong.
        """
        if self.priority != Priority.URGENT or state is State.FAILED:
            return False
        return state is not State.EXPIRED or self.is_code


def shown(recipient: str) -> str:
    """A recipient, or nothing when it cannot be opened any more."""
    try:
        return opened(recipient)
    except SealBrokenError:
        return ""


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
    if not found:
        return None
    row = list(found[0])
    row[7], row[8] = as_instant(row[7]), as_instant(row[8])
    return Taken(*row)


def finish(message: Taken, state: State, problem: str, now: datetime) -> bool:
    """Write down a final state; False when the lease was lost to somebody else."""
    kept: tuple[str | None, str | None] = None, None
    if message.is_spent(state):
        kept = "", seal(masks.email(shown(message.recipient)))
    values = (state.value, problem[:200], instant(now), *kept, message.id, message.lease)
    with writing():
        return bool(rows(FINISH, values))


def give_back(message: Taken, problem: str, at: datetime, counts: bool = True) -> bool:
    """It is to be tried again at a moment; a try that does not count is taken back."""
    back = 0 if counts else 1
    values = (problem[:200], instant(at), back, message.id, message.lease)
    with writing():
        return bool(rows(GIVE_BACK, values))


def note(message: Taken, problem: str) -> None:
    """Say what happened to a message whose lease goes on."""
    with writing():
        rows(f"{NOTE} RETURNING id", (problem[:200], message.id, message.lease))
