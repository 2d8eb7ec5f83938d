"""Calls that move money are written down before they are made, and their answer after (C-8)."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from app.db import as_instant, instant, rows
from app.payments.gateway import Answer, Declined, Done, Missing, Ours
from app.payments.records import Answered

LIVES = timedelta(hours=24)
"""After so long a call is not made again: the gateway forgets its key after 15 days, and what was
meant a day ago may not be what is meant now. A person decides.
"""

ADD = """
INSERT INTO outbound_calls (operation_key, request_digest, state, tries, first_at, last_at, answer)
VALUES (?, ?, 'intent', 1, ?, ?, '')
ON CONFLICT (operation_key) DO UPDATE SET tries = outbound_calls.tries + 1, last_at = ?
RETURNING first_at, request_digest
"""
NOTE = "UPDATE outbound_calls SET state = ?, answer = ?, last_at = ? WHERE operation_key = ?"


class StaleCallError(Exception):
    """The call was first meant too long ago to be made by a program."""


def intend(key: str, now: datetime, **request: Any) -> None:
    """Write down that a call is about to be made, in the caller's transaction.

    Raises StaleCallError, and ValueError when the key was used for another request.
    """
    text = json.dumps(request, sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()
    moment = instant(now)
    first_at, before = rows(ADD, (key, digest, moment, moment, moment))[0]
    if before != digest:
        raise ValueError(f"{key} was another request")
    if now - as_instant(first_at) > LIVES:
        raise StaleCallError(key)


def answered(key: str, answer: Answer, now: datetime) -> None:
    """Write down what came of it, in the caller's transaction."""
    state, text = Answered.UNKNOWN, ""
    if isinstance(answer, Done):
        state = Answered.DONE
    elif isinstance(answer, Declined):
        state, text = Answered.DECLINED, answer.code
    elif isinstance(answer, Ours):
        state, text = Answered.OURS, answer.code
    elif isinstance(answer, Missing):
        state, text = Answered.MISSING, answer.code
    else:
        text = answer.why
    rows(f"{NOTE} RETURNING id", (state.value, text[:80], instant(now), key))
