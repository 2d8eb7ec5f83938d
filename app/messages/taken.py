"""A message that a worker has leased."""

import json
from datetime import datetime
from typing import NamedTuple

from app.messages.channels import Envelope
from app.messages.kinds import CODE_LIFETIME, Kind, Priority, Values, Waiting
from app.messages.models import State
from app.sealed import SealBrokenError, opened

NO_ANSWER = "no answer"
"""A server was given the message whole and did not say that it has it."""
INTERRUPTED = "interrupted"
"""The worker ended, or lost its database, while it had the message."""


class Taken(NamedTuple):
    """A leased message. Recipient and content are still sealed."""

    id: int
    reference: str
    kind: str
    channel: str
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
    otherwise: str
    provider_id: str

    @property
    def is_code(self) -> bool:
        return self.expires_at - self.created_at <= CODE_LIFETIME

    @property
    def is_unsettled(self) -> bool:
        """Whether nobody knows what became of an earlier try."""
        return self.problem in (NO_ANSWER, INTERRUPTED)

    def to(self) -> str:
        return opened(self.recipient)

    def values(self) -> Values:
        found: Values = json.loads(opened(self.content))
        return found

    def waiting(self, now: datetime) -> Waiting:
        return Waiting(self.values(), self.to(), self.account_id, now, self.channel)

    def envelope(self, kind: Kind, one: Waiting) -> Envelope:
        name, times = self.reference, (self.created_at, self.expires_at)
        return Envelope(name, kind, self.language, one, *times, self.provider_id)

    def is_spent(self, state: State) -> bool:
        """Whether nobody needs any more what it said: a failed one may be sent after all, and an
        expired link too when only the clock was wrong.
        """
        if self.priority != Priority.URGENT or state is State.FAILED:
            return False
        if state is State.ACCEPTED:
            return not self.otherwise
        return state is not State.EXPIRED or self.is_code


def shown(recipient: str) -> str:
    """A recipient, or nothing when it cannot be opened any more."""
    try:
        return opened(recipient)
    except SealBrokenError:
        return ""
