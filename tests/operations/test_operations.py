"""Operators see what waits and fails; figures and copies are there for who should have them."""

import json
import os
import re
import sqlite3
import threading
import urllib.request
from contextlib import closing
from datetime import timedelta
from wsgiref.simple_server import make_server

import pytest

from app import clock, health, tally
from app.audit.models import Entry
from app.db import database, open_database
from app.messages.kinds import Priority
from app.messages.models import Message
from app.operations import backup, metrics, state
from app.operations.models import Heartbeat
from app.operations.views import PARTS
from tests import make

LATE = timedelta(minutes=3)


def waiting(priority=0, age=LATE, **values):
    now = clock.now()
    return make.message(
        priority=priority,
        state="created",
        created_at=now - age,
        run_after=now - age - timedelta(minutes=10),
        expires_at=now + timedelta(days=1),
        **values,
    )


def test_an_operator_sees_queues_failures_disk_and_versions(at_desk):
    waiting()
    make.message(state="failed", problem="550 5.1.1", recipient="somebody@example.com")

    page = at_desk("administrator", office="").get("/staff/operations/").text

    assert "이메일(바로): 3분째 기다립니다" in page
    assert "550 5.1.1" in page
    assert "somebody@example.com" not in page
    assert "so******@example.com" in page
    assert re.search(r"\d GiB", page)
    assert "postgresql" in page or "sqlite" in page


def test_queues_stand_in_the_order_in_which_they_are_sent(at_desk):
    for number, priority in enumerate(Priority):
        waiting(priority, reference=f"{number}" * 20, dedupe_key=str(number))

    page = at_desk("administrator", office="").get("/staff/operations/").text

    assert re.findall(r"<td>(바로|차례대로|여럿에게[^<]*)</td>", page) == [
        "바로", "차례대로", "여럿에게 급히", "여럿에게",
    ]  # fmt: skip


def test_an_alarm_is_in_the_language_of_who_reads_it_and_english_for_programs(at_desk):
    waiting()
    client = at_desk("administrator", office="")

    assert "E-mail (at once) waits" in client.get("/staff/operations/?lang=en").text
    told = client.get("/healthz").json["alarms"]["outbox"]
    assert told == "E-mail (at once) waits for 3 minutes"


def test_every_part_that_is_looked_at_has_a_name_and_every_queue_too(app, at_desk):
    waiting(channel="sms")

    page = at_desk("administrator", office="").get("/staff/operations/").text

    with app.app_context():
        assert set(PARTS) >= {*health.vital(), *health.alarms(clock.now())}
    assert '<th scope="row">문자</th>' in page
    assert "<span>보낼 메시지</span>" in page


@pytest.mark.parametrize(
    ("priority", "age", "told"),
    [
        (0, 1, False),
        (0, 3, True),
        (1, 20, False),
        (1, 40, True),
        (2, 60, False),
        (2, 800, True),
        (3, 90, True),
    ],
)
def test_a_queue_is_late_by_what_it_holds(db, priority, age, told):
    waiting(priority, timedelta(minutes=age))

    assert bool(state.outbox_check(clock.now())) is told


def test_a_message_that_was_just_queued_is_not_late(db):
    waiting(age=timedelta(seconds=1))

    assert state.outbox_check(clock.now()) is None


def test_a_worker_that_is_silent_is_told(db, clock_at):
    clock_at("2026-11-26 12:00")
    assert state.worker_check(clock.now()) == "작업자가 아직 돈 적이 없습니다"
    Heartbeat.note(clock.now())
    Heartbeat.note(clock.now())
    assert state.worker_check(clock.now()) is None
    assert len(Heartbeat.all_beats()) == 1

    clock_at("2026-11-26 12:06")
    assert state.worker_check(clock.now()) == "5분 동안 작업자가 보이지 않습니다"


def test_failed_messages_are_sent_again_by_who_may(at_desk):
    message = make.message(state="failed", expires_at=clock.now() + timedelta(days=1))
    client = at_desk("administrator", office="")

    answer = client.submit("/staff/operations/", "/staff/operations/resend")

    assert answer.location == "/staff/operations/?done=1"
    assert Message.get_by_id(message.id).state == "created"
    assert Entry.get(Entry.action == "messages.resent").actor_id == client.member.id


def test_strangers_learn_only_whether_it_is_well(make_app, db):
    app = make_app(MODE="production", **SECRETS, HEALTH_TOKEN="t" * 32)
    client = app.test_client()

    assert client.get("/healthz").json == {"status": "ok"}
    wrong = {"Authorization": "Bearer wrong"}
    assert client.get("/healthz", headers=wrong).json == {"status": "ok"}
    right = {"Authorization": f"Bearer {'t' * 32}"}
    told = client.get("/healthz", headers=right).json
    assert told["database"] == "ok"
    assert told["alarms"]["backup"] == "there is no backup yet (flask db backup)"


