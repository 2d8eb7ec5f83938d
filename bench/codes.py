"""How long a code waits while a bulk of messages is being sent, by mail and by text message."""

import logging
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from app import clock, create_app, migration, references
from app.config import ROOT
from app.db import database, insert_many, instant, writing
from app.messages.kinds import Kind, Priority
from app.messages.models import Channel
from app.messages.outbox import queue
from app.sealed import seal
from bench.apart import apart
from bench.figures import Found, at_most, middle, plain
from tests.messages.sink import serving
from tests.texts import emulator

COLUMNS = [
    "reference",
    "kind",
    "channel",
    "language",
    "recipient",
    "content",
    "dedupe_key",
    "priority",
    "state",
    "attempts",
    "run_after",
    "lease",
    "created_at",
    "expires_at",
    "problem",
]
WAYS = (Channel.MAIL, Channel.SMS)
URGENT = Kind("test", Priority.URGENT, timedelta(minutes=5), channels=WAYS)
TO = {"mail": "bulk@example.com", "sms": "+821000000000"}
CODE_TO = {"mail": "code{}@example.com", "sms": "+82101{:07d}"}
WAIT = 60.0
LATENCY = 0.1
"""Seconds in which the emulated provider answers; a real one takes as long."""
LIMIT = 2.0
Arrived = Callable[[], str]


def fill(channel: str, waiting: int) -> None:
    """So many bulk messages that are all due."""
    now = clock.now()
    moment, later = instant(now), instant(now + timedelta(days=1))
    content = seal('{"time": "12:00"}')
    with writing():
        insert_many(
            "messages",
            COLUMNS,
            (
                (
                    *(references.new(16), "test", channel, "ko"),
                    *(seal(recipient(channel, number)), content, f"bulk:{number}"),
                    *(int(Priority.BULK), "created", 0, moment, "", moment, later, ""),
                )
                for number in range(waiting)
            ),
        )


def recipient(channel: str, number: int) -> str:
    """Of texts each has a phone of its own: one phone does not get so many in a day."""
    return TO["mail"] if channel == "mail" else f"+82102{number:07d}"


def send_code(channel: str, number: int, arrived: Arrived) -> float:
    """Seconds from the commit of a code until the server has it."""
    to = CODE_TO[channel].format(number)
    with writing():
        values, key = {"time": "482913"}, f"code:{number}"
        queue(
            URGENT, to=to, values=values, key=key, language="ko", now=clock.now(), channel=channel
        )
    began = monotonic()
    while arrived() != to:
        pass
    return monotonic() - began


def provider(pipe: Any, numbers: Any) -> None:
    """The emulated provider in a process of its own; puts each recipient into a queue."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    with emulator.serving() as found:

        def plan(store: Any, number: str, after: float) -> None:
            (row,) = store.run("SELECT receiver FROM messages WHERE id = ?", number)
            numbers.put(row["receiver"])
            Event().wait(LATENCY)

        found.app.extensions["reporter"].plan = plan
        pipe.send(found.settings)
        pipe.recv()


@contextmanager
def texts() -> Iterator[tuple[dict[str, Any], Arrived]]:
    """Settings that lead to an emulated provider, and what arrives there."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    numbers = context.Queue()
    process = context.Process(target=provider, args=(theirs, numbers), daemon=True)
    process.start()
    settings = {**ours.recv(), "SMS_COST_CAP": 10**9}
    try:
        yield settings, lambda: "+82" + numbers.get(timeout=WAIT).removeprefix("0")
    finally:
        process.terminate()
        process.join()


@contextmanager
def mails() -> Iterator[tuple[dict[str, Any], Arrived]]:
    """Settings that lead to a mail server, and what arrives there."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    with serving() as sink:
        yield sink.settings, lambda: str(sink.arrived.get(timeout=WAIT))


def waits(
    folder: Path, channel: str, waiting: int = 200_000, codes: int = 20, url: str = ""
) -> list[float]:
    """How many seconds each of some codes takes while a worker sends `waiting` bulk messages."""
    with (mails if channel == "mail" else texts)() as (server, arrived):
        settings = {**server, "DATA_DIR": str(folder)}
        settings["DATABASE_URL"] = url or f"sqlite:///{folder / f'{channel}.db'}"
        create_app(settings)
        migration.migrate()
        fill(channel, waiting)
        environment = {
            **os.environ,
            **{f"WATER_{name}": str(value) for name, value in server.items()},
            "DATA_DIR": str(folder),
            "DATABASE_URL": settings["DATABASE_URL"],
        }
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
        worker = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            for _ in range(50):
                arrived()
            return [send_code(channel, number, arrived) for number in range(codes)]
        finally:
            worker.terminate()
            worker.wait()
            database.close()


def part(folder: Path, quick: bool) -> Found:
    waiting = 20_000 if quick else 200_000
    figures = []
    for channel, name in (("mail", "codes by mail"), ("sms", "codes by text message")):
        times = apart(waits, folder, channel, waiting)
        figures += [
            at_most(f"slowest of {len(times)} {name}", max(times), LIMIT, " s"),
            plain(f"{name}, middle", middle(times), " s", 3),
        ]
    remarks = [
        f"{waiting:,} bulk messages queued before; `flask worker` sends them to a server on this"
        " machine meanwhile. From the commit of a code until the server has it.",
        f"The emulated provider of text messages takes {LATENCY * 1000:.0f} ms for each answer.",
    ]
    return Found("A code while a bulk is sent", figures, remarks, {})
