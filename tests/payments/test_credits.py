"""Money that pays no bill: seen, set off by a person, assigned when nobody knew what it was for."""

import pytest

from app import clock
from app.bills.models import Bill
from app.ledger.models import Operation
from app.payments import credits, refunds
from app.payments.credits import ConfirmingError, CreditError
from app.payments.models import Attempt, Payment, State
from app.payments.records import Discrepancy
from tests import make
from tests.pay import HOME


@pytest.fixture
def credit(counter):
    """A bill of a premises that has a credit of 31,680 won."""
    bill = make.bill()
    attempt = counter.account(bill)
    Bill.settle(bill.month, [bill.premises_id], clock.now())
    counter.deposit(attempt)
    counter.notify()
    counter.sweep()
    return bill


def set_off(counter, bill):
    return counter.do(credits.apply_credit, bill.premises_id, bill.month, "가 담당", clock.now())


def test_a_credit_pays_another_bill_when_a_person_says_so(counter, credit):
    other = make.bill(premises=credit.premises, month="2026-09", usage_m3=10)

    used = set_off(counter, other)

    assert used == other.total
    assert Bill.get_by_id((other.premises_id, other.month, 0)).paid_at == clock.now()
    assert counter.credit(credit) == credit.total - other.total
    assert Operation.select().where(Operation.kind == "set_off").get().actor == "가 담당"
    counter.agree()


def test_after_a_bill_was_set_off_nothing_else_waits_for_its_money(counter, credit):
    first, second = (make.bill(premises=credit.premises, month=month, usage_m3=1)
                     for month in ("2026-07", "2026-09"))  # fmt: skip
    window, account = counter.open(first), counter.account(second)

    set_off(counter, first)
    set_off(counter, second)
    counter.sweep()

    assert counter.fresh(window).state == State.CANCELLED
    assert counter.fresh(account).state == State.CANCELLED


@pytest.mark.parametrize("state", [State.CONFIRMING, State.UNKNOWN])
def test_a_bill_is_not_set_off_while_its_payment_is_being_confirmed(counter, credit, state):
    other = make.bill(premises=credit.premises, month="2026-09", usage_m3=1)
    attempt = counter.open(other)
    Attempt.update(state=state).where(Attempt.id == attempt.id).execute()

    with pytest.raises(ConfirmingError):
        set_off(counter, other)

    assert counter.credit(credit) == credit.total
    assert counter.fresh(attempt).state == state


def test_a_bill_is_set_off_while_another_bill_is_being_confirmed(counter, credit):
    other, busy = (make.bill(premises=credit.premises, month=month, usage_m3=1)
                   for month in ("2026-09", "2026-07"))  # fmt: skip
    attempt = counter.open(busy)
    Attempt.update(state=State.UNKNOWN).where(Attempt.id == attempt.id).execute()

    assert set_off(counter, other) == other.total


def test_a_bill_is_paid_whole_or_not_at_all(counter, credit):
    other = make.bill(premises=credit.premises, month="2026-09", usage_m3=60)

    with pytest.raises(CreditError, match="not enough"):
        set_off(counter, other)
    assert counter.credit(credit) == credit.total


def test_nothing_is_set_off_against_nothing(counter, credit):
    with pytest.raises(CreditError, match="nothing is owed"):
        set_off(counter, credit)


def test_a_credit_is_nobody_elses(counter, credit):
    with pytest.raises(CreditError, match="not enough"):
        set_off(counter, make.bill())


def test_a_credit_that_is_asked_back_is_not_set_off(counter, credit):
    payment = Payment.get()
    found = counter.do(refunds.available, payment)
    counter.do(
        refunds.request_refund, payment, found.credits, "두 번 냄", "가 담당", clock.now(),
        believed=found.total, to=HOME,
    )  # fmt: skip
    other = make.bill(premises=credit.premises, month="2026-09", usage_m3=10)

    with pytest.raises(CreditError, match="not enough"):
        set_off(counter, other)


def test_money_of_an_order_that_nobody_knows_is_assigned_by_a_person(counter):
    counter.control.stray({"orderId": "stranger-1", "amount": 5_000})
    counter.reconcile()
    assert counter.book("suspense") == -5_000
    bill = make.bill()

    counter.do(credits.assign, Payment.get(), bill.premises_id, "가 담당", clock.now())

    assert (counter.book("suspense"), counter.credit(bill)) == (0, 5_000)
    counter.agree()
    with pytest.raises(CreditError, match="it is known"):
        counter.do(credits.assign, Payment.get(), bill.premises_id, "가 담당", clock.now())


def test_a_credit_that_was_assigned_goes_back_through_the_gateway(counter):
    counter.control.stray({"orderId": "stranger-1", "amount": 5_000})
    counter.reconcile()
    bill, payment = make.bill(), Payment.get()
    counter.do(credits.assign, payment, bill.premises_id, "가 담당", clock.now())

    counter.refund(payment.attempt)

    assert counter.credit(bill) == 0
    assert counter.control.sums()["held"] == 0
    counter.agree()


def test_a_used_up_credit_whose_deposit_is_undone_is_owed(counter, credit):
    other = make.bill(premises=credit.premises, month="2026-09", usage_m3=10)
    set_off(counter, other)
    counter.undo(Payment.get().attempt)

    counter.notify()
    counter.sweep()

    assert counter.credit(credit) == -other.total
    assert "overdrawn" in {one.kind for one in Discrepancy.open()}
    counter.agree()
