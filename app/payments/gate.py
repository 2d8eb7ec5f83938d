"""Whether payments are open: closed by hand, by a restored or damaged database, by a failed disk.

Closed means that no new attempt is opened. What was begun goes on: money that is on its way is
booked whenever that can be done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from flask import current_app
from peewee import DatabaseError

from app.db import is_postgres, rows, writing
from app.observe import log
from app.payments import journal, keys
from app.payments.records import Gate


class Closed(StrEnum):
    """Why payments are closed."""

    NOT_SET = "not_set"
    """There are no keys of a gateway."""
    BY_HAND = "by_hand"
    RESTORED = "restored"
    """The database is older than its files: it has to be compared with the gateway first."""
    UNMARKED = "unmarked"
    """The database has payments, but this machine's files do not know any: the same."""
    DAMAGED = "damaged"
    """The database failed its check; a file says so, because a database that is damaged may lie."""
    BROKEN = "broken"
    """A write to the disk failed in this process: what it believes to be stored may not be."""


class Process:
    """What this process has seen."""

    broken = ""


TABLES = (
    "ledger_operations", "ledger_entries", "attempts", "attempt_bills", "payments", "refunds",
)  # fmt: skip
KNOWN = "SELECT 1 FROM attempts WHERE order_id = ?"
ANY = "SELECT order_id FROM attempts ORDER BY id DESC LIMIT 1"
NEWEST = "SELECT state, reason FROM payment_gate ORDER BY id DESC LIMIT 1"
STATE = """
SELECT (SELECT state FROM payment_gate ORDER BY id DESC LIMIT 1), EXISTS (
    SELECT 1 FROM attempts WHERE order_id = ?)
"""
BAD_DISK = ("disk i/o error", "malformed", "not a database", "corrupt")


def why_closed() -> Closed | None:
    """Why no attempt may be opened now; None when it may."""
    if not keys.are_set(current_app.config):
        return Closed.NOT_SET
    if Process.broken:
        return Closed.BROKEN
    if damaged().exists():
        return Closed.DAMAGED
    newest = journal.marked()
    ((state, is_known),) = rows(STATE, (newest or "",))
    if state == "restored":
        return Closed.RESTORED
    return behind(newest, bool(is_known)) or (Closed.BY_HAND if state == "closed" else None)


def is_closed_by_hand() -> bool:
    """Whether a person has closed them, whatever else closes them too."""
    found = rows(NEWEST)
    return bool(found) and found[0][0] == "closed"


def must_not_take() -> bool:
    """Whether even a payment that was begun is not confirmed: the database cannot be trusted to
    know what was paid since.
    """
    return why_closed() not in (None, Closed.BY_HAND, Closed.NOT_SET)


def is_behind() -> Closed | None:
    """Whether the database is older than this machine's files."""
    newest = journal.marked()
    return behind(newest, bool(newest and rows(KNOWN, (newest,))))


def behind(newest: str | None, is_known: bool) -> Closed | None:
    """The same, of the attempt that the files name as the newest."""
    if newest is None:
        return Closed.UNMARKED if rows(ANY) else None
    return Closed.RESTORED if newest and not is_known else None


def is_restored() -> bool:
    """Whether what is found now may have been told to its customers before the backup was put in
    place: then they are not told again.
    """
    return why_closed() is Closed.RESTORED


def damaged() -> Path:
    return journal.folder() / "closed"


def change(state: str, reason: str, by: str, now: datetime) -> None:
    """Close or open payments for every process."""
    with writing():
        Gate.create(state=state, reason=reason[:200], changed_by=by[:60], changed_at=now)
    fields = {"state": state, "reason": reason, "by": by}
    log.warning("payments: gate", extra={"fields": fields})


def close(reason: str, by: str, now: datetime) -> None:
    change("closed", reason, by, now)


def open_again(reason: str, by: str, now: datetime) -> None:
    """Payments may be opened: the files begin again with what the database knows."""
    caught_up()
    damaged().unlink(missing_ok=True)
    change("open", reason, by, now)


def caught_up() -> None:
    """The database knows all that the files knew: they begin again with its newest attempt."""
    newest = rows(ANY)
    journal.mark(newest[0][0] if newest else "")


def note_restored(now: datetime) -> bool:
    """Write down that the database is older than its files, for all processes; whether it is."""
    if is_behind() is not Closed.RESTORED:
        return False
    found = rows(NEWEST)
    if not found or found[0][0] == "open":
        change("restored", "the database is older than the journal of payments", "", now)
    return True


def check_tables() -> list[str]:
    """What SQLite finds wrong in the tables of money (F-36); payments are closed by it."""
    problems = []
    if not is_postgres():
        for table in TABLES:
            problems += looked_through(table)
    if problems:
        damaged().write_text("\n".join(problems[:20]), "utf-8")
        log.critical("payments: damaged tables", extra={"fields": {"problems": problems[:20]}})
    return problems


def looked_through(table: str) -> list[str]:
    try:
        found = rows(f"PRAGMA quick_check('{table}')")
    except DatabaseError as error:
        return [f"{table}: {error}"]
    return [f"{table}: {text}" for (text,) in found if text != "ok"]


@contextmanager
def booking() -> Iterator[None]:
    """A write transaction about money. After a failed write to the disk this process takes no more
    money: what the database believes to be stored may not be there (F-34).
    """
    try:
        with writing():
            yield
    except DatabaseError as error:
        if why := disk_failure(error):
            Process.broken = why
            log.critical("payments: the disk fails", exc_info=error)
        raise


def disk_failure(error: BaseException | None) -> str:
    """What an error says of the disk, or one that it hides: SQLite has rolled back by itself then,
    and the rollback that follows fails with another error.
    """
    while error is not None:
        if any(text in str(error).lower() for text in BAD_DISK):
            return str(error)
        error = error.__context__
    return ""
