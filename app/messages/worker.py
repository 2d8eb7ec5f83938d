"""`flask worker`: processes for codes, for money and for the rest, kept alive by their parent."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic, process_time

import click
from flask import Flask

from app import clock, migration
from app.db import database, is_postgres, rows
from app.messages import channels
from app.messages import sweep as messages_sweep  # noqa: F401 registers itself
from app.messages.lanes import (
    AT_ONCE,
    LANES,
    LEFT_OVER,
    POLITE,
    POLL,
    RESTS,
    Lane,
    has_timetable,
)
from app.observe import log

SIGNALS = (signal.SIGTERM, signal.SIGINT)
AFTER_ERROR = 2.0
LONGEST_REST = 2.0
"""Seconds: a step that only waited for others is no reason to rest for long."""
SHORT_LIFE, LONGEST_PAUSE = 10.0, 30.0
STEP = timedelta(minutes=2)

HURRY, CALM = 75, 76
"""How a lane's process ends that takes only what is left over, where nothing is: it begins again
with a share of the processor; and one that gives its share back after a while.
"""
SHARE, SHARE_FOR = 10, 60.0
"""The share as a step of `nice`, and the seconds for which it is taken."""
NO_TURN, SELDOM = 0.5, 10
"""A step that took more seconds, and so many times what it computed, got no turn. One that waited
for a slow server looks the same, and does no harm with a share that it does not need.
"""

Start = Callable[[str, bool], int]


class Child:
    """A lane in a process of its own. It ends after the message in hand, or with its parent."""

    def __init__(self, lane: Lane, hurried: bool = False) -> None:
        self.lane, self.parent, self.stop = lane, os.getppid(), Event()
        self.calm_at = monotonic() + SHARE_FOR if hurried else None
        lane.wait = self.wait  # type: ignore[method-assign]
        for number in SIGNALS:
            signal.signal(number, lambda *_: self.stop.set())

    def wait(self, seconds: float) -> None:
        self.stop.wait(seconds)

    def run(self) -> int:
        """The status with which the process ends."""
        watch, status = ClockWatch(), 0
        while not (status or self.stop.is_set()) and os.getppid() == self.parent:
            watch.look()
            began, used = monotonic(), process_time()
            seconds = guarded(self.lane)
            status = self.change(monotonic() - began, process_time() - used)
            if seconds == AT_ONCE:
                rest = (monotonic() - began) * RESTS.get(self.lane.name, AT_ONCE)
                seconds = min(rest, LONGEST_REST)
            if seconds:
                self.wait(seconds)
        self.lane.adapter.rest()
        return status

    def change(self, took: float, computed: float) -> int:
        """After a step: whether the lane is to go on with another share of the processor."""
        if self.lane.name not in LEFT_OVER:
            return 0
        if self.calm_at is None:
            return HURRY if took > max(NO_TURN, SELDOM * computed) else 0
        return CALM if monotonic() > self.calm_at else 0


def moment() -> datetime:
    """Now. PostgreSQL's clock: workers on several machines must agree on when a lease ends."""
    if not is_postgres():
        return clock.now()
    found: datetime = rows("SELECT clock_timestamp()")[0][0]
    return found.astimezone(UTC)


class ClockWatch:
    """Tells when the clock has jumped: what expires then, expires wrongly."""

    def __init__(self) -> None:
        self.wall, self.steady = clock.now(), monotonic()

    def look(self) -> None:
        wall, steady = clock.now(), monotonic()
        jump = wall - self.wall - timedelta(seconds=steady - self.steady)
        self.wall, self.steady = wall, steady
        if abs(jump) > STEP:
            fields = {"seconds": round(jump.total_seconds())}
            log.error("the clock has jumped", extra={"fields": fields})


def guarded(lane: Lane) -> float:
    """One step; after an error, most likely of the database, the next one a little later."""
    try:
        return lane.step(moment)
    except Exception as error:
        log.error("worker", exc_info=error)
        database.close()
        return AFTER_ERROR


