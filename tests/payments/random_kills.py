"""kill -9 of programs that move money at random moments, while customers pay and the gateway fails.

`python -m tests.payments.random_kills --kills 1000` prints the figures and exits 1 when a won was
lost or doubled, the books do not agree, or a notice was sent twice. The same seed makes the same
choices; when the kills fall is the machine's.

On 2026-11-26 (seed 20261126) SQLite 1,002 kills, PostgreSQL 1,002: no won lost or doubled, the
books agreed, no notice twice. What kills, crash points and faults found on the way, and was mended:

- Only the last two days were compared: a cancel made at the gateway, of which no notice came, was
  never seen when the worker had stood still for nine days. Now all days since the last comparison.
- Closing an account for a deposit had one idempotency key for ever; a day after a try that failed
  it counted as too old, and a customer who wanted to pay by card was shown an error.
- A write that fails rolls SQLite back by itself; the rollback after it fails with another error,
  which hid the first: the process went on taking money. Now what an error hides is read too.
- A notice that was cut off was stored under its id, so that the whole one, sent again, was not new.
- After a restored backup, a payment for a home that the backup did not know stopped the comparison.
- A line of a pay-out that came before its refund was booked was never booked afterwards.
- A credit that a correction had made could not be given back through the gateway.
- Bills that were corrected twice could lose more than they had noted as paid, and the booking of
  the undone deposit was refused; and this crowd's corrections did not hold the premises.
- A refund made twice was booked as somebody else's cancel, and only counting what we had asked for
  showed it: refunds that were tried are looked up first, and the oracle counts them.
- Two threads that opened payments at the same moment took each other's `mark` away.
"""

import argparse
import json
import os
import pickle
import random
import signal
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic

from app.db import database
from tests import postgres
from tests.payments.crash_points import settle
from tests.payments.crowd import Crowd, customers, fresh_bills, worker
from tests.payments.world import World, emulating

NOBODY = Event()
"""Nobody sets it: it is waited for."""
LIFE, LONGEST_LIFE = 0.25, 3.0
LONGEST_END = int(os.environ.get("LONGEST_END", "120"))
BILLS, RENEWED = 24, 25
"""So many bills are paid for at a time; after so many lives there are new ones."""


def live(world, crowd, seconds):
    """Two customers' processes and a worker, all killed; how many were, and why others ended."""
    running = [
        world.fork(work, crowd(number))
        for number, work in enumerate((customers, customers, worker))
    ]
    NOBODY.wait(seconds)
    killed, ends = 0, []
    for process, reading in running:
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        if os.waitstatus_to_exitcode(status) == -signal.SIGKILL:
            killed += 1
        else:
            ends.append(str(pickle.loads(said))[:LONGEST_END])
    return killed, ends


def crowd_of(world, bills, payers, seed, number):
    return Crowd(world, bills, payers, f"{seed} {number}")


def charges(world):
    return sum(one["charges"] for one in world.emulator.money().values())


def rounds(world, kills, seed):
    """Lives until so many were killed; longer ones while fewer than one of thirty has paid."""
    luck, killed, ends, lives, life = random.Random(seed), 0, [], 0, LIFE
    payers = [world.account() for _ in range(3)]
    bills = fresh_bills(world, BILLS)
    while killed < kills:
        lives += 1
        if lives % RENEWED == 0:
            bills = [*bills[BILLS // 2 :], *fresh_bills(world, BILLS // 2)]
        crowd = partial(crowd_of, world, bills, payers, f"{seed} {lives}")
        died, ended = live(world, crowd, luck.uniform(0.01, life))
        killed, ends = killed + died, ends + ended
        slow = charges(world) < killed / 30
        life = min(LONGEST_LIFE, 1.15 * life) if slow else max(LIFE, 0.93 * life)
        world.later(seconds=luck.choice((1, 5, 30, 120, 600)))
        if lives % 100 == 0:
            world.later(days=luck.choice((0, 0, 1, 9)))
    world.emulator.post("faults/clear")
    for _ in range(3):
        settle(world)
    return {"kills": killed, "ended_by_themselves": dict(Counter(ends)), "lives": lives}


def figures(world):
    """What came of it, in numbers."""
    money = world.emulator.money()
    states = Counter(dict(world.rows("SELECT state, count(*) FROM attempts GROUP BY state")))
    ((credit,),) = world.rows(
        "SELECT coalesce(-sum(amount), 0) FROM ledger_entries WHERE account = 'credit'"
    )
    ((notices,),) = world.rows("SELECT count(*) FROM messages")
    amounts = world.rows("SELECT key, ours, theirs FROM discrepancies WHERE kind = 'amount'")
    kinds = dict(world.rows("SELECT kind, count(*) FROM discrepancies GROUP BY kind"))
    return {
        "charged": sum(one["charged"] for one in money.values()),
        "back": sum(one["back"] for one in money.values()),
        "charges": charges(world),
        "credits": int(credit),
        "notices": notices,
        "attempts": dict(states),
        "to_decide": kinds,
        "amounts": [str(one) for one in amounts],
    }


def run(url, folder, kills, seed):
    began = monotonic()
    with emulating() as emulator:
        world = World(url, folder, emulator)
        world.at(world.now)
        found = rounds(world, kills, seed)
        problems = world.differences()
        found |= figures(world)
        database.close()
    return {
        "seed": seed, **found, "problems": problems, "seconds": round(monotonic() - began, 1)
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--url", default="", help="an empty database that is there already")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[20261126])
    asked = parser.parse_args()
    good, own = True, bool(asked.url)
    with postgres.given(asked) as cluster:
        for seed in asked.seeds:
            with TemporaryDirectory(prefix="kills-") as folder:
                url = asked.url if own else f"sqlite:///{Path(folder) / 'kills.db'}"
                if cluster:
                    url = postgres.new_database(str(cluster.folder), f"kills_{seed}")
                found = run(url, folder, -(-asked.kills // len(asked.seeds)), seed)
            good = good and not found["problems"]
            sys.stdout.write(f"{json.dumps({'database': asked.database, **found})}\n")
            sys.stdout.flush()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
