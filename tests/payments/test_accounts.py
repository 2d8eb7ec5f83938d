"""Accounts for deposits: one way to pay at a time, and issues that nobody heard of."""

from datetime import timedelta

import pytest

from app import clock
from app.bills.models import Bill
from app.payments import deposit, gate, opening
from app.payments.models import Attempt, Channel, Payer, State
from app.payments.opening import Item, RefusedError, Why
from tests import make


def paid_at(bill):
    return Bill.get_by_id((bill.premises_id, bill.month, bill.revision)).paid_at


def told(counter):
    """The gateway's notices arrive, and are looked up."""
    counter.notify()
    counter.sweep()


def test_the_card_instead_of_the_account_closes_the_account(counter):
    bill = make.bill()
    waiting = counter.account(bill)
    items = [Item(bill.premises_id, bill.month)]

    assert counter.do(deposit.close_accounts, items, clock.now())
    assert counter.pay(bill).state == State.PAID

    found = counter.fresh(waiting)
    assert (found.state, found.reason) == (State.CANCELLED, "replaced")
    assert counter.deposit(waiting) == "no such account"
    counter.agree()


def test_the_account_of_the_same_form_is_not_closed_for_it(counter):
    bill = make.bill()
    waiting = counter.account(bill)
    Attempt.update(form_key="pay form").where(Attempt.id == waiting.id).execute()
    items = [Item(bill.premises_id, bill.month)]

    assert counter.do(deposit.close_accounts, items, clock.now(), "pay form")

    assert counter.fresh(waiting).state == State.WAITING


def test_an_account_that_cannot_be_closed_is_in_the_way(counter):
    bill = make.bill()
    counter.account(bill)
    counter.fault("500_before", "cancel")
    items = [Item(bill.premises_id, bill.month)]

    assert not counter.do(deposit.close_accounts, items, clock.now())
    with pytest.raises(RefusedError) as error:
        counter.open(bill)
    assert error.value.why is Why.IN_PROGRESS
    assert error.value.other.channel == Channel.DEPOSIT


def test_a_deposit_that_comes_while_its_account_is_being_closed_is_booked(counter):
    bill = make.bill()
    attempt = counter.account(bill)
    counter.deposit(attempt)

    closed = counter.do(deposit.close_accounts, [Item(bill.premises_id, bill.month)], clock.now())

    assert closed
    assert counter.fresh(attempt).state == State.PAID
    counter.agree()


def test_the_same_payer_is_shown_the_account_that_waits_already(counter):
    bill, payer = make.bill(), Payer.of(make.account())
    attempt = counter.account(bill, payer=payer)
    items = [Item(bill.premises_id, bill.month)]

    def shown(who, amount=bill.total, **later):
        now = clock.now() + timedelta(**later)
        found = counter.do(deposit.live_account, items, who, amount, now)
        return found and found.id

    assert shown(payer) == shown(payer, days=7) == attempt.id
    assert shown(Payer.of(make.account())) is None
    assert shown(payer, days=8) is None  # the bank takes nothing any more
    assert shown(payer, amount=bill.total - 10) is None


@pytest.mark.parametrize("fault", ["reset_after", "malformed", "500_after"])
def test_an_account_whose_issue_was_not_heard_of_is_found(counter, clock_at, fault):
    attempt = counter.open(make.bill(), channel=Channel.DEPOSIT)
    counter.fault(fault, "issue_account")
    counter.fault("500_before", "lookup_order")

    assert counter.do(deposit.issue_account, attempt).state == State.UNKNOWN
    clock_at("2026-11-26 10:02")
    counter.sweep()

    assert counter.fresh(attempt).state == State.WAITING
    assert len(counter.mails("deposit_wanted")) == 1


def test_an_account_that_was_not_issued_is_asked_for_again(counter, clock_at):
    attempt = counter.open(make.bill(), channel=Channel.DEPOSIT)
    counter.fault("reset_before", "issue_account")
    counter.do(deposit.issue_account, attempt)
    clock_at("2026-11-26 10:02")

    counter.sweep()

    assert counter.fresh(attempt).state == State.WAITING


def test_an_account_that_is_refused(counter):
    attempt = counter.open(make.bill(), channel=Channel.DEPOSIT)

    found = counter.do(deposit.issue_account, attempt, "99")

    assert (found.state, found.reason) == (State.DECLINED, "account")


def test_an_old_attempt_gets_no_account_any_more(counter, clock_at):
    attempt = counter.open(make.bill(), channel=Channel.DEPOSIT)
    clock_at("2026-11-27 10:00")

    assert counter.do(deposit.issue_account, attempt).state == State.CREATED
    assert Attempt.get_by_id(attempt.id).payment_key is None


def test_an_account_waits_at_most_thirty_days(counter, monkeypatch):
    monkeypatch.setitem(counter.app.config, "DEPOSIT_DAYS", 400)

    attempt = counter.account(make.bill())

    assert attempt.deposit_until - clock.now() < timedelta(days=30)


def test_the_same_form_at_the_same_moment_is_one_account(counter):
    """The second has looked for the first one's attempt before it was there."""
    bill, payer = make.bill(), Payer.of(make.account())
    items, now = [Item(bill.premises_id, bill.month)], clock.now()
    first = counter.open(bill, channel=Channel.DEPOSIT, payer=payer, form_key="form-1")

    def second():
        with gate.booking():
            said = opening.digest_of(items, payer, Channel.DEPOSIT)
            return opening.opened(items, payer, Channel.DEPOSIT, now, None, "form-1", said)

    assert counter.do(second).id == first.id
