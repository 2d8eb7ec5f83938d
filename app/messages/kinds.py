"""What kinds of messages there are: each feature registers its own when it is imported."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, NamedTuple

from app.messages.models import Channel

Values = dict[str, Any]

CODE_LIFETIME = timedelta(minutes=5)
"""What holds no longer than this is a code; a person at a page waits for it."""


class Priority(IntEnum):
    """What goes first, and by whom. URGENT has a worker of its own, so that nothing keeps a code
    waiting; ALERT and BULK, in this order, have another, so that no receipt waits behind a warning
    to half a million people.
    """

    URGENT = 0
    NORMAL = 1
    BULK = 2
    ALERT = 3


class Waiting(NamedTuple):
    """A message that is about to be sent, as its kind sees it."""

    values: Values
    to: str
    account_id: int | None
    now: datetime
    channel: str = Channel.MAIL


@dataclass(frozen=True)
class Kind:
    """One kind of message. Its texts are `templates/messages/<name>.<language>.txt`, and
    `<name>.<channel>.<language>.txt` for text messages and push.
    """

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
    channels: tuple[Channel, ...] = (Channel.MAIL, Channel.LETTER)
    """The ways on which it may go."""
    advertising: bool = False
    """Its class by law: it needs a consent (`wanted`), begins with the mark, and rests at night."""
    at_night: Callable[[Waiting], bool] | None = None
    """Whether somebody agreed to get it at night, too."""

    def rests(self, one: Callable[[], Waiting]) -> bool:
        """Whether a message of this kind is not sent at night."""
        if self.at_night and self.at_night(one()):
            return False
        return self.by_day or self.advertising or self.priority is Priority.BULK


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known; raises ValueError when another one has its name, and for advertising
    that asks for no consent.
    """
    if kind.advertising and not kind.wanted:
        raise ValueError(f"The kind {kind.name} is advertising and asks for no consent.")
    if _kinds.setdefault(kind.name, kind) != kind:
        raise ValueError(f"There are two kinds of messages named {kind.name}.")
    return kind


def known() -> dict[str, Kind]:
    """All registered kinds by their names, in the order of names."""
    return dict(sorted(_kinds.items()))


def find(name: str) -> Kind | None:
    return _kinds.get(name)
