"""The emulator as a program: on this machine only, never with a real key, never imported."""

import subprocess
import sys

import pytest
import urllib3

from app.config import ROOT
from app.sandbox.pay import Emulator, served


def test_it_takes_no_live_key():
    with pytest.raises(RuntimeError, match="no live key"):
        Emulator(secret_key="live_sk_abc")


def test_it_listens_on_this_machine_only():
    with pytest.raises(RuntimeError, match="this machine only"):
        served(Emulator(), host="0.0.0.0")


def test_what_it_has_outlives_it(tmp_path):
    path = str(tmp_path / "gateway.db")
    first = Emulator(path)
    first.control.stray({"orderId": "order-000001", "amount": 5_000})

    assert Emulator(path).control.sums() == {"charged": 5_000, "back": 0, "held": 5_000}


@pytest.mark.slow
def test_started_as_a_program_it_says_where_it_is(tmp_path):
    command = [sys.executable, "-m", "app.sandbox.pay", "--file", str(tmp_path / "gateway.db")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().split()[-1]
        answer = urllib3.request("GET", f"{url}/control/sums")
        process.kill()

    assert answer.json() == {"charged": 0, "back": 0, "held": 0}
