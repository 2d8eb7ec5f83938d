"""The client reads what the vendor publishes, and refuses what cannot be."""

import json

import pytest

from app.payments.gateway import Notice, Stage
from app.payments.toss import Toss
from app.payments.toss_answers import StrangeError, paid_out, transaction, truth
from tests.conftest import SETTINGS
from tests.sandbox import published

CONFIG = {**SETTINGS, "PAY_URL": "", "PAY_CLIENT_KEY": "", "PAY_SECRET_KEY": "", "PAY_PATIENCE": 1}


def notice(given):
    return Toss(CONFIG).read_notice(
        given if isinstance(given, bytes) else json.dumps(given).encode()
    )


def test_a_published_card_payment():
    found = truth(published.CARD)

    assert (found.order_id, found.payment_key) == (published.ORDER, published.KEY)
    assert (found.stage, found.total, found.left) == (Stage.PAID, 15_000, 15_000)
    assert found.approved_at.isoformat() == "2024-02-13T12:18:14+09:00"


def test_a_published_account_and_its_cancelled_end():
    waiting = truth(published.WAITING)
    closed = truth({**published.WAITING, "status": "CANCELED"})

    assert waiting.account.number == "X6505636518308"
    assert (closed.stage, closed.was_paid) == (Stage.CANCELLED, False)


def test_a_published_cancel():
    found = truth(published.PARTLY_CANCELLED)

    assert (found.stage, found.left) == (Stage.PAID, 14_000)
    assert found.cancels[0].key == "090A796806E726BBB929F4A2CA7DB9A7"


def test_published_lines_of_lists():
    assert transaction(published.TRANSACTION).amount == 15_000
    assert paid_out(published.SETTLEMENT).paid_out == 14_637


def test_what_was_taken_back_is_below_zero_in_the_list_of_what_is_paid_out():
    back = {**published.SETTLEMENT, "amount": -99_800, "payOutAmount": -97_550}

    assert paid_out(back).paid_out == -97_550


@pytest.mark.parametrize(
    "change",
    [
        {"status": "HALF_DONE"},
        {"status": None},
        {"status": ["DONE"]},
        {"totalAmount": "15000"},
        {"totalAmount": 15_000.0},
        {"totalAmount": True},
        {"totalAmount": -1},
        {"totalAmount": 10**14},
        {"balanceAmount": None},
        {"orderId": ""},
        {"orderId": 5},
        {"paymentKey": "x" * 201},
        {"approvedAt": "yesterday"},
        {"cancels": {"cancelAmount": 5}},
        {"cancels": [{"cancelAmount": 5}]},
        {"virtualAccount": "X65"},
        {"virtualAccount": {"bankCode": "20"}},
    ],
    ids=str,
)
def test_a_payment_that_cannot_be(change):
    with pytest.raises(StrangeError):
        truth({**published.CARD, **change})


@pytest.mark.parametrize("body", [None, [], "x", 5])
def test_what_is_no_document_is_no_payment(body):
    with pytest.raises(StrangeError):
        truth(body)


@pytest.mark.parametrize(
    "change",
    [{"method": 5}, {"card": None}, {"receipt": {"url": 5}}, {"newField": 1}, {"country": None}],
    ids=str,
)
def test_what_is_only_shown_may_be_anything(change):
    assert truth({**published.CARD, **change}).total == 15_000


def test_a_time_without_a_zone_is_seouls():
    found = truth({**published.CARD, "approvedAt": "2024-02-13T12:18:14"})

    assert found.approved_at.isoformat() == "2024-02-13T12:18:14+09:00"


def test_what_the_two_kinds_of_notices_hint_at():
    changed, deposited = notice(published.CHANGED), notice(published.DEPOSITED)

    assert changed == Notice("PAYMENT_STATUS_CHANGED", published.ORDER, published.KEY, None)
    assert deposited == Notice("deposit", published.ORDER, "", published.WAITING["secret"])


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"\xff\xfe", b'{"data": 5}', b'{"eventType": {}}', b"[" * 100_000],
    ids=["nothing", "list", "null", "no text", "no data", "no kind", "deep"],
)
def test_a_notice_that_cannot_be_read_hints_at_nothing(body):
    assert notice(body)[1:] == ("", "", None)
