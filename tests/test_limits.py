"""Counters of failures: exact across workers, without names, gone when their time is over."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from app import create_app, limits, migration
from app.config import ROOT
from app.db import database as current
from app.limits import ALL, DAY, HOUR, Door, Limit, Refusal, Try
from tests import postgres
from tests.conftest import CLUSTER, SETTINGS

NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)  # 10:30 in Seoul
DOOR = Door("test", "a key of the tests", 1000)


def ask(subject="012345678", source="192.0.2.1", now=NOW, answer=None, door=DOOR):
    return limits.ask(door, Try(subject, source, now), lambda: answer)


def test_five_failures_of_a_subject_need_more_proof_even_with_the_right_answer(db):
    answers = [ask(source=f"192.0.2.{n}") for n in range(5)]

    assert answers == [Refusal.NO_MATCH] * 5
    assert ask(source="192.0.2.9", answer="right") is Refusal.MORE_PROOF


def test_twenty_failures_of_a_source_make_it_wait_even_with_the_right_answer(db):
    answers = [ask(f"{n}") for n in range(20)]

    assert answers == [Refusal.NO_MATCH] * 20
    assert ask("new", answer="right") is Refusal.WAIT


def test_a_waiting_source_uses_up_nobodys_tries(db):
    for n in range(20):
        ask(f"{n}")
    for _ in range(9):
        ask("household")

    assert ask("household", source="192.0.2.2", answer="right") == "right"


def test_a_right_answer_is_taken_back_and_earlier_failures_stay(db):
    for _ in range(4):
        ask()

    assert [ask(answer="right") for _ in range(9)] == ["right"] * 9
    assert ask() is Refusal.NO_MATCH
    assert ask() is Refusal.MORE_PROOF


def test_a_day_ends_at_midnight_and_an_hour_at_the_full_hour_in_seoul():
    assert limits.window_end(NOW, HOUR) == NOW.replace(hour=2, minute=0)
    assert limits.window_end(NOW, DAY) == NOW.replace(hour=15, minute=0)


def test_the_counters_hold_no_names(db):
    ask()

    kept = str(list(Limit.select().tuples()))
    assert "012345678" not in kept
    assert "192.0.2.1" not in kept
    assert {row.name for row in Limit.select()} > {ALL}


def test_the_names_cannot_be_tried_out_without_the_key(db):
    assert limits.hidden("one key", "lookup", "012345678") != limits.hidden(
        "another", "lookup", "012345678"
    )


def test_counters_that_have_ended_are_deleted(db):
    for n in range(3):
        ask(f"{n}", source=f"192.0.2.{n}")

    ask(now=NOW + timedelta(days=1))

    assert Limit.select().where(Limit.ends_at <= NOW + timedelta(days=1)).count() == 0
    assert Limit.select().count() == 3


def test_somebody_may_have_so_many_an_hour_and_others_have_their_own(db):
    def may(name, now=NOW):
        return limits.may("test", "key", name, 3, now)

    assert [may("kim") for _ in range(5)] == [True] * 3 + [False] * 2
    assert may("lee")
    assert may("kim", NOW + HOUR)
    assert Limit.select().count() == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        (None, "", True),
        ("192.0.2.1:5000", "192.0.2.1", True),
        ("192.0.2.1:5000", "192.0.2.2:5000", False),
        ("[2001:db8::1]:5000", "2001:db8::1", True),
        ("[2001:db8::1]", "2001:db8::1", True),
        ("[2001:db8::1]:5000", "[2001:db8:0:1::1]:5000", False),
        ("::ffff:192.0.2.1:x", "unknown", True),
    ],
)
def test_a_household_has_one_source(one, other, same):
    assert (limits.network(one) == limits.network(other)) is same


TRIES = """
import sys
from datetime import datetime
from app import create_app, limits
create_app({"DATABASE_URL": sys.argv[1], "DATA_DIR": sys.argv[2]})
now = datetime.fromisoformat(sys.argv[3])
door = limits.Door("test", "key", 1000)
input()
for n in range(int(sys.argv[4])):
    tried = limits.Try("012345678", "192.0.2.%s%d" % (sys.argv[5], n), now)
    print(limits.ask(door, tried, lambda: None).name)
"""


@pytest.fixture
def own_url(request, tmp_path):
    if request.config.getoption("--database") == "sqlite":
        return f"sqlite:///{tmp_path / 'own.db'}"
    return postgres.new_database(os.environ[CLUSTER], f"limits_{os.getpid()}")


@pytest.mark.slow
def test_workers_share_the_counters_and_a_restart_keeps_them(app, db, own_url, tmp_path):
    before = current.obj
    create_app({**SETTINGS, "DATABASE_URL": own_url, "DATA_DIR": str(tmp_path)})
    migration.migrate()
    current.close()
    current.initialize(before)

    def worker(name):
        command = [sys.executable, "-c", TRIES, own_url, str(tmp_path), NOW.isoformat(), "4", name]
        return subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    workers = [worker("1"), worker("2")]
    for process in workers:
        process.stdin.write("\n")
        process.stdin.flush()
    together = "".join(process.communicate()[0] for process in workers).split()
    later = worker("3").communicate("\n")[0].split()

    assert sorted(together) == ["MORE_PROOF"] * 3 + ["NO_MATCH"] * 5
    assert later == ["MORE_PROOF"] * 4
