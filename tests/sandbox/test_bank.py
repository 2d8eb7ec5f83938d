"""The bank side of accounts for one deposit, and card keys with their cards."""

import pytest


def deposit(caller, **given):
    return caller.control.deposit({"orderId": "order-000001", **given})["result"]


def status(caller, order="order-000001"):
    return caller.get(f"/v1/payments/orders/{order}")[1]["status"]


@pytest.mark.parametrize(
    ("given", "said", "after"),
    [
        ({}, "taken", "DONE"),
        ({"name": "다른 사람"}, "taken", "DONE"),
        ({"amount": 14_999}, "wrong amount", "WAITING_FOR_DEPOSIT"),
        ({"amount": 15_001}, "wrong amount", "WAITING_FOR_DEPOSIT"),
    ],
)
def test_only_the_exact_amount_is_taken_from_whomever_it_comes(caller, given, said, after):
    caller.account("order-000001")

    assert deposit(caller, **given) == said
    assert status(caller) == after


def test_a_deposit_after_the_deadline_is_refused_and_no_notice_tells_of_it(caller, clock_at):
    caller.account("order-000001", validHours=24)
    clock_at("2026-11-27 10:00:01")

    assert deposit(caller) == "too late"
    _, found = caller.get("/v1/payments/orders/order-000001")
    assert (found["status"], found["virtualAccount"]["expired"]) == ("WAITING_FOR_DEPOSIT", True)
    assert caller.control.api.events.listed() == []


def test_an_account_takes_one_deposit(caller):
    caller.account("order-000001")
    deposit(caller)

    assert deposit(caller) == "no such account"
    assert caller.control.money()["order-000001"]["charges"] == 1


def test_a_deposit_that_is_undone_waits_again(caller):
    caller.account("order-000001")
    deposit(caller)

    assert caller.control.undo({"orderId": "order-000001"}) == {"result": "undone"}
    assert status(caller) == "WAITING_FOR_DEPOSIT"
    assert caller.control.sums() == {"charged": 15_000, "back": 15_000, "held": 0}
    assert deposit(caller) == "taken"


def test_a_number_is_used_again_when_its_time_is_over(caller, clock_at):
    _, first = caller.account("order-000001", validHours=24)
    _, second = caller.account("order-000002")
    clock_at("2026-11-28 10:00")
    _, third = caller.account("order-000003")

    numbers = [one["virtualAccount"]["accountNumber"] for one in (first, second, third)]
    assert numbers[0] == numbers[2] != numbers[1]


def test_an_account_that_waits_can_be_closed(caller):
    _, account = caller.account("order-000001")

    answer = caller.post(f"/v1/payments/{account['paymentKey']}/cancel", {"cancelReason": "x"})

    assert answer[1]["status"] == "CANCELED"
    assert deposit(caller) == "no such account"


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (None, "INVALID_REFUND_ACCOUNT_INFO"),
        ({"bank": "99", "accountNumber": "123", "holderName": "김"}, "INVALID_BANK"),
        (
            {"bank": "20", "accountNumber": "12-3", "holderName": "김"},
            "INVALID_REFUND_ACCOUNT_NUMBER",
        ),
    ],
)
def test_a_deposit_goes_back_only_to_an_account(caller, to, code):
    _, account = caller.account("order-000001")
    deposit(caller)

    given = {"cancelReason": "x", **({"refundReceiveAccount": to} if to else {})}
    answer = caller.post(f"/v1/payments/{account['paymentKey']}/cancel", given)

    assert answer[1]["code"] == code
    assert status(caller) == "DONE"


def test_a_deposit_that_went_back_shows_only_a_part_of_the_number(caller):
    _, account = caller.account("order-000001")
    deposit(caller)

    to = {"bank": "20", "accountNumber": "1234567890123", "holderName": "김가상"}
    given = {"cancelReason": "x", "refundReceiveAccount": to}
    _, body = caller.post(f"/v1/payments/{account['paymentKey']}/cancel", given)

    shown = body["virtualAccount"]["refundReceiveAccount"]["accountNumber"]
    assert shown == "123456789****"
    assert body["status"] == "CANCELED"


@pytest.fixture
def card(caller):
    """A registered card: its key."""
    word = caller.control.authorise_card({"customerKey": "customer-1"})["authKey"]
    given = {"authKey": word, "customerKey": "customer-1"}
    return caller.post("/v1/billing/authorizations/issue", given)[1]["billingKey"]


def charge(caller, card, order="order-000001", customer="customer-1"):
    given = {"orderId": order, "orderName": "수도요금", "amount": 15_000, "customerKey": customer}
    status, body = caller.post(f"/v1/billing/{card}", given)
    return body.get("code", status)


def test_a_registered_card_is_charged_once_for_each_order_and_without_a_notice(caller, card):
    assert charge(caller, card) == 200
    assert charge(caller, card) == "DUPLICATED_ORDER_ID"
    assert caller.control.money()["order-000001"]["charges"] == 1
    assert caller.control.api.events.listed() == []


def test_a_card_is_charged_only_for_its_customer(caller, card):
    assert charge(caller, card, customer="customer-2") == "NOT_MATCHES_CUSTOMER_KEY"


def test_a_card_that_its_bank_refuses(caller, card):
    caller.control.refuse_card({"billingKey": card, "decline": "REJECT_CARD_PAYMENT"})

    assert charge(caller, card) == "REJECT_CARD_PAYMENT"
    assert caller.control.money() == {}


def test_a_card_that_was_ended_by_us_or_by_its_bank(caller, card):
    caller.control.delete_card({"billingKey": card})

    assert charge(caller, card) == "NOT_FOUND_BILLING"
    assert "BILLING_DELETED" in caller.control.api.events.listed()[0]["body"]
    assert caller.call("DELETE", f"/v1/billing/{card}")[0] == 404
