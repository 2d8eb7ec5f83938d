"""What the emulated gateway keeps: one SQLite file, one connection, one writer at a time."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import RLock
from typing import Any

from app import clock

TABLES = """
CREATE TABLE IF NOT EXISTS payments (
    payment_key TEXT PRIMARY KEY, order_id TEXT UNIQUE, doc TEXT, own TEXT);
CREATE TABLE IF NOT EXISTS transactions (
    key TEXT PRIMARY KEY, at TEXT, doc TEXT, sold_on TEXT, paid_out_on TEXT);
CREATE TABLE IF NOT EXISTS money (
    id INTEGER PRIMARY KEY, order_id TEXT, payment_key TEXT, what TEXT, amount INTEGER, at TEXT);
CREATE INDEX IF NOT EXISTS money_of ON money (order_id);
CREATE TABLE IF NOT EXISTS idempotency (
    scope TEXT PRIMARY KEY, first_at TEXT, status INTEGER, body TEXT);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY, call TEXT, order_id TEXT, fault TEXT, left INTEGER, seconds REAL,
    code TEXT);
CREATE TABLE IF NOT EXISTS billing (
    auth_key TEXT PRIMARY KEY, billing_key TEXT UNIQUE, customer_key TEXT, doc TEXT, own TEXT);
CREATE TABLE IF NOT EXISTS receipts (receipt_key TEXT PRIMARY KEY, day TEXT, doc TEXT);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY, transmission TEXT, body TEXT, due_at TEXT, tries INTEGER, state TEXT,
    status INTEGER, order_id TEXT);
CREATE INDEX IF NOT EXISTS deliveries_by_state ON deliveries (state, id);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT);
"""
EMPTY = (
    "DELETE FROM payments",
    "DELETE FROM transactions",
    "DELETE FROM money",
    "DELETE FROM idempotency",
    "DELETE FROM faults",
    "DELETE FROM billing",
    "DELETE FROM receipts",
    "DELETE FROM deliveries",
    "DELETE FROM settings",
)
FIND = {
    "payment_key": "SELECT doc, own FROM payments WHERE payment_key = ?",
    "order_id": "SELECT doc, own FROM payments WHERE order_id = ?",
}


class Clock:
    """The emulator's own time: ours, moved by a step, or standing still."""

    def __init__(self) -> None:
        self.step = timedelta(0)
        self.still: datetime | None = None

    def now(self) -> datetime:
        moment = self.still or clock.now() + self.step
        return moment.astimezone(clock.SEOUL)

    def text(self) -> str:
        """As the gateway writes moments: `2026-11-26T10:00:00+09:00`."""
        return self.now().isoformat(timespec="seconds")


class Store:
    """Rows by SQL; documents are JSON."""

    def __init__(self, path: str) -> None:
        self.lock = RLock()
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = OFF"):
            self.db.execute(f"PRAGMA {pragma}")
        self.db.executescript(TABLES)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.lock:
            return self.db.execute(sql, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One call at a time changes something, whole or not at all."""
        with self.lock:
            if self.db.in_transaction:
                yield
                return
            self.db.execute("BEGIN")
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    def clear(self) -> None:
        with self.writing():
            for statement in EMPTY:
                self.db.execute(statement)

    def payment(self, by: str, value: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The public and the hidden document of a payment, by `payment_key` or `order_id`."""
        found = self.rows(FIND[by], value)
        return (json.loads(found[0][0]), json.loads(found[0][1])) if found else None

    def save(self, doc: dict[str, Any], own: dict[str, Any]) -> None:
        self.rows(
            "INSERT OR REPLACE INTO payments VALUES (?, ?, ?, ?)",
            doc["paymentKey"],
            doc["orderId"],
            json.dumps(doc, ensure_ascii=False),
            json.dumps(own, ensure_ascii=False),
        )

    def setting(self, name: str, default: Any = None) -> Any:
        found = self.rows("SELECT value FROM settings WHERE name = ?", name)
        return json.loads(found[0][0]) if found else default

    def set(self, name: str, value: Any) -> None:
        self.rows("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, json.dumps(value))