SECRETS = {
    "SECRET_KEY": "k3J9xQ2vB7nM5tR8wZ4yL6pD1sF0gHcV",
    "BILL_CODE_KEY": "a8S2dF4gH6jK0lQ1wE3rT5yU7iO9pZxC",
    "DATA_KEY": "c5V7bN9mQ1wE3rT5yU7iO9pA2sD4fG6h",
    "BASE_URL": "https://arisu.example",
    "PASSWORD_MEMORY_KIB": 19456,
}


def test_a_check_that_fails_says_so_and_stops_nothing(client, monkeypatch):
    from app import health

    def broken(now):
        raise ArithmeticError("fault injected by a test")

    monkeypatch.setitem(health._checks, "broken", broken)

    assert client.get("/healthz").json["alarms"]["broken"] == "the check itself failed"


def test_the_figures_are_in_the_format_of_prometheus(app, db):
    from prometheus_client.parser import text_string_to_metric_families

    waiting()
    make.message(state="failed")
    text = metrics.text(app).decode()

    found = {one.name: one.samples for one in text_string_to_metric_families(text)}
    assert found["arisu_outbox_waiting"][0].value == 1
    assert found["arisu_outbox_due_seconds"][0].value >= 180
    assert found["arisu_outbox_failed"][0].value == 1
    assert found["arisu_disk_free_bytes"][0].value > 0
    assert {sample.labels["check"] for sample in found["arisu_alarm"]} >= {"outbox", "worker"}


def test_the_figures_are_not_on_the_customers_address(client):
    for path in ("/metrics", "/operations/metrics", "/staff/metrics"):
        assert client.get(path).status_code == 404


def test_the_command_refuses_an_address_of_all_networks(runner):
    result = runner.invoke(args=["operations", "metrics", "--host", "0.0.0.0"])

    assert result.exit_code == 2


def test_requests_are_counted_by_process_and_kept_when_it_ends(tmp_path):
    one = tally.Tally(tmp_path)
    for seconds in (0.001, 0.01, 3.0):
        one.add(200, seconds)
    one.add(503, 0.001)
    one.write()
    ended = tmp_path / "999999999.json"
    ended.write_text(json.dumps({"2xx": [5, 0, 0, 0, 0, 0, 0, 0.5]}), "utf-8")

    for _ in range(2):
        found = tally.all_counts(tmp_path)
        assert found["2xx"] == [6, 1, 0, 0, 0, 1, 0, pytest.approx(3.511)]
        assert found["5xx"][0] == 1
    assert not ended.exists()
    assert (tmp_path / f"{os.getpid()}.json").exists()


def test_a_count_that_cannot_be_written_costs_no_answer(tmp_path, monkeypatch):
    monkeypatch.setattr(tally, "EVERY", -1.0)
    one = tally.Tally(tmp_path / "file")
    (tmp_path / "file").write_text("in the way")

    one.add(200, 0.1)

    assert sum(one.counts["2xx"][:-1]) == 1


def test_a_copy_is_sound_and_noted(app, tmp_path, own_file):
    target = tmp_path / "copy.db"

    made = backup.backup(target, tmp_path, "", clock.now())

    assert backup.last(tmp_path) == made
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT count(*) FROM things").fetchone() == (3,)
    with pytest.raises(backup.BackupError, match="there already"):
        backup.backup(target, tmp_path, "", clock.now())


def test_a_copy_that_cannot_be_written_leaves_nothing(app, tmp_path, own_file):
    target = tmp_path / "no such folder" / "copy.db"

    with pytest.raises(backup.BackupError):
        backup.backup(target, tmp_path, "", clock.now())

    assert backup.last(tmp_path) is None


@pytest.fixture
def own_file(app, tmp_path):
    """A database of its own: a copy cannot be made inside a test's transaction."""
    before = database.obj
    open_database(f"sqlite:///{tmp_path / 'own.db'}")
    database.execute_sql("CREATE TABLE things (id INTEGER)")
    database.execute_sql("INSERT INTO things VALUES (1), (2), (3)")
    yield
    database.close()
    database.initialize(before)


@pytest.mark.slow
def test_the_figures_answer_over_http(app, db):
    """As the command serves them, with a stop."""
    served = []

    def serve(host, port, answer, handler_class):
        server = make_server(host, 0, answer, handler_class=handler_class)
        served.append(server)
        return server

    original, metrics.make_server = metrics.make_server, serve
    text = metrics.text
    metrics.text = lambda app: b"arisu_up 1\n"
    thread = threading.Thread(target=metrics.serve, args=(app, "127.0.0.1", 0))
    try:
        thread.start()
        while not served:
            thread.join(0.01)
        base = f"http://127.0.0.1:{served[0].server_port}"
        with urllib.request.urlopen(f"{base}/metrics", timeout=5) as answer:
            assert answer.read() == b"arisu_up 1\n"
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    finally:
        served[0].shutdown()
        thread.join(5)
        metrics.make_server, metrics.text = original, text
