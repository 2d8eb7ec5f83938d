"""What kinds of messages there are: each feature registers its own when it is imported."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, NamedTuple

Values = dict[str, Any]


class Priority(IntEnum):
    """What goes first. URGENT has a worker of its own, so that no bulk keeps a code waiting."""

    URGENT = 0
    NORMAL = 1
    BULK = 2


class Waiting(NamedTuple):
    """A message that is about to be sent, as its kind sees it."""

    values: Values
    to: str
    account_id: int | None
    now: datetime


@dataclass(frozen=True)
class Kind:
    """One kind of message. Its texts are `templates/messages/<name>.<language>.txt`."""

    name: str
    priority: Priority
    lifetime: timedelta
    """It is not sent later than this after it was queued; of a code: how long the code holds."""
    topic: str = ""
    """What a person may unsubscribe from; empty for messages that the person cannot do without."""
    wanted: Callable[[Waiting], bool] | None = None
    """Asked again right before a message is sent; False drops it."""
    by_day: bool = False
    """Whether it waits until the morning, as all of BULK does."""

    @property
    def rests(self) -> bool:
        """Whether it is not sent at night."""
        return self.by_day or self.priority is Priority.BULK


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known; raises ValueError when another one has its name."""
    if _kinds.setdefault(kind.name, kind) != kind:
        raise ValueError(f"There are two kinds of messages named {kind.name}.")
    return kind


def known() -> dict[str, Kind]:
    """All registered kinds by their names, in the order of names."""
    return dict(sorted(_kinds.items()))


def find(name: str) -> Kind | None:
    return _kinds.get(name)
