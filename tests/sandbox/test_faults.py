"""Faults on order: what goes wrong, how often, and whether money has moved by then."""

import pytest
import urllib3

PATH = "/v1/payments/confirm"


@pytest.fixture
def given(caller):
    doc = caller.authenticated("order-000001")
    return {"paymentKey": doc["paymentKey"], "orderId": "order-000001", "amount": 15_000}


def charges(caller):
    return caller.control.money().get("order-000001", {"charges": 0})["charges"]


def order(caller, fault, **more):
    caller.control.order_fault({"fault": fault, "call": "confirm", **more})


def raw(caller, body, timeout=5):
    return caller.http.request(
        "POST", caller.emulator.url + PATH, json=body, headers=caller.headers(), timeout=timeout
    )


@pytest.mark.parametrize(("fault", "charged"), [("reset_before", 0), ("reset_after", 1)])
def test_a_connection_that_is_cut(caller, given, fault, charged):
    order(caller, fault)

    with pytest.raises(urllib3.exceptions.ProtocolError):
        raw(caller, given)
    assert charges(caller) == charged


@pytest.mark.parametrize(("fault", "charged"), [("500_before", 0), ("500_after", 1)])
def test_an_answer_of_500(caller, given, fault, charged):
    order(caller, fault)

    assert raw(caller, given).status == 500
    assert charges(caller) == charged


@pytest.mark.parametrize(("fault", "charged"), [("delay_before", 0), ("delay_after", 1)])
def test_an_answer_that_comes_too_late(caller, given, fault, charged):
    order(caller, fault, seconds=0.3)

    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        raw(caller, given, timeout=0.1)
    assert charges(caller) == charged


@pytest.mark.parametrize("fault", ["409", "429"])
def test_an_answer_that_says_to_wait(caller, given, fault):
    order(caller, fault)

    assert raw(caller, given).status == int(fault)
    assert charges(caller) == 0


def test_a_code_on_order(caller, given):
    order(caller, "code", code="FDS_ERROR")

    assert raw(caller, given).json()["code"] == "FDS_ERROR"


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        ("malformed", lambda text: text.endswith("}")),
        ("html", lambda text: "<html>" not in text),
        ("wrong_order", lambda text: "order-000001" in text),
        ("unknown_status", lambda text: '"DONE"' in text),
        ("extra_fields", lambda text: "newField" not in text),
        ("amount_as_text", lambda text: '"totalAmount": 15000' in text),
    ],
)
def test_an_answer_that_is_wrong_after_the_money_has_moved(caller, given, fault, wrong):
    order(caller, fault)

    answer = raw(caller, given)

    assert answer.status == 200
    assert not wrong(answer.data.decode())
    assert charges(caller) == 1


def test_a_fault_is_used_up(caller, given):
    order(caller, "500_before", next=2)

    assert [raw(caller, given).status for _ in range(3)] == [500, 500, 200]


def test_a_fault_is_for_its_order_and_its_call(caller, given):
    order(caller, "500_before", orderId="order-000002")

    assert raw(caller, given).status == 200
    assert caller.get("/v1/payments/orders/order-000001")[0] == 200


def test_a_fault_that_nobody_knows_is_refused(caller):
    status, _ = caller.post("/control/faults", {"fault": "rain"})

    assert status == 400
