"""Told to stop, a worker ends once it has nothing in hand, whether or not its server ends it."""

import signal
import subprocess
import sys

import pytest

from app.config import ROOT
from app.ending import InHand

HANGS = """
import signal, sys, threading
from app.ending import end_when_told

def slow(environ, start_response):
    print("asked", flush=True)
    sys.stdin.readline()
    return [b"answer"]

program = end_when_told(slow, 0.1)
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, lambda *_: print("told", flush=True))

def ask():
    answer = program({}, None)
    print(*answer, flush=True)
    answer.close()

threading.Thread(target=ask, daemon=True).start()
while True:
    signal.pause()
"""


def said(process):
    return process.stdout.readline().strip()


@pytest.fixture
def worker():
    """A worker with one request in hand, whose server does not end it."""
    process = subprocess.Popen(
        [sys.executable, "-c", HANGS],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert said(process) == "asked"
    yield process
    process.kill()
    process.communicate()


def test_what_is_in_hand_is_answered_before_the_end(worker):
    worker.send_signal(signal.SIGTERM)
    assert said(worker) == "told"
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(0.5)

    worker.stdin.write("go on\n")
    worker.stdin.flush()

    assert said(worker) == "b'answer'"
    assert worker.wait(20) == 0


def test_other_signals_end_nothing(worker):
    worker.send_signal(signal.SIGHUP)
    assert said(worker) == "told"
    worker.stdin.write("go on\n")
    worker.stdin.flush()

    assert said(worker) == "b'answer'"
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(0.5)


def test_a_request_that_fails_is_no_longer_in_hand():
    def broken(environ, start_response):
        raise ArithmeticError("fault injected by a test")

    program = InHand(broken)
    with pytest.raises(ArithmeticError):
        program({}, None)

    assert program.count == 0
