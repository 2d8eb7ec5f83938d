"""Queueing: a message becomes a row in the transaction of what it tells, or not at all.

A message may name channels that follow when its own fails for good; they are queued then, once.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from app import references
from app.db import database, instant, rows
from app.messages import kinds
from app.messages.kinds import Kind, Priority
from app.messages.models import Channel, State
from app.messages.taken import Taken
from app.sealed import opened, seal

REFERENCE = 16
LONGEST_KEY = 150
HEAD_START = timedelta(minutes=10)
"""A message is due since before it was queued, so that no worker whose clock is behind waits."""
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""All that Unicode has of the categories Cc, Zl and Zp."""
Value = str | int
Step = tuple[str, str]
"""A channel and the recipient on it: a mail address, a postal address, a stored phone number, or
the account's number for its devices.
"""

ADD = """
INSERT INTO messages (reference, kind, channel, language, recipient, content, dedupe_key,
    account_id, priority, state, attempts, run_after, lease, created_at, expires_at, problem,
    otherwise)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, '', ?, ?, '', ?)
ON CONFLICT (dedupe_key) DO NOTHING RETURNING id
"""


def key_of(key: str, channel: str) -> str:
    """The key under which something is told by a channel once: that of mails as it is."""
    return key if channel == Channel.MAIL else f"{key}:{channel}"


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
    otherwise: Sequence[Step] = (),
) -> bool:
    """Queue a message in the caller's transaction; False when `key` was there on this channel.

    `otherwise` are the steps that follow when this one fails for good; of several messages with
    one key that all fail, the next step is taken once. Raises ValueError for control characters in
    a recipient or a value: a line break in a name could add a header to a mail (S-34).
    """
    if not database.in_transaction():
        raise RuntimeError("A message is queued in the transaction of what it tells about.")
    for text in (to, key, *map(str, values.values()), *(one for _, one in otherwise)):
        refuse_controls(text)
    if not to or not 0 < len(key) <= LONGEST_KEY:
        raise ValueError("A message needs a recipient, and a key of at most 150 signs.")
    for way in (channel, *(way for way, _ in otherwise)):
        if way not in kind.channels:
            raise ValueError(f"Messages of the kind {kind.name} do not go by {way}.")
    row = (
        references.quick(REFERENCE),
        kind.name,
        Channel(channel).value,
        language,
        seal(to),
        seal(json.dumps(dict(values), ensure_ascii=False)),
        key_of(key, channel),
        account_id,
        Priority(kind.priority).value,
        State.CREATED.value,
        instant(now - HEAD_START),
        instant(now),
        instant(now + kind.lifetime),
        plan(key, otherwise),
    )
    return bool(rows(ADD, row))


def plan(key: str, steps: Sequence[Step]) -> str:
    """The steps that follow, as a row keeps them."""
    if not steps:
        return ""
    return seal(json.dumps({"key": key, "steps": [*steps]}, ensure_ascii=False))


def follow(message: Taken, now: datetime) -> bool:
    """Queue the next step of a message that has failed for good; within the transaction in which
    that is written down. Whether there was one that is not too late.
    """
    if not message.otherwise:
        return False
    known = json.loads(opened(message.otherwise))
    (channel, to), rest = known["steps"][0], known["steps"][1:]
    kind = kinds.find(message.kind)
    ends = message.expires_at
    if channel == Channel.LETTER and kind:  # a letter is printed in its own time
        ends = now + kind.lifetime
    row = (
        references.quick(REFERENCE),
        message.kind,
        channel,
        message.language,
        seal(to),
        message.content,
        key_of(known["key"], channel),
        message.account_id,
        message.priority,
        State.CREATED.value,
        instant(now - HEAD_START),
        instant(now),
        instant(ends),
        plan(known["key"], rest),
    )
    return ends > now and bool(rows(ADD, row))


def refuse_controls(text: str) -> None:
    """Raise ValueError for line breaks, NUL and other control characters."""
    if CONTROLS.search(text):
        raise ValueError("A control character in a message's recipient, key or value.")
