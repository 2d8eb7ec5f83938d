"""Notices of the gateway: hints to look, whatever they say and however often (F-13 to F-15)."""

import json
from datetime import timedelta

import pytest

from app import clock
from app.payments import hooks
from app.payments.models import State
from app.payments.records import Discrepancy, GatewayEvent
from tests import make
from tests.sandbox import published


def outcomes():
    return [one.outcome for one in GatewayEvent.select().order_by(GatewayEvent.id)]


def changed(attempt, **data):
    body = {**published.CHANGED, "data": {"orderId": attempt.order_id, **data}}
    return json.dumps(body).encode()


def test_a_notice_before_the_browser_comes_back(counter):
    """F-13: it is looked up; nothing has been confirmed, so nothing is paid."""
    attempt = counter.open(make.bill())
    key = counter.authenticate(attempt)

    counter.notify()
    counter.sweep()

    assert counter.fresh(attempt).state == State.CREATED
    assert counter.back(attempt, key).state == State.PAID
    counter.agree()


def test_a_notice_weeks_later_changes_nothing(counter, clock_at):
    attempt = counter.pay(make.bill())
    clock_at("2026-12-30 10:00")

    counter.notify()
    counter.sweep()

    assert counter.fresh(attempt).state == State.PAID
    assert len(counter.mails("payment_received")) == 1
    counter.agree()


def test_an_old_notice_of_a_payment_that_went_back(counter):
    attempt = counter.pay(make.bill())
    counter.refund(attempt)

    counter.notify()
    counter.sweep()
    counter.notify(0)
    counter.sweep()

    assert counter.fresh(attempt).state == State.REFUNDED
    counter.agree()


def test_notices_in_reverse_order_lead_to_what_is(counter):
    attempt = counter.account(make.bill())
    counter.deposit(attempt)
    counter.undo(attempt)
    listed = counter.control.api.events.listed()

    for number in reversed(range(len(listed))):
        counter.notify(number)
        counter.sweep()

    assert counter.fresh(attempt).state == State.WAITING
    assert counter.book("gateway") == 0
    counter.agree()


def test_the_same_notice_eight_times_is_one(counter):
    """F-14: by its id."""
    attempt = counter.account(make.bill())
    counter.deposit(attempt)

    said = [counter.notify(0)[0] for _ in range(8)]
    counter.sweep()

    assert said == ["waiting", *["seen before"] * 7]
    assert GatewayEvent.select().count() == 1
    counter.agree()


def test_the_same_notice_with_eight_ids_has_one_effect(counter):
    attempt = counter.account(make.bill())
    counter.deposit(attempt)
    body = counter.control.api.events.listed()[0]["body"].encode()

    for number in range(8):
        counter.receive(body, f"id-{number}")
    counter.sweep()

    assert GatewayEvent.select().count() == 8
    assert len(counter.mails("payment_received")) == 1
    counter.agree()


def test_a_notice_without_an_id_is_known_by_what_it_says(counter):
    attempt = counter.open(make.bill())
    body = changed(attempt)

    assert counter.receive(body) == "waiting"
    assert counter.receive(body) == "seen before"
    assert GatewayEvent.get().transmission_id.startswith("sha256:")


@pytest.mark.parametrize("name", ["x" * 71, "ümlaut", "line\nbreak", "\x00"])
def test_an_id_that_cannot_be_one_is_not_kept(counter, name):
    attempt = counter.open(make.bill())

    counter.do(hooks.receive, changed(attempt), {hooks.ID: name}, clock.now())

    assert GatewayEvent.get().transmission_id.startswith("sha256:")


def test_a_forged_done_pays_nothing(counter):
    """F-15, S-43: everything in it may be a lie; the look-up says what is."""
    attempt = counter.open(make.bill())
    forged = {**published.CARD, "orderId": attempt.order_id, "totalAmount": 31_680}
    body = json.dumps({**published.CHANGED, "data": forged}).encode()

    assert counter.receive(body, "id-1") == "waiting"
    counter.sweep()

    assert counter.fresh(attempt).state == State.CREATED
    assert counter.book("gateway") == 0


@pytest.mark.parametrize("secret", ["ps_wrong", "", None])
def test_a_deposit_notice_with_a_wrong_secret_is_not_looked_up(counter, secret):
    attempt = counter.account(make.bill())
    counter.deposit(attempt)
    body = {**published.DEPOSITED, "orderId": attempt.order_id, "secret": secret}

    assert counter.receive(json.dumps(body).encode(), "id-1") == "wrong secret"
    counter.sweep()

    assert counter.fresh(attempt).state == State.WAITING
    assert [one.kind for one in Discrepancy.open()] == ["wrong_notice"]


def test_a_notice_about_nothing_that_we_know_is_kept_and_not_looked_up(counter, monkeypatch):
    body = json.dumps(published.CHANGED).encode()
    counter.fault("500_before", next=1)

    assert counter.receive(body, "id-1") == "unknown"
    counter.sweep()

    assert outcomes() == ["unknown"]
    assert counter.emulator.store.rows("SELECT left FROM faults") == [(1,)]


