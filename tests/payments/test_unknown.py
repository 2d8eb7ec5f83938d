"""When nobody knows whether the money has moved: looked up, never guessed (F-02 to F-09, F-16)."""

from datetime import timedelta

import pytest

from app import clock
from app.bills.models import Bill
from app.payments.models import Attempt, AttemptEvent, State
from app.payments.records import Discrepancy, OutboundCall
from app.reconciliation import sweeps
from tests import make

BEFORE = ["reset_before", "500_before", "409", "429"]
AFTER = ["reset_after", "500_after", "malformed", "html", "unknown_status", "amount_as_text"]


@pytest.fixture
def asked(counter):
    """asked(fault) is an attempt whose confirm went wrong, and whose look-up says nothing yet."""

    def go_wrong(fault, lookups=1, bill=None):
        attempt = counter.open(bill or make.bill())
        key = counter.authenticate(attempt)
        counter.fault(fault, "confirm")
        counter.fault("500_before", "lookup_order", next=lookups)
        return counter.back(attempt, key)

    return go_wrong


@pytest.mark.parametrize("fault", AFTER)
def test_what_was_charged_is_found_by_the_sweep(counter, clock_at, asked, fault):
    attempt = asked(fault)
    assert attempt.state == State.UNKNOWN
    clock_at("2026-11-26 10:02")

    counter.sweep()

    assert counter.fresh(attempt).state == State.PAID
    assert counter.money(attempt)["charges"] == 1
    assert len(counter.mails("payment_received")) == 1
    counter.agree()


@pytest.mark.parametrize("fault", AFTER)
def test_what_was_charged_is_found_at_once_when_the_gateway_can_be_asked(counter, asked, fault):
    assert asked(fault, lookups=0).state == State.PAID
    counter.agree()


@pytest.mark.parametrize("fault", BEFORE)
def test_what_was_not_charged_is_asked_for_again_with_the_same_key(counter, clock_at, asked, fault):
    """F-06: the customer has said yes and waits; the key makes it one payment."""
    attempt = asked(fault)
    clock_at("2026-11-26 10:02")

    counter.sweep()

    assert counter.fresh(attempt).state == State.PAID
    assert counter.money(attempt)["charges"] == 1
    assert OutboundCall.get(operation_key=f"confirm:{attempt.order_id}").tries == 2
    counter.agree()


@pytest.mark.parametrize("fault", BEFORE)
def test_what_was_not_charged_in_time_expires_and_the_bill_is_open(counter, clock_at, asked, fault):
    """F-02: the customer's yes holds ten minutes at the gateway."""
    bill = make.bill()
    attempt = asked(fault, bill=bill)
    clock_at("2026-11-26 10:12")

    counter.sweep()

    assert counter.fresh(attempt).state == State.EXPIRED
    assert counter.money(attempt)["charges"] == 0
    clock_at("2026-11-26 10:13")
    assert counter.pay(bill).state == State.PAID
    counter.agree()


def test_the_bill_is_not_charged_a_second_time_when_it_was_paid_otherwise(counter, clock_at, asked):
    bill = make.bill()
    attempt = asked("reset_before", bill=bill)
    Bill.settle(bill.month, [bill.premises_id], clock.now())
    clock_at("2026-11-26 10:02")

    counter.sweep()

    assert counter.money(attempt)["charges"] == 0


def test_money_that_moved_although_we_had_given_up_is_booked(counter, clock_at):
    """Whatever we thought: what the gateway has is ours to book."""
    bill = make.bill()
    attempt = counter.open(bill)
    key = counter.authenticate(attempt)
    counter.fault("reset_after", "confirm")
    counter.fault("code", "lookup_order", code="NOT_FOUND_PAYMENT", next=2)
    assert counter.back(attempt, key).state == State.UNKNOWN
    clock_at("2026-11-26 10:40")
    counter.sweep()
    assert counter.fresh(attempt).state == State.EXPIRED

    counter.notify()
    counter.sweep()

    assert counter.fresh(attempt).state == State.PAID
    counter.agree()


def test_late_money_for_a_bill_that_is_paid_is_a_credit_that_somebody_sees(counter, clock_at):
    bill = make.bill()
    late = counter.open(bill)
    key = counter.authenticate(late)
    counter.fault("reset_after", "confirm")
    counter.fault("code", "lookup_order", code="NOT_FOUND_PAYMENT", next=2)
    counter.back(late, key)
    clock_at("2026-11-26 10:40")
    counter.sweep()
    counter.pay(bill)

    counter.reconcile()

    assert counter.fresh(late).state == State.PAID
    assert counter.credit(bill) == bill.total
    assert [one.kind for one in Discrepancy.open()] == ["extra_money"]
    counter.agree()


