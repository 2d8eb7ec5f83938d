"""Real processes: kills while a whole city is told, and an outage from first to last."""

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


def test_an_outage_is_told_from_its_first_commit_to_its_end():
    """Commits of an editor, a real worker, and what arrives in the emulators' inboxes."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.alerts.tour"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0, answer.stdout[-2000:] + answer.stderr[-2000:]
