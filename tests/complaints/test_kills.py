"""kill -9 while complaints are filed and handled: none lost, none doubled, no photo left over."""

import json
import os
import subprocess
import sys

import pytest

from app.config import ROOT
from tests import postgres
from tests.conftest import CLUSTER

pytestmark = pytest.mark.slow


@pytest.fixture
def run(request, app, db):
    """run(program, …) is what a program in this folder prints, on an empty database of its own."""

    def start(program, *options):
        if request.config.getoption("--database") == "postgres":
            name = f"{program}_{os.getpid()}"
            options += ("--url", postgres.new_database(os.environ[CLUSTER], name))
        done = subprocess.run(
            [sys.executable, "-m", f"tests.complaints.{program}", *options],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr[-2000:]
        return json.loads(done.stdout)

    return start


def test_killed_servers_lose_and_double_nothing(run):
    found = run("kills", "--kills", "15")

    assert found["kills"] == 15
    assert found["complaints"] > 3


def test_the_same_form_at_the_same_moment_is_one_complaint(run):
    found = run("same_moment")

    assert (found["answers"], found["complaints"]) == (60, 15)
