"""What a payer finds after a way that led nowhere: always the true state, and a way on."""

from datetime import date

import pytest

from app import clock
from app.billing.paid import align
from app.bills.models import Bill
from app.paying import views
from app.payments import gate
from app.payments.models import Attempt, State
from app.payments.refund_models import Refund
from app.payments.refunds import withdraw
from tests import make
from tests.markup import Page
from tests.passkeys.steps import strong
from tests.paying.conftest import PERIOD, Window


def account_of(payer):
    """The order of an account that waits."""
    return payer.order(payer.choose(payer.path, channel="deposit"))


def state(order):
    return Attempt.of_order(order).state


def refused_window(payer, order):
    """The card's company says no in the window."""
    payer.counter.authenticate(Attempt.of_order(order))
    with payer.counter.control.store.writing():
        money = payer.counter.control.api.money
        doc, _ = money.find("order_id", order)
        money.abort(doc["paymentKey"], "REJECT_CARD_COMPANY", "")


def test_after_a_refused_window_one_begins_again(payer, sign_in):
    order = payer.order(payer.choose(payer.path))
    refused_window(payer, order)
    path = f"/payments/fail?code=REJECT_CARD_COMPANY&orderId={order}"

    sign_in(make.account()).get(path)
    assert state(order) == State.CREATED
    page = payer.client.get(payer.client.get(path).location).text

    assert state(order) == State.DECLINED
    assert 'href="/pay/">다시 내기' in page


def test_after_a_cancelled_window_one_begins_again(payer, client):
    path = "/payments/fail?code=PAY_PROCESS_CANCELED"

    assert 'href="/pay/">다시 내기' in payer.client.get(path).text


def test_a_guest_begins_again_with_the_paper(client, counter):
    assert 'href="/lookup/">다시 내기' in client.get("/payments/fail?code=X").text


def test_who_is_signed_in_pays_with_the_paper_too_and_has_the_receipt(signed_in, counter):
    bill, payer = make.bill(**PERIOD), Window(signed_in, counter)
    answer = signed_in.submit("/lookup/", "/lookup/", number=bill.premises.number, code=bill.code)

    order = payer.pay(f"/pay/guest/{answer.location.rsplit('/', 1)[-1]}")

    assert state(order) == State.PAID
    assert signed_in.get(f"/pay/receipts/{order}").status_code == 200


def test_a_refused_attempt_leaves_the_account_that_waits(payer, app):
    order = account_of(payer)

    assert payer.choose(payer.path, shown="1").status_code == 422
    payer.counter.do(gate.close, "점검", "가 담당", clock.now())
    assert payer.choose(payer.path).status_code == 422

    assert state(order) == State.WAITING


def test_an_old_form_that_is_sent_again_leaves_the_account_that_waits(payer):
    form = Page(payer.client.get(payer.path).text).form()
    old = {**form, "channel": "card", "bank": "20"}
    first = payer.order(payer.client.post(payer.path, data=old))
    order = account_of(payer)

    assert payer.order(payer.client.post(payer.path, data=old)) == first
    assert state(order) == State.WAITING


def test_the_same_form_with_another_way_is_a_conflict(payer):
    form = Page(payer.client.get(payer.path).text).form()
    answers = [
        payer.client.post(payer.path, data={**form, "channel": channel, "bank": "20"})
        for channel in ("card", "deposit")
    ]

    assert [one.status_code for one in answers] == [303, 409]
    assert Attempt.select().count() == 1


def test_a_bill_is_begun_only_so_often(payer, monkeypatch):
    monkeypatch.setattr(views, "MOST_TRIES", 2)

    found = [payer.choose(payer.path).status_code for _ in range(3)]

    assert found == [303, 303, 422]
    assert Attempt.select().count() == 2


@pytest.fixture
def richer(payer):
    """The same, in a home that has paid too much before."""
    old = make.bill(premises=payer.home.premises, month="2026-09", usage_m3=24)
    payer.counter.pay(old)
    make.bill(
        premises=old.premises, month="2026-09", revision=1, usage_m3=10, paid_before=old.total
    )
    align(old.premises_id, "2026-09", "test", clock.now())
    return payer


def test_what_the_home_has_paid_too_much_before_is_not_asked_back_with_a_payment(richer):
    order = richer.pay(richer.path)

    answer = strong(richer.client).submit(f"/pay/receipts/{order}/cancel", reason="두 번 냄")

    assert answer.status_code == 303
    assert Refund.get().amount == Attempt.of_order(order).amount


def test_a_wish_that_was_turned_down_is_told_on_the_receipt(payer, app):
    order = payer.pay(payer.path)
    client = strong(payer.client)
    client.submit(f"/pay/receipts/{order}/cancel", reason="두 번 냄")
    payer.counter.do(withdraw, Refund.get(), "가 담당", clock.now())

    assert "돌려드리지 못했습니다" in client.get(f"/pay/receipts/{order}").text


def test_an_account_that_takes_money_longer_than_the_bill_says_when_it_is_due(payer):
    path = f"/payments/result/{account_of(payer)}"
    assert "2026. 11. 30.까지. 지나면 연체금이 붙습니다" in payer.client.get(path).text

    Bill.update(due_on=date(2026, 12, 10)).where(Bill.month == "2026-11").execute()

    assert "연체금" not in payer.client.get(path).text


@pytest.mark.slow
def test_a_pdf_does_not_speak_of_a_wish_that_is_decided(payer):
    order = payer.pay(payer.path)
    client, path = strong(payer.client), f"/pay/receipts/{order}"
    client.submit(f"{path}/cancel", reason="두 번 냄")
    waiting = client.get(f"{path}/pdf").data
    payer.counter.do(withdraw, Refund.get(), "가 담당", clock.now())

    assert client.get(f"{path}/pdf").data != waiting
