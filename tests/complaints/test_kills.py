"""kill -9 while complaints are filed and handled: none lost, none doubled, no photo left over."""

import json
import os
import subprocess
import sys

import pytest

from app.config import ROOT
from tests import postgres
from tests.conftest import CLUSTER


@pytest.mark.slow
def test_killed_servers_lose_and_double_nothing(request, app, db):
    engine = request.config.getoption("--database")
    options = ["--database", engine, "--kills", "15"]
    if engine == "postgres":
        name = f"complaints_{os.getpid()}"
        options += ["--url", postgres.new_database(os.environ[CLUSTER], name)]

    done = subprocess.run(
        [sys.executable, "-m", "tests.complaints.kills", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["kills"] == 15
    assert found["complaints"] > 3
