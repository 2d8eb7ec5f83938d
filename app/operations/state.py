"""What an operator wants to know: queues, failures, workers, disk, database, copies, versions."""

import platform
import shutil
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app

from app import health
from app.db import as_instant, database, instant, is_postgres, rows
from app.language import _
from app.limits import ALL, HOUR, window_end
from app.messages.kinds import Priority
from app.messages.state_words import PRIORITIES, channel_name, priority_name
from app.messages.timetable import register
from app.operations import backup
from app.operations.models import Heartbeat

OUTBOX_LATE = {
    Priority.URGENT: timedelta(minutes=2),
    Priority.NORMAL: timedelta(minutes=30),
    Priority.ALERT: timedelta(hours=1),
    Priority.BULK: timedelta(hours=12),
}
"""By priority: how long the oldest waiting message may be due before somebody should look."""
BEAT = timedelta(seconds=30)
STILL = timedelta(minutes=5)
BACKUP_OLD = timedelta(hours=26)
PACKAGES = ("flask", "peewee", "granian", "webauthn", "cryptography")


class Queue(NamedTuple):
    """What waits in a channel with a priority; sorted as the channel sends it."""

    channel: str
    priority: int
    waiting: int
    due_since: datetime | None


QUEUES = """
SELECT channel, priority, count(*),
    min(CASE WHEN run_after > ? THEN NULL
        WHEN run_after > created_at THEN run_after ELSE created_at END)
FROM messages
WHERE state = 'created' OR state = 'held' OR state = 'sending' OR state = 'unknown'
GROUP BY channel, priority
"""
FAILED = "SELECT channel, count(*) FROM messages WHERE state = 'failed' GROUP BY channel"
FAILURES = "SELECT kind, count FROM limits WHERE name = ? AND ends_at = ?"


def queues(now: datetime) -> list[Queue]:
    found = rows(QUEUES, (instant(now),))
    waiting = [Queue(c, p, n, at and as_instant(at)) for c, p, n, at in found]
    order = list(PRIORITIES)
    return sorted(waiting, key=lambda queue: (queue.channel, order.index(Priority(queue.priority))))


def failed() -> dict[str, int]:
    return dict(rows(FAILED))


def failures(now: datetime) -> dict[str, int]:
    """Failed sign-ins and look-ups of this hour, by kind."""
    return dict(rows(FAILURES, (ALL, instant(window_end(now, HOUR)))))


def database_size() -> int:
    """Bytes."""
    if is_postgres():
        return int(rows("SELECT pg_database_size(current_database())")[0][0])
    path = Path(str(database.database))
    wal = path.with_name(f"{path.name}-wal")
    return sum(file.stat().st_size for file in (path, wal) if file.exists())


def engine() -> str:
    if is_postgres():
        return str(rows("SHOW server_version")[0][0])
    return str(rows("SELECT sqlite_version()")[0][0])


def folder() -> Path:
    return Path(current_app.config["DATA_DIR"])


def facts(now: datetime) -> dict[str, Any]:
    """Everything, for the page and the figures."""
    return {
        "queues": queues(now),
        "failed": failed(),
        "failures": failures(now),
        "beats": Heartbeat.all_beats(),
        "disk_free": shutil.disk_usage(folder()).free,
        "database_size": database_size(),
        "backup": backup.last(folder()),
        "versions": {
            "python": platform.python_version(),
            "postgresql" if is_postgres() else "sqlite": engine(),
            **{name: version(name) for name in PACKAGES},
        },
    }


def outbox_check(now: datetime) -> str | None:
    for queue in queues(now):
        if queue.channel == "letter" or queue.due_since is None:
            continue
        if now - queue.due_since > OUTBOX_LATE[Priority(queue.priority)]:
            minutes = int((now - queue.due_since).total_seconds() // 60)
            return _(
                "%(channel)s(%(priority)s): %(minutes)s분째 기다립니다",
                channel=channel_name(queue.channel), priority=priority_name(queue.priority),
                minutes=minutes,
            )  # fmt: skip
    return None


def worker_check(now: datetime) -> str | None:
    newest = Heartbeat.newest()
    if newest is None:
        return _("작업자가 아직 돈 적이 없습니다")
    return None if now - newest < STILL else _("5분 동안 작업자가 보이지 않습니다")


def backup_check(now: datetime) -> str | None:
    if current_app.config["MODE"] == "development":
        return None
    made = backup.last(folder())
    if made is None:
        return _("백업이 아직 없습니다 (flask db backup)")
    old = now - datetime.fromisoformat(made.at) > BACKUP_OLD
    return _("마지막 백업이 26시간보다 오래되었습니다") if old else None


def failures_check(now: datetime) -> str | None:
    limit = int(current_app.config["FAILURE_ALARM"])
    many = [kind for kind, count in failures(now).items() if count >= limit]
    return _("이번 시간에 실패가 많습니다: %(kinds)s", kinds=", ".join(many)) if many else None


def beat(now: datetime) -> None:
    """The worker is alive."""
    Heartbeat.note(now)


register(BEAT, beat)
for name, check in (
    ("outbox", outbox_check),
    ("worker", worker_check),
    ("backup", backup_check),
    ("failures", failures_check),
):
    health.register(name, check)