def test_a_look_up_that_never_answers_is_tried_less_and_less_often(counter, clock_at, asked):
    attempt = asked("reset_after", lookups=100)
    waits = []
    for _ in range(9):
        before = counter.fresh(attempt).check_at
        clock_at(before)
        counter.sweep()
        waits.append(round((counter.fresh(attempt).check_at - before).total_seconds() / 60))

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert counter.fresh(attempt).state == State.UNKNOWN


def test_the_answer_of_the_wrong_payment_books_nothing(counter, clock_at):
    """F-09: the look-up of a payment tells of another one."""
    attempt = counter.open(make.bill())
    key = counter.authenticate(attempt)
    counter.fault("wrong_order", "confirm")
    counter.fault("wrong_order", "lookup_order")

    assert counter.back(attempt, key).state == State.UNKNOWN
    assert counter.book("gateway") == 0


def test_another_amount_at_the_gateway_books_nothing_and_tells_somebody(counter, clock_at):
    attempt = counter.open(make.bill())
    key = counter.authenticate(attempt)
    Attempt.update(amount=31_670, tax_free=0).where(Attempt.id == attempt.id).execute()
    counter.do(counter.emulator.api.money.confirm, {
        "paymentKey": key, "orderId": attempt.order_id, "amount": 31_680
    })  # fmt: skip
    clock_at("2026-11-26 10:50")

    counter.sweep()

    assert counter.fresh(attempt).state == State.CREATED
    assert [(one.kind, one.ours, one.theirs) for one in Discrepancy.open()] == [
        ("amount", 31_670, 31_680)
    ]


def test_a_mistake_of_ours_ends_the_attempt_without_a_charge(counter):
    attempt = counter.open(make.bill())
    key = counter.authenticate(attempt)
    counter.fault("code", "confirm", code="INVALID_REQUEST")

    found = counter.back(attempt, key)

    assert (found.state, found.reason) == (State.DECLINED, "unavailable")
    assert counter.money(attempt)["charges"] == 0


def test_a_refusal_that_nobody_knows_is_looked_up_before_it_is_told(counter):
    attempt = counter.open(make.bill())
    key = counter.authenticate(attempt)
    counter.fault("code", "confirm", code="FORBIDDEN_CONSECUTIVE_REQUEST")

    assert counter.back(attempt, key).reason == "soon"


def test_a_window_that_was_left_expires_after_a_look(counter, clock_at):
    attempt = counter.open(make.bill())
    clock_at("2026-11-26 10:44")
    counter.sweep()
    assert counter.fresh(attempt).state == State.CREATED

    clock_at("2026-11-26 10:45")
    counter.sweep()

    found = counter.fresh(attempt)
    assert (found.state, found.reason, found.check_at) == (State.EXPIRED, "expired", None)
    assert [one.what for one in AttemptEvent.of(found)][-1] == "not found"


def test_a_clock_that_jumps_a_day_expires_nothing_without_a_look(counter, clock_at):
    """F-43: all look-ups fail, so nothing is known and nothing ends."""
    attempts = [counter.open(make.bill()) for _ in range(3)]
    counter.fault("500_before", "lookup_order", next=100)
    clock_at("2026-11-27 10:00")

    counter.sweep()

    assert {counter.fresh(one).state for one in attempts} == {State.CREATED}


def test_a_clock_that_jumps_back_harms_nothing(counter, clock_at):
    """F-43: an attempt from the future is paid, and its day is the gateway's."""
    attempt = counter.open(make.bill())
    clock_at("2026-11-25 10:00")

    found = counter.back(attempt, counter.authenticate(attempt))
    counter.sweep()

    assert found.state == State.PAID
    counter.agree()


def test_two_workers_whose_clocks_differ_look_an_attempt_up_once(counter, clock_at, asked):
    """F-46: it is taken by the moment that stands in its row, not by anybody's clock."""
    attempt = asked("reset_after")
    clock_at("2026-11-26 10:02")
    seen_by_both = [counter.fresh(attempt), counter.fresh(attempt)]

    ahead = counter.do(sweeps.claimed, seen_by_both[0], clock.now() + timedelta(minutes=2))
    behind = counter.do(sweeps.claimed, seen_by_both[1], clock.now())

    assert (ahead, behind) == (True, False)
