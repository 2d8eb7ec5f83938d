"""Two people above a limit, however it is asked for; and money that our bank sends."""

import pytest

from app import clock
from app.bills.models import Bill
from app.ledger.book import credit_of
from app.money import Money
from app.payments import carry_out, refunds
from app.payments.models import Payment, State
from app.payments.refund_models import Refund, RefundState, Way
from app.payments.refunds import Part, RefundError
from app.reconciliation import verify
from tests import make, pay
from tests.payments.refunding import approve, ask, is_paid, whole

BANK = {"way": Way.BANK, "to": pay.HOME}


@pytest.fixture
def limit(counter, monkeypatch):
    return lambda won: monkeypatch.setitem(counter.app.config, "REFUND_ALONE", won)


@pytest.fixture
def deposited(counter):
    """A bill that was paid by deposit, and its payment."""
    bill = make.bill()
    attempt = counter.account(bill)
    counter.deposit(attempt)
    told(counter)
    return attempt, Payment.of(attempt.id), bill


def told(counter):
    counter.notify()
    counter.sweep()


def sent(counter, refund, reference="B-1"):
    counter.do(refunds.paid_out, refund, reference, "가 담당", clock.now())


def test_a_customers_wish_above_the_limit_is_not_approved_before_it_is_taken_over(
    counter, limit, paid
):
    limit(31_679)
    refund = ask(counter, paid[1], *whole(counter, paid[1]), by="account 5")

    with pytest.raises(RefundError, match="somebody else"):
        approve(counter, refund, "가 담당")
    counter.do(refunds.take_over_request, refund, "가 담당", clock.now())
    approve(counter, refund, "나 담당")


def test_pieces_below_the_limit_are_not_a_way_around_it(counter, limit, extra):
    limit(1_500)
    _, payment, bill = extra
    piece = Part(bill.premises_id, Money(1_000))
    approve(counter, ask(counter, payment, piece), "가 담당")
    second = ask(counter, payment, piece)

    with pytest.raises(RefundError, match="somebody else"):
        approve(counter, second, "가 담당")
    approve(counter, second, "나 담당")


def test_a_form_is_bound_to_its_payment(counter):
    first, second = (Payment.of(counter.pay(make.bill()).id) for _ in range(2))
    ask(counter, first, *whole(counter, first), form_key="form-1")

    with pytest.raises(RefundError, match="something else"):
        ask(counter, second, *whole(counter, second), form_key="form-1")


def test_what_our_bank_is_to_send_keeps_no_other_refund_waiting(counter, deposited):
    approve(counter, ask(counter, deposited[1], *whole(counter, deposited[1]), **BANK))

    assert counter.sweep()["refunds"] == 0


def test_a_transaction_of_our_bank_is_of_one_refund(counter, extra):
    _, payment, bill = extra
    both = [ask(counter, payment, Part(bill.premises_id, Money(100)), **BANK) for _ in range(2)]
    for one in both:
        approve(counter, one)
    sent(counter, both[0])

    for reference, why in ((" ", "which transaction"), ("B-1", "another refund")):
        with pytest.raises(RefundError, match=why):
            sent(counter, both[1], reference)
    sent(counter, both[1], "B-2")
    assert [mail["amount"] for mail in counter.mails("refund_done")] == ["100원", "100원"]


# a deposit that is undone


@pytest.mark.parametrize("way", [{"to": pay.HOME}, BANK])
@pytest.mark.parametrize("approved", [False, True])
def test_of_an_undone_deposit_nothing_goes_back(counter, deposited, way, approved):
    attempt, payment, bill = deposited
    refund = ask(counter, payment, *whole(counter, payment), **way)
    if approved:
        approve(counter, refund)
    counter.undo(attempt)
    told(counter)

    assert Refund.get().state == RefundState.REFUSED
    for act in (lambda: approve(counter, refund), lambda: sent(counter, refund)):
        with pytest.raises(RefundError):
            act()
    counter.do(carry_out.execute, Refund.get())
    assert (counter.book("bank"), counter.book("gateway")) == (0, 0)
    assert not is_paid(bill)
    counter.agree()


def test_a_surplus_that_was_set_aside_ends_with_the_deposit_that_it_came_of(counter):
    bill = make.bill()
    attempt = counter.account(bill)
    Bill.settle(bill.month, [bill.premises_id], clock.now())
    counter.deposit(attempt)
    told(counter)
    payment = Payment.of(attempt.id)
    refund = ask(counter, payment, *whole(counter, payment), to=pay.HOME)
    approve(counter, refund)

    counter.undo(attempt)
    told(counter)

    assert counter.fresh(attempt).state == State.REVERSED
    assert (counter.book("refund"), credit_of(bill.premises_id)) == (0, 0)
    counter.agree()


def test_what_our_bank_has_sent_of_a_deposit_that_is_undone_then_is_owed(counter, deposited):
    attempt, payment, bill = deposited
    refund = ask(counter, payment, *whole(counter, payment), **BANK)
    approve(counter, refund)
    sent(counter, refund)

    counter.undo(attempt)
    told(counter)

    assert counter.fresh(attempt).state == State.REVERSED
    assert (counter.book("gateway"), counter.book("bank")) == (0, -bill.total)
    assert credit_of(bill.premises_id) == -bill.total
    assert list(verify.problems()) == []


def test_a_reason_of_two_lines_is_recognised_at_the_gateway(counter, paid):
    attempt, payment = paid
    now, left = clock.now(), counter.do(refunds.available, payment)
    args = (payment, left.bills, "두 번\r\n\u200b냄\t", "가 담당", now)
    refund = counter.do(refunds.request_refund, *args, believed=left.total)
    approve(counter, refund)

    assert counter.do(carry_out.execute, refund).state == RefundState.DONE
    assert Refund.select().count() == 1
    assert counter.money(attempt)["back"] == payment.amount
    counter.agree()
