"""How long a code waits while a bulk of messages is being sent."""

import logging
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from time import monotonic

from app import clock, create_app, migration, references
from app.config import ROOT
from app.db import database, insert_many, instant, writing
from app.messages.kinds import Kind, Priority
from app.messages.outbox import queue
from app.sealed import seal
from bench.apart import apart
from bench.figures import Found, at_most, middle, plain
from tests.messages.sink import serving

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
URGENT = Kind("test", Priority.URGENT, timedelta(minutes=5))
BULK = "bulk@example.com"
LIMIT = 2.0


def fill(waiting: int) -> None:
    """So many bulk messages that are all due."""
    now = clock.now()
    moment, later = instant(now), instant(now + timedelta(days=1))
    to, content = seal(BULK), seal('{"time": "12:00"}')
    with writing():
        insert_many(
            "messages",
            COLUMNS,
            (
                (
                    *(references.new(16), "test", "mail", "ko", to, content, f"bulk:{number}"),
                    *(int(Priority.BULK), "created", 0, moment, "", moment, later, ""),
                )
                for number in range(waiting)
            ),
        )


def send_code(number: int, arrived) -> float:  # type: ignore[no-untyped-def]
    """Seconds from the commit of a code until the mail server has it."""
    to = f"code{number}@example.com"
    with writing():
        values, key = {"time": "482913"}, f"code:{number}"
        queue(URGENT, to=to, values=values, key=key, language="ko", now=clock.now())
    began = monotonic()
    while arrived.get(timeout=60) != to:
        pass
    return monotonic() - began


def waits(folder: Path, waiting: int = 200_000, codes: int = 20, url: str = "") -> list[float]:
    """How many seconds each of some codes takes while a worker sends `waiting` bulk mails."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    with serving() as sink:
        settings = {**sink.settings, "DATA_DIR": str(folder)}
        settings["DATABASE_URL"] = url or f"sqlite:///{folder / 'codes.db'}"
        create_app(settings)
        migration.migrate()
        fill(waiting)
        environment = {
            **os.environ,
            **{f"WATER_{name}": str(value) for name, value in sink.settings.items()},
            "DATA_DIR": str(folder),
            "DATABASE_URL": settings["DATABASE_URL"],
        }
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
        worker = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            for _ in range(50):
                sink.arrived.get(timeout=60)
            return [send_code(number, sink.arrived) for number in range(codes)]
        finally:
            worker.terminate()
            worker.wait()
            database.close()


def part(folder: Path, quick: bool) -> Found:
    waiting = 20_000 if quick else 200_000
    times = apart(waits, folder, waiting)
    figures = [
        at_most(f"slowest of {len(times)} codes", max(times), LIMIT, " s"),
        plain("middle", middle(times), " s", 3),
    ]
    remarks = [
        f"{waiting:,} bulk mails queued before; `flask worker` sends them to a mail server on this"
        " machine meanwhile. From the commit of a code until the mail server has it."
    ]
    return Found("A code while a bulk is sent", figures, remarks, {})
