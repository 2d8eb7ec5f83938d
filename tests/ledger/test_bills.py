"""What is paid of bills: parts, corrections, undone payments, late fees that wait for somebody."""

import pytest

from app import clock
from app.billing.correct import Signed, Wanted, correct
from app.billing.models import Instalment, LateFee
from app.billing.paid import decide_late_fee, owed_of
from app.bills.models import Bill
from app.payments.models import Channel, Payer, State
from app.payments.opening import Item, open_attempt
from app.tariff.table import seoul
from tests import make
from tests.billing.supply import begun, bill_all, only, read


def corrected(bill, usage_m3):
    """The office replaces a bill by one of another use."""
    signed = Signed("검침 오류", "가 담당", clock.now())
    correct(
        bill.premises.number, bill.month, Wanted(usage_m3=usage_m3), signed, seoul(), b"key",
        clock.today(),
    )  # fmt: skip
    return Bill.documents(bill.premises_id, bill.month).get()


@pytest.fixture
def bill(counter):
    """A bill that can be corrected: its premises has a meter."""
    place = make.meter().premises
    return make.bill(premises=place)


def told(counter):
    counter.notify()
    counter.sweep()


# parts


@pytest.fixture
def parts(bill):
    amounts = (11_680, 10_000, 10_000)
    return [
        make.instalment(premises=bill.premises, month=bill.month, position=number, amount=amount)
        for number, amount in enumerate(amounts, 1)
    ]


def item(bill, position):
    return Item(bill.premises_id, bill.month, position)


def pay_part(counter, bill, position):
    payer = Payer.of(make.account())
    attempt = counter.do(open_attempt, [item(bill, position)], payer, Channel.CARD, clock.now())
    return counter.back(attempt, counter.authenticate(attempt))


def test_a_bill_that_is_paid_in_parts_is_owed_in_parts(counter, bill, parts):
    found = owed_of(bill.premises_id, bill.month)

    assert [(one.position, one.amount) for one in found] == [
        (1, 11_680),
        (2, 10_000),
        (3, 10_000),
    ]


def test_with_its_last_part_a_bill_is_paid(counter, bill, parts):
    for position in (2, 1, 3):
        assert Bill.documents(bill.premises_id, bill.month).get().paid_at is None
        assert pay_part(counter, bill, position).state == State.PAID
        counter.agree()

    assert Bill.documents(bill.premises_id, bill.month).get().paid_at == clock.now()
    assert Instalment.select().where(Instalment.paid_at.is_null()).count() == 0


def test_a_part_goes_back_and_is_owed_again(counter, bill, parts):
    pay_part(counter, bill, 1)
    second = pay_part(counter, bill, 2)

    counter.refund(second)

    assert [one.position for one in owed_of(bill.premises_id)] == [2, 3]
    counter.agree()


def test_a_deposit_for_the_whole_bill_pays_the_parts_that_were_agreed_since(counter, bill):
    attempt = counter.account(bill)
    for number, amount in enumerate((21_680, 10_000), 1):
        make.instalment(premises=bill.premises, month=bill.month, position=number, amount=amount)
    counter.deposit(attempt)

    told(counter)

    assert owed_of(bill.premises_id) == []
    assert Bill.documents(bill.premises_id, bill.month).get().paid_at is not None
    counter.agree()


# corrections


def test_a_correction_after_the_payment_leaves_a_credit(counter, bill):
    counter.pay(bill)

    new = corrected(bill, 10)

    assert counter.credit(bill) == bill.total - new.total
    counter.agree()


def test_of_two_corrections_the_credit_is_that_of_the_last(counter, bill):
    counter.pay(bill)
    corrected(bill, 10)

    new = corrected(bill, 15)

    assert counter.credit(bill) == bill.total - new.total
    counter.agree()


def test_a_correction_upwards_takes_the_credit_back_and_leaves_the_rest_to_pay(counter, bill):
    counter.pay(bill)
    corrected(bill, 10)

    new = corrected(bill, 40)

    assert counter.credit(bill) == 0
    assert [one.amount for one in owed_of(bill.premises_id)] == [new.total - bill.total]
    counter.pay(new)
    assert owed_of(bill.premises_id) == []
    counter.agree()


def test_an_undone_deposit_is_owed_on_the_newest_document(counter, bill):
    attempt = counter.account(bill)
    counter.deposit(attempt)
    told(counter)
    corrected(bill, 10)
    assert counter.credit(bill) > 0
    counter.undo(attempt)

    told(counter)

    new = Bill.documents(bill.premises_id, bill.month).get()
    assert new.paid_before == 0
    assert [one.amount for one in owed_of(bill.premises_id)] == [new.total]
    assert counter.credit(bill) == 0
    counter.agree()


# late fees


@pytest.fixture
def reopened(counter, clock_at):
    """A bill of September, paid in time by a deposit that was undone in November."""
    home = begun()
    old = Bill.get(Bill.month == "2026-09")
    Bill.update(paid_at=None).where(Bill.month == "2026-09").execute()
    clock_at("2026-09-28 10:00")
    attempt = counter.account(old)
    counter.deposit(attempt)
    told(counter)
    clock_at("2026-11-02 10:00")
    counter.undo(attempt)
    told(counter)
    read(home, "2026-10-28", 124)
    read(home, "2026-12-28", 148)
    return old


def test_after_an_undone_deposit_no_late_fee_comes_by_itself(counter, reopened):
    """F-19: the bill was open for the program only; a person decides."""
    bill_all()

    assert (only().late_fee, only().arrears) == (0, reopened.total)
    assert LateFee.select().count() == 0


def test_a_late_fee_that_somebody_decides_for_comes_with_the_next_bill(counter, reopened):
    bill_all()
    assert decide_late_fee(reopened.premises_id, "2026-09", True, "가 담당", clock.now())

    bill_all("2027-01")

    assert {one.month for one in LateFee.select()} >= {"2026-09"}


def test_a_late_fee_that_somebody_lets_go_never_comes(counter, reopened):
    assert decide_late_fee(reopened.premises_id, "2026-09", False, "가 담당", clock.now())
    assert not decide_late_fee(reopened.premises_id, "2026-09", True, "나 담당", clock.now())

    bill_all()
    bill_all("2027-01")

    assert "2026-09" not in {one.month for one in LateFee.select()}
