"""What kinds of messages there are: each feature registers its own when it is imported."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Any

Values = dict[str, Any]


class Priority(IntEnum):
    """What goes first. URGENT has a worker of its own, so that no bulk keeps a code waiting."""

    URGENT = 0
    NORMAL = 1
    BULK = 2


@dataclass(frozen=True)
class Kind:
    """One kind of message. Its texts are `templates/messages/<name>.<language>.txt`."""

    name: str
    priority: Priority
    lifetime: timedelta
    """It is not sent later than this after it was queued; of a code: how long the code holds."""
    topic: str = ""
    """What a person may unsubscribe from; empty for messages that the person cannot do without."""
    wanted: Callable[[Values], bool] | None = None
    """Asked again with the message's values right before it is sent; False drops it."""


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
