"""kill -9 of the worker at random moments, until everything is delivered.

`python -m tests.worker_kills --database sqlite --messages 2000 --kills 500` prints the numbers and
exits 1 when a message was lost, or more were doubled than workers killed.
"""

import argparse
import json
import logging
import multiprocessing
import os
import random
import signal
import sys
from collections import Counter
from datetime import timedelta
from email.parser import BytesHeaderParser
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic

from app import clock, create_app, migration
from app.db import database, rows, writing
from app.messages import smtp
from app.messages.commands import TEST
from app.messages.lanes import AT_ONCE, Lane
from app.messages.outbox import queue
from app.recovery.mails import RESET
from tests import postgres
from tests.messages.sink import Server, Sink

LEASE = timedelta(seconds=2)
NOBODY = Event()
"""Nobody sets it: it is waited for."""


class Counting(Sink):
    """Counts mails by their Message-ID at the moment when they are accepted."""

    def __init__(self, taken):
        super().__init__()
        self.ids, self.taken = Counter(), taken

    async def handle_DATA(self, server, session, envelope):
        self.ids[BytesHeaderParser().parsebytes(envelope.content)["Message-ID"]] += 1
        self.taken.value = len(self.ids)
        return "250 OK"


def sink_process(pipe, taken):
    """The mail server: tells its port, and its counts when it is asked for them."""
    for name in ("mail.log", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    sink = Counting(taken)
    server = Server(sink, hostname="127.0.0.1", port=0, ready_timeout=30)
    server.spoken = []
    server.start()
    pipe.send(server.port)
    pipe.recv()
    pipe.send(dict(sink.ids))
    os._exit(0)


LINKS = 5
"""Every fifth message is a link."""
LINK = {"name": "김가상", "link": "http://127.0.0.1:8000/recovery/abc"}


def fill(messages):
    now = clock.now()
    with writing():
        for number in range(messages):
            to, key = f"person{number}@example.com", f"test:{number}"
            kind, values = (TEST, {"time": "12:00"}) if number % LINKS else (RESET, LINK)
            queue(kind, to=to, values=values, key=key, language="ko", now=now)
    database.close()


def start(app):
    """A worker in a process of its own, which sends until it is killed."""
    process = os.fork()
    if process:
        return process
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        lane = Lane(app, "rest", smtp.adapter(app.config, LEASE.total_seconds()), LEASE)
        while True:
            if (seconds := lane.step(clock.now)) != AT_ONCE:
                NOBODY.wait(min(seconds, 0.02))
    finally:
        os._exit(1)


def left():
    """How many messages have no result yet."""
    found = rows("SELECT count(*) FROM messages WHERE state = 'created' OR state = 'sending'")
    database.close()
    return int(found[0][0])


def kill_until_sent(app, messages, kills, seed, taken):
    """Kill as often as asked for, each time after a random part of a life; then let it finish.

    A life is as long as it takes for the messages to last until the last kill.
    """
    luck, life, killed = random.Random(seed), 0.1, 0
    while killed < kills and left():
        process = start(app)
        NOBODY.wait(luck.uniform(0, 2 * life))
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        killed += os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        ahead = taken.value / messages > killed / kills
        life = min(0.5, max(0.005, life * (0.93 if ahead else 1.08)))
    process = start(app)
    until = monotonic() + 120 + messages / 20
    while left() and monotonic() < until:
        NOBODY.wait(0.1)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return killed


def run(url, messages, kills, seed, folder):
    """The numbers of one run on an empty database."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    taken = context.Value("i", 0)
    sink = context.Process(target=sink_process, args=(theirs, taken))
    sink.start()
    server = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": ours.recv(), "SMTP_SECURITY": "none"}
    own = {"DATABASE_URL": url, "DATA_DIR": str(folder), "SMTP_USER": ""}
    app = create_app({**server, **own})
    migration.migrate()
    fill(messages)
    began = monotonic()
    killed = kill_until_sent(app, messages, kills, seed, taken)
    ours.send("report")
    ids = ours.recv()
    sink.join()
    states = dict(rows("SELECT state, count(*) FROM messages GROUP BY state"))
    database.close()
    return {
        "messages": messages,
        "kills": killed,
        "seed": seed,
        "lost": messages - len(ids),
        "doubled": sum(ids.values()) - len(ids),
        "most_copies": max(ids.values()),
        "states": states,
        "seconds": round(monotonic() - began, 1),
    }


def is_good(found, kills):
    sent_all = found["states"] == {"sent": found["messages"]} and found["lost"] == 0
    return sent_all and found["doubled"] <= found["kills"] == kills


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--url", default="", help="an empty database that is there already")
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=20261122)
    asked = parser.parse_args()
    cluster = None
    if asked.database == "postgres" and not asked.url:
        if not (binaries := postgres.binaries()):
            sys.exit(postgres.MISSING)
        cluster = postgres.Cluster(binaries).start()
        asked.url = postgres.new_database(str(cluster.folder), "kills")
    try:
        with TemporaryDirectory(prefix="kills-") as folder:
            url = asked.url or f"sqlite:///{Path(folder) / 'kills.db'}"
            found = run(url, asked.messages, asked.kills, asked.seed, Path(folder))
    finally:
        if cluster:
            cluster.stop()
    sys.stdout.write(f"{json.dumps({'database': asked.database, **found})}\n")
    return 0 if is_good(found, asked.kills) else 1


if __name__ == "__main__":
    sys.exit(main())
