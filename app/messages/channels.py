"""The ways on which messages go: what a lane asks of one, and which ones this program has."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple, Protocol

from flask import Flask

from app.messages.kinds import Kind, Waiting
from app.messages.models import Channel


class Result(Enum):
    """What became of a try."""

    SENT = "sent"
    ACCEPTED = "accepted"
    """A provider has it, and will know later whether it arrived."""
    AGAIN = "again"
    """Not now: the server said so, or there was no connection."""
    REFUSED = "refused"
    """Never to this recipient."""
    UNKNOWN = "unknown"
    """The whole message was given, and no answer came."""
    OURS = "ours"
    """Our own settings or machine: no recipient's fault, so it uses up no try."""
    HELD = "held"
    """It must wait until something is as it should be, as money: uses up no try either."""
    MISSING = "missing"
    """Only of looking up: the provider does not have it."""


class Outcome(NamedTuple):
    result: Result
    problem: str = ""
    """A code or a few words of ours, never a server's sentence: those repeat addresses."""
    connection: bool = True
    """Whether there was a connection at all."""
    provider_id: str = ""
    """By what a provider knows the message that it has accepted."""
    wait: timedelta = timedelta(0)
    """So long it is not tried again; zero leaves that to the lane."""


class Envelope(NamedTuple):
    """A message that is about to be sent, as its channel sees it."""

    reference: str
    kind: Kind
    language: str
    one: Waiting
    queued_at: datetime
    expires_at: datetime
    provider_id: str
    """Of an earlier sending that failed, when somebody has it sent again."""


class RefusedError(ValueError):
    """Nothing can be sent to this recipient, or not this; its text is the problem."""


class Adapter(Protocol):
    """What a lane hands messages to."""

    def prepare(self, app: Flask, envelope: Envelope, now: datetime) -> Any:
        """The finished message; raises RefusedError."""

    def send(self, finished: Any, deadline: float) -> Outcome:
        """Hand it on before a moment of the monotonic clock, or not at all."""

    def rest(self) -> None:
        """Nothing more to send for now."""


class Asking(Adapter, Protocol):
    """An adapter whose provider can be asked whether it has a message."""

    def look_up(self, envelope: Envelope, now: datetime) -> Outcome:
        """ACCEPTED or MISSING; UNKNOWN when that could not be found out."""


@dataclass(frozen=True)
class Way:
    """A channel with what is special about it."""

    channel: Channel
    is_on: Callable[[Flask], bool]
    open: Callable[[Flask, float], Adapter]
    """An adapter for a lane whose leases last so many seconds."""
    complaint: Callable[[Flask], str | None]
    """Why nothing can be sent with these settings."""
    preview: Callable[[Flask, Kind, str, bool], tuple[str, list[str]]]
    """What a kind looks like (as HTML, where there is any), and what is wrong with it."""


_ways: dict[Channel, Way] = {}


def register(way: Way) -> None:
    _ways[way.channel] = way


def find(channel: str) -> Way | None:
    return _ways.get(Channel(channel))


def is_on(channel: str, app: Flask) -> bool:
    """Whether messages can go by a channel."""
    way = find(channel)
    return bool(way and way.is_on(app))


def ways() -> list[Way]:
    return list(_ways.values())
