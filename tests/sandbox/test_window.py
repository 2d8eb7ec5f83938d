"""The emulated window and the bank's counter: plain pages whose buttons do what they say."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from app.sandbox.pay import CLIENT_KEY
from tests.markup import Page

ASKED = {
    "clientKey": CLIENT_KEY,
    "orderId": "order-000001",
    "orderName": "2026년 11월 수도요금",
    "amount": "15000",
    "successUrl": "http://127.0.0.1:8000/payments/success",
    "failUrl": "http://127.0.0.1:8000/payments/fail",
}


def address(path="/window", **changes):
    return f"{path}?{urlencode({**ASKED, **changes})}"


def press(caller, button, path="/window", **changes):
    url = caller.emulator.url + address(path, **changes)
    return caller.http.request("POST", url, fields={"button": button}, redirect=False)


def opened(caller, path):
    answer = caller.http.request("GET", caller.emulator.url + path)
    return answer.status, answer.data.decode()


def target(answer):
    """Where a button leads: the page, and what its address says."""
    parts = urlsplit(answer.headers["Location"])
    return parts.path, {name: value[0] for name, value in parse_qs(parts.query).items()}


def state(caller):
    return caller.get("/v1/payments/orders/order-000001")[1]["status"]


@pytest.mark.parametrize(
    "path",
    [address(), address(method="EASY_PAY"), address("/cards", customerKey="customer-1"), "/bank"],
)
def test_the_pages_are_well_formed(caller, path):
    caller.account("order-000009")
    caller.account("order-000008")
    caller.control.deposit({"orderId": "order-000008"})

    status, text = opened(caller, path)

    assert status == 200
    assert Page(text).problems(whole=False) == []


def test_the_window_shows_the_amount_and_its_buttons(caller):
    _, text = opened(caller, address())

    assert "15,000원" in text
    for label in ("결제하기", "취소", "카드사 거절", "인증 뒤 승인 거절", "창 닫기", "두 번"):
        assert label in text
    assert state(caller) == "READY"


def test_a_yes_leads_back_with_what_is_to_be_confirmed(caller):
    path, given = target(press(caller, "approve"))

    assert path == "/payments/success"
    key = caller.control.payments()[0]["paymentKey"]
    assert given == {
        "paymentKey": key,
        "orderId": "order-000001",
        "amount": "15000",
        "paymentType": "NORMAL",
    }
    assert state(caller) == "IN_PROGRESS"


def test_a_cancelled_window_names_no_order(caller):
    path, given = target(press(caller, "cancel"))

    assert (path, given["code"]) == ("/payments/fail", "PAY_PROCESS_CANCELED")
    assert "orderId" not in given
    assert state(caller) == "ABORTED"


def test_a_card_that_is_refused_in_the_window(caller):
    path, given = target(press(caller, "decline"))

    assert (path, given["code"]) == ("/payments/fail", "REJECT_CARD_COMPANY")
    assert given["orderId"] == "order-000001"


def test_a_card_that_is_refused_only_when_the_money_is_asked_for(caller):
    _, given = target(press(caller, "decline_at_confirm"))

    body = {"paymentKey": given["paymentKey"], "orderId": "order-000001", "amount": 15_000}
    assert caller.post("/v1/payments/confirm", body)[1]["code"] == "REJECT_CARD_PAYMENT"


def test_a_closed_window_leads_nowhere(caller):
    answer = press(caller, "close")

    assert (answer.status, answer.headers.get("Location")) == (200, None)
    assert state(caller) == "READY"


def test_an_edited_amount_in_the_way_back(caller):
    _, given = target(press(caller, "edited"))

    assert given["amount"] == "100"
    assert caller.control.payments()[0]["totalAmount"] == 15_000


def test_two_ways_back(caller):
    text = press(caller, "twice").data.decode()

    assert text.count("paymentKey=") == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"clientKey": "test_ck_of_somebody_else"}, "INVALID_API_KEY"),
        ({"amount": "99"}, "BELOW_MINIMUM_AMOUNT"),
        ({"amount": "-5"}, "INVALID_REQUEST"),
        ({"successUrl": "javascript:alert(1)"}, "INVALID_REQUEST"),
        ({"method": "GOLD"}, "INVALID_REQUEST"),
        ({"orderId": "x"}, "INVALID_REQUEST"),
    ],
)
def test_a_window_that_cannot_be_opened_says_why(caller, changes, code):
    status, text = opened(caller, address(**changes))

    assert status == 400
    assert code in text


def test_nothing_of_an_address_becomes_markup(caller):
    _, text = opened(caller, address(orderName="<script>alert(1)</script>"))

    assert "<script>" not in text


def test_a_window_holds_half_an_hour(caller, clock_at):
    opened(caller, address())
    clock_at("2026-11-26 10:31")

    assert state(caller) == "EXPIRED"
    assert press(caller, "approve").status == 400


def test_a_card_is_registered_once_for_each_word(caller):
    _, given = target(press(caller, "approve", "/cards", customerKey="customer-1"))

    body = {"authKey": given["authKey"], "customerKey": "customer-1"}
    assert caller.post("/v1/billing/authorizations/issue", body)[0] == 200
    assert caller.post("/v1/billing/authorizations/issue", body)[0] == 400


def test_the_counter_of_the_bank_takes_a_deposit(caller):
    caller.account("order-000001")

    fields = {"orderId": "order-000001", "amount": "15000", "name": "김가상"}
    answer = caller.http.request("POST", f"{caller.emulator.url}/bank", fields=fields)

    assert "taken" in answer.data.decode()
    assert state(caller) == "DONE"


def test_the_counter_of_the_bank_undoes_a_deposit(caller):
    caller.account("order-000001")
    caller.control.deposit({"orderId": "order-000001"})

    fields = {"orderId": "order-000001", "button": "undo"}
    answer = caller.http.request("POST", f"{caller.emulator.url}/bank", fields=fields)

    assert "undone" in answer.data.decode()
    assert state(caller) == "WAITING_FOR_DEPOSIT"
