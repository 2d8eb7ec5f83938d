"""Queueing: a message becomes a row in the transaction of what it tells, or not at all."""

import json
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta

from app import references
from app.db import database, instant, rows
from app.messages.kinds import Kind, Priority
from app.messages.models import Channel, State
from app.sealed import seal

REFERENCE = 16
HEAD_START = timedelta(minutes=10)
"""A message is due since before it was queued, so that no worker whose clock is behind waits."""
Value = str | int

ADD = """
INSERT INTO messages (reference, kind, channel, language, recipient, content, dedupe_key,
    account_id, priority, state, attempts, run_after, lease, created_at, expires_at, problem)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, '', ?, ?, '')
ON CONFLICT (dedupe_key) DO NOTHING RETURNING id
"""


def queue(
    kind: Kind,
    *,
    to: str,
    values: Mapping[str, Value],
    key: str,
    language: str,
    now: datetime,
    account_id: int | None = None,
    channel: str = Channel.MAIL,
) -> bool:
    """Queue a message in the caller's transaction; False when `key` was there already.

    `to` is a mail address, or a postal address for a letter. Raises ValueError for control
    characters in it or in a value: a line break in a name could add a header to a mail (S-34).
    """
    if not database.in_transaction():
        raise RuntimeError("A message is queued in the transaction of what it tells about.")
    for text in (to, key, *map(str, values.values())):
        refuse_controls(text)
    if not to or not 0 < len(key) <= 160:
        raise ValueError("A message needs a recipient, and a key of at most 160 signs.")
    row = (
        references.new(REFERENCE),
        kind.name,
        Channel(channel).value,
        language,
        seal(to),
        seal(json.dumps(dict(values), ensure_ascii=False)),
        key,
        account_id,
        Priority(kind.priority).value,
        State.CREATED.value,
        instant(now - HEAD_START),
        instant(now),
        instant(now + kind.lifetime),
    )
    return bool(rows(ADD, row))


def refuse_controls(text: str) -> None:
    """Raise ValueError for line breaks, NUL and other control characters."""
    if any(unicodedata.category(sign) in ("Cc", "Zl", "Zp") for sign in text):
        raise ValueError("A control character in a message's recipient, key or value.")
