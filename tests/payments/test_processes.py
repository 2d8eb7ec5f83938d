"""Payments in real processes: killed everywhere, at random, at the same moment, in any order.

F-01 to F-04, F-26, F-38 at every crash point; F-10 with two processes; see the scripts' own words.
"""

import json
import os
import subprocess
import sys

import pytest

from tests import postgres
from tests.conftest import CLUSTER

pytestmark = pytest.mark.slow


@pytest.fixture
def script(request, tmp_path, db):
    """script(name, …) runs one of the scripts on this engine: the lines that it prints."""
    engine = request.config.getoption("--database")

    def run(name, *arguments):
        options = ["--database", engine, *arguments]
        if engine == "postgres":
            database = f"{name}_{os.getpid()}"
            options += ["--url", postgres.new_database(os.environ[CLUSTER], database)]
        done = subprocess.run(
            [sys.executable, "-m", f"tests.payments.{name}", *options],
            env={**os.environ, "DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run


def test_a_kill_at_every_crash_point_loses_and_doubles_nothing(script, request):
    """On SQLite all of them, on PostgreSQL every fourth."""
    on_postgres = request.config.getoption("--database") == "postgres"

    lines = script("crash_points", "--some", "4" if on_postgres else "1")

    assert {tuple(line["problems"]) for line in lines} == {()}
    assert len(lines) >= (10 if on_postgres else 40)


def test_kills_at_random_moments_lose_and_double_nothing(script):
    (found,) = script("random_kills", "--kills", "60", "--seeds", "20261126")

    assert found["kills"] >= 60
    assert found["problems"] == []
    assert found["charges"] > 0


def test_no_order_of_events_loses_or_doubles_anything(script):
    assert script("money_machine", "--examples", "4", "--steps", "20") == []


def test_a_full_a_locked_a_failing_a_torn_and_a_damaged_database(script, request):
    """F-31 to F-36, F-39: each fails cleanly and goes on without repair."""
    lines = script("storage_faults")

    on_postgres = request.config.getoption("--database") == "postgres"
    assert len(lines) == (2 if on_postgres else 9)
    assert {tuple(line["problems"]) for line in lines} == {()}


def test_ways_back_and_notices_in_the_same_moment_are_one_payment(script):
    """F-10: each payment's redirect comes to one process and its notice to another."""
    (found,) = script("same_moment", "--payments", "12")

    assert found["paid"] == found["charges"] == found["receipts"] == 12
    assert found["problems"] == []
