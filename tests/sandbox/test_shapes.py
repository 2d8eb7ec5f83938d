"""The emulator answers in the shapes that the vendor publishes, field by field."""

import json

import pytest

from app.sandbox.pay_events import headers
from tests.sandbox import published
from tests.sandbox.published import shape


def test_a_confirmed_card_payment(caller):
    status, body = caller.confirmed("order-000001")

    assert status == 200
    assert shape(body) == shape(published.CARD)
    assert (body["suppliedAmount"], body["vat"]) == (13_636, 1_364)


def test_a_partly_cancelled_payment(caller):
    _, paid = caller.confirmed("order-000001")

    path = f"/v1/payments/{paid['paymentKey']}/cancel"
    status, body = caller.post(path, {"cancelReason": "고객 요청", "cancelAmount": 1_000})

    assert status == 200
    assert shape(body) == shape(published.PARTLY_CANCELLED)
    assert (body["totalAmount"], body["balanceAmount"]) == (15_000, 14_000)


def test_an_account_that_waits_for_its_deposit(caller):
    status, body = caller.account("order-000001")

    assert status == 200
    assert shape(body) == shape(published.WAITING)
    assert body["virtualAccount"]["dueDate"] == "2026-12-03T10:00:00+09:00"


@pytest.mark.parametrize("by", ["key", "order"])
def test_a_payment_that_is_looked_up_is_the_one_that_was_answered(caller, by):
    _, paid = caller.confirmed("order-000001")

    path = {"key": paid["paymentKey"], "order": f"orders/{paid['orderId']}"}[by]

    assert caller.get(f"/v1/payments/{path}") == (200, paid)


def test_a_payment_that_nobody_made(caller):
    assert caller.get("/v1/payments/orders/nobody-made") == (404, published.ERROR)


def test_a_card_key_and_a_charge_with_it(caller):
    word = caller.control.authorise_card({"customerKey": "customer-1"})["authKey"]

    given = {"authKey": word, "customerKey": "customer-1"}
    status, key = caller.post("/v1/billing/authorizations/issue", given)
    order = {"orderId": "order-000001", "orderName": "수도요금", "amount": 15_000}
    charged, paid = caller.post(
        f"/v1/billing/{key['billingKey']}", {**order, "customerKey": "customer-1"}
    )

    assert (status, charged) == (200, 200)
    assert shape(key) == shape(published.BILLING)
    assert shape(paid) == shape({**published.CARD, "type": "BILLING"})
    assert paid["type"] == "BILLING"


def test_the_list_of_transactions(caller):
    caller.confirmed("order-000001")

    status, body = caller.get(
        "/v1/transactions?startDate=2026-11-26T00:00:00&endDate=2026-11-26T23:59:59"
    )

    assert status == 200
    assert shape(body) == shape([published.TRANSACTION])


def test_the_list_of_what_is_paid_out(caller):
    caller.confirmed("order-000001")

    days = "startDate=2026-11-28&endDate=2026-11-28"
    status, body = caller.get(f"/v1/settlements?dateType=paidOutDate&{days}")

    assert status == 200
    assert shape(body) == shape([published.SETTLEMENT])
    assert (body[0]["payOutAmount"], body[0]["paidOutDate"]) == (14_637, "2026-11-28")


def test_what_was_taken_back_is_paid_out_below_zero(caller):
    _, paid = caller.confirmed("order-000001")
    caller.post(f"/v1/payments/{paid['paymentKey']}/cancel", {"cancelReason": "고객 요청"})

    _, body = caller.get("/v1/settlements?startDate=2026-11-26&endDate=2026-11-26")

    assert [(one["amount"], one["payOutAmount"]) for one in body] == [
        (15_000, 14_637),
        (-15_000, -14_637),
    ]


def test_a_cash_receipt(caller):
    given = {
        "amount": 10_000,
        "orderId": "order-000001",
        "orderName": "수도요금",
        "customerIdentityNumber": "01012345678",
        "type": "소득공제",
    }

    status, body = caller.post("/v1/cash-receipts", given)
    _, listed = caller.get("/v1/cash-receipts?requestDate=2026-11-26")
    cancelled = caller.post(f"/v1/cash-receipts/{body['receiptKey']}/cancel", {})

    assert status == 200
    assert shape(body) == shape(published.CASH_RECEIPT)
    assert listed == {"hasNext": False, "lastCursor": 1, "data": [body]}
    assert cancelled[1]["transactionType"] == "CANCEL"


def test_the_two_kinds_of_notices(caller):
    caller.account("order-000001")
    caller.control.deposit({"orderId": "order-000001"})

    bodies = [json.loads(one["body"]) for one in caller.control.api.events.listed()]

    wanted = {**published.CARD, "virtualAccount": {**published.ACCOUNT, "depositorName": "김가상"}}
    wanted |= {"card": None, "secret": "ps"}
    assert shape(bodies[0]) == shape({**published.CHANGED, "data": wanted})
    assert shape(bodies[1]) == shape(published.DEPOSITED)


def test_the_headers_of_a_notice():
    assert set(headers("id", 0, "2026-11-26T10:00:00+09:00")) == {
        "Content-Type",
        "tosspayments-webhook-transmission-id",
        "tosspayments-webhook-transmission-time",
        "tosspayments-webhook-transmission-retried-count",
    }
