"""Refunds are carried out once, and their end is known or looked up (F-26 to F-28)."""

import pytest

from app import clock
from app.ledger.models import Operation
from app.money import Money
from app.payments import carry_out, refunds
from app.payments.models import Payment, State
from app.payments.records import Discrepancy, OutboundCall
from app.payments.refund_models import Refund, RefundState, Way
from app.payments.refunds import Part, RefundError
from tests import make
from tests.outbox import queued
from tests.pay import HOME
from tests.payments.refunding import approve, ask, whole


@pytest.mark.parametrize("fault", ["reset_after", "500_after", "malformed", "wrong_order"])
def test_a_refund_that_was_not_heard_of_is_found(counter, paid, fault):
    attempt, payment = paid
    refund = ask(counter, payment, *whole(counter, payment))
    approve(counter, refund)
    counter.fault(fault, "cancel")

    counter.do(carry_out.execute, refund)
    counter.do(carry_out.execute, Refund.get_by_id(refund.id))

    assert Refund.get_by_id(refund.id).state == RefundState.DONE
    assert counter.money(attempt)["back"] == payment.amount
    assert len(counter.mails("refund_done")) == 1
    counter.agree()


@pytest.mark.parametrize("fault", ["reset_before", "500_before", "409"])
def test_a_refund_that_was_not_made_is_made_by_the_sweep(counter, clock_at, paid, fault):
    attempt, payment = paid
    refund = ask(counter, payment, *whole(counter, payment))
    approve(counter, refund)
    counter.fault(fault, "cancel")
    assert counter.do(carry_out.execute, refund).state == RefundState.UNKNOWN
    clock_at("2026-11-26 10:05")

    counter.sweep()

    assert Refund.get_by_id(refund.id).state == RefundState.DONE
    assert counter.money(attempt)["back"] == payment.amount
    counter.agree()


def test_an_approved_refund_is_carried_out_by_the_sweep(counter, paid):
    attempt, payment = paid
    approve(counter, ask(counter, payment, *whole(counter, payment)))

    counter.sweep()

    assert counter.fresh(attempt).state == State.REFUNDED
    counter.agree()


def test_a_refund_that_the_gateway_refuses_is_a_task(counter, extra):
    attempt, _, bill = extra
    surplus = counter.credit(bill)
    counter.fault("code", "cancel", code="NOT_ALLOWED_PARTIAL_REFUND")

    refund = counter.refund(attempt, Part(bill.premises_id, Money(1_000)))

    assert (refund.state, refund.problem) == (RefundState.REFUSED, "NOT_ALLOWED_PARTIAL_REFUND")
    assert counter.credit(bill) == surplus
    assert [one.kind for one in Discrepancy.open()] == ["refund_refused"]
    counter.agree()


def test_a_payment_that_was_taken_back_at_the_gateway_before(counter, paid):
    """F-27: our own refund ends as refused, and what was done there is booked."""
    attempt, payment = paid
    refund = ask(counter, payment, *whole(counter, payment))
    approve(counter, refund)
    counter.control.cancel({"orderId": attempt.order_id})

    found = counter.do(carry_out.execute, refund)

    assert (found.state, found.problem) == (RefundState.REFUSED, "nothing left")
    assert counter.fresh(attempt).state == State.REFUNDED
    assert counter.money(attempt)["back"] == payment.amount
    kinds = sorted(one.kind for one in Discrepancy.open())
    assert kinds == ["found_cancel", "refund_refused"]
    counter.agree()


def test_a_part_that_was_taken_back_at_the_gateway_is_booked(counter, paid):
    attempt, payment = paid
    counter.control.cancel({"orderId": attempt.order_id, "cancelAmount": 1_000})

    counter.notify()
    counter.sweep()

    assert counter.book("gateway") == payment.amount - 1_000
    kinds = sorted(one.kind for one in Discrepancy.open())
    assert kinds == ["found_cancel", "overdrawn"]
    counter.agree()


def test_a_call_of_yesterday_is_not_made(counter, clock_at, paid):
    """F-28: a person looks, whatever the gateway would still remember."""
    attempt, payment = paid
    refund = ask(counter, payment, *whole(counter, payment))
    approve(counter, refund)
    counter.fault("500_before", "cancel")
    counter.do(carry_out.execute, refund)
    clock_at("2026-11-27 10:01")

    counter.sweep()

    found = Refund.get_by_id(refund.id)
    assert (found.state, found.check_at) == (RefundState.UNKNOWN, None)
    assert counter.money(attempt)["back"] == 0
    assert [one.kind for one in Discrepancy.open()] == ["stale_call"]
    assert OutboundCall.get(operation_key=f"cancel:{refund.reference}").tries == 1


def test_a_call_of_yesterday_that_was_carried_out_is_found(counter, clock_at, paid):
    _, payment = paid
    refund = ask(counter, payment, *whole(counter, payment))
    approve(counter, refund)
    counter.fault("reset_after", "cancel")
    counter.fault("500_before", "lookup_order")
    counter.do(carry_out.execute, refund)
    clock_at("2026-11-28 10:01")

    counter.sweep()

    assert Refund.get_by_id(refund.id).state == RefundState.DONE
    counter.agree()


# deposits


def test_a_deposit_goes_back_to_an_account_that_is_named(counter):
    attempt = counter.account(make.bill())
    counter.deposit(attempt)
    counter.notify()
    counter.sweep()
    payment = Payment.of(attempt.id)
    with pytest.raises(RefundError, match="say which"):
        ask(counter, payment, *whole(counter, payment))

    refund = counter.refund(attempt, to=HOME)

    assert refund.state == RefundState.DONE
    assert counter.money(attempt)["back"] == payment.amount
    counter.agree()


def test_the_finance_department_pays_a_refund(counter, paid):
    """3.5 (b): money that the gateway cannot send back."""
    _, payment = paid
    refund = ask(counter, payment, *whole(counter, payment), way=Way.BANK, to=HOME)
    with pytest.raises(RefundError, match="not waiting"):
        counter.do(refunds.paid_out, refund, "이체-1", "재무", clock.now())
    approve(counter, refund)
    assert counter.do(carry_out.execute, refund).state == RefundState.APPROVED

    counter.do(refunds.paid_out, refund, "이체-1", "재무", clock.now())

    assert (refund.state, refund.provider_tx) == (RefundState.DONE, "bank:이체-1")
    assert (counter.book("gateway"), counter.book("bank")) == (payment.amount, -payment.amount)
    assert Operation.select().where(Operation.actor == "재무").count() == 1


def test_the_account_of_a_refund_is_sealed(counter, db, paid):
    _, payment = paid
    ask(counter, payment, *whole(counter, payment), way=Way.BANK, to=HOME)

    ((stored,),) = db.execute_sql("SELECT account FROM refunds").fetchall()

    assert HOME.number not in stored
    assert queued("refund_done") == []
