"""One lane of the worker: takes messages one after the other and sends them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from flask import Flask
from peewee import DatabaseError, InterfaceError

from app.db import database
from app.messages import kinds
from app.messages.kinds import Kind, Priority
from app.messages.leases import (
    INTERRUPTED,
    NO_ANSWER,
    Taken,
    finish,
    give_back,
    note,
    take,
)
from app.messages.mail import AddressRefusedError, Mail, build
from app.messages.models import State
from app.messages.night import morning
from app.messages.smtp import Adapter, Outcome, Result
from app.messages.timetable import Timetable
from app.observe import log

LANES: dict[str, tuple[Priority, ...]] = {
    "urgent": (Priority.URGENT,),
    "rest": tuple(Priority),
    "money": (),
}
"""What each lane sends. That of money sends nothing: it asks the gateway, which may take long."""
AT_ONCE = 0.0
POLL = 0.5
"""Seconds between two looks into an empty queue; a code waits that long at most."""
PAUSE = {Result.OURS: 10.0, Result.AGAIN: 2.0}
"""Seconds that a lane waits when the mail server itself cannot be used."""
SOON = (timedelta(seconds=40), timedelta(seconds=80))
"""After the first and the second try: three in two minutes, which is all that a code has."""
EVERY, MORE = timedelta(minutes=5), 48
"""Other messages: so often again, for four hours or until they expire."""


class Lane:
    """What one process does. `step` is all of it; the process only repeats it and waits."""

    def __init__(self, app: Flask, name: str, adapter: Adapter, lease: timedelta) -> None:
        self.app, self.priorities, self.adapter, self.lease = app, LANES[name], adapter, lease
        self.timetable = Timetable(name) if name != "urgent" else None

    def step(self, now: Callable[[], datetime]) -> float:
        """Send one message; how many seconds to wait before the next step."""
        busy = self.timetable is not None and self.timetable.run(now())
        began = monotonic()
        message = take(self.priorities, now(), self.lease)
        if message is None:
            self.adapter.rest()
            return AT_ONCE if busy else POLL
        tell_if_repeated(message)
        outcome = self.tried(message, now(), began + self.lease.total_seconds())
        if outcome is None:
            return AT_ONCE
        self.write_down(message, outcome, now)
        if outcome.result is Result.OURS or not outcome.connection:
            return PAUSE.get(outcome.result, AT_ONCE)
        return AT_ONCE

    def tried(self, message: Taken, now: datetime, deadline: float) -> Outcome | None:
        """Send a message unless that is too late, too early or not wanted; None when so noted."""
        if message.expires_at <= now:
            finish(message, State.EXPIRED, message.problem, now)
            return None
        if message.attempts > tries_of(message):
            finish(message, State.FAILED, message.problem or INTERRUPTED, now)
            return None
        kind = kinds.find(message.kind)
        if kind and kind.rests and (at := morning(now)):
            give_back(message, message.problem, at, counts=False)
            return None
        mail = self.prepared(message, kind, now)
        if mail is None or isinstance(mail, Outcome):
            return mail
        return self.adapter.send(mail, deadline)

    def prepared(self, message: Taken, kind: Kind | None, now: datetime) -> Mail | Outcome | None:
        """The finished mail, or why there is none."""
        if kind is None:
            return Outcome(Result.AGAIN, "a kind that this program does not know")
        try:
            one = message.waiting(now)
            if kind.wanted and not kind.wanted(one):
                finish(message, State.DROPPED, "", now)
                return None
            name = message.reference
            return build(self.app, kind, message.language, one.values, one.to, name, now)
        except AddressRefusedError as error:
            return Outcome(Result.REFUSED, str(error))
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:
            tell(message, "a message cannot be made", error)
            return Outcome(Result.AGAIN, type(error).__name__)

    def write_down(self, message: Taken, outcome: Outcome, now: Callable[[], datetime]) -> None:
        """Keep the result. It is known only here, so a database that fails is tried again."""
        until = monotonic() + self.lease.total_seconds()
        while True:
            try:
                return note_result(message, outcome, now())
            except (DatabaseError, InterfaceError) as error:
                log.error("database", exc_info=error)
                database.close()
                if monotonic() > until:
                    raise
                self.wait(1.0)

    def wait(self, seconds: float) -> None:
        """Replaced by the process that knows when to stop."""


def tries_of(message: Taken) -> int:
    return 1 + len(SOON) + (0 if message.is_code else MORE)


def note_result(message: Taken, outcome: Outcome, now: datetime) -> None:
    """The next state of a message after it was tried."""
    result, problem = outcome.result, outcome.problem
    if result is Result.SENT:
        finish(message, State.SENT, "", now)
    elif result is Result.REFUSED:
        finish(message, State.FAILED, problem, now)
        tell(message, "refused", problem)
    elif result is Result.OURS:
        give_back(message, problem, now, counts=False)
        log.error("mail cannot be sent", extra={"fields": {"problem": problem}})
    elif result is Result.UNKNOWN and message.problem == NO_ANSWER:
        finish(message, State.FAILED, NO_ANSWER, now)
        tell(message, "no answer twice", problem)
    elif result is Result.UNKNOWN:
        note(message, NO_ANSWER)
        tell(message, "no answer", problem)
    else:
        again(message, problem, now)


def again(message: Taken, problem: str, now: datetime) -> None:
    """Try again later, or give up after the last try."""
    if message.attempts >= tries_of(message):
        finish(message, State.FAILED, problem, now)
        tell(message, "failed", problem)
        return
    soon = message.attempts <= len(SOON)
    give_back(message, problem, now + (SOON[message.attempts - 1] if soon else EVERY))


def tell(message: Taken, event: str, problem: str | Exception = "") -> None:
    """A line in the log: the reference leads to the message, nothing in it to the person."""
    name = type(problem).__name__ if isinstance(problem, Exception) else problem
    fields = {"reference": message.reference, "kind": message.kind, "problem": name}
    log.error(f"message: {event}", extra={"fields": {**fields, "try": message.attempts}})


def tell_if_repeated(message: Taken) -> None:
    if message.problem in (NO_ANSWER, INTERRUPTED):
        tell(message, "perhaps sent twice", message.problem)
