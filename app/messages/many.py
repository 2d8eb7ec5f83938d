"""Queueing for very many recipients at once: rows as `outbox.queue` makes them, by the batch."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from app import references
from app.db import change_many, database, instant
from app.messages.kinds import Kind, Priority
from app.messages.models import Channel, State
from app.messages.outbox import HEAD_START, REFERENCE, Step, Value, key_of, plan, refuse_controls
from app.sealed import seal

ADD = """
INSERT INTO messages (reference, kind, channel, language, recipient, content, dedupe_key,
    account_id, priority, state, attempts, run_after, lease, created_at, expires_at, problem,
    cause, otherwise, provider_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, '', ?, ?, '', '', ?, '')
ON CONFLICT (dedupe_key) DO NOTHING
"""


NEAR = 4
"""Signs that the references of one batch share: they stand together in the index, and a batch
writes half as many pages of the file.
"""


class Addressed(NamedTuple):
    """One recipient, still sealed; `values` are the recipient's own, besides those of all."""

    channel: str
    sealed_to: str
    values: Mapping[str, Value]
    key: str
    language: str
    account_id: int | None
    otherwise: Sequence[Step] = ()
    later_key: str = ""
    """The key of the steps that follow, where it is another: whoever has one there gets none."""


def queue_many(kind: Kind, to: Iterable[Addressed], now: datetime) -> None:
    """Queue a message for each in the caller's transaction; who has one under its key gets none.

    Keys and recipients were made by us; values may be of others and are looked at.
    """
    if not database.in_transaction():
        raise RuntimeError("A message is queued in the transaction of what it tells about.")
    times = instant(now - HEAD_START), instant(now), instant(now + kind.lifetime)
    near = references.quick(NEAR)
    made = [row(kind, one, times, near) for one in to]
    if made:
        change_many(ADD, made)


def row(kind: Kind, one: Addressed, times: tuple[str, str, str], near: str) -> Any:
    for value in one.values.values():
        if isinstance(value, str) and not value.isprintable():
            refuse_controls(value)
    if one.channel not in kind.channels or not one.sealed_to:
        raise ValueError(f"Messages of the kind {kind.name} do not go by {one.channel} to nobody.")
    return (
        near + references.quick(REFERENCE - NEAR),
        kind.name,
        Channel(one.channel).value,
        one.language,
        one.sealed_to,
        seal(json.dumps(dict(one.values), ensure_ascii=False)),
        key_of(one.key, one.channel),
        one.account_id,
        Priority(kind.priority).value,
        State.CREATED.value,
        *times,
        plan(one.later_key or one.key, one.otherwise),
    )