class Parent:
    """Starts a process for each lane, and another when one ends."""

    def __init__(self, names: list[str], start: Start) -> None:
        self.waiting, self.start = list(names), start
        self.running: dict[int, tuple[str, float]] = {}
        self.hurried: set[str] = set()
        self.stop = Event()

    def interrupt(self, number: int, frame: object) -> None:
        self.stop.set()
        for process in list(self.running):
            with suppress(ProcessLookupError):  # it ended just now
                os.kill(process, signal.SIGTERM)

    def fork(self, name: str) -> None:
        """A child for a lane. Signals wait meanwhile: each process handles its own."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            if not self.stop.is_set():
                process = self.start(name, name in self.hurried)
                self.running[process] = name, monotonic()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    def run(self) -> None:
        for number in SIGNALS:
            signal.signal(number, self.interrupt)
        pause = 1.0
        while self.waiting or self.running:
            while self.waiting and not self.stop.is_set():
                self.fork(self.waiting.pop())
            if not self.running:
                return
            process, status = os.wait()
            name, began = self.running.pop(process, ("", 0.0))
            if name and not self.stop.is_set():
                code = os.waitstatus_to_exitcode(status)
                self.waiting.append(name)
                if self.changes(name, code):
                    continue
                log.error("a worker ended", extra={"fields": {"lane": name, "status": code}})
                pause = min(2 * pause, LONGEST_PAUSE) if monotonic() - began < SHORT_LIFE else 1.0
                self.stop.wait(pause)

    def changes(self, name: str, code: int) -> bool:
        """Whether a lane only wants another share of the processor."""
        if code == HURRY:
            self.hurried.add(name)
        elif code == CALM:
            self.hurried.discard(name)
        return code in (HURRY, CALM)


def lane_of(app: Flask, name: str, seconds: float) -> Lane | None:
    """A lane; None when its channel is switched off, or not in this program."""
    way = channels.find(LANES[name][0])
    if way is None or not way.is_on(app):
        return None
    return Lane(app, name, way.open(app, seconds), timedelta(seconds=seconds))


def lanes_of(app: Flask, seconds: float) -> list[str]:
    """The names of the lanes that have something to do."""
    return [name for name in LANES if lane_of(app, name, seconds)]


def give_way(name: str, hurried: bool = False) -> None:
    """Let pages and codes go first when the processor is busy. What concerns very many takes only
    what is left over: newer kernels let even a nice process keep a page waiting for milliseconds.
    When nothing is left over, it takes a share: nobody must wait for an emergency's end.
    """
    if name in LEFT_OVER and hurried:
        os.nice(SHARE)
    elif name in LEFT_OVER and hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    elif name in POLITE:
        os.nice(POLITE[name])


def forked(app: Flask, seconds: float) -> Start:
    """A function that starts a lane in a child of this process."""

    def start(name: str, hurried: bool) -> int:
        process = os.fork()
        if process:
            return process
        status = 1
        try:
            lane = lane_of(app, name, seconds)
            if lane is None:
                raise LookupError(name)
            give_way(name, hurried)
            child = Child(lane, hurried)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            status = child.run()
        except BaseException as error:
            log.error("worker", exc_info=error)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    return start


def deliver_once(lanes: list[Lane]) -> bool:
    """Everything that is due now; False when our own settings kept some from being sent."""
    good = True
    for lane in lanes:
        while (seconds := lane.step(moment)) == AT_ONCE:
            pass
        lane.adapter.rest()
        good = good and seconds == POLL
    return good


def refuse_to_start(app: Flask) -> None:
    """Raise the sentence that says why this worker must not run."""
    problems = [way.complaint(app) for way in channels.ways()] + [migration.complaint()]
    if problem := next(filter(None, problems), None):
        raise click.ClickException(problem)


def work(app: Flask, once: bool, lease: float, rest: int) -> bool:
    """What `flask worker` does; False when not all could be sent."""
    refuse_to_start(app)
    names = lanes_of(app, lease)
    if once:
        slow = [lane_of(app, name, lease) for name in names if has_timetable(name)]
        return deliver_once([lane for lane in slow if lane])
    database.close()  # each child opens its own
    copies = dict.fromkeys(("rest", "texts", "many", "many texts"), rest)
    processes = [name for name in names for _ in range(copies.get(name, 1))]
    Parent(processes, forked(app, lease)).run()
    return True
