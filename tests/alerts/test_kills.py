"""kill -9 while a whole city is told: nobody is lost, nobody told twice."""

import json
import subprocess
import sys

import pytest

from app.config import ROOT

pytestmark = pytest.mark.slow


def test_nobody_is_lost_and_nobody_told_twice_when_the_teller_is_killed():
    small = ["--alerts", "3000", "--kills", "12", "--batch", "50"]

    answer = subprocess.run(
        [sys.executable, "-m", "tests.alerts.outage_kills", *small],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0, answer.stdout + answer.stderr[-2000:]
    assert json.loads(answer.stdout.splitlines()[-1])["kills"] == 12
