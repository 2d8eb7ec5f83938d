"""Feeds, alerts and calendars before programs that nobody here wrote."""

import subprocess
import sys

import pytest

from app.config import ROOT


@pytest.mark.slow
def test_programs_that_nobody_here_wrote_accept_every_feed():
    command = [sys.executable, "-m", "tests.outages.outsiders"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    assert "/notices/feed.rss" in done.stdout
