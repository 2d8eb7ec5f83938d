"""One database layer for SQLite and PostgreSQL: the connection, the columns, the write rules."""

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from threading import Lock, local
from time import monotonic
from typing import Any

from peewee import (  # type: ignore[attr-defined]
    BigIntegerField,
    Check,
    Database,
    DatabaseProxy,
    Field,
    Model,
    OperationalError,
    PostgresqlDatabase,
    SqliteDatabase,
    __exception_wrapper__,
    sqlite3,
)
from playhouse.db_url import connect

from app.money import Money

database = DatabaseProxy()

SAFE_SQLITE = (3, 51, 3)
"""Older versions can lose committed pages in WAL mode (the WAL-reset defect)."""

PATIENCE = 5.0
"""Seconds that a write waits for others, and the milliseconds of `busy_timeout` as well."""
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: money survives a power cut
    "foreign_keys": 1,
    "busy_timeout": int(PATIENCE * 1000),
    "trusted_schema": 0,
    "cache_size": -16384,
}


class UnsafeDatabaseError(RuntimeError):
    """The database would not keep what it was given."""


class Sqlite(SqliteDatabase):
    """SQLite with pragmas that are read back on every new connection."""

    def _add_conn_hooks(self, conn: Any) -> None:
        super()._add_conn_hooks(conn)  # type: ignore[misc]
        memory = self.database == ":memory:" or "mode=memory" in str(self.database)
        for name, wanted in PRAGMAS.items():
            found = conn.execute(f"PRAGMA {name}").fetchone()[0]
            if found != wanted and not (memory and name == "journal_mode"):
                raise UnsafeDatabaseError(f"SQLite keeps {name}={found} instead of {wanted}.")


def open_database(url: str) -> Database:
    """Point `database` at `url` and return it; refuses an unsafe SQLite library."""
    if url.startswith("sqlite"):
        if sqlite3.sqlite_version_info < SAFE_SQLITE:
            raise UnsafeDatabaseError(
                f"SQLite {sqlite3.sqlite_version} can lose committed data in WAL mode; "
                "install the locked requirements, which bring a safe version."
            )
        path = url.removeprefix("sqlite:///") or ":memory:"
        found: Database = Sqlite(path, pragmas=PRAGMAS, uri=path.startswith("file:"))
    else:
        found = connect(url, unquote_user=True, unquote_password=True)
    database.initialize(found)
    return found


def is_postgres() -> bool:
    return isinstance(database.obj, PostgresqlDatabase)


class Depth(local):
    """How many `writing` blocks this thread is in, and the seconds it waits for SQLite's lock."""

    writing = 0
    patience = PATIENCE


depth = Depth()


class Turn:
    """Who of this process's threads writes to SQLite. The next one goes on at once; SQLite's own
    way of waiting is to look again after longer and longer pauses.
    """

    lock = Lock()

    @classmethod
    def renew(cls) -> None:
        """A process that was forked has none of its parent's threads, which may hold the lock."""
        cls.lock = Lock()


os.register_at_fork(after_in_child=Turn.renew)


@contextmanager
def writing() -> Iterator[None]:
    """A write transaction: takes SQLite's write lock at once; no read grows into a write."""
    within = is_postgres() or database.in_transaction()
    depth.writing += 1
    try:
        with database.atomic() if within else alone():
            yield
    finally:
        depth.writing -= 1


@contextmanager
def alone() -> Iterator[None]:
    """A transaction with SQLite's write lock; raises OperationalError when patience ends."""
    until, lock = monotonic() + depth.patience, Turn.lock
    if not lock.acquire(timeout=depth.patience):
        raise OperationalError("database is locked")
    try:
        with ExitStack() as stack:
            begin(stack, until)
            yield
    finally:
        lock.release()


def begin(stack: ExitStack, until: float) -> None:
    """Take the lock from other processes: look again each millisecond."""
    rows("PRAGMA busy_timeout = 1")
    try:
        while True:
            try:
                stack.enter_context(database.atomic("IMMEDIATE"))
            except OperationalError as error:
                if "locked" not in str(error) or monotonic() > until:
                    raise
            else:
                return
    finally:
        rows(f"PRAGMA busy_timeout = {PRAGMAS['busy_timeout']}")


@contextmanager
def hurried() -> Iterator[None]:
    """Wait for SQLite's write lock a moment only: for writes that a page can do without."""
    before, depth.patience = depth.patience, 0.1
    try:
        yield
    finally:
        depth.patience = before


def statement(sql: str) -> str:
    """SQL with `?` for values, in the form that this database's driver wants."""
    return sql.replace("?", "%s") if is_postgres() else sql


def rows(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one SELECT written with `?`; for the few queries that a measurement asked for."""
    found = database.obj
    with __exception_wrapper__:
        if isinstance(found, PostgresqlDatabase):
            sql = sql.replace("?", "%s")
        answer: list[tuple[Any, ...]] = found.connection().execute(sql, values).fetchall()
        return answer


def insert_many(table: str, columns: Sequence[str], values: Iterable[Sequence[Any]]) -> None:
    """Put many rows into a table: executemany on SQLite, COPY on PostgreSQL."""
    names = ", ".join(columns)
    with __exception_wrapper__:
        if is_postgres():
            with (
                database.cursor() as cursor,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
            ):
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 names are ours
            database.connection().executemany(sql, values)


def change_many(sql: str, values: Iterable[Sequence[Any]]) -> None:
    """Run one INSERT, UPDATE or DELETE written with `?` for many rows of values."""
    if is_postgres():
        with database.cursor() as cursor:
            cursor.executemany(statement(sql), values)
    else:
        database.connection().executemany(sql, values)


@contextmanager
def bulk() -> Iterator[None]:
    """Work that makes millions of rows and no cycles: the collector would only look for them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def one_of(column: str, *values: str) -> Any:
    """A column holds one of a few words. Not written with IN: SQLite would build a table of the
    words for every row that is stored, which costs as much as storing it.
    """
    return Check(" OR ".join(f"{column} = '{value}'" for value in values))


class MoneyColumn(BigIntegerField):
    """Whole won."""

    def db_value(self, value: Any) -> int | None:
        if isinstance(value, float):
            raise TypeError("money is never a float")
        return None if value is None else int(value)

    def python_value(self, value: Any) -> Money | None:
        return None if value is None else Money(value)


class InstantColumn(Field):
    """A moment: aware in Python, UTC without offset in the database; refuses a naive one."""

    field_type = "DATETIME"

    def db_value(self, value: Any) -> str | None:
        return None if value is None else instant(value)

    def python_value(self, value: Any) -> datetime | None:
        return None if value is None else as_instant(value)


class DayColumn(Field):
    """A calendar day in Seoul."""

    field_type = "DATE"

    def db_value(self, value: Any) -> str | None:
        if value is not None and (isinstance(value, datetime) or not isinstance(value, date)):
            raise TypeError("a day is a date")
        return None if value is None else value.isoformat()

    def python_value(self, value: Any) -> date | None:
        return None if value is None else as_day(value)


def instant(moment: datetime) -> str:
    """How an aware moment is written into the database: UTC, microseconds, no offset."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def as_instant(value: Any) -> datetime:
    """What a driver returned for an InstantColumn (text or naive datetime) as an aware moment."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC)


def as_day(value: Any) -> date:
    """What a driver returned for a DayColumn (text or date) as a date."""
    return value if isinstance(value, date) else _day(value)


_day = lru_cache(4096)(date.fromisoformat)


class BaseModel(Model):
    """What all tables share."""

    class Meta:
        database = database
        legacy_table_names = False
