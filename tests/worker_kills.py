"""kill -9 of the worker at random moments, until everything is delivered.

`python -m tests.worker_kills --database sqlite --messages 2000 --kills 500` prints the numbers and
exits 1 when a message was lost, or more were doubled than workers killed. With `--channel sms` none
may be doubled: the provider is asked before a message is sent again.
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
from app.messages.commands import TEST
from app.messages.lanes import AT_ONCE
from app.messages.outbox import queue
from app.messages.worker import lane_of
from app.recovery.mails import RESET
from tests import postgres
from tests.messages.sink import Server, Sink
from tests.texts.emulator import SECRET, serving

LEASE = timedelta(seconds=2)
WAITING = "state = 'created' OR state = 'held' OR state = 'sending' OR state = 'unknown'"
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


def emulator_process(pipe, taken):
    """The provider of text messages: tells its port, and what it has accepted when asked for it."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    with serving() as emulator:
        pipe.send(emulator.server.port)
        while not pipe.poll(0.05):
            taken.value = len(emulator.store.run("SELECT 1 FROM messages"))
        pipe.recv()
        pipe.send(emulator.read("references"))
        pipe.recv()
    os._exit(0)


LINKS = 5
"""Every fifth mail is a link."""
LINK = {"name": "김가상", "link": "http://127.0.0.1:8000/recovery/abc"}


def fill(first, messages, channel):
    """Queue so many, numbered from `first`."""
    now, texts = clock.now(), channel == "sms"
    with writing():
        for number in range(first, first + messages):
            to = f"+8210{number:08d}" if texts else f"person{number}@example.com"
            is_link = number % LINKS == 0 and not texts
            kind, values = (RESET, LINK) if is_link else (TEST, {"time": "12:00"})
            key = f"test:{number}"
            queue(kind, to=to, values=values, key=key, language="ko", now=now, channel=channel)
    database.close()


def start(app, channel):
    """A worker in a process of its own, which sends until it is killed."""
    process = os.fork()
    if process:
        return process
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        lane = lane_of(app, "texts" if channel == "sms" else "rest", LEASE.total_seconds())
        lane.timetable = None  # texts stay accepted: whether they arrive is another question
        while True:
            if (seconds := lane.step(clock.now)) != AT_ONCE:
                NOBODY.wait(min(seconds, 0.02))
    finally:
        os._exit(1)


def left():
    """How many messages have no result yet."""
    found = rows(f"SELECT count(*) FROM messages WHERE {WAITING}")
    database.close()
    return int(found[0][0])


def kill_until_sent(app, channel, messages, kills, seed, taken):
    """Kill as often as asked for, each time after a random part of a life; then let it finish.

    A life is as long as it takes for the messages to last until the last kill; when they did not,
    more are queued. How many there were.
    """
    luck, life, killed = random.Random(seed), 0.1, 0
    while killed < kills:
        if not left():
            fill(messages, more := max(1, messages // 10), channel)
            messages += more
        process = start(app, channel)
        NOBODY.wait(luck.uniform(0, 2 * life))
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        killed += os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        ahead = taken.value / messages > killed / kills
        life = min(0.5, max(0.005, life * (0.93 if ahead else 1.08)))
    process = start(app, channel)
    until = monotonic() + 120 + messages / 20
    while left() and monotonic() < until:
        NOBODY.wait(0.1)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return messages


def settings_of(channel, port):
    """The settings that lead to the server of a channel."""
    if channel == "mail":
        return {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": port, "SMTP_SECURITY": "none"}
    secrets = {"SMS_KEY": "tests-only-key", "SMS_SECRET": SECRET}
    return {"SMS_URL": f"http://127.0.0.1:{port}", "SMS_COST_CAP": 10**9, **secrets}


def run(url, channel, messages, kills, seed, folder):
    """The numbers of one run on an empty database."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    taken = context.Value("i", 0)
    server = sink_process if channel == "mail" else emulator_process
    sink = context.Process(target=server, args=(theirs, taken))
    sink.start()
    own = {"DATABASE_URL": url, "DATA_DIR": str(folder), "SMTP_USER": ""}
    app = create_app({**settings_of(channel, ours.recv()), **own})
    migration.migrate()
    fill(0, messages, channel)
    began = monotonic()
    messages = kill_until_sent(app, channel, messages, kills, seed, taken)
    ours.send("report")
    ids = ours.recv()
    ours.send("end")
    sink.join()
    states = dict(rows("SELECT state, count(*) FROM messages GROUP BY state"))
    database.close()
    return {
        "channel": channel,
        "messages": messages,
        "kills": kills,
        "seed": seed,
        "lost": messages - len(ids),
        "doubled": sum(ids.values()) - len(ids),
        "most_copies": max(ids.values()),
        "states": states,
        "seconds": round(monotonic() - began, 1),
    }


def is_good(found):
    state, most = ("sent", found["kills"]) if found["channel"] == "mail" else ("accepted", 0)
    sent_all = found["states"] == {state: found["messages"]} and found["lost"] == 0
    return sent_all and found["doubled"] <= most


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--channel", choices=("mail", "sms"), default="mail")
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
            numbers = asked.messages, asked.kills, asked.seed
            found = run(url, asked.channel, *numbers, Path(folder))
    finally:
        if cluster:
            cluster.stop()
    sys.stdout.write(f"{json.dumps({'database': asked.database, **found})}\n")
    return 0 if is_good(found) else 1


if __name__ == "__main__":
    sys.exit(main())
