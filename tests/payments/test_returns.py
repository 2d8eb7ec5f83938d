"""The way back from the window: two tabs, reloads, changed addresses (F-11, F-12; S-40, S-41)."""

import pytest

from app import clock
from app.bills.models import Bill
from app.payments.confirm import confirm_return
from app.payments.models import Payment, State
from app.payments.opening import RefusedError, Why
from tests import make


def paid_at(bill):
    return Bill.get_by_id((bill.premises_id, bill.month, bill.revision)).paid_at


def refused(counter, *bills, **named):
    with pytest.raises(RefusedError) as error:
        counter.open(*bills, **named)
    return error.value.why


def test_of_two_windows_for_a_bill_only_the_second_is_confirmed(counter):
    """F-12: the first is told that another one was begun; the card is charged once."""
    bill = make.bill()
    first = counter.open(bill)
    first_key = counter.authenticate(first)
    second = counter.open(bill)
    second_key = counter.authenticate(second)

    told = counter.back(first, first_key)
    paid = counter.back(second, second_key)

    assert (told.state, told.reason) == (State.CANCELLED, "replaced")
    assert paid.state == State.PAID
    assert counter.money(first)["charges"] == 0
    assert counter.money(second)["charges"] == 1
    counter.agree()


def test_while_a_payment_is_being_checked_no_other_one_is_opened(counter):
    """F-05: a second click while nobody knows whether the first one was charged."""
    bill = make.bill()
    attempt = counter.open(bill)
    key = counter.authenticate(attempt)
    counter.fault("reset_after", "confirm")
    counter.fault("500_before", "lookup_order")

    assert counter.back(attempt, key).state == State.UNKNOWN
    assert refused(counter, bill) is Why.IN_PROGRESS


def test_another_bill_of_the_home_can_be_paid_meanwhile(counter):
    first = make.bill()
    second = make.bill(premises=first.premises, month="2026-09")
    counter.open(first)

    assert counter.pay(second).state == State.PAID


# the way back


def test_the_same_way_back_five_times_is_one_payment(counter):
    """F-11: reload, back button, impatience."""
    attempt = counter.open(make.bill())
    key = counter.authenticate(attempt)

    states = {counter.back(attempt, key).state for _ in range(5)}

    assert states == {State.PAID}
    assert counter.money(attempt)["charges"] == 1
    assert len(counter.mails("payment_received")) == 1
    assert Payment.select().count() == 1
    counter.agree()


@pytest.mark.parametrize("amount", ["100", "", "31680.0", "-31680", "３１６８０", "31 680"])
def test_another_amount_in_the_way_back_is_not_confirmed(counter, amount, log_lines):
    attempt = counter.open(make.bill())
    key = counter.authenticate(attempt)

    found = counter.back(attempt, key, amount)

    assert (found.state, found.reason) == (State.DECLINED, "tampered")
    assert counter.money(attempt)["charges"] == 0
    assert log_lines()[-1]["event"] == "payments: a changed return"
    assert counter.back(attempt, key).state == State.DECLINED


@pytest.mark.parametrize("key", ["", "short", "x" * 201, "../../cancel/abcdef", "a b c d e f"])
def test_a_key_that_cannot_be_one_is_not_confirmed(counter, key):
    attempt = counter.open(make.bill())

    assert counter.back(attempt, key).reason == "tampered"


def test_the_key_of_another_payment_is_not_confirmed(counter):
    mine, other = counter.open(make.bill()), counter.open(make.bill())
    key = counter.authenticate(other)
    counter.back(other, key)

    assert counter.back(mine, key).reason == "tampered"
    assert counter.money(mine)["charges"] == 0


def test_the_key_of_a_payment_that_nobody_has_confirmed_yet(counter):
    mine, other = counter.open(make.bill()), counter.open(make.bill())
    key = counter.authenticate(other)

    found = counter.back(mine, key)

    assert (found.state, found.reason) == (State.DECLINED, "unavailable")
    assert counter.control.money() == {}


def test_an_order_that_nobody_knows_is_none(counter):
    assert counter.do(confirm_return, "NOBODY", "some-payment-key", "100") is None


def test_a_card_that_is_refused(counter):
    bill = make.bill()
    attempt = counter.open(bill)

    found = counter.back(attempt, counter.authenticate(attempt, "REJECT_CARD_PAYMENT"))

    assert (found.state, found.reason) == (State.DECLINED, "card")
    assert paid_at(bill) is None
    assert counter.pay(bill).state == State.PAID
    counter.agree()


def test_a_bill_that_was_paid_otherwise_meanwhile_is_not_charged(counter):
    bill = make.bill()
    attempt = counter.open(bill)
    key = counter.authenticate(attempt)
    Bill.settle(bill.month, [bill.premises_id], clock.now())

    found = counter.back(attempt, key)

    assert (found.state, found.reason) == (State.CANCELLED, "changed")
    assert counter.money(attempt)["charges"] == 0


def test_a_bill_that_was_corrected_meanwhile_is_not_charged_the_old_amount(counter):
    bill = make.bill()
    attempt = counter.open(bill)
    key = counter.authenticate(attempt)
    make.bill(premises=bill.premises, revision=1, usage_m3=10)

    assert counter.back(attempt, key).reason == "changed"
    assert counter.control.money() == {}


def test_a_key_of_nobody_ends_the_attempt_and_frees_its_bill(counter):
    bill = make.bill()
    attempt = counter.open(bill)
    counter.authenticate(attempt)

    assert counter.back(attempt, "key-that-nobody-has").state == State.EXPIRED
    assert counter.pay(bill).state == State.PAID
    counter.agree()


def test_a_key_of_nobody_of_which_nothing_was_heard_does_not_hold_its_bill_for_ever(
    counter, clock_at
):
    bill = make.bill()
    attempt = counter.open(bill)
    counter.authenticate(attempt)
    counter.fault("500_before", "confirm")
    counter.fault("500_before", "lookup_order")
    assert counter.back(attempt, "key-that-nobody-has").state == State.UNKNOWN

    clock_at("2026-11-26 10:45")
    counter.sweep()

    assert counter.fresh(attempt).state == State.EXPIRED
    assert counter.pay(bill).state == State.PAID
    counter.agree()
