"""Messages on paper: printed as text, one page each, and noted as sent."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask

from app.messages import kinds
from app.messages.kinds import Priority
from app.messages.leases import Taken, finish, take
from app.messages.models import Channel, State
from app.messages.render import render

LEASE = timedelta(minutes=5)
NEW_PAGE = "\f"


def letter(app: Flask, message: Taken) -> str | None:
    """A letter's page; None when it is not wanted any more. Raises LookupError without a kind."""
    kind = kinds.find(message.kind)
    if kind is None:
        raise LookupError(message.kind)
    values = message.values()
    if kind.wanted and not kind.wanted(values):
        return None
    said = render(app, kind, message.language, values, Channel.LETTER)
    return "\n\n".join([message.to(), said.subject, said.text, message.reference]) + "\n"


def print_all(app: Flask, show: Callable[[str], object], now: Callable[[], datetime]) -> int:
    """Print all letters; how many. After an interruption the one in hand is printed again when
    its lease has ended, under the same reference.
    """
    printed = 0
    while message := take(tuple(Priority), now(), LEASE, Channel.LETTER):
        if message.expires_at <= now():
            finish(message, State.EXPIRED, "", now())
        elif (page := letter(app, message)) is None:
            finish(message, State.DROPPED, "", now())
        else:
            show(page + NEW_PAGE)
            finish(message, State.SENT, "", now())
            printed += 1
    return printed
