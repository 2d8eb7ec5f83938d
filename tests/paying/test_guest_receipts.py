"""Who paid a bill that they looked up has its receipt: in their browser, while it sees the bill."""

from datetime import timedelta

import pytest

from app import clock
from app.payments.models import Attempt, State
from tests import make
from tests.paying.conftest import PERIOD, Window


@pytest.fixture
def guest(client, counter):
    """A visitor who has looked up a printed bill and paid it."""
    found = Window(client, counter)
    found.bill = make.bill(**PERIOD)
    found.path = look_up(client, found.bill).replace("/lookup/", "/pay/guest/")
    found.order = found.pay(found.path)
    found.receipt = f"/pay/guest/receipts/{found.order}"
    return found


def look_up(client, bill):
    answer = client.submit("/lookup/", "/lookup/", number=bill.premises.number, code=bill.code)
    return answer.location


def test_a_guest_finds_the_receipt_on_the_page_of_the_result(guest):
    assert guest.receipt in guest.client.get(f"/payments/result/{guest.order}").text

    page = guest.client.get(guest.receipt)

    assert "31,680원" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Robots-Tag"] == "noindex"
    place = guest.bill.premises
    assert not [one for one in (place.number, place.road_address, "납부자") if one in page.text]


def test_another_browser_has_no_receipt_though_it_sees_the_bill(guest, app):
    stranger = app.test_client()
    look_up(stranger, guest.bill)

    for path in ("", "/pdf"):
        assert stranger.get(f"{guest.receipt}{path}").status_code == 404


def test_when_the_bill_is_seen_no_more_neither_is_the_receipt(guest):
    with clock.at(clock.now() + timedelta(minutes=16)):
        page = guest.client.get(guest.receipt)
        assert page.status_code == 403
        assert "31,680" not in page.text
        assert guest.client.get(f"{guest.receipt}/pdf").location == guest.receipt

        look_up(guest.client, guest.bill)
        assert guest.client.get(guest.receipt).status_code == 200


def test_to_have_looked_up_another_bill_is_not_enough(guest):
    other = make.bill(**PERIOD)
    with clock.at(clock.now() + timedelta(minutes=16)):
        look_up(guest.client, other)

        assert guest.client.get(guest.receipt).status_code == 403


def test_what_a_guest_has_not_paid_has_no_receipt(guest):
    Attempt.update(state=State.EXPIRED).where(Attempt.order_id == guest.order).execute()

    assert guest.client.get(guest.receipt).status_code == 404


def test_an_accounts_payment_has_no_guests_receipt(payer):
    order = payer.pay(payer.path)

    assert payer.client.get(f"/pay/guest/receipts/{order}").status_code == 404


@pytest.mark.slow
def test_a_guest_takes_the_receipt_as_pdf(guest):
    answer = guest.client.get(f"{guest.receipt}/pdf")

    assert answer.data.startswith(b"%PDF")
