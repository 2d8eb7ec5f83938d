"""Signs of life of workers."""

import os
import socket
from datetime import datetime, timedelta

from peewee import CharField, CompositeKey, IntegerField

from app.db import BaseModel, InstantColumn, as_instant, instant, rows, writing

KEPT = 20
OLD = timedelta(days=1)


class Heartbeat(BaseModel):
    """A worker's process, and when it was last seen."""

    host = CharField(60)
    pid = IntegerField()
    seen_at = InstantColumn(index=True)

    class Meta:
        table_name = "heartbeats"
        primary_key = CompositeKey("host", "pid")
        without_rowid = True

    @classmethod
    def note(cls, now: datetime) -> None:
        """This process is alive."""
        who = socket.gethostname()[:60], os.getpid()
        with writing():
            rows(GONE, (*who, instant(now - OLD)))
            cls.create(host=who[0], pid=who[1], seen_at=now)

    @classmethod
    def all_beats(cls) -> list[tuple[str, int, datetime]]:
        return [(host, pid, as_instant(at)) for host, pid, at in rows(NEWEST, (KEPT,))]

    @classmethod
    def newest(cls) -> datetime | None:
        found = cls.all_beats()
        return found[0][2] if found else None


GONE = """
DELETE FROM heartbeats WHERE (host = ? AND pid = ?) OR seen_at < ? RETURNING pid
"""
NEWEST = "SELECT host, pid, seen_at FROM heartbeats ORDER BY seen_at DESC LIMIT ?"
