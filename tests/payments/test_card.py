"""Paying by card: what is opened, what is booked, who is told, and what the first way back decides.

The cases of tabs, reloads and changed addresses (F-11, F-12; S-40 to S-42, S-45) are here.
"""

import pytest

from app import clock
from app.bills.models import Bill
from app.ledger.book import moves
from app.money import Money
from app.payments import opening
from app.payments.confirm import confirm_return
from app.payments.models import Attempt, AttemptEvent, Payer, Payment, State
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


# two tabs


def test_of_two_windows_for_a_bill_only_the_second_is_confirmed(counter):
    """F-12: the first is told that another one was begun; the card is charged once."""
    bill = make.bill()
    first = counter.open(bill)
    first_key = counter.authenticate(first)
    second = counter.open(bill)
    second_key = counter.authenticate(second)

    told = counter.back(first, first_key)
    paid = counter.back(second, second_key)

    assert (told.state, told.reason) == (State.CANCELLED, "replaced")
    assert paid.state == State.PAID
    assert counter.money(first)["charges"] == 0
    assert counter.money(second)["charges"] == 1
    counter.agree()


def test_while_a_payment_is_being_checked_no_other_one_is_opened(counter):
    """F-05: a second click while nobody knows whether the first one was charged."""
    bill = make.bill()
    attempt = counter.open(bill)
    key = counter.authenticate(attempt)
    counter.fault("reset_after", "confirm")
    counter.fault("500_before", "lookup_order")

    assert counter.back(attempt, key).state == State.UNKNOWN
    assert refused(counter, bill) is Why.IN_PROGRESS


def test_another_bill_of_the_home_can_be_paid_meanwhile(counter):
    first = make.bill()
    second = make.bill(premises=first.premises, month="2026-09")
    counter.open(first)

    assert counter.pay(second).state == State.PAID


# the way back


def test_the_same_way_back_five_times_is_one_payment(counter):
    """F-11: reload, back button, impatience."""
    attempt = counter.open(make.bill())
    key = counter.authenticate(attempt)

    states = {counter.back(attempt, key).state for _ in range(5)}

    assert states == {State.PAID}
    assert counter.money(attempt)["charges"] == 1
    assert len(counter.mails("payment_received")) == 1
    assert Payment.select().count() == 1
    counter.agree()


@pytest.mark.parametrize("amount", ["100", "", "31680.0", "-31680", "３１６８０", "31 680"])
def test_another_amount_in_the_way_back_is_not_confirmed(counter, amount, log_lines):
    attempt = counter.open(make.bill())
    key = counter.authenticate(attempt)

    found = counter.back(attempt, key, amount)

    assert (found.state, found.reason) == (State.DECLINED, "tampered")
    assert counter.money(attempt)["charges"] == 0
    assert log_lines()[-1]["event"] == "payments: a changed return"
    assert counter.back(attempt, key).state == State.DECLINED


@pytest.mark.parametrize("key", ["", "short", "x" * 201, "../../cancel/abcdef", "a b c d e f"])
def test_a_key_that_cannot_be_one_is_not_confirmed(counter, key):
    attempt = counter.open(make.bill())

    assert counter.back(attempt, key).reason == "tampered"


def test_the_key_of_another_payment_is_not_confirmed(counter):
    mine, other = counter.open(make.bill()), counter.open(make.bill())
    key = counter.authenticate(other)
    counter.back(other, key)

    assert counter.back(mine, key).reason == "tampered"
    assert counter.money(mine)["charges"] == 0


def test_the_key_of_a_payment_that_nobody_has_confirmed_yet(counter):
    mine, other = counter.open(make.bill()), counter.open(make.bill())
    key = counter.authenticate(other)

    found = counter.back(mine, key)

    assert (found.state, found.reason) == (State.DECLINED, "unavailable")
    assert counter.control.money() == {}


def test_an_order_that_nobody_knows_is_none(counter):
    assert counter.do(confirm_return, "NOBODY", "some-payment-key", "100") is None


def test_a_card_that_is_refused(counter):
    bill = make.bill()
    attempt = counter.open(bill)

    found = counter.back(attempt, counter.authenticate(attempt, "REJECT_CARD_PAYMENT"))

    assert (found.state, found.reason) == (State.DECLINED, "card")
    assert paid_at(bill) is None
    assert counter.pay(bill).state == State.PAID
    counter.agree()


def test_a_bill_that_was_paid_otherwise_meanwhile_is_not_charged(counter):
    bill = make.bill()
    attempt = counter.open(bill)
    key = counter.authenticate(attempt)
    Bill.settle(bill.month, [bill.premises_id], clock.now())

    found = counter.back(attempt, key)

    assert (found.state, found.reason) == (State.CANCELLED, "changed")
    assert counter.money(attempt)["charges"] == 0


def test_a_bill_that_was_corrected_meanwhile_is_not_charged_the_old_amount(counter):
    bill = make.bill()
    attempt = counter.open(bill)
    key = counter.authenticate(attempt)
    make.bill(premises=bill.premises, revision=1, usage_m3=10)

    assert counter.back(attempt, key).reason == "changed"
    assert counter.control.money() == {}
