"""Every crash point of the code, each in a process that is really killed there, then a restart.

`python -m tests.payments.crash_points --database sqlite` prints a line of JSON for each and exits 1
when money was lost or doubled, the books do not agree, or a point was never reached. `--every`
tries each point in every step that passes it, `--some N` only every Nth point.
"""

import argparse
import ast
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from app.config import ROOT
from app.db import database
from app.payments.models import State
from tests import postgres
from tests.payments.programs import handle_notices, look, receive, reconcile
from tests.payments.tours import TOURS
from tests.payments.world import World, emulating

RESTARTS = ({"minutes": 2}, {"hours": 3})
SOON, LATE = ({"minutes": 2},), ({"hours": 3},)
"""When the program is there again: while the customer still waits, or long after."""


def points():
    """The names of all crash points, from the code."""
    found = set()
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "crashpoint":
                found |= names(node.args[0])
    return sorted(found)


def names(argument):
    if isinstance(argument, ast.Constant):
        return {argument.value}
    assert ast.unparse(argument) == "f'state.{to}'", ast.unparse(argument)
    return {f"state.{state}" for state in State}


def heard_in(world):
    """Which steps of which tours pass each point, in the order of the tours."""
    found = {}
    for kind in TOURS:
        tour = kind(world)
        for number, name in enumerate(kind.steps):
            tour.heard = []
            getattr(tour, name)()
            for point in dict.fromkeys(tour.heard):
                found.setdefault(point, []).append((kind, number))
        settle(world)
        problems = world.differences()
        assert not problems, (kind.__name__, problems)
    return found


def settle(world, restarts=RESTARTS):
    """Restarts, notices and sweeps, and a night, until nothing is left to be found out."""
    for number, step in enumerate(restarts, 1):
        world.later(**step)
        notices = [] if restarts is SOON else world.notices()  # the sweep must do without
        world.run(sweeping, notices, number == len(restarts))


def sweeping(notices, at_night):
    receive(notices)
    handle_notices()
    look()
    if at_night:
        reconcile()


def crash(world, kind, number, point):
    """Walk a tour, die at a point of one step, restart, walk on; what is wrong then."""
    world.later(days=4)  # so that what was before is not compared again
    tour = kind(world)
    for place, name in enumerate(kind.steps):
        tour.crash = point if place == number else ""
        getattr(tour, name)()
        tour.crash = ""
        if place == number:
            died = tour.died
            settle(world, LATE if number % 2 else SOON)
            problems = world.differences()
            if not died:
                problems.append("did not die")
            if problems:
                return problems
            getattr(tour, name)()  # the customer, or the worker, does it again
    settle(world)
    return world.differences()


def tried(world, chosen, places, every):
    for point in chosen:
        for kind, number in places.get(point, [])[: None if every else 1]:
            began = monotonic()
            problems = crash(world, kind, number, point)
            yield {
                "point": point,
                "tour": kind.__name__,
                "step": kind.steps[number],
                "problems": problems,
                "seconds": round(monotonic() - began, 2),
            }


def run(url, folder, every, some):
    good = True
    with emulating() as emulator:
        world = World(url, folder, emulator)
        world.at(world.now)
        places = heard_in(world)
        everything = points()
        missing = [point for point in everything if point not in places]
        for point in missing:
            say({"point": point, "problems": ["no tour passes it"]})
        for line in tried(world, everything[::some], places, every):
            good = good and not line["problems"]
            say(line)
        database.close()
    return good and not missing


def say(line):
    sys.stdout.write(f"{json.dumps(line, ensure_ascii=False)}\n")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--url", default="", help="an empty database that is there already")
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--some", type=int, default=1)
    asked = parser.parse_args()
    with postgres.given(asked), TemporaryDirectory(prefix="crashes-") as folder:
        url = asked.url or f"sqlite:///{Path(folder) / 'crashes.db'}"
        return 0 if run(url, folder, asked.every, asked.some) else 1


if __name__ == "__main__":
    sys.exit(main())
