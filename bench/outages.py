"""An emergency for the whole city: queueing it for everybody, and what the page notices of it."""

import http.client
import os
import time
from collections.abc import Callable
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any

from app import create_app, migration
from app.db import rows
from bench.apart import apart
from bench.figures import Found, at_most, middle, p99, plain
from bench.payments import beside
from bench.server import serving
from tests.alerts import crowd

PAGE = "/outages/"
PEOPLE, FEW = 500_000, 20_000
SECONDS, LIMIT = 60.0, 2.0
PAUSE = 0.005
REVISION = "SELECT told_at IS NOT NULL, queued FROM outage_revisions WHERE outage = 'city'"
QUEUED = "SELECT dedupe_key FROM messages WHERE kind = 'outage_urgent'"


def prepare(folder: str, people: int) -> None:
    app = create_app({"DATA_DIR": folder})
    with app.app_context():
        migration.migrate()
        crowd.gather(people)


def told(folder: str, began: float) -> tuple[float, int, int]:
    """Waits until everybody is queued: seconds since a moment, messages, and whose they are."""
    create_app({"DATA_DIR": folder})
    while not (found := rows(REVISION)) or not found[0][0]:
        time.sleep(0.05)
    took = time.time() - began
    keys = [str(key) for (key,) in rows(QUEUED)]
    return took, len(keys), crowd.addresses(keys)


def page_times(port: int, going_on: Callable[[], bool]) -> list[float]:
    """How long the page takes, asked for again and again, in milliseconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    while going_on():
        began = time.perf_counter()
        connection.request("GET", PAGE)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{PAGE} answered {answer.status}")
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(PAUSE)
    return times


def meanwhile(port: int, folder: str, began: float) -> tuple[list[float], tuple[float, int, int]]:
    """The page's times until everybody is queued."""
    with ThreadPool(1) as pool:
        waiting: Any = pool.apply_async(apart, (told, folder, began))
        times = page_times(port, lambda: not waiting.ready())
        return times, waiting.get()


def part(folder: Path, quick: bool) -> Found:
    people, seconds = (FEW, 3.0) if quick else (PEOPLE, 20.0)
    apart(prepare, str(folder), people)
    with serving("wsgi:app", folder, PAGE) as server:
        page_times(server.port, until(1.0))
        before = page_times(server.port, until(seconds))
        with beside(folder, (), "flask", "--app", "wsgi", "worker"):
            time.sleep(3)  # its lanes have started
            began = time.time()
            crowd.emergency(folder / "outages")
            busy, (took, queued, different) = meanwhile(server.port, str(folder), began)
        os.sync()  # what was queued is on the disk
        after = page_times(server.port, until(seconds))
    if (queued, different) != (people, people):
        raise RuntimeError(f"{people} people, {queued} messages to {different} addresses")
    quiet = p99([*before, *after])
    figures = [
        at_most(f"file written until {people:,} people are queued", took, SECONDS, " s", 1),
        plain("outage page, quiet, p99", quiet, " ms", 2),
        plain("of these before", p99(before), " ms", 2),
        plain("of these after", p99(after), " ms", 2),
        plain("outage page meanwhile, p99", p99(busy), " ms", 2),
        at_most("p99 meanwhile / quiet", p99(busy) / quiet, LIMIT, " ×"),
        plain("outage page meanwhile, median", middle(busy), " ms", 2),
    ]
    remarks = [
        "The worker finds the file by itself and sends mails into files while it queues; worker,"
        " server and the one who asks for the page share the machine's cores.",
        "Quiet is before and after together, without the worker: each drifts with the machine.",
    ]
    return Found("An emergency for the whole city", figures, remarks, {})


def until(seconds: float) -> Callable[[], bool]:
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() < end
