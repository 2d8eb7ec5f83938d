"""Guests pay the bill of their paper; payers ask for a payment back."""

import pytest

from app.payments.models import Attempt, State
from tests import make, outbox
from tests.paying.conftest import PERIOD, Window, form_token


@pytest.fixture
def guest(client, counter):
    """A visitor with a printed bill, who looked it up."""
    found = Window(client, counter)
    found.bill = make.bill(**PERIOD)
    number = found.bill.premises.number
    answer = client.submit("/lookup/", "/lookup/", number=number, code=found.bill.code)
    found.reference = answer.location.rsplit("/", 1)[-1]
    found.path = f"/pay/guest/{found.reference}"
    return found


def test_a_guest_pays_the_bill_of_the_paper(guest):
    assert guest.path in guest.client.get(f"/lookup/{guest.reference}").text

    order = guest.pay(guest.path, email="guest@example.com")

    assert Attempt.of_order(order).state == State.PAID
    assert [one.to for one in outbox.queued("payment_received")] == ["guest@example.com"]
    guest.counter.agree()


def test_a_guest_without_mail_is_written_to_by_nobody(guest):
    guest.pay(guest.path)

    assert outbox.queued() == []


def test_a_wrong_mail_is_told_before_anything_is_opened(guest):
    answer = guest.choose(guest.path, email="not a mail")

    assert answer.status_code == 422
    assert Attempt.select().count() == 0


def test_a_guest_who_goes_back_after_paying_is_not_asked_to_pay_again(guest):
    guest.pay(guest.path)

    answer = guest.client.get(guest.path)

    assert answer.location == f"/lookup/{guest.reference}"
    assert "납부 완료" in guest.client.get(answer.location).text


def test_a_guest_finds_the_way_back_to_the_look_up_from_the_result(guest):
    order = guest.pay(guest.path)
    crumbs = guest.client.get(f"/payments/result/{order}").text.split("</ol>")[0]

    assert 'href="/lookup/"' in crumbs.split('class="crumbs"')[1]
    assert "/bills/" not in crumbs.split('class="crumbs"')[1]


def test_another_browser_does_not_pay_a_guests_lookup(guest, app):
    answer = app.test_client().get(guest.path)

    assert answer.status_code == 404
    assert "다시 조회해 주십시오" in answer.text
    assert guest.bill.premises.number[6:] not in answer.text


def test_a_guest_page_shows_no_name_and_no_address(guest):
    make.occupancy(premises=guest.bill.premises, name="한나래")
    page = guest.client.get(guest.path).text

    assert "한나래" not in page
    assert guest.bill.premises.road_address not in page
    assert guest.bill.premises.number not in page


def test_a_payment_is_asked_back_and_the_office_decides(payer, at_desk):
    from tests.passkeys.steps import strong

    order = payer.pay(payer.path)
    client = strong(payer.client)

    answer = client.submit(f"/pay/receipts/{order}/cancel", reason="두 번 냈습니다")

    assert answer.location == f"/pay/receipts/{order}?asked=1"
    assert "취소를 신청했습니다" in client.get(answer.location).text
    assert client.get(f"/pay/receipts/{order}/cancel").location == f"/pay/receipts/{order}"
    assert Attempt.of_order(order).state == State.PAID


def test_asking_back_wants_a_strong_proof(payer):
    order = payer.pay(payer.path)

    assert payer.client.get(f"/pay/receipts/{order}/cancel").location.startswith("/login/again")


def test_a_deposit_goes_back_to_an_account_that_is_sealed(payer, db):
    from tests.passkeys.steps import strong

    order = payer.order(payer.choose(payer.path, channel="deposit"))
    payer.counter.deposit(Attempt.of_order(order))
    payer.counter.sweep()
    payer.counter.notify()
    payer.counter.sweep()
    client = strong(payer.client)
    path = f"/pay/receipts/{order}/cancel"
    assert client.submit(path, reason="이사", number="12", holder="김").status_code == 422

    answer = client.submit(path, reason="이사", bank="88", number="110-123-456789", holder="김보기")

    assert answer.status_code == 303
    (kept,) = db.execute_sql("SELECT account FROM refunds").fetchone()
    assert "110123456789" not in kept


def test_anothers_receipt_is_not_there(payer, sign_in):
    order = payer.pay(payer.path)
    stranger = sign_in(make.account())

    for path in ("", "/pdf", "/cancel"):
        answer = stranger.get(f"/pay/receipts/{order}{path}")
        assert answer.status_code in (404, 303)
        assert "31,690" not in answer.text


def test_a_post_without_token_opens_nothing(payer):
    answer = payer.client.post(payer.path, data={"channel": "card", "shown": "31690"})

    assert answer.status_code == 403
    assert form_token(payer.client)
    assert Attempt.select().count() == 0
