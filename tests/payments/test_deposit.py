"""Accounts for one deposit: issued, paid into, undone, closed (F-16 to F-20)."""

from datetime import UTC, datetime

from app import clock
from app.billing.models import LateHold
from app.bills.models import Bill
from app.ledger.models import Operation
from app.payments.models import Payer, State
from app.payments.records import Discrepancy
from tests import make
from tests.outbox import queued


def paid_at(bill):
    return Bill.get_by_id((bill.premises_id, bill.month, bill.revision)).paid_at


def told(counter):
    """The gateway's notices arrive, and are looked up."""
    counter.notify()
    counter.sweep()


def test_an_account_is_issued_and_its_payer_is_told_once(counter):
    bill = make.bill()

    attempt = counter.account(bill, payer=Payer.of(make.account(email="payer@example.com")))

    assert attempt.state == State.WAITING
    assert attempt.account_number.startswith("X65")
    assert attempt.deposit_until == datetime(2026, 12, 3, 14, 59, 59, tzinfo=UTC)
    mail = queued("deposit_wanted")[-1]
    assert (mail.to, mail.values["account"]) == ("payer@example.com", attempt.account_number)
    assert mail.values["until"] == "2026. 12. 3. 23:59"
    assert mail.values["bank"] == "우리은행"
    assert len(counter.mails("deposit_wanted")) == 1


def test_a_deposit_is_booked_when_the_notice_comes(counter):
    bill = make.bill()
    attempt = counter.account(bill)
    assert counter.deposit(attempt, name="다른 사람") == "taken"

    told(counter)

    assert counter.fresh(attempt).state == State.PAID
    assert paid_at(bill) == clock.now()
    assert len(counter.mails("payment_received")) == 1
    counter.agree()


def test_without_any_notice_the_sweep_finds_the_deposit(counter, clock_at):
    """F-16: every six hours an account is looked up."""
    attempt = counter.account(make.bill())
    counter.deposit(attempt)
    clock_at("2026-11-26 15:00")
    counter.sweep()
    assert counter.fresh(attempt).state == State.WAITING

    clock_at("2026-11-26 16:00")
    counter.sweep()

    assert counter.fresh(attempt).state == State.PAID
    counter.agree()


def test_after_four_days_without_a_word_everything_is_found(counter, clock_at):
    """F-17: our address was down until the gateway gave up."""
    deposited, charged = counter.account(make.bill()), counter.open(make.bill())
    counter.deposit(deposited)
    key = counter.authenticate(charged)
    counter.fault("reset_after", "confirm")
    counter.fault("500_before", "lookup_order")
    counter.back(charged, key)
    clock_at("2026-11-30 10:00")

    counter.sweep()

    assert counter.fresh(deposited).state == counter.fresh(charged).state == State.PAID
    counter.agree()


def test_a_deposit_in_the_last_second_counts_for_that_day(counter, clock_at):
    """F-18, F-44: recorded the next day; the bill is paid when the money came."""
    bill = make.bill()
    attempt = counter.account(bill)
    clock_at("2026-11-30 23:59:59")
    counter.deposit(attempt)
    clock_at("2026-12-01 09:00")

    told(counter)

    assert str(bill.due_on) == "2026-11-30"
    assert paid_at(bill).isoformat() == "2026-11-30T14:59:59+00:00"
    assert str(Bill.documents(bill.premises_id, bill.month).get().paid_at) < "2026-11-30 15:00:00"


def test_an_undone_deposit_opens_the_bill_again(counter, clock_at):
    """F-19: a reversal, a task for the office, no late fee by itself, and one notice."""
    bill = make.bill()
    attempt = counter.account(bill)
    counter.deposit(attempt)
    told(counter)
    clock_at("2026-12-02 10:00")
    counter.undo(attempt)

    told(counter)
    told(counter)

    assert counter.fresh(attempt).state == State.REVERSED
    assert paid_at(bill) is None
    assert [one.kind for one in Discrepancy.open()] == ["undone"]
    hold = LateHold.get()
    assert (hold.premises_id, hold.month, hold.decision) == (bill.premises_id, bill.month, "")
    assert len(counter.mails("payment_undone")) == 1
    assert [one.kind for one in Operation.select().order_by(Operation.id)] == ["paid", "undone"]
    counter.agree()


