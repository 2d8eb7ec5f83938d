"""Figures in the text format of Prometheus, on an address of their own that nobody else reaches."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from flask import Flask

from app import clock, health, tally
from app.operations import state


class Collector:
    """Reads everything when it is asked; between two questions it costs nothing."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def collect(self) -> Iterator[Any]:
        with self.app.app_context():
            now = clock.now()
            yield from of_requests(Path(self.app.config["DATA_DIR"]) / "tally")
            yield from of_state(state.facts(now), now)
            yield alarms(now)


def of_requests(folder: Path) -> Iterator[Any]:
    from prometheus_client.core import HistogramMetricFamily

    seconds = HistogramMetricFamily(
        "arisu_request_seconds", "How long answers took, by status", labels=["status"]
    )
    for status, counts in sorted(tally.all_counts(folder).items()):
        total, buckets = 0.0, []
        bounds = [*map(str, tally.BOUNDS), "+Inf"]
        for bound, count in zip(bounds, counts[:-1], strict=True):
            total += count
            buckets.append((bound, total))
        seconds.add_metric([status], buckets, sum_value=counts[-1])
    yield seconds


def gauge(name: str, text: str, labels: list[str], found: Iterator[tuple[list[str], float]]) -> Any:
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(f"arisu_{name}", text, labels=labels)
    for values, number in found:
        family.add_metric(values, number)
    return family


def of_state(facts: dict[str, Any], now: datetime) -> Iterator[Any]:
    places = [([q.channel, str(q.priority)], q) for q in facts["queues"]]
    labels = ["channel", "priority"]
    waiting = ((names, float(q.waiting)) for names, q in places)
    yield gauge("outbox_waiting", "Messages that wait", labels, waiting)
    ages = ((names, age(q.due_since, now)) for names, q in places)
    yield gauge("outbox_due_seconds", "Since when the oldest is due", labels, ages)
    failed = (([name], float(count)) for name, count in facts["failed"].items())
    yield gauge("outbox_failed", "Messages that failed", ["channel"], failed)
    failures = (([name], float(count)) for name, count in facts["failures"].items())
    yield gauge("failures_this_hour", "Failed sign-ins and look-ups", ["kind"], failures)
    newest = facts["beats"][0][2] if facts["beats"] else None
    backup = facts["backup"]
    made = datetime.fromisoformat(backup.at) if backup else None
    for name, text, number in (
        ("worker_seen_seconds", "Since when no worker was seen", age(newest, now)),
        ("disk_free_bytes", "Free where the data lies", float(facts["disk_free"])),
        ("database_bytes", "Size of the database", float(facts["database_size"])),
        ("backup_age_seconds", "Age of the newest backup", age(made, now)),
    ):
        if number >= 0:
            yield gauge(name, text, [], iter([([], number)]))


def age(since: datetime | None, now: datetime) -> float:
    """Seconds; less than none when there is nothing."""
    return (now - since).total_seconds() if since else -1.0


def alarms(now: datetime) -> Any:
    found = health.alarms(now).items()
    states = (([name], 0.0 if said == "ok" else 1.0) for name, said in found)
    return gauge("alarm", "1 when somebody should look", ["check"], states)


def text(app: Flask) -> bytes:
    """All figures at this moment."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(Collector(app))
    found: bytes = generate_latest(registry)
    return found


class Silent(WSGIRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Figures are asked for all day; nobody wants a line for each time."""


def serve(app: Flask, host: str, port: int) -> None:
    """Give out the figures at `/metrics` until the process is stopped."""

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] != "/metrics":
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"/metrics\n"]
        body = text(app)
        start_response("200 OK", [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")])
        return [body]

    with make_server(host, port, answer, handler_class=Silent) as server:
        server.serve_forever()
