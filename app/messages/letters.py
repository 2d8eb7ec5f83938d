"""Messages on paper: printed as text, one page each, and noted as sent."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import Flask
from peewee import DatabaseError, InterfaceError

from app.messages import kinds
from app.messages.kinds import Priority
from app.messages.leases import finish, take
from app.messages.models import Channel, State
from app.messages.render import render
from app.messages.taken import Taken
from app.observe import log

LEASE = timedelta(minutes=5)
NEW_PAGE = "\f"


class Printed(NamedTuple):
    """How many letters were printed, and how many could not be made."""

    printed: int
    failed: int


def letter(app: Flask, message: Taken, now: datetime) -> str | None:
    """A letter's page; None when it is not wanted any more. Raises LookupError without a kind."""
    kind = kinds.find(message.kind)
    if kind is None:
        raise LookupError(message.kind)
    one = message.waiting(now)
    if kind.wanted and not kind.wanted(one):
        return None
    said = render(app, kind, message.language, one.values, Channel.LETTER)
    return "\n\n".join([one.to, said.subject, said.text, message.reference]) + "\n"


def page_or_end(app: Flask, message: Taken, now: datetime) -> tuple[str, State]:
    """A letter's page; or nothing, and how the letter ends without one."""
    if message.expires_at <= now:
        return "", State.EXPIRED
    try:
        page = letter(app, message, now)
    except (DatabaseError, InterfaceError):
        raise
    except Exception as error:
        fields = {"reference": message.reference, "kind": message.kind}
        problem = {"problem": type(error).__name__}
        log.error("message: a letter cannot be made", extra={"fields": fields | problem})
        return "", State.FAILED
    return (page, State.SENT) if page else ("", State.DROPPED)


def print_all(app: Flask, show: Callable[[str], object], now: Callable[[], datetime]) -> Printed:
    """Print all letters. After an interruption the one in hand is printed again when its lease
    has ended, under the same reference.
    """
    ends: Counter[State] = Counter()
    while message := take(tuple(Priority), now(), LEASE, Channel.LETTER):
        page, end = page_or_end(app, message, now())
        if page:
            show(page + NEW_PAGE)
        finish(message, end, "cannot be made" if end is State.FAILED else "", now())
        ends[end] += 1
    return Printed(ends[State.SENT], ends[State.FAILED])
