"""Refunds: two people above a limit, once, never more than there is (F-26 to F-28, S-08)."""

import pytest

from app import clock
from app.billing.models import LateHold
from app.money import Money
from app.payments import carry_out, refunds
from app.payments.models import Payment, State
from app.payments.refund_models import Refund, RefundState
from app.payments.refunds import Part, RefundError
from tests import make
from tests.payments.refunding import approve, ask, is_paid, whole


def test_a_payment_goes_back_and_its_bill_is_open_again(counter):
    bill = make.bill()
    attempt = counter.pay(bill)

    refund = counter.refund(attempt)

    assert (refund.state, refund.amount) == (RefundState.DONE, bill.total)
    assert counter.fresh(attempt).state == State.REFUNDED
    assert not is_paid(bill)
    assert counter.money(attempt) == {"charges": 1, "charged": bill.total, "back": bill.total}
    assert [mail["amount"] for mail in counter.mails("refund_done")] == ["31,680원"]
    assert LateHold.get().month == bill.month
    counter.agree()


def test_of_two_bills_one_can_go_back(counter):
    first, second = make.bill(), make.bill(usage_m3=10)
    attempt = counter.pay(first, second)
    part = counter.do(refunds.available, Payment.of(attempt.id)).bills[1]

    counter.refund(attempt, part)

    assert (is_paid(first), is_paid(second)) == (True, False)
    assert counter.fresh(attempt).state == State.PAID
    assert counter.book("gateway") == first.total
    counter.agree()


def test_a_part_of_a_bill_does_not_go_back(counter, paid):
    _, payment = paid
    part = whole(counter, payment)[0]

    with pytest.raises(RefundError, match="as a whole"):
        ask(counter, payment, part._replace(amount=Money(1_000)))


def test_a_credit_goes_back_in_part_or_whole(counter, extra):
    attempt, _, bill = extra
    surplus = counter.credit(bill)
    part = Part(bill.premises_id, Money(1_000))

    counter.refund(attempt, part)
    counter.refund(attempt, Part(bill.premises_id, Money(surplus - 1_000)))

    assert counter.credit(bill) == 0
    assert counter.money(attempt)["back"] == surplus
    assert is_paid(bill)
    counter.agree()


def test_no_more_credit_than_there_is_goes_back(counter, extra):
    _, payment, bill = extra
    too_much = Part(bill.premises_id, Money(counter.credit(bill) + 1))

    with pytest.raises(RefundError, match="not so much credit"):
        ask(counter, payment, too_much)


@pytest.mark.parametrize("amount", [0, -1_000])
def test_nothing_and_less_does_not_go_back(counter, extra, amount):
    _, payment, bill = extra

    with pytest.raises(RefundError):
        ask(counter, payment, Part(bill.premises_id, Money(amount)))


def test_of_two_at_the_same_refund_the_second_is_told(counter, paid):
    """F-26: the second saw a sum that is not available any more."""
    _, payment = paid
    parts, seen = whole(counter, payment), counter.do(refunds.available, payment).total
    ask(counter, payment, *parts, believed=seen)

    with pytest.raises(RefundError, match="changed meanwhile"):
        ask(counter, payment, *parts, by="다 담당", believed=seen)
    assert Refund.select().count() == 1


def test_credits_that_are_asked_for_are_not_available(counter, extra):
    _, payment, bill = extra
    surplus = counter.credit(bill)

    ask(counter, payment, Part(bill.premises_id, Money(1_000)))

    assert counter.do(refunds.available, payment).credits == [
        Part(bill.premises_id, Money(surplus - 1_000))
    ]


def test_the_same_form_twice_is_one_refund(counter, paid):
    _, payment = paid
    parts = whole(counter, payment)

    first = ask(counter, payment, *parts, form_key="form-1")
    second = ask(counter, payment, *parts, form_key="form-1")

    assert first.id == second.id
    with pytest.raises(RefundError, match="something else"):
        ask(counter, payment, Part(1, Money(5)), form_key="form-1")


# two people


def test_above_the_limit_nobody_approves_their_own(counter, monkeypatch, paid):
    """S-08."""
    monkeypatch.setitem(counter.app.config, "REFUND_ALONE", 31_679)
    attempt, payment = paid
    refund = ask(counter, payment, *whole(counter, payment))

    with pytest.raises(RefundError, match="somebody else"):
        approve(counter, refund, "가 담당")
    counter.do(carry_out.execute, refund)
    assert counter.money(attempt)["back"] == 0

    approve(counter, refund, "나 담당")
    assert counter.do(carry_out.execute, refund).state == RefundState.DONE


def test_up_to_the_limit_one_person_is_enough(counter, monkeypatch, paid):
    monkeypatch.setitem(counter.app.config, "REFUND_ALONE", 31_680)
    _, payment = paid
    refund = ask(counter, payment, *whole(counter, payment))

    approve(counter, refund, "가 담당")

    assert refund.state == RefundState.APPROVED


def test_a_refund_is_decided_once(counter, paid):
    _, payment = paid
    refund = ask(counter, payment, *whole(counter, payment))
    approve(counter, refund)

    with pytest.raises(RefundError, match="decided already"):
        approve(counter, refund, "다 담당")
    with pytest.raises(RefundError, match="decided already"):
        counter.do(refunds.withdraw, refund, "다 담당", clock.now())


def test_a_refund_that_is_withdrawn_is_available_again(counter, paid):
    _, payment = paid
    before = counter.do(refunds.available, payment)
    refund = ask(counter, payment, *whole(counter, payment))

    counter.do(refunds.withdraw, refund, "가 담당", clock.now())

    assert counter.do(refunds.available, payment) == before
    assert refund.state == RefundState.WITHDRAWN


def test_what_was_approved_is_set_aside(counter, extra):
    _, payment, bill = extra
    surplus = counter.credit(bill)
    refund = ask(counter, payment, Part(bill.premises_id, Money(1_000)))

    approve(counter, refund)

    assert counter.credit(bill) == surplus - 1_000
    assert counter.book("refund") == -1_000
    counter.agree()
