"""What the gateway pays out: booked line by line, each once; what does not fit is a task."""

from datetime import date

from app.payments.models import Payment
from app.payments.records import Discrepancy
from tests import make

DAY = date(2026, 11, 28)


def test_a_payment_that_was_paid_out_is_in_the_bank_without_the_fee(counter):
    attempt = counter.pay(make.bill())

    counter.payouts(DAY, DAY)

    assert (counter.book("gateway"), counter.book("bank"), counter.book("fees")) == (0, 30_915, 765)
    assert Payment.of(attempt.id).settled_on == DAY
    counter.agree()


def test_a_refund_is_taken_off_the_next_payout(counter):
    counter.refund(counter.pay(make.bill()))

    counter.payouts(DAY, DAY)

    assert (counter.book("gateway"), counter.book("bank"), counter.book("fees")) == (0, 0, 0)
    counter.agree()


def test_the_same_days_twice_are_booked_once(counter):
    counter.pay(make.bill())

    for _ in range(2):
        counter.payouts(DAY, DAY)

    assert counter.book("bank") == 30_915


def test_a_line_of_a_payment_that_we_missed_is_looked_up_first(counter):
    attempt = counter.account(make.bill())
    counter.deposit(attempt)

    assert counter.payouts(DAY, DAY) == [0]
    assert Payment.of(attempt.id).settled_on == DAY
    counter.agree()


def test_a_line_that_fits_nothing_is_a_task(counter):
    counter.control.stray({"orderId": "stranger-1", "amount": 5_000})

    assert counter.payouts(DAY, DAY) == [1]
    assert [one.kind for one in Discrepancy.open()] == ["payout"]
    assert counter.book("bank") == 0
