"""Paying by card: what is opened, what is booked, who is told, and what the first way back decides.

The cases of tabs, reloads and changed addresses (F-11, F-12; S-40 to S-42, S-45) are here.
"""

import pytest

from app import clock
from app.bills.models import Bill
from app.ledger.book import moves
from app.money import Money
from app.payments import opening
from app.payments.models import Attempt, AttemptEvent, Payer, State
from app.payments.opening import Item, RefusedError, Why
from tests import make
from tests.outbox import queued


def paid_at(bill):
    return Bill.get_by_id((bill.premises_id, bill.month, bill.revision)).paid_at


def refused(counter, *bills, **named):
    with pytest.raises(RefusedError) as error:
        counter.open(*bills, **named)
    return error.value.why


def test_a_bill_is_paid_by_card(counter):
    bill = make.bill()

    attempt = counter.pay(bill)

    assert (attempt.state, attempt.amount) == (State.PAID, bill.total)
    assert paid_at(bill) == clock.now()
    assert counter.money(attempt) == {"charges": 1, "charged": bill.total, "back": 0}
    assert (counter.book("gateway"), counter.book("receivable")) == (bill.total, -bill.total)
    counter.agree()


def test_several_bills_of_several_homes_are_paid_at_once(counter):
    first, second = make.bill(), make.bill(month="2026-09", usage_m3=10)

    attempt = counter.pay(first, second)

    assert attempt.amount == first.total + second.total
    assert attempt.order_name == "2026년 11월 수도요금 외 1건"
    assert paid_at(first) == paid_at(second) == clock.now()
    counter.agree()


def test_the_payer_gets_one_receipt(counter):
    bill = make.bill()
    account = make.account(email="payer@example.com", language="en")

    attempt = counter.pay(bill, payer=Payer.of(account))

    mail = queued("payment_received")[-1]
    assert (mail.to, mail.language) == ("payer@example.com", "en")
    assert mail.values["amount"] == "₩31,680"
    assert mail.values["bills"] == "Nov 2026"
    assert mail.values["card"] == "12345678****000*"
    assert mail.values["link"].endswith(f"/payments/result/{attempt.order_id}")
    assert len(counter.mails("payment_received")) == 1


def test_a_guest_without_an_address_is_not_written_to(counter):
    guest = Payer.guest("browser", "", "ko")

    assert counter.pay(make.bill(), payer=guest).state == State.PAID
    assert queued("payment_received") == []


def test_a_guest_with_an_address_gets_the_receipt(counter):
    counter.pay(make.bill(), payer=Payer.guest("browser", "김손님", "ko", "guest@example.com"))

    assert queued("payment_received")[-1].to == "guest@example.com"


def test_a_closed_account_is_not_written_to(counter):
    account = make.account()
    attempt = counter.open(make.bill(), payer=Payer.of(account))
    account.disabled_at = clock.now()
    account.save()

    counter.back(attempt, counter.authenticate(attempt))

    assert queued("payment_received") == []


def test_the_timeline_of_an_attempt(counter):
    attempt = counter.pay(make.bill())

    found = [(one.state, one.what) for one in AttemptEvent.of(attempt)]

    assert found == [("created", "created"), ("confirming", "confirming"), ("paid", "paid")]


def test_the_account_of_a_premises_shows_the_payment(counter):
    bill = make.bill()
    counter.pay(bill)

    found = moves(bill.premises_id)

    assert [(one.kind, one.account, one.month, one.amount) for one in found] == [
        ("paid", "receivable", "2026-11", -bill.total)
    ]


# what is opened


@pytest.mark.parametrize(
    ("items", "why"),
    [
        (lambda bill: [], Why.TOO_MANY),
        (lambda bill: [Item(bill.premises_id, bill.month)] * 2, Why.TOO_MANY),
        (lambda bill: [Item(bill.premises_id, "2026-09")], Why.NOTHING),
        (lambda bill: [Item(bill.premises_id, bill.month, 1)], Why.NOTHING),
        (lambda bill: [Item(0, bill.month)], Why.NOTHING),
    ],
)
def test_only_what_is_owed_can_be_paid_and_once(counter, items, why):
    """S-40: what a browser names is only looked up; the amount is the ledger's."""
    bill = make.bill()
    payer = Payer.of(make.account())

    with pytest.raises(RefusedError) as error:
        counter.do(opening.open_attempt, items(bill), payer, "card", clock.now())
    assert error.value.why is why
    assert Attempt.select().count() == 0


def test_a_paid_bill_cannot_be_paid_again(counter):
    bill = make.bill()
    counter.pay(bill)

    assert refused(counter, bill) is Why.NOTHING


def test_another_sum_than_the_one_shown_is_refused(counter):
    bill = make.bill()

    assert refused(counter, bill, shown=Money(bill.total - 10)) is Why.CHANGED
    assert counter.open(bill, shown=Money(bill.total)).amount == bill.total


def test_less_than_the_gateway_takes_is_refused(counter):
    bill = make.bill(paid_before=31_600)

    assert refused(counter, bill) is Why.TOO_SMALL


def test_what_was_paid_before_a_correction_is_not_asked_for_again(counter):
    bill = make.bill(revision=1, paid_before=1_680)

    assert counter.pay(bill).amount == 30_000
    counter.agree()


def test_the_name_of_an_order_cannot_be_guessed(counter):
    names = {counter.open(make.bill()).order_id for _ in range(20)}

    assert {len(name) for name in names} == {24}
    assert len({name[:4] for name in names}) == 20


def test_the_same_form_twice_is_one_attempt(counter):
    """S-45: a double click."""
    bill, payer = make.bill(), Payer.of(make.account())

    first = counter.open(bill, payer=payer, form_key="form-1")
    second = counter.open(bill, payer=payer, form_key="form-1")

    assert first.id == second.id
    assert Attempt.select().count() == 1


def test_the_same_form_with_something_else_in_it_is_a_conflict(counter):
    payer = Payer.of(make.account())
    counter.open(make.bill(), payer=payer, form_key="form-1")

    assert refused(counter, make.bill(), payer=payer, form_key="form-1") is Why.CONFLICT
