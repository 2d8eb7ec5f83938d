"""Redirect and notice in the same moment, in two processes that start at one barrier (F-10).

`python -m tests.payments.same_moment --payments 50` prints the figures and exits 1 when a payment
was booked twice, or two receipts were written.
"""

import argparse
import json
import multiprocessing
import os
import pickle
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from app.db import database
from tests import postgres
from tests.payments import programs
from tests.payments.world import World, emulating

BOTH = multiprocessing.get_context("fork")


def redirected(barrier, order_id, key, amount):
    barrier.wait(20)
    return programs.come_back(order_id, key, amount)


def notified(barrier, notices):
    programs.receive(notices)
    barrier.wait(20)
    return [programs.handle_notices() for _ in range(2)]


def swept(barrier):
    barrier.wait(20)
    return programs.look()


def race(world, payer):
    """One payment whose confirm is charged but not heard of; then all look at it at once."""
    bill = world.bill()
    world.run(programs.open_attempt, bill, payer, "card")
    with world.looking():
        attempt = programs.newest(bill[0])
    key, amount = world.emulator.authenticate(attempt), str(int(attempt.amount))
    charged = {"paymentKey": key, "orderId": attempt.order_id, "amount": int(amount)}
    world.emulator.post("confirm", **charged)
    barrier = BOTH.Barrier(4)
    running = [
        world.fork(redirected, barrier, attempt.order_id, key, amount),
        world.fork(redirected, barrier, attempt.order_id, key, amount),
        world.fork(notified, barrier, world.notices()),
        world.fork(swept, barrier),
    ]
    ends = []
    for process, reading in running:
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        if code:
            ends.append(str(pickle.loads(said) if said else code)[-400:])
    return ends


def run(url, folder, payments):
    with emulating() as emulator:
        world = World(url, folder, emulator)
        world.at(world.now)
        payer = world.account()
        ended = [race(world, payer) for _ in range(payments)]
        money = emulator.money()
        found = {
            "failed": [one for ends in ended for one in ends],
            "charges": sum(one["charges"] for one in money.values()),
            "paid": world.rows("SELECT count(*) FROM payments")[0][0],
            "receipts": world.rows("SELECT count(*) FROM messages")[0][0],
            "problems": world.differences(),
        }
        database.close()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--url", default="", help="an empty database that is there already")
    parser.add_argument("--payments", type=int, default=50)
    asked = parser.parse_args()
    with postgres.given(asked), TemporaryDirectory(prefix="moment-") as folder:
        url = asked.url or f"sqlite:///{Path(folder) / 'moment.db'}"
        found = run(url, folder, asked.payments)
    sys.stdout.write(f"{json.dumps({'database': asked.database, **found})}\n")
    once = found["paid"] == found["charges"] == found["receipts"] == asked.payments
    return 0 if once and not found["problems"] and not found["failed"] else 1


if __name__ == "__main__":
    sys.exit(main())