def test_a_deposit_that_comes_again_after_it_was_undone_pays_again(counter):
    bill = make.bill()
    attempt = counter.account(bill)
    for _ in range(2):
        counter.deposit(attempt)
        told(counter)
        assert counter.fresh(attempt).state == State.PAID
        counter.undo(attempt)
        told(counter)
    counter.deposit(attempt)

    told(counter)

    assert counter.fresh(attempt).state == State.PAID
    assert len(counter.mails("payment_received")) == 3
    assert len(counter.mails("payment_undone")) == 2
    counter.agree()


def test_a_number_that_somebody_else_had_before_pays_the_right_bill(counter, clock_at):
    """F-20: found by order and secret; the number says nothing."""
    old_bill, new_bill = make.bill(), make.bill()
    old = counter.account(old_bill)
    clock_at("2026-12-05 10:00")
    counter.sweep()
    new = counter.account(new_bill)
    counter.deposit(new)

    counter.notify()
    counter.notify(0)
    counter.sweep()

    assert counter.fresh(old).account_number == counter.fresh(new).account_number
    assert (counter.fresh(old).state, counter.fresh(new).state) == (State.EXPIRED, State.PAID)
    assert paid_at(old_bill) is None
    counter.agree()


def test_an_account_past_its_day_is_closed_at_the_gateway(counter, clock_at):
    bill = make.bill()
    attempt = counter.account(bill)
    clock_at("2026-12-04 00:00:01")

    counter.sweep()

    assert counter.fresh(attempt).state == State.EXPIRED
    assert counter.deposit(attempt) == "no such account"
    assert counter.pay(bill).state == State.PAID
    counter.agree()


def test_a_clock_that_jumps_a_day_closes_no_account(counter, clock_at):
    """F-43: whether an account is over is the gateway's to say."""
    attempt = counter.account(make.bill())
    counter.control.set_clock({"at": clock.now().isoformat()})
    clock_at("2026-12-05 10:00")

    counter.sweep()

    assert counter.fresh(attempt).state == State.WAITING


def test_an_account_whose_bill_is_paid_otherwise_is_closed(counter, clock_at):
    bill = make.bill()
    attempt = counter.account(bill)
    Bill.settle(bill.month, [bill.premises_id], clock.now())
    clock_at("2026-11-26 16:00")

    counter.sweep()

    found = counter.fresh(attempt)
    assert (found.state, found.reason) == (State.CANCELLED, "paid")
    assert counter.deposit(attempt) == "no such account"


def test_a_deposit_for_a_bill_that_is_paid_otherwise_is_a_credit(counter):
    """F-21, F-23 of a deposit: the second money is seen by customer and office."""
    bill = make.bill()
    attempt = counter.account(bill)
    Bill.settle(bill.month, [bill.premises_id], clock.now())
    counter.deposit(attempt)

    told(counter)

    assert counter.credit(bill) == bill.total
    assert [one.kind for one in Discrepancy.open()] == ["extra_money"]
    counter.agree()


def test_a_deposit_for_a_bill_that_costs_less_now_pays_it_and_leaves_a_credit(counter):
    bill = make.bill()
    attempt = counter.account(bill)
    less = make.bill(premises=bill.premises, revision=1, usage_m3=10)
    counter.deposit(attempt)

    told(counter)

    assert counter.credit(bill) == bill.total - less.total
    assert paid_at(less) is not None
    counter.agree()


def test_a_deposit_for_a_bill_that_costs_more_now_is_held(counter):
    """3.4: money that does not match is not spread; the office decides."""
    bill = make.bill()
    attempt = counter.account(bill)
    more = make.bill(premises=bill.premises, revision=1, usage_m3=40)
    counter.deposit(attempt)

    told(counter)

    assert counter.credit(bill) == bill.total
    assert paid_at(more) is None
    counter.agree()
