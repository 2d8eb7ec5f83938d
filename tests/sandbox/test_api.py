"""The emulated gateway refuses what the real one refuses, and remembers what it has answered."""

import pytest

from app import clock
from tests.sandbox.published import ISSUE


def code(answer):
    return answer[0], answer[1].get("code")


@pytest.mark.parametrize(
    ("secret", "wanted"),
    [
        ("test_sk_arisu_sandbox_secret_key", (403, "INCORRECT_BASIC_AUTH_FORMAT")),
        ("test_sk_of_somebody_else:", (401, "UNAUTHORIZED_KEY")),
        (":", (401, "UNAUTHORIZED_KEY")),
    ],
)
def test_only_the_secret_key_with_its_colon_may_call(caller, secret, wanted):
    assert code(caller.post("/v1/payments/confirm", {}, secret=secret)) == wanted


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"amount": 14_999}, (400, "INVALID_REQUEST")),
        ({"amount": "15000"}, (400, "INVALID_REQUEST")),
        ({"amount": True}, (400, "INVALID_REQUEST")),
        ({"amount": 15_000.0}, (400, "INVALID_REQUEST")),
        ({"orderId": "order-000002"}, (400, "UNAPPROVED_ORDER_ID")),
        ({"orderId": "한글"}, (400, "INVALID_REQUEST")),
        ({"paymentKey": "nobody"}, (404, "NOT_FOUND_PAYMENT")),
        ({"paymentKey": None}, (400, "INVALID_REQUEST")),
    ],
)
def test_a_confirm_that_does_not_fit_moves_no_money(caller, change, wanted):
    doc = caller.authenticated("order-000001")
    given = {"paymentKey": doc["paymentKey"], "orderId": "order-000001", "amount": 15_000}

    assert code(caller.post("/v1/payments/confirm", {**given, **change})) == wanted
    assert caller.control.money() == {}


def test_a_payment_is_confirmed_once(caller):
    caller.confirmed("order-000001")
    doc = caller.control.payments()[0]

    given = {"paymentKey": doc["paymentKey"], "orderId": "order-000001", "amount": 15_000}
    again = caller.post("/v1/payments/confirm", given)

    assert code(again) == (400, "ALREADY_PROCESSED_PAYMENT")
    assert caller.control.money()["order-000001"]["charges"] == 1


def test_a_card_that_is_refused_at_the_confirm(caller):
    doc = caller.authenticated("order-000001", decline="REJECT_CARD_PAYMENT")

    given = {"paymentKey": doc["paymentKey"], "orderId": "order-000001", "amount": 15_000}
    answer = caller.post("/v1/payments/confirm", given)

    assert code(answer) == (403, "REJECT_CARD_PAYMENT")
    assert caller.get("/v1/payments/orders/order-000001")[1]["status"] == "ABORTED"


@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (11, 404)])
def test_a_customers_yes_holds_ten_minutes(caller, clock_at, minutes, status):
    doc = caller.authenticated("order-000001")
    clock_at(f"2026-11-26 10:{minutes:02}")

    given = {"paymentKey": doc["paymentKey"], "orderId": "order-000001", "amount": 15_000}
    answer = caller.post("/v1/payments/confirm", given)

    assert answer[0] == status
    assert (answer[1].get("code") == "NOT_FOUND_PAYMENT_SESSION") == (status == 404)


def test_the_same_key_gets_the_same_answer_whatever_the_body(caller):
    key = {"Idempotency-Key": "confirm:1"}
    first = caller.confirmed("order-000001", **key)
    second = caller.confirmed("order-000002", **key)

    assert second == first
    assert caller.control.money()["order-000001"]["charges"] == 1
    assert "order-000002" not in caller.control.money()


def test_a_key_is_remembered_fifteen_days(caller, clock_at):
    first = caller.confirmed("order-000001", **{"Idempotency-Key": "confirm:1"})
    clock_at("2026-12-11 09:00")
    assert caller.confirmed("order-000002", **{"Idempotency-Key": "confirm:1"}) == first
    clock_at("2026-12-11 11:00")

    assert caller.confirmed("order-000003", **{"Idempotency-Key": "confirm:1"})[1] != first[1]


def test_another_address_is_another_call(caller):
    _, paid = caller.confirmed("order-000001", **{"Idempotency-Key": "key"})

    path = f"/v1/payments/{paid['paymentKey']}/cancel"
    status, body = caller.post(path, {"cancelReason": "x"}, **{"Idempotency-Key": "key"})

    assert (status, body["status"]) == (200, "CANCELED")


