"""A small world for faults: a database, the emulated gateway as a process, and programs that die.

Every program is a child of this process (`World.run`), so it can be killed for real; what it leaves
behind is found again by the next one, as after a restart. Time stands still until it is moved.
"""

import gc
import logging
import os
import pickle
import signal
import subprocess
import sys
import traceback
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import urllib3

from app import clock, crashpoint, create_app, migration
from app.clock import SEOUL
from app.config import ROOT
from app.db import database, instant, rows, writing
from app.reconciliation import sweeps, verify
from tests import make
from tests.conftest import SETTINGS

BEGIN = datetime(2026, 11, 26, 10, 0, tzinfo=SEOUL)
HTTP = urllib3.PoolManager()
os.register_at_fork(after_in_child=HTTP.clear)  # a child has no share in its parent's connections


class NotTakenError(Exception):
    """The gateway says no to a person."""


class Emulator:
    """The emulated gateway in a process of its own, seen through its control addresses."""

    def __init__(self, url):
        self.url = url

    def post(self, name, **given):
        answer = HTTP.request("POST", f"{self.url}/control/{name}", json=given)
        if answer.status != 200:
            raise NotTakenError(f"{name}: {answer.json()['code']}")
        return answer.json()

    def try_post(self, name, **given):
        """A request whose refusal is none of our business."""
        HTTP.request("POST", f"{self.url}/control/{name}", json=given)

    def get(self, name):
        return HTTP.request("GET", f"{self.url}/control/{name}").json()

    def authenticate(self, attempt, **more):
        given = {"orderId": attempt.order_id, "orderName": attempt.order_name}
        return self.post("authenticate", amount=int(attempt.amount), **given, **more)["paymentKey"]

    def money(self):
        return self.get("money")

    def held(self):
        return self.get("sums")["held"]


