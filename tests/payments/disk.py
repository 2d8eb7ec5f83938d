"""Ways in which a disk or a database fails a process, and what the process does then."""

import os
import resource
import shutil
from pathlib import Path

from peewee import DatabaseError, sqlite3

from app import crashpoint, create_app, migration
from app.db import database, is_postgres, rows
from app.payments import gate
from app.payments import settle as settle_module
from app.payments.models import Attempt, Payment
from app.reconciliation import verify
from app.sandbox.pay_faults import NOBODY
from tests.conftest import SETTINGS
from tests.payments import programs


def trying(before, work, *arguments):
    """Do something under a fault; what it was refused with, or its result."""
    before()
    try:
        return work(*arguments)
    except (DatabaseError, OSError) as error:
        return f"{type(error).__name__}: {error}"


def paying(bill, payer, emulator):
    """A whole payment in one process."""
    found = programs.open_attempt(bill, payer, "card")
    attempt = Attempt.of_order(found)
    if attempt is None:
        return found
    key = emulator.authenticate(attempt)
    return programs.come_back(attempt.order_id, key, str(int(attempt.amount)))


def nothing():
    """No fault."""


def paying_until_full(bills, payer, emulator):
    """Payments, until one does not fit any more; what each came to."""
    no_more_pages()
    found = []
    for bill in bills:
        found.append(str(trying(nothing, paying, bill, payer, emulator)))
        if found[-1] != "paid":
            break
    return found


def no_more_pages():
    """The database is as large as its disk."""
    rows("VACUUM")
    (count,) = rows("PRAGMA page_count")[0]
    database.obj.pragma("max_page_count", count, permanent=True)  # of later connections too
    settle_module.PATIENCE = 0.3


def cannot_write():
    if is_postgres():
        database.execute_sql("SET default_transaction_read_only = on")
    else:
        rows("PRAGMA query_only = 1")


def reading_only():
    cannot_write()
    return len(rows("SELECT 1 FROM payments"))


def impatient():
    if is_postgres():
        database.execute_sql("SET lock_timeout = '200ms'")
    else:
        rows("PRAGMA busy_timeout = 200")


SOME = 20 * 1024


def no_bigger_files():
    """Writes into the log fail soon, as on a disk with a bad place; small files can be written."""
    emptied_log()
    resource.setrlimit(resource.RLIMIT_FSIZE, (SOME, resource.RLIM_INFINITY))


def still_closed(bill, payer):
    """The process whose write failed, when the disk writes again."""
    trying(no_bigger_files, programs.open_attempt, bill, payer, "card")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    database.close()
    database.connect()
    return [str(gate.why_closed()), programs.open_attempt(bill, payer, "card")]


def full_after_intent(order_id, key, amount):
    def heard(name):
        if name == "confirm.after_answer":
            no_more_pages()

    crashpoint.Armed.heard = heard
    return trying(nothing, programs.come_back, order_id, key, amount)


def locked_after_answer(url, order_id, key, amount):
    """Somebody begins to write between the answer and its booking, and needs a second."""

    def heard(name):
        if name == "confirm.after_answer":
            Holder.hold(url, 0.6)

    crashpoint.Armed.heard = heard
    impatient()
    return programs.come_back(order_id, key, amount)


class Holder:
    """Another process that holds the write lock."""

    def __init__(self, world):
        self.url = world.url

    def __enter__(self):
        self.other = sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)
        self.other.execute("BEGIN IMMEDIATE")

    def __exit__(self, *error):
        self.other.execute("ROLLBACK")
        self.other.close()

    @staticmethod
    def hold(url, seconds):
        """Start a process that holds the lock for a while; back once it has it."""
        reading, told = os.pipe()
        if not os.fork():
            other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            os.write(told, b"x")
            NOBODY.wait(seconds)
            os._exit(0)
        os.read(reading, 1)


def opened_copy(path, log, folder):
    """A copy of the database with a part of its log: its payments, and what is wrong in it."""
    copy = folder / "copy.db"
    for old in folder.glob("copy.db*"):
        old.unlink()
    shutil.copy(path, copy)
    Path(f"{copy}-wal").write_bytes(log)
    database.close()
    create_app({**SETTINGS, "DATABASE_URL": f"sqlite:///{copy}", "DATA_DIR": str(folder)})
    database.connect()
    checks = [text for (text,) in rows("PRAGMA integrity_check") if text != "ok"]
    return Payment.select().count(), checks + list(verify.problems())


def emptied_log():
    rows("PRAGMA wal_checkpoint(TRUNCATE)")


def flip(path):
    """Change bytes in the first page of the ledger's entries."""
    with sqlite3.connect(path) as looking:
        (page,) = looking.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ledger_entries'"
        ).fetchone()
        (size,) = looking.execute("PRAGMA page_size").fetchone()
    looking.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * 16)


def checked():
    return {"problems": gate.check_tables(), "closed": str(gate.why_closed())}


def migrating(url, statements):
    """Die after some statements of the last migration."""
    create_app({**SETTINGS, "DATABASE_URL": url, "DATA_DIR": "/tmp"})
    crashpoint.arm("migration")
    run, left = database.obj.execute_sql, [statements]

    def counting(sql, *arguments, **named):
        if "ledger_operations" in sql or left[0] < statements:
            left[0] -= 1
            if left[0] <= 0:
                crashpoint.crashpoint("migration")
        return run(sql, *arguments, **named)

    database.obj.execute_sql = counting
    migration.migrate()


def migrated(url):
    create_app({**SETTINGS, "DATABASE_URL": url, "DATA_DIR": "/tmp"})
    applied = migration.migrate()
    return applied, migration.complaint()
