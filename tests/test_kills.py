"""kill -9 in the middle of an import or a run: after a restart nothing is missing or doubled."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app import create_app, migration
from app.db import database as current
from app.db import rows
from app.demo.city import City
from app.demo.load import build
from tests import postgres
from tests.conftest import CLUSTER, SETTINGS

pytestmark = pytest.mark.slow

KILLS = 10
MONTH = "2026-11"
IMPORT = """
from app.supply import readings
readings.BATCH = 5
readings.import_file(Path(sys.argv[1]), date(2026, 11, 22), clock.now(), print_)
"""
RUN = """
from app.billing import run
from app.tariff.table import seoul
run.BATCH = 10
run.run("2026-11", seoul(), b"key", date(2026, 11, 12), print_)
"""
WORK = """
import sys
from datetime import date
from pathlib import Path
from app import clock, create_app
create_app()
def print_(*numbers): print(*numbers, flush=True)
"""
EVERYTHING = (
    "SELECT premises_id, read_on, reading_m3, kind FROM readings ORDER BY premises_id, read_on",
    "SELECT premises_id, month, code, usage_m3, total, due_on, lines FROM bills "
    "ORDER BY premises_id",
    "SELECT premises_id, month, charged_in, amount FROM late_fees ORDER BY premises_id",
    "SELECT month, district, size, homes, tenths FROM similar_uses ORDER BY month, district, size",
    "SELECT lines, accepted, unchanged, rejected FROM file_imports",
)


@pytest.fixture
def new_url(request, tmp_path):
    """new_url(name) is the address of an empty database of its own."""

    def start(name):
        if request.config.getoption("--database") == "sqlite":
            return f"sqlite:///{tmp_path / name}.db"
        return postgres.new_database(os.environ[CLUSTER], f"{name}_{os.getpid()}")

    return start


@pytest.fixture
def city(app, db, new_url, tmp_path):
    """city(name) is a city of its own without readings, and the file with its readings."""
    before = current.obj

    def start(name):
        url = new_url(name)
        create_app({**SETTINGS, "DATABASE_URL": url, "DATA_DIR": str(tmp_path)})
        migration.migrate()
        made = City(400, 7, MONTH)
        build(made)
        path = tmp_path / f"{name}.csv"
        shown = [one.start_m3 for one in made.dwellings()]
        lines = [",".join(map(str, row)) for row in made.readings(MONTH, shown)]
        lines[50] = "000000000,2026-11-01,5,regular"
        path.write_text("\n".join(["customer_number,read_on,reading_m3,kind", *lines, ""]))
        current.close()
        return url, path

    yield start
    if not current.is_closed() and current.obj is not before:
        current.close()
    current.initialize(before)


def working(script, url, path):
    environment = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(path.parent)}
    command = [sys.executable, "-c", WORK + script, str(path)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def finish(script, url, path):
    process = working(script, url, path)
    process.communicate(timeout=60)
    assert process.returncode == 0


def kill_at(script, url, path, lines):
    """Kill the work after it has reported `lines` batches; False when it was done before."""
    process = working(script, url, path)
    for _ in range(lines):
        if not process.stdout.readline():
            break
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    return process.returncode == -signal.SIGKILL


def stored(url, path):
    create_app({**SETTINGS, "DATABASE_URL": url, "DATA_DIR": str(path.parent)})
    found = [[tuple(map(str, row)) for row in rows(sql)] for sql in EVERYTHING]
    current.close()
    rejects = Path(f"{path}.rejects.csv").read_text("utf-8").replace(path.stem, "")
    return found, rejects


def test_a_killed_import_and_run_end_like_undisturbed_ones(city):
    calm, calm_path = city("calm")
    finish(IMPORT, calm, calm_path)
    finish(RUN, calm, calm_path)
    torn, torn_path = city("torn")
    luck = random.Random(20261122)

    kills = [
        kill_at(script, torn, torn_path, luck.randint(1, most))
        for script, most in ((IMPORT, 2), (RUN, 30))
        for _ in range(KILLS)
    ]
    finish(IMPORT, torn, torn_path)
    finish(RUN, torn, torn_path)

    assert sum(kills) == 2 * KILLS
    assert stored(torn, torn_path) == stored(calm, calm_path)
    assert len(stored(torn, torn_path)[0][0]) > 150
