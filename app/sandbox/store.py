"""What the emulators remember: messages, signatures, switches; in a file or in memory."""

import json
import sqlite3
from pathlib import Path
from threading import RLock
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS messages (number INTEGER PRIMARY KEY, id TEXT UNIQUE, group_id TEXT,
    receiver TEXT, sender TEXT, text TEXT, type TEXT, subject TEXT, fields TEXT, bytes INTEGER,
    created TEXT, final_at TEXT, result TEXT);
CREATE INDEX IF NOT EXISTS by_receiver ON messages (receiver, created);
CREATE TABLE IF NOT EXISTS signatures (signature TEXT PRIMARY KEY, at TEXT);
CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS next (number INTEGER PRIMARY KEY, door TEXT, mode TEXT);
CREATE TABLE IF NOT EXISTS events (number INTEGER PRIMARY KEY, event TEXT);
CREATE TABLE IF NOT EXISTS browsers (id TEXT PRIMARY KEY, private TEXT, auth TEXT, gone INTEGER);
CREATE TABLE IF NOT EXISTS pushes (number INTEGER PRIMARY KEY, browser TEXT, text TEXT,
    headers TEXT);
"""
DEFAULTS = {
    "money": 1_000_000,
    "price": 18,
    "skew": 0.0,
    "final_after": 2.0,
    "result": "4000",
    "reports": "once",
    "list": "on",
}
KINDS: dict[str, type[str] | type[int] | type[float]] = {
    "money": int,
    "price": int,
    "skew": float,
    "final_after": float,
    "result": str,
    "reports": str,
    "list": str,
}
EMPTY = """
DELETE FROM messages; DELETE FROM signatures; DELETE FROM switches; DELETE FROM next;
DELETE FROM events; DELETE FROM pushes;
"""


class Store:
    """One connection that all threads share, one after the other."""

    def __init__(self, path: Path | None = None) -> None:
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
        self.lock = RLock()
        self.connection = sqlite3.connect(
            str(path or ":memory:"), check_same_thread=False, isolation_level=None
        )
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.executescript(TABLES)

    def run(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self.lock:
            return self.connection.execute(sql, values).fetchall()

    def switch(self, name: str) -> Any:
        found = self.run("SELECT value FROM switches WHERE name = ?", name)
        return json.loads(found[0]["value"]) if found else DEFAULTS[name]

    def turn(self, name: str, value: Any) -> None:
        if name not in DEFAULTS:
            raise KeyError(name)
        text = json.dumps(KINDS[name](value))
        self.run("INSERT OR REPLACE INTO switches (name, value) VALUES (?, ?)", name, text)

    def switches(self) -> dict[str, Any]:
        return {name: self.switch(name) for name in DEFAULTS}

    def plan(self, door: str, mode: str, times: int = 1) -> None:
        """What the next requests at a door meet with."""
        for _ in range(times):
            self.run("INSERT INTO next (door, mode) VALUES (?, ?)", door, mode)

    def planned(self, door: str) -> str:
        """What this request meets with; nothing unusual when nothing is planned."""
        with self.lock:
            found = self.run(
                "DELETE FROM next WHERE number = (SELECT min(number) FROM next WHERE door = ?)"
                " RETURNING mode",
                door,
            )
        return str(found[0]["mode"]) if found else ""

    def reset(self) -> None:
        with self.lock:
            self.connection.executescript(EMPTY)