def test_only_so_many_notices_about_nothing_are_kept(counter, monkeypatch, log_lines):
    """F-15: a thousand a second cost one row each up to a limit, and then nothing."""
    monkeypatch.setitem(counter.app.config, "UNKNOWN_NOTICES", 3)

    said = [counter.receive(b"{}", f"id-{number}") for number in range(50)]

    assert said == ["unknown"] * 3 + ["too many"] * 47
    assert GatewayEvent.select().count() == 3
    assert [line["event"] for line in log_lines()] == ["payments: many notices about nothing"]


def test_the_limit_begins_again_with_the_next_hour(counter, monkeypatch, clock_at):
    monkeypatch.setitem(counter.app.config, "UNKNOWN_NOTICES", 1)
    said = [counter.receive(b"{}", f"id-{number}") for number in range(2)]
    clock_at("2026-11-26 11:00")

    assert [*said, counter.receive(b"{}", "id-9")] == ["unknown", "too many", "unknown"]


def test_notices_about_what_we_know_have_no_limit(counter, monkeypatch):
    monkeypatch.setitem(counter.app.config, "UNKNOWN_NOTICES", 0)
    attempt = counter.account(make.bill())
    counter.deposit(attempt)

    assert counter.notify() == ["waiting", "waiting"]


@pytest.mark.parametrize(
    "kind", ["CANCEL_STATUS_CHANGED", "BILLING_DELETED", "payout.changed", "SOMETHING_NEW"]
)
def test_other_kinds_are_stored_and_left_alone(counter, kind):
    attempt = counter.open(make.bill())
    body = {"eventType": kind, "data": {"orderId": attempt.order_id}}

    assert counter.receive(json.dumps(body).encode(), "id-1") == "ignored"


def test_a_notice_waits_while_the_gateway_cannot_be_asked(counter, clock_at):
    attempt = counter.account(make.bill())
    counter.deposit(attempt)
    counter.notify(1)
    counter.fault("500_before", "lookup_order", next=2)
    for minute in range(8):
        clock_at(f"2026-11-26 10:0{minute}")
        counter.do(hooks.handle_waiting, clock.now())

    assert outcomes() == ["looked up"]
    assert GatewayEvent.get().tries == 3
    counter.agree()


def test_a_notice_that_is_looked_up_in_vain_is_given_up(counter, clock_at):
    attempt = counter.account(make.bill())
    counter.deposit(attempt)
    counter.notify(1)
    counter.fault("500_before", "lookup_order", next=100)
    for hour in range(10, 24):
        clock_at(f"2026-11-26 {hour}:00")
        counter.do(hooks.handle_waiting, clock.now())

    assert outcomes() == ["given up"]


def test_what_a_notice_said_is_sealed_and_its_headers_are_only_the_gateways(counter, db):
    attempt = counter.account(make.bill())
    counter.deposit(attempt)
    body = counter.control.api.events.listed()[1]["body"].encode()

    counter.receive(body, "id-1", Cookie="sid=MARKER", Authorization="Basic MARKER")

    ((stored, headers),) = db.execute_sql("SELECT body, headers FROM gateway_events").fetchall()
    assert attempt.secret not in stored
    assert "MARKER" not in headers
    assert GatewayEvent.get().body == body.decode()


def test_old_notices_go(counter, clock_at):
    attempt = counter.open(make.bill())
    counter.receive(b"{}", "unknown")
    counter.receive(changed(attempt), "known")
    clock_at("2026-12-04 10:00")
    counter.do(hooks.forget, clock.now())
    assert [one.transmission_id for one in GatewayEvent.select()] == ["known"]

    clock_at("2028-01-04 10:00")
    counter.do(hooks.forget, clock.now())

    assert GatewayEvent.select().count() == 0


def test_two_workers_whose_clocks_differ_look_once(counter):
    """F-46: whoever takes a notice first has it; the other one finds it taken."""
    attempt = counter.account(make.bill())
    counter.deposit(attempt)
    counter.notify(1)

    ahead = counter.do(hooks.handle_waiting, clock.now() + timedelta(minutes=2))
    behind = counter.do(hooks.handle_waiting, clock.now())

    assert (ahead, behind) == (1, 0)


def test_of_notices_about_one_order_only_so_many_are_kept_and_looked_up(counter, monkeypatch):
    monkeypatch.setattr(hooks, "MOST_OF_ONE", 3)
    one, other = counter.open(make.bill()), counter.open(make.bill())

    found = [counter.receive(changed(one, number=n), f"forged-{n}") for n in range(5)]

    assert found == ["waiting"] * 3 + ["too many"] * 2
    assert counter.receive(changed(other), "not forged") == "waiting"
    assert len(outcomes()) == 4
