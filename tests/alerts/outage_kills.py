"""kill -9 of the worker while it queues an emergency for the whole city.

`python -m tests.alerts.outage_kills --database sqlite --alerts 100000 --kills 200` prints the
numbers and exits 1 when somebody was lost or would be told twice.
"""

import argparse
import json
import os
import random
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic

from app import clock, create_app, migration
from app.alerts import sending
from app.db import database, rows
from tests import postgres
from tests.alerts import crowd

NOBODY = Event()
"""Nobody sets it: it is waited for."""
QUEUED = "SELECT dedupe_key FROM messages WHERE kind = 'outage_urgent'"
DONE = "SELECT 1 FROM outage_revisions WHERE outage = 'city' AND told_at IS NOT NULL"


def start(app):
    """A process that does what the worker's timetable does, until it is killed."""
    process = os.fork()
    if process:
        return process
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        with app.test_request_context():
            while True:
                for _ in sending.watch(clock.now()):
                    pass
    finally:
        os._exit(1)


def is_done():
    found = rows(DONE)
    database.close()
    return bool(found)


def kill(process):
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status) == -signal.SIGKILL


def kill_until_told(app, kills, seed, alerts):
    """Kill as often as asked for, each time after a random part of a life that lasts so long that
    the telling is not over before; then let it finish.
    """
    luck, life, killed = random.Random(seed), 0.05, 0
    while killed < kills and not is_done():
        process = start(app)
        NOBODY.wait(luck.uniform(0, 2 * life))
        killed += kill(process)
        ((reached,),) = rows("SELECT coalesce(max(reached), 0) FROM outage_revisions")
        database.close()
        ahead = reached / alerts > killed / kills - 0.2
        life = min(0.5, max(0.002, life * (0.7 if ahead else 1.1)))
    process = start(app)
    until = monotonic() + 120 + alerts / 2000
    while not is_done() and monotonic() < until:
        NOBODY.wait(0.05)
    kill(process)
    return killed


def run(url, alerts, kills, seed, folder, batch):
    """The numbers of one run on an empty database."""
    sending.BATCH = batch
    app = create_app({"DATABASE_URL": url, "DATA_DIR": str(folder), "CONTENT_CHECK_SECONDS": 0})
    with app.app_context():
        migration.migrate()
    twice = alerts // 10
    crowd.gather(alerts, twice)
    crowd.emergency(Path(folder) / "outages")
    database.close()
    began = monotonic()
    killed = kill_until_told(app, kills, seed, alerts)
    keys = [key for (key,) in rows(QUEUED)]
    people = crowd.addresses(keys)
    ((noted,),) = rows("SELECT queued FROM outage_revisions WHERE outage = 'city'")
    database.close()
    return {
        "alerts": alerts + twice,
        "people": alerts,
        "kills": killed,
        "seed": seed,
        "lost": alerts - people,
        "doubled": len(keys) - people,
        "noted": noted,
        "seconds": round(monotonic() - began, 1),
    }


def is_good(found, kills):
    told = found["lost"] == 0 and found["doubled"] == 0 and found["noted"] == found["alerts"]
    return told and found["kills"] == kills


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--alerts", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261126)
    asked = parser.parse_args()
    cluster = None
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/kills.db"
        if asked.database == "postgres":
            cluster = postgres.Cluster(postgres.binaries()).start()
            url = postgres.new_database(str(cluster.folder), "kills")
        try:
            found = run(url, asked.alerts, asked.kills, asked.seed, folder, asked.batch)
        finally:
            if cluster:
                cluster.stop()
    sys.stdout.write(json.dumps({"database": asked.database, **found}) + "\n")
    sys.exit(0 if is_good(found, asked.kills) else 1)


if __name__ == "__main__":
    main()
