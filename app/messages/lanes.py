"""One lane of the worker: takes messages of a channel one after the other and sends them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from flask import Flask
from peewee import DatabaseError, InterfaceError

from app.db import database
from app.messages import kinds
from app.messages.channels import Adapter, Outcome, RefusedError, Result
from app.messages.kinds import Kind, Priority
from app.messages.leases import accept, finish, give_back, note, take
from app.messages.models import Cause, Channel, State
from app.messages.night import morning
from app.messages.taken import NO_ANSWER, Taken
from app.messages.timetable import Timetable
from app.observe import log

MANY = (Priority.ALERT, Priority.BULK)
LANES: dict[str, tuple[Channel, tuple[Priority, ...]]] = {
    "urgent": (Channel.MAIL, (Priority.URGENT,)),
    "rest": (Channel.MAIL, (Priority.URGENT, Priority.NORMAL)),
    "many": (Channel.MAIL, MANY),
    "urgent texts": (Channel.SMS, (Priority.URGENT,)),
    "texts": (Channel.SMS, (Priority.URGENT, Priority.NORMAL)),
    "many texts": (Channel.SMS, MANY),
    "push": (Channel.PUSH, (Priority.URGENT, Priority.NORMAL, *MANY)),
    "money": (Channel.MAIL, ()),
    "telling": (Channel.MAIL, ()),
}
"""What each lane sends. That of money sends nothing: it asks the gateway, which may take long. Nor
does that of telling: it queues messages for half a million people at once.
"""
POLITE = {"rest": 15, "texts": 15, "money": 5}
LEFT_OVER = ("telling", "many", "many texts", "push")
"""Lanes that give way to pages and codes when the processor is busy, by steps of `nice`, and
those that take only what is left over: a nice process may still keep a page waiting for 3 ms.
"""
RESTS = {"telling": 1.5}
"""So much longer than each step of work these lanes rest after it: what the disk must keep slows
pages, however polite the process is, and half a million messages are sent more slowly anyway.
"""
AT_ONCE = 0.0
POLL = 0.5
"""Seconds between two looks into an empty queue; a code waits that long at most."""
PAUSE = {Result.OURS: 10.0, Result.AGAIN: 2.0, Result.HELD: 5.0, Result.UNKNOWN: 1.0}
"""Seconds that a lane waits when the server itself cannot be used."""
SOON = (timedelta(seconds=40), timedelta(seconds=80))
"""After the first and the second try: three in two minutes, which is all that a code has."""
EVERY, MORE = timedelta(minutes=5), 48
"""Other messages: so often again, for four hours or until they expire."""
ASK_FOR = timedelta(hours=72)
"""So long, after a message has expired, a provider is asked that gave no answer."""


def has_timetable(name: str) -> bool:
    """Whether a lane does more than to send what cannot wait."""
    return LANES[name][1] != (Priority.URGENT,)


class Lane:
    """What one process does. `step` is all of it; the process only repeats it and waits."""

    def __init__(self, app: Flask, name: str, adapter: Adapter, lease: timedelta) -> None:
        self.app, self.name, self.adapter, self.lease = app, name, adapter, lease
        self.channel, self.priorities = LANES[name]
        self.timetable = Timetable(name) if has_timetable(name) else None

    def step(self, now: Callable[[], datetime]) -> float:
        """Send one message; how many seconds to wait before the next step."""
        busy = self.timetable is not None and self.timetable.run(now())
        began = monotonic()
        message = take(self.priorities, now(), self.lease, self.channel)
        if message is None:
            self.adapter.rest()
            return AT_ONCE if busy else POLL
        outcome = None
        if message.is_unsettled:
            message, outcome = self.asked(message, now())
        outcome = outcome or self.tried(message, now(), began + self.lease.total_seconds())
        if outcome is None:
            return AT_ONCE
        self.write_down(message, outcome, now)
        return pause_after(outcome)

    def asked(self, message: Taken, now: datetime) -> tuple[Taken, Outcome | None]:
        """What the provider says of a message whose fate is unknown; nothing when it has none, or
        cannot be asked, and the message is to be tried again.
        """
        look_up, kind = getattr(self.adapter, "look_up", None), kinds.find(message.kind)
        if look_up is None or kind is None:
            tell(message, "perhaps sent twice", message.problem)
            return message, None
        try:
            found: Outcome = look_up(message.envelope(kind, message.waiting(now)), now)
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:
            tell(message, "a message cannot be looked up", error)
            found = Outcome(Result.UNKNOWN, type(error).__name__, wait=EVERY)
        if found.result is Result.MISSING:
            return message._replace(problem=""), None
        return message, found

    def tried(self, message: Taken, now: datetime, deadline: float) -> Outcome | None:
        """Send a message unless that is too late, too early or not wanted; None when so noted."""
        if message.expires_at <= now:
            finish(message, State.EXPIRED, message.problem, now)
            return None
        if message.attempts > tries_of(message):
            finish(message, State.FAILED, message.problem or "tried too often", now)
            return None
        finished = self.prepared(message, kinds.find(message.kind), now)
        if finished is None or isinstance(finished, Outcome):
            return finished
        return self.adapter.send(finished, deadline)

    def prepared(self, message: Taken, kind: Kind | None, now: datetime) -> Any:
        """The finished message, or an Outcome that says why there is none."""
        if kind is None:
            return Outcome(Result.AGAIN, "a kind that this program does not know")
        try:
            if self.put_off(message, kind, now):
                return None
            one = message.waiting(now)
            if kind.wanted and not kind.wanted(one):
                finish(message, State.SUPPRESSED if kind.advertising else State.DROPPED, "", now)
                return None
            return self.adapter.prepare(self.app, message.envelope(kind, one), now)
        except RefusedError as error:
            return Outcome(Result.REFUSED, str(error))
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:
            tell(message, "a message cannot be made", error)
            return Outcome(Result.AGAIN, type(error).__name__)

    def put_off(self, message: Taken, kind: Kind, now: datetime) -> bool:
        """Whether it waits for the morning, which is noted."""
        at = morning(now)
        if at is None or not kind.rests(lambda: message.waiting(now)):
            return False
        give_back(message, message.problem, at, counts=False, state=State.HELD)
        return True

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


def pause_after(outcome: Outcome) -> float:
    """Seconds until the next message: none, unless it would end like this one."""
    if outcome.result is Result.AGAIN and outcome.connection and not outcome.wait:
        return AT_ONCE
    if outcome.result is Result.UNKNOWN and not outcome.wait:
        return AT_ONCE
    return PAUSE.get(outcome.result, AT_ONCE)


def tries_of(message: Taken) -> int:
    return 1 + len(SOON) + (0 if message.is_code else MORE)


def note_result(message: Taken, outcome: Outcome, now: datetime) -> None:
    """The next state of a message after it was tried."""
    result, problem = outcome.result, outcome.problem
    if result is Result.SENT:
        finish(message, State.SENT, "", now)
    elif result is Result.ACCEPTED:
        accept(message, outcome.provider_id, now + outcome.wait)
    elif result is Result.REFUSED:
        finish(message, State.FAILED, problem, now, Cause.PERMANENT)
        tell(message, "refused", problem)
    elif result in (Result.OURS, Result.HELD):
        wait_for_us(message, outcome, now)
    elif result is Result.UNKNOWN:
        no_answer(message, outcome, now)
    else:
        again(message, outcome, now)


def wait_for_us(message: Taken, outcome: Outcome, now: datetime) -> None:
    """Nothing can be sent until a person has mended something, or time has passed."""
    held = outcome.result is Result.HELD
    state = State.HELD if held else State.CREATED
    give_back(message, outcome.problem, now + outcome.wait, counts=False, state=state)
    fields = {"channel": message.channel, "problem": outcome.problem}
    what = "mail" if message.channel == Channel.MAIL else f"{message.channel} messages"
    log.error(f"{what} cannot be sent", extra={"fields": fields})


def no_answer(message: Taken, outcome: Outcome, now: datetime) -> None:
    """Nobody knows whether it was sent. A provider that can be asked is asked soon, and again,
    before anything else is done; without one it is tried once more.
    """
    tell(message, "no answer", outcome.problem)
    if outcome.wait:
        if now - message.created_at < ASK_FOR + (message.expires_at - message.created_at):
            at, counts = now + outcome.wait, not message.is_unsettled
            give_back(message, NO_ANSWER, at, counts=counts, state=State.UNKNOWN)
        else:
            finish(message, State.FAILED, NO_ANSWER, now)
    elif message.problem == NO_ANSWER:
        finish(message, State.FAILED, NO_ANSWER, now)
        tell(message, "no answer twice", outcome.problem)
    else:
        note(message, NO_ANSWER)


def again(message: Taken, outcome: Outcome, now: datetime) -> None:
    """Try again later, or give up after the last try."""
    if message.attempts >= tries_of(message):
        finish(message, State.FAILED, outcome.problem, now)
        tell(message, "failed", outcome.problem)
        return
    soon = message.attempts <= len(SOON)
    wait = SOON[message.attempts - 1] if soon else EVERY
    give_back(message, outcome.problem, now + max(wait, outcome.wait))


def tell(message: Taken, event: str, problem: str | Exception = "") -> None:
    """A line in the log: the reference leads to the message, nothing in it to the person."""
    name = type(problem).__name__ if isinstance(problem, Exception) else problem
    fields = {"reference": message.reference, "kind": message.kind, "problem": name}
    log.error(f"message: {event}", extra={"fields": {**fields, "try": message.attempts}})
