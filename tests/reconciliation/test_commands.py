"""`flask payments …` and the worker's timetable of money."""

import json
from datetime import UTC, datetime

import pytest

from app import clock
from app.messages import lanes, timetable
from app.messages.timetable import Timetable
from app.payments import hooks
from app.payments.gate import Closed, why_closed
from app.payments.models import State
from app.payments.records import GatewayEvent, ReconciliationRun
from app.reconciliation import work
from tests import make


@pytest.fixture
def flask(runner, counter):
    return lambda *arguments: runner.invoke(args=["payments", *arguments])


def test_comparing_says_that_everything_agrees(flask, counter):
    counter.pay(make.bill())

    done = flask("reconcile")

    assert done.exit_code == 0
    assert done.output == "theirs 1, ours 1, brought together 0\neverything agrees\n"


def test_comparing_books_what_was_paid_out(flask, counter, clock_at):
    counter.pay(make.bill())
    clock_at("2026-11-28 03:00")

    flask("reconcile")

    assert counter.book("bank") == 30_915


def test_comparing_names_what_is_different_and_exits_1(flask, counter):
    attempt = counter.pay(make.bill())
    counter.emulator.store.clear()

    done = flask("reconcile", "--json")

    assert done.exit_code == 1
    said = json.loads(done.output)
    assert (said["theirs"], said["ours"], said["closed"]) == (0, 1, "")
    assert said["problems"] == [f"{attempt.order_id}: Missing(code='NOT_FOUND_PAYMENT')"]


def test_comparing_without_a_gateway_says_so(flask, counter):
    counter.fault("500_before", "transactions")

    done = flask("reconcile")

    assert (done.exit_code, "cannot be read" in done.output) == (1, True)


def test_a_day_that_is_none_is_a_wrong_use(flask):
    assert flask("reconcile", "--from", "yesterday").exit_code == 2


def test_production_without_keys_has_nothing_to_compare(runner, counter, monkeypatch):
    monkeypatch.setitem(counter.app.config, "MODE", "production")

    done = runner.invoke(args=["payments", "reconcile"])

    assert done.exit_code == 1
    assert "no keys" in done.output


def test_a_sweep_by_hand(flask, counter, clock_at):
    attempt = counter.account(make.bill())
    counter.deposit(attempt)
    clock_at("2026-11-26 16:00")

    done = flask("sweep")

    assert done.output == "notices: 0\nattempts: 1\nrefunds: 0\n"
    assert counter.fresh(attempt).state == State.PAID


def test_closing_and_opening(flask, counter):
    assert flask("close", "--reason", "점검", "--by", "가 담당").exit_code == 0
    assert counter.do(why_closed) is Closed.BY_HAND
    closed = flask("status")
    assert (closed.exit_code, closed.output.splitlines()[0]) == (1, "payments are closed: by_hand")

    assert flask("open", "--by", "가 담당").exit_code == 0
    assert flask("status").output.splitlines() == ["payments are open", "to be decided: 0"]


def test_the_status_counts_what_is_open_and_what_is_to_be_decided(flask, counter):
    counter.open(make.bill())
    counter.account(make.bill())
    make.discrepancy()

    said = json.loads(flask("status", "--json").output)

    assert said == {"closed": "", "open_attempts": {"created": 1, "waiting": 1}, "undecided": 1}


# the worker


def step(counter, moment):
    """One step of the worker's lane of money, everything due."""
    table = Timetable("money")

    def run():
        while table.run(moment):
            pass

    counter.do(run)


def test_the_lane_of_money_looks_notices_and_attempts_up(counter, clock_at):
    told, silent = counter.account(make.bill()), counter.account(make.bill(usage_m3=10))
    counter.deposit(told)
    counter.notify()
    counter.deposit(silent)
    clock_at("2026-11-26 16:00")

    step(counter, clock.now())

    assert counter.fresh(told).state == counter.fresh(silent).state == State.PAID
    assert {one.outcome for one in GatewayEvent.select()} == {"looked up"}


def test_the_lane_of_money_sends_no_mail(counter):
    assert lanes.LANES["money"][1] == ()
    names = {name for name, (_, _, lane) in timetable._entries.items() if lane == "money"}
    assert {name.split(".")[-1] for name in names} == {
        "notices",
        "attempts",
        "restored",
        "nightly",
        "check",
    }


def test_every_night_the_days_are_compared_once(counter, clock_at, monkeypatch):
    monkeypatch.setattr(work.Night, "done", None)
    for moment in ("2026-11-27 01:59", "2026-11-27 02:00", "2026-11-27 03:00", "2026-11-28 02:00"):
        clock_at(moment)
        counter.do(lambda: list(work.nightly(clock.now())))

    assert [str(one.to_on) for one in ReconciliationRun.select()] == ["2026-11-27", "2026-11-28"]


def test_a_night_in_which_the_gateway_cannot_be_read_is_tried_again(
    counter, clock_at, monkeypatch, log_lines
):
    monkeypatch.setattr(work.Night, "done", None)
    clock_at("2026-11-27 02:00")
    counter.fault("500_before", "transactions")

    for _ in range(2):
        counter.do(lambda: list(work.nightly(clock.now())))

    assert log_lines()[0]["event"] == "payments: the gateway cannot be read"
    assert [one.finished_at is None for one in ReconciliationRun.select()] == [True, False]


def test_at_night_old_notices_go(counter, clock_at, monkeypatch):
    monkeypatch.setattr(work.Night, "done", None)
    counter.do(hooks.receive, b"{}", {}, clock.now())
    clock_at("2026-12-10 02:00")

    counter.do(lambda: list(work.nightly(clock.now())))

    assert GatewayEvent.select().count() == 0


def test_books_that_do_not_agree_are_an_alarm(counter, log_lines):
    make.payment(paid_at=datetime(2026, 11, 26, tzinfo=UTC))

    counter.do(work.check, clock.now())

    assert log_lines()[0]["event"] == "payments: the books do not agree"
    assert log_lines()[0]["level"] == "critical"