def test_a_key_that_is_too_long_is_refused(caller):
    answer = caller.confirmed("order-000001", **{"Idempotency-Key": "x" * 301})

    assert code(answer) == (400, "INVALID_IDEMPOTENCY_KEY")


def test_a_partial_cancel_without_a_key_doubles(caller):
    """As at the real gateway; that is why the program always sends one."""
    _, paid = caller.confirmed("order-000001")
    path, given = f"/v1/payments/{paid['paymentKey']}/cancel", {"cancelReason": "x"}

    for _ in range(2):
        caller.post(path, {**given, "cancelAmount": 1_000})

    assert caller.control.money()["order-000001"]["back"] == 2_000


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"cancelReason": "x", "cancelAmount": 15_001}, (403, "NOT_CANCELABLE_AMOUNT")),
        ({"cancelReason": "x", "cancelAmount": 0}, (400, "INVALID_REQUEST")),
        ({"cancelReason": ""}, (400, "INVALID_REQUEST")),
        ({"cancelReason": "x" * 201}, (400, "INVALID_REQUEST")),
    ],
)
def test_a_cancel_that_cannot_be(caller, given, wanted):
    _, paid = caller.confirmed("order-000001")

    assert code(caller.post(f"/v1/payments/{paid['paymentKey']}/cancel", given)) == wanted


def test_a_payment_that_went_back_whole_is_not_taken_back_again(caller):
    _, paid = caller.confirmed("order-000001")
    path = f"/v1/payments/{paid['paymentKey']}/cancel"
    caller.post(path, {"cancelReason": "x"})

    assert code(caller.post(path, {"cancelReason": "x"})) == (400, "ALREADY_CANCELED_PAYMENT")


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 0},
        {"bank": "99"},
        {"customerName": ""},
        {"orderName": "x" * 101},
        {"validHours": 721},
        {"validHours": 24, "dueDate": "2026-11-30T23:59:59"},
        {"dueDate": "2026-11-20T23:59:59"},
        {"dueDate": "soon"},
    ],
)
def test_an_account_that_cannot_be_issued(caller, change):
    answer = caller.post("/v1/virtual-accounts", {**ISSUE, "orderId": "order-000001", **change})

    assert answer[0] == 400


def test_an_order_has_one_account(caller):
    caller.account("order-000001")

    assert code(caller.account("order-000001")) == (400, "DUPLICATED_ORDER_ID")


def test_less_than_the_least_is_refused(caller):
    answer = caller.account("order-000001", amount=199)

    assert code(answer) == (400, "BELOW_MINIMUM_AMOUNT")


def test_the_list_of_transactions_comes_in_pages(caller):
    for number in range(5):
        caller.confirmed(f"order-00000{number}")
    path = "/v1/transactions?startDate=2026-11-26T00:00:00&endDate=2026-11-26T23:59:59&limit=2"

    pages, after = [], ""
    while True:
        page = caller.get(path + (f"&startingAfter={after}" if after else ""))[1]
        pages.append([one["orderId"][-1] for one in page])
        if len(page) < 2:
            break
        after = page[-1]["transactionKey"]

    assert pages == [["0", "1"], ["2", "3"], ["4"]]


@pytest.mark.parametrize(
    "query",
    ["", "startDate=2026-11-27T00:00:00&endDate=2026-11-26T00:00:00", "startDate=x&endDate=y"],
)
def test_a_list_of_no_days_is_refused(caller, query):
    assert caller.get(f"/v1/transactions?{query}")[0] == 400


def test_a_code_that_is_asked_for_is_answered_before_anything_else(caller):
    answer = caller.post("/v1/payments/confirm", {}, **{"TossPayments-Test-Code": "FDS_ERROR"})

    assert code(answer) == (403, "FDS_ERROR")


@pytest.mark.parametrize(
    "path", ["/", "/v1/", "/v1/payments", "/control/nothing", "/v2/payments/x"]
)
def test_other_addresses_are_not_there(caller, path):
    assert caller.get(path)[0] == 404


def test_its_clock_can_be_stopped_and_moved(caller):
    moved = caller.control.set_clock({"at": "2027-01-01T00:00:00+09:00"})
    later = caller.control.set_clock({"advance": 90})
    ours = caller.control.set_clock({"run": True})

    assert moved["now"] == "2027-01-01T00:00:00+09:00"
    assert later["now"] == "2027-01-01T00:01:30+09:00"
    assert ours["now"] == clock.now().astimezone(clock.SEOUL).isoformat(timespec="seconds")
