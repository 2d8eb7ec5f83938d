"""Paying by card: the window, the way back, what is booked, and who is told."""

from app.bills.models import Bill
from app.payments.models import State
from tests import make


def test_a_bill_is_paid_by_card(counter):
    bill = make.bill()

    attempt = counter.pay(bill)

    assert (attempt.state, attempt.amount) == (State.PAID, bill.total)
    assert Bill.documents(bill.premises_id, bill.month).get().paid_at is not None
    assert counter.money(attempt) == {"charges": 1, "charged": bill.total, "back": 0}
    assert counter.book("gateway") == bill.total
    counter.agree()


def test_a_deposit(counter):
    bill = make.bill()
    attempt = counter.account(bill)
    assert attempt.state == State.WAITING
    assert counter.deposit(attempt) == "taken"
    assert counter.notify() == ["waiting", "waiting"]
    counter.sweep()
    assert counter.fresh(attempt).state == State.PAID
    counter.agree()
    assert counter.undo(attempt) == "undone"
    counter.notify()
    counter.sweep()
    assert counter.fresh(attempt).state == State.REVERSED
    counter.agree()
    assert counter.deposit(attempt) == "taken"
    counter.notify()
    counter.sweep()
    assert counter.fresh(attempt).state == State.PAID
    counter.agree()
    refund = counter.refund(attempt)
    assert refund.state == "done"
    assert counter.fresh(attempt).state == State.REFUNDED
    counter.agree()
    counter.reconcile()
    counter.agree()
