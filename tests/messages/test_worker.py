"""`flask worker` as processes: started, ended, killed, and its loop when things go wrong."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from peewee import OperationalError

from app import clock
from app.config import ROOT
from app.db import is_postgres
from app.messages import lanes, timetable, worker
from app.messages.kinds import Priority
from app.messages.models import Channel, Message, State
from app.messages.timetable import Timetable
from tests import postgres
from tests.conftest import CLUSTER, SETTINGS

SOON = 30


@pytest.fixture
def environment(request, app, sink, tmp_path):
    """The settings of processes with an empty database of their own."""
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "WATER_DATA_KEY": SETTINGS["DATA_KEY"]}
    environment |= {f"WATER_{name}": str(value) for name, value in sink.settings.items()}
    if request.config.getoption("--database") == "postgres":
        url = postgres.new_database(os.environ[CLUSTER], f"worker_{os.getpid()}")
        environment["DATABASE_URL"] = url
    flask(environment, "db", "migrate")
    return environment


def command(*arguments):
    return [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]


def flask(environment, *arguments):
    done = subprocess.run(
        command(*arguments), cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def states(environment):
    lines = flask(environment, "messages", "list", "--json").splitlines()
    return {json.loads(line)["state"] for line in lines}


@contextmanager
def working(environment):
    """A running worker; it must end well by itself when it is told to."""
    process = subprocess.Popen(
        command("worker", "--lease", "5"), cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield process
        process.terminate()
        assert process.wait(SOON) == 0
    finally:
        process.kill()
        process.wait()


def children(process):
    text = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(word) for word in text.split()]


@pytest.mark.slow
def test_a_worker_that_is_stopped_finishes_the_mail_in_hand(environment, sink, db):
    sink.go_on.clear()
    flask(environment, "messages", "test", "first@example.com")

    with working(environment) as process:
        assert sink.arrived.get(timeout=SOON) == "first@example.com"
        process.terminate()
        sink.go_on.set()

    assert states(environment) == {"sent"}
    assert len(sink.mails) == 1


@pytest.mark.slow
def test_a_lane_that_is_killed_is_started_again(environment, sink, db):
    with working(environment) as process:
        flask(environment, "messages", "test", "first@example.com")
        sink.arrived.get(timeout=SOON)
        before = children(process)
        for child in before:
            os.kill(child, signal.SIGKILL)
        flask(environment, "messages", "test", "second@example.com")

        while sink.arrived.get(timeout=SOON) != "second@example.com":
            pass  # the first may come twice: its worker died before it wrote down the result
        for _ in range(SOON * 10):  # one is started after the other, with pauses
            if set(children(process)).isdisjoint(before):
                break
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
        assert set(children(process)).isdisjoint(before)


@pytest.mark.slow
@pytest.mark.parametrize("channel", ["mail", "sms"])
def test_nothing_is_lost_and_nothing_doubled_without_a_kill(request, app, db, tmp_path, channel):
    engine = request.config.getoption("--database")
    options = ["--database", engine, "--messages", "150", "--kills", "25", "--channel", channel]
    if engine == "postgres":
        name = f"kills_{channel}_{os.getpid()}"
        options += ["--url", postgres.new_database(os.environ[CLUSTER], name)]
    environment = {**os.environ, "DATA_DIR": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-m", "tests.worker_kills", *options],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["lost"] == 0


def test_workers_with_different_clocks_agree_on_leases(db, clock_at):
    real = clock.now()
    clock_at(real + timedelta(minutes=2))

    found = worker.moment()

    assert found.tzinfo is not None
    if is_postgres():
        assert abs(found - real) < timedelta(minutes=1)


def test_a_database_that_fails_is_tried_again_later(lane, sink, monkeypatch, log_lines):
    ours = lane(sink.settings)

    def broken(*arguments):
        raise OperationalError("database is locked")

    monkeypatch.setattr(lanes, "take", broken)
    monkeypatch.setattr(worker, "database", NoDatabase)

    assert worker.guarded(ours) == worker.AFTER_ERROR
    assert log_lines()[0]["event"] == "worker"


class NoDatabase:
    """A database whose connection a test keeps open."""

    @staticmethod
    def close():
        pass


def test_a_result_is_written_when_the_database_is_back(queued, lane, sink, monkeypatch):
    message, ours, finish = queued(), lane(sink.settings), lanes.finish
    waits = []

    def back(seconds):
        waits.append(seconds)
        monkeypatch.setattr(lanes, "finish", finish)

    def broken(*arguments):
        raise OperationalError("disk is full")

    ours.wait = back
    monkeypatch.setattr(lanes, "finish", broken)
    monkeypatch.setattr(lanes, "database", NoDatabase)
    ours.step(clock.now)

    assert (waits, len(sink.mails)) == ([1.0], 1)
    assert Message.get_by_id(message.id).state == State.SENT


def test_a_clock_that_jumps_is_told(clock_at, log_lines):
    watch = worker.ClockWatch()
    watch.look()

    clock_at(clock.now() + timedelta(days=1))
    watch.look()

    assert [line["event"] for line in log_lines()] == ["the clock has jumped"]
    assert abs(log_lines()[0]["seconds"] - 86_400) < 5


@pytest.fixture
def entries(monkeypatch):
    """A timetable that nobody else has entries in."""
    monkeypatch.setattr(timetable, "_entries", {})


def test_work_of_the_timetable_is_done_when_it_is_due(entries, monkeypatch):
    now, done = [1000.0], []

    def work(moment):
        done.append(now[0])

    monkeypatch.setattr(timetable, "monotonic", lambda: now[0])
    timetable.register(timedelta(minutes=1), work)
    ours = Timetable()
    for seconds in (0, 30, 59, 60, 61, 120):
        now[0] = 1000.0 + seconds
        ours.run(clock.now())

    assert done == [1000.0, 1060.0, 1120.0]


def test_long_work_goes_on_step_by_step(entries, monkeypatch):
    now, done = [1000.0], []

    def work(moment):
        for number in range(3):
            done.append(number)
            yield

    monkeypatch.setattr(timetable, "monotonic", lambda: now[0])
    timetable.register(timedelta(minutes=1), work)
    ours = Timetable()
    more = [(ours.run(clock.now()), len(done)) for _ in range(5)]
    now[0] = 1060.0

    assert more == [(True, 1), (True, 2), (True, 3), (False, 3), (False, 3)]
    assert (ours.run(clock.now()), len(done)) == (True, 4)


def test_a_lane_does_not_wait_while_long_work_goes_on(entries, lane, sink):
    ours = lane(sink.settings)
    timetable.register(timedelta(minutes=1), lambda moment: iter([1, 2]))
    ours.timetable = Timetable()

    assert [ours.step(clock.now) for _ in range(3)] == [lanes.AT_ONCE, lanes.AT_ONCE, lanes.POLL]


def test_work_that_fails_keeps_no_other_work_from_being_done(entries, log_lines):
    done = []

    def broken(moment):
        raise ArithmeticError("fault injected by a test")

    timetable.register(timedelta(minutes=1), broken)
    timetable.register(timedelta(minutes=1), done.append)
    Timetable().run(clock.now())

    assert len(done) == 1
    assert [line["event"] for line in log_lines()] == ["timetable"]


def test_only_the_lane_for_the_rest_has_a_timetable(app):
    assert worker.lane_of(app, "rest", 60).timetable is not None
    assert worker.lane_of(app, "urgent", 60).timetable is None


def test_a_code_waits_less_than_two_seconds_in_an_empty_queue():
    assert lanes.LANES["urgent"] == (Channel.MAIL, (Priority.URGENT,))
    assert lanes.POLL < 1
