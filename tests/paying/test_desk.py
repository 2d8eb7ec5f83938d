"""The desk of payments: found in the own office, refunded by two above the limit, once."""

import re

import pytest

from app import words
from app.audit.models import Entry
from app.billing.models import LateHold
from app.billing.paid import owed_of
from app.payments.models import Attempt, State
from app.payments.records import Discrepancy
from app.payments.refund_models import Refund
from tests import make, outbox
from tests.paying.conftest import form_token


@pytest.fixture
def paid(payer):
    """The order of a bill that was paid by card."""
    return payer.pay(payer.path)


@pytest.fixture
def clerk(counter, at_desk):
    return at_desk("payments")


@pytest.fixture
def manager(counter, at_desk):
    return at_desk("manager")


def ask(client, order, **fields):
    path = f"/staff/payments/order/{order}/refund"
    name = box(client.get(path).text)
    return client.submit(path, reason="두 번 냄", way="gateway", parts=name, **fields)


def box(text):
    """What the first box of the page of a refund is called."""
    return re.search(r'name="parts" id="[^"]*" value="([^"]*)"', text)[1]


def decide(client, one, decision):
    data = {"csrf_token": form_token(client, "/staff/"), "bank_reference": "B-1"}
    return client.post(f"/staff/payments/refunds/{one.reference}/{decision}", data=data)


@pytest.mark.parametrize("by", ["number", "order"])
def test_a_payment_is_found_by_number_and_by_order(clerk, payer, paid, by):
    query = {"number": payer.home.premises.number, "order": paid}[by]

    found = clerk.submit("/staff/payments/", "/staff/payments/", query=query)

    assert found.status_code == 303
    assert paid in clerk.get(found.location).text


def test_the_time_line_shows_every_event(clerk, paid, payer):
    page = clerk.get(f"/staff/payments/order/{paid}").text

    for word in ("결제창 열림", "승인 요청", "납부", "31,680"):
        assert word in page
    assert words.number(payer.home.premises.number) in page
    assert "gateway" not in page.split("</h1>")[1]
    assert Entry.select().where(Entry.action == "customer.payments_seen").count() == 1


def test_a_small_refund_is_approved_and_carried_out_once(clerk, manager, paid, payer, app):
    ask(clerk, paid)
    one = Refund.get()
    app.config["REFUND_ALONE"] = 10**6

    assert decide(manager, one, "approved").status_code == 303
    assert decide(manager, one, "approved").status_code == 409

    assert Refund.get().state == "done"
    assert payer.counter.money(Attempt.of_order(paid))["back"] == one.amount
    assert [bill.amount for bill in owed_of(payer.home.premises.get_id())] == [one.amount]
    assert len(outbox.queued("refund_done")) == 1
    payer.counter.agree()


@pytest.fixture(autouse=True)
def limit(app):
    before = app.config["REFUND_ALONE"]
    yield
    app.config["REFUND_ALONE"] = before


def test_above_the_limit_the_asker_does_not_approve(at_desk, paid, payer, app):
    app.config["REFUND_ALONE"] = 1
    both = at_desk("payments", "manager")
    ask(both, paid)

    assert decide(both, Refund.get(), "approved").status_code == 409
    assert payer.counter.money(Attempt.of_order(paid))["back"] == 0
    assert decide(at_desk("manager"), Refund.get(), "approved").status_code == 303
    assert Refund.get().state == "done"


def test_a_customers_wish_above_the_limit_needs_two_of_the_office(at_desk, paid, payer, app):
    from tests.passkeys.steps import strong

    app.config["REFUND_ALONE"] = 1
    strong(payer.client).submit(f"/pay/receipts/{paid}/cancel", reason="두 번 냄")
    one = Refund.get()
    both, other = at_desk("payments", "manager"), at_desk("manager")

    assert "승인하고 돌려주기" not in both.get(f"/staff/payments/refunds/{one.reference}").text
    assert decide(both, one, "taken").status_code == 303
    assert decide(both, one, "approved").status_code == 409
    assert decide(other, one, "approved").status_code == 303
    assert Refund.get().state == "done"


def test_who_may_not_approve_does_not(clerk, paid):
    ask(clerk, paid)

    assert decide(clerk, Refund.get(), "approved").status_code == 403


def test_two_who_refund_at_once_do_not_give_back_twice(at_desk, paid, payer):
    one, other = at_desk("payments"), at_desk("payments")
    path = f"/staff/payments/order/{paid}/refund"
    form = {"reason": "두 번 냄", "way": "gateway"}
    from tests.markup import Page

    texts = [client.get(path).text for client in (one, other)]
    names = [box(text) for text in texts]
    forms = [Page(text).form() for text in texts]

    answers = [
        client.post(path, data={**hidden, **form, "parts": name})
        for client, hidden, name in zip((one, other), forms, names, strict=True)
    ]

    assert [answer.status_code for answer in answers] == [303, 422]
    assert Refund.select().count() == 1


