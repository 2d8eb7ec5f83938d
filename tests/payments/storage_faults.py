"""A full, read-only, locked, failing, torn or damaged database, in real processes (F-31 to F-39).

`python -m tests.payments.storage_faults` prints a line of JSON for each fault and exits 1 when one
of them lost money or stopped more than it had to.
"""

import argparse
import json
import random
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from peewee import sqlite3

from app.db import database
from app.payments import gate
from tests import postgres
from tests.payments import disk, programs
from tests.payments.crash_points import settle
from tests.payments.world import World, emulating

CUTS = 25
HIDDEN = "OperationalError: cannot rollback - no transaction is active"
"""SQLite has rolled back by itself when its disk failed; that is what comes out."""


class Faults:
    """Each method is a fault: it says what is wrong afterwards."""

    def __init__(self, world):
        self.world = world
        self.payer = world.account()

    def pay(self, before, crashless=True):
        bill = self.world.bill()
        said = self.world.run(
            disk.trying, before, disk.paying, bill, self.payer, self.world.emulator
        )
        return bill, str(said)

    def attempts(self, bill):
        with self.world.looking():
            return int(programs.newest(bill[0]) is not None)

    def goes_on(self, bill):
        """After the fault: the same bill is paid without any repair, and all books agree."""
        settle(self.world)
        said = self.world.run(disk.paying, bill, self.payer, self.world.emulator)
        problems = self.world.differences()
        return problems if said in ("paid", "nothing") else [*problems, f"afterwards: {said}"]

    # F-31 to F-34

    def full(self):
        """F-31: no page more fits into the database."""
        bills = [self.world.bill() for _ in range(40)]
        said = self.world.run(disk.paying_until_full, bills, self.payer, self.world.emulator)
        wrong = [] if "full" in said[-1] else said[-1:]
        return wrong + self.goes_on(bills[-1])

    def full_when_it_is_booked(self):
        """F-31: the gateway has charged, and the result cannot be stored."""
        self.world.emulator.post("faults", fault="extra_fields", call="confirm")
        bill = self.world.bill()
        self.world.run(programs.open_attempt, bill, self.payer, "card")
        with self.world.looking():
            attempt = programs.newest(bill[0])
        key = self.world.emulator.authenticate(attempt)
        amount = str(int(attempt.amount))
        self.world.run(disk.full_after_intent, attempt.order_id, key, amount)
        return self.goes_on(bill)

    def read_only(self):
        """F-32: disk.nothing can be written, everything can be read."""
        bill, said = self.pay(disk.cannot_write)
        reads = self.world.run(disk.reading_only)
        return ([] if "read" in said and reads > 0 else [said]) + self.goes_on(bill)

    def locked(self):
        """F-33: somebody else writes for longer than we wait."""
        holder = disk.Holder(self.world)
        bill = self.world.bill()
        with holder:
            said = str(self.world.run(
                disk.trying, disk.impatient, disk.paying, bill, self.payer, self.world.emulator
            ))  # fmt: skip
        wrong = [] if "locked" in said and not self.attempts(bill) else [said]
        return wrong + self.goes_on(bill)

    def locked_when_it_is_booked(self):
        """F-33: the result of the confirm is kept until the writer is done."""
        bill = self.world.bill()
        self.world.run(programs.open_attempt, bill, self.payer, "card")
        with self.world.looking():
            attempt = programs.newest(bill[0])
        key = self.world.emulator.authenticate(attempt)
        amount = str(int(attempt.amount))
        said = self.world.run(
            disk.locked_after_answer, self.world.url, attempt.order_id, key, amount
        )
        return ([] if said == "paid" else [str(said)]) + self.goes_on(bill)

    def failing_disk(self):
        """F-34: a write fails; this process takes no more money, the next one does."""
        bill, said = self.pay(disk.no_bigger_files)
        closed = self.world.run(disk.still_closed, bill, self.payer)
        wrong = [] if said == HIDDEN and closed == ["broken", "closed"] else [said, str(closed)]
        return wrong + self.goes_on(bill)

    # F-35, F-36

    def torn(self):
        """F-35: the power goes; of the log only a part is on the disk."""
        path = Path(self.world.url.removeprefix("sqlite:///"))
        self.world.run(disk.emptied_log)
        before = self.world.folder / "before.db"
        shutil.copy(path, before)
        keeper = sqlite3.connect(path, isolation_level=None)
        keeper.execute("BEGIN")  # who reads keeps the log from beginning anew
        keeper.execute("SELECT count(*) FROM payments").fetchall()
        for _ in range(6):
            self.pay(disk.nothing)
        whole = Path(f"{path}-wal").read_bytes()
        keeper.close()
        luck, found = random.Random(len(whole)), []
        for cut in sorted({*(luck.randrange(len(whole)) for _ in range(CUTS)), len(whole)}):
            found.append(self.world.run(disk.opened_copy, before, whole[:cut], self.world.folder))
        payments = [count for count, _ in found]
        wrong = [problems for _, problems in found if problems]
        grows = payments == sorted(payments) and payments[0] < payments[-1]
        return wrong if grows else [*wrong, f"payments by length: {payments}"]

    def damaged(self):
        """F-36: bytes of a page have changed."""
        path = Path(self.world.url.removeprefix("sqlite:///"))
        self.world.run(disk.emptied_log)
        good = path.read_bytes()
        disk.flip(path)
        found = self.world.run(disk.checked)
        path.write_bytes(good)
        wrong = [] if found["closed"] == "damaged" and found["problems"] else [str(found)]
        self.world.run(gate.open_again, "mended", "test", self.world.now)
        return wrong + self.world.differences()

    # F-39

    def half_migrated(self):
        """F-39: the migration is killed after some of its statements, and run again."""
        wrong = []
        for statements in (1, 10, 25, 40):
            url = self.own_database(statements)
            self.world.run(disk.migrating, url, statements, crash="migration")
            applied, complaint = self.world.run(disk.migrated, url)
            if complaint or "0010_payments" not in applied:
                wrong.append(f"after {statements}: {applied}, {complaint}")
        return wrong

    def own_database(self, number):
        if self.world.url.startswith("sqlite"):
            return f"sqlite:///{self.world.folder / f'half{number}.db'}"
        folder = self.world.url.split("host=")[1]
        return postgres.new_database(folder, f"half{number}")


SQLITE = ("full", "full_when_it_is_booked", "read_only", "locked", "locked_when_it_is_booked",
          "failing_disk", "torn", "damaged", "half_migrated")  # fmt: skip
POSTGRES = ("read_only", "half_migrated")


def run(url, folder, names):
    good = True
    with emulating() as emulator:
        world = World(url, folder, emulator)
        world.at(world.now)
        faults = Faults(world)
        faults.pay(disk.nothing)
        for name in names:
            problems = getattr(faults, name)()
            good = good and not problems
            sys.stdout.write(f"{json.dumps({'fault': name, 'problems': problems})}\n")
            sys.stdout.flush()
        database.close()
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--url", default="", help="an empty database that is there already")
    parser.add_argument("--only", nargs="*", default=[])
    asked = parser.parse_args()
    names = asked.only or (SQLITE if asked.database == "sqlite" else POSTGRES)
    with postgres.given(asked), TemporaryDirectory(prefix="storage-") as folder:
        url = asked.url or f"sqlite:///{Path(folder) / 'storage.db'}"
        return 0 if run(url, folder, names) else 1


if __name__ == "__main__":
    sys.exit(main())