@contextmanager
def emulating():
    command = [sys.executable, "-m", "app.sandbox.pay"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Emulator(process.stdout.readline().split()[-1])
        finally:
            process.kill()


class Died(Exception):
    """A program did not end by itself; says how."""


class World:
    """One database with its files, beside one emulated gateway."""

    def __init__(self, url, folder, emulator):
        self.url, self.folder, self.emulator = url, Path(folder), emulator
        self.now = BEGIN
        ours = {"DATABASE_URL": url, "DATA_DIR": str(folder), "PAY_URL": emulator.url}
        self.app = create_app({**SETTINGS, **ours, "PAY_PATIENCE": 0.02})
        logging.getLogger("arisu").setLevel(logging.CRITICAL + 1)
        migration.migrate()
        database.close()
        self.notified = 0
        gc.freeze()  # children share what is there; a collection would copy it

    # time

    def at(self, moment):
        """Stop every clock there: ours, which children inherit, and the emulator's."""
        self.now = moment
        self.emulator.post("clock", at=moment.isoformat())

    def later(self, **step):
        self.at(self.now + timedelta(**step))

    # programs

    def fork(self, work, *arguments, crash="", heard=None):
        """Start a program that does `work(…)`; its process id and the end of a pipe."""
        database.close()
        reading, writing_end = os.pipe()
        process = os.fork()
        if process:
            os.close(writing_end)
            return process, reading
        status = 3
        try:
            os.close(reading)
            found = self.work(work, arguments, crash, heard)
            with os.fdopen(writing_end, "wb") as pipe:
                pickle.dump(found, pipe)
            status = 0
        except BaseException as error:
            with os.fdopen(writing_end, "wb") as pipe:
                pickle.dump(f"{error!r} {traceback.format_exc()[-1200:]}", pipe)
        finally:
            os._exit(status)

    def work(self, work, arguments, crash, heard):
        crashpoint.arm(crash)
        crashpoint.Armed.heard = None
        points = []
        if heard is not None:
            crashpoint.Armed.heard = points.append
        with self.app.app_context(), clock.at(self.now):
            database.connect(reuse_if_open=True)
            found = work(*arguments)
        return found, points

    def run(self, work, *arguments, crash="", heard=None):
        """Let a program do `work(…)` to its end; None when it died at `crash`.

        `heard` is a list that gets the crash points which it passed.
        """
        process, reading = self.fork(work, *arguments, crash=crash, heard=heard)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        _, status = os.waitpid(process, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == -signal.SIGKILL and crash:
            return None
        if code != 0:
            raise Died(f"{work.__name__}: {code}, {pickle.loads(said) if said else ''}")
        found, points = pickle.loads(said)
        if heard is not None:
            heard += points
        return found

    # what is

    @contextmanager
    def looking(self):
        """This process's own look into the database."""
        database.connect(reuse_if_open=True)
        try:
            with self.app.app_context(), clock.at(self.now):
                yield
        finally:
            database.close()

    def bill(self, **values):
        with self.looking(), writing():
            found = make.bill(**values)
        return found.premises_id, found.month

    def account(self):
        with self.looking(), writing():
            return make.account(password="").id

    def rows(self, sql, values=()):
        with self.looking():
            return rows(sql, values)

    def notices(self):
        """The notices that the gateway has sent since the last time."""
        listed = self.emulator.get("webhooks")
        new, self.notified = listed[self.notified :], len(listed)
        return [(one["body"], one["transmission"]) for one in new if one["state"] != "held"]

    def sweep(self):
        return self.run(swept)

    def differences(self):
        """What the oracle of all faults finds wrong when all is over; nothing when all is well."""
        found = self.books()
        money = self.emulator.money()
        held = sum(one["charged"] - one["back"] for one in money.values())
        ours = int(self.rows(HELD)[0][0])
        if ours != held:
            found.append(f"the gateway holds {held} won, the ledger {ours}")
        asked, booked = self.emulator.get("cancels"), dict(self.rows(REFUNDED))
        for order in asked.keys() | booked.keys():
            if asked.get(order) != booked.get(order):
                found.append(
                    f"{order}: {asked.get(order)} won went back, asked {booked.get(order)}"
                )
        untold = self.rows(UNTOLD, ("%",))
        found += [f"receipts of attempt {one}: {have} for {times} payments"
                  for one, times, have in untold]  # fmt: skip
        endless = self.rows(ENDLESS, (instant(self.now - timedelta(hours=2)),))
        return found + [f"attempt {order} is still {state}" for order, state in endless]

    def books(self):
        """What must be true at every moment."""
        with self.looking():
            found = list(verify.problems())
            twice = rows(TWICE)
            credits = rows(SURPLUS)
            before = rows(BEFORE)
        found += [f"two notices of one event: {key}" for (key,) in twice]
        found += [f"bill {place} {month}: {said} won paid before, and {paid}"
                  for place, month, said, paid in before]  # fmt: skip
        return found + [f"a surplus that is no credit: payment {one}" for (one,) in credits]


HELD = """
SELECT coalesce(sum(amount), 0) FROM ledger_entries
WHERE account = 'gateway' OR account = 'bank' OR account = 'fees'
"""
REFUNDED = """
SELECT p.order_id, sum(r.amount) FROM refunds r JOIN payments p ON p.id = r.payment_id
WHERE r.state = 'done' AND r.way = 'gateway' AND r.requested_by <> 'gateway' GROUP BY p.order_id
"""
TWICE = "SELECT dedupe_key FROM messages GROUP BY dedupe_key HAVING count(*) > 1"
SURPLUS = """
SELECT o.payment_id FROM ledger_operations o JOIN ledger_entries e ON e.operation_id = o.id
WHERE o.kind = 'paid' AND e.account <> 'gateway' AND e.account <> 'receivable'
    AND e.account <> 'suspense' AND NOT (e.account = 'credit' AND e.amount < 0)
"""
BEFORE = """
SELECT b.premises_id, b.month, b.paid_before, coalesce((SELECT -sum(e.amount)
    FROM ledger_entries e JOIN bills o ON o.premises_id = e.premises_id AND o.month = e.month
        AND o.revision = e.revision AND o.paid_at IS NOT NULL
    WHERE e.account = 'receivable' AND e.premises_id = b.premises_id AND e.month = b.month
        AND e.revision < b.revision), 0) AS paid
FROM bills b WHERE b.revision > 0 AND b.paid_before <> coalesce((SELECT -sum(e.amount)
    FROM ledger_entries e JOIN bills o ON o.premises_id = e.premises_id AND o.month = e.month
        AND o.revision = e.revision AND o.paid_at IS NOT NULL
    WHERE e.account = 'receivable' AND e.premises_id = b.premises_id AND e.month = b.month
        AND e.revision < b.revision), 0)
"""
UNTOLD = """
SELECT a.id, o.times, coalesce(m.times, 0) FROM attempts a JOIN payments p ON p.attempt_id = a.id
JOIN (SELECT payment_id, count(*) AS times FROM ledger_operations WHERE kind = 'paid'
    GROUP BY payment_id) o ON o.payment_id = p.id
LEFT JOIN (SELECT p2.id AS payment_id, count(*) AS times FROM messages n
    JOIN payments p2 ON n.dedupe_key LIKE 'payment:' || p2.id || ':received:' || ?
    WHERE n.kind = 'payment_received' GROUP BY p2.id) m ON m.payment_id = p.id
WHERE a.account_id IS NOT NULL AND o.times <> coalesce(m.times, 0)
"""
ENDLESS = """
SELECT order_id, state FROM attempts WHERE changed_at < ?
    AND (state = 'created' OR state = 'opened' OR state = 'confirming' OR state = 'unknown')
"""


def swept():
    return sweeps.everything(clock.now())