def test_who_may_not_approve_reads_that_somebody_else_does(clerk, paid):
    page = clerk.get(f"/staff/payments/order/{paid}/refund").text

    assert "승인할 수 있는 직원이 승인하면" in page
    assert "이 넘으면" not in page


def test_nothing_chosen_and_no_reason_are_refused(clerk, paid):
    path = f"/staff/payments/order/{paid}/refund"

    assert clerk.submit(path, reason="", way="gateway", parts=[]).status_code == 422
    assert Refund.select().count() == 0


def test_of_several_things_none_is_chosen_before_a_person_does(clerk, payer):
    payer.counter.surplus(payer.home.premises)
    path = f"/staff/payments/order/{payer.pay(payer.path)}/refund"
    page = clerk.get(path).text
    both = re.findall(r'name="parts" id="[^"]*" value="([^"]*)"', page)

    answer = clerk.submit(path, reason="두 번 냄", way="gateway", parts=both)

    assert (len(both), page.count("checked")) == (2, 0)
    assert "돌려줄 수 있는 금액보다 많습니다" in answer.text
    assert clerk.submit(path, reason="", way="gateway", parts=[]).text.count("checked") == 0


def test_what_does_not_agree_is_settled_with_words(clerk, payer, paid):
    Discrepancy.tell("amount", "x", make.LONG_AGO, order_id=paid, ours=1, theirs=2)
    page = clerk.get("/staff/payments/").text
    assert "금액이 다릅니다" in page
    assert "<b>1</b> 수납" in clerk.get("/staff/").text

    data = {"csrf_token": form_token(clerk, "/staff/"), "key": "amount:x"}
    clerk.post("/staff/payments/discrepancies", data={**data, "decision": ""})
    assert Discrepancy.get().decided_at is None
    clerk.post("/staff/payments/discrepancies", data={**data, "decision": "은행에 확인"})

    assert Discrepancy.get().decision == "은행에 확인"
    assert clerk.member.reference in Discrepancy.get().decided_by


@pytest.mark.parametrize(("month", "left"), [("2026-09", 0), ("", 1)])
def test_a_credit_pays_the_bill_that_a_person_names(clerk, payer, paid, month, left):
    place = payer.home.premises
    payer.counter.surplus(place)
    make.bill(premises=place, month="2026-09", usage_m3=24)
    path = f"/staff/payments/of/{place.number}"

    clerk.submit(path, f"{path}/set_off", month=month)

    assert len(owed_of(place.get_id())) == left
    assert Entry.select().where(Entry.action == "payments.set_off").count() == 1 - left
    payer.counter.agree()


@pytest.mark.parametrize(("fee", "decision"), [("charge", "charge"), ("waive", "waive")])
def test_after_an_undone_payment_a_person_says_whether_a_late_fee_is_due(
    clerk, manager, payer, paid, fee, decision
):
    payer.counter.refund(Attempt.of_order(paid))
    path = f"/staff/payments/of/{payer.home.premises.number}"
    assert "물리지 않기" not in manager.get(path).text

    clerk.submit(path, f"{path}/late_fee", fee=fee)
    clerk.post(f"{path}/late_fee", data={"csrf_token": form_token(clerk, "/staff/")})

    assert LateHold.get().decision == decision
    assert "물리지 않기" not in clerk.get(path).text
    assert Entry.select().where(Entry.action == "payments.late_fee").count() == 1


def test_payments_are_closed_and_opened_by_a_manager_of_all_offices(at_desk, payer):
    manager = at_desk("manager", office="")
    data = {"csrf_token": form_token(manager, "/staff/"), "reason": "점검"}
    near = at_desk("manager")
    assert (
        near.post(
            "/staff/payments/gate", data={**data, "csrf_token": form_token(near, "/staff/")}
        ).status_code
        == 403
    )

    manager.post("/staff/payments/gate", data=data)
    assert payer.choose(payer.path).status_code == 422
    manager.post("/staff/payments/gate", data=data)

    assert payer.choose(payer.path).status_code == 303
    assert Entry.select().where(Entry.action == "payments.gate").count() == 2


def test_money_that_nobody_knows_is_for_who_sees_all_offices(at_desk, payer):
    attempt = make.attempt(state=State.PAID)
    make.payment(attempt=attempt, order_id=attempt.order_id)
    path = f"/staff/payments/order/{attempt.order_id}"

    assert at_desk("payments").get(path).status_code == 404
    assert at_desk("payments", office="").get(path).status_code == 200


def test_asking_the_gateway_takes_its_word_over(clerk, payer):
    order = payer.order(payer.choose(payer.path, channel="deposit"))
    payer.counter.deposit(Attempt.of_order(order))
    path = f"/staff/payments/order/{order}"

    clerk.submit(path, f"{path}/look")

    assert Attempt.of_order(order).state == State.PAID
