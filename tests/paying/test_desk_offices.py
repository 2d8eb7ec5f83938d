"""A payment over homes of two offices, and a bill of which nobody knows yet whether it is paid."""

import pytest

from app import clock
from app.audit.models import Entry
from app.billing.paid import owed_of
from app.paying import desk_found
from app.payments.models import Attempt, AttemptBill, Payment, State
from app.payments.refund_models import Refund, RefundState
from app.payments.refunds import available, request_refund
from tests import make
from tests.markup import Page
from tests.paying.conftest import form_token

THEIRS = "093"


@pytest.fixture
def both(payer):
    """The order of a payment for a home of ours and one of another office."""
    place = make.premises(office=THEIRS)
    there = make.home(account=payer.client.account, premises=place, role="payer")
    make.bill(premises=place, month="2026-11", usage_m3=24)
    payer.theirs = f"{place.number}.2026-11.0"
    payer.ours = f"{payer.home.premises.number}.2026-11.0"
    return payer.pay(f"{payer.path}&bill={there.reference}.2026-11")


@pytest.fixture
def wish(payer, both):
    """The customer wants all of it back."""
    payment = Payment.of(Attempt.of_order(both).id)
    left = available(payment)
    asked = payment, left.bills, "두 번 냄", "account 1", clock.now()
    return payer.counter.do(request_refund, *asked, believed=left.total)


def decide(client, one, decision):
    data = {"csrf_token": form_token(client, "/staff/")}
    return client.post(f"/staff/payments/refunds/{one.reference}/{decision}", data=data)


def test_a_clerk_gives_back_the_share_of_the_own_office(at_desk, payer, both):
    clerk, manager = at_desk("payments"), at_desk("manager")
    path = f"/staff/payments/order/{both}/refund"
    page = clerk.get(path).text
    assert payer.ours in page
    assert payer.theirs not in page
    assert "다른 사업소의 고지서가 함께" in page
    assert "31,680원입니다" in page

    answer = clerk.submit(path, reason="두 번 냄", way="gateway", parts=payer.theirs)
    assert answer.status_code == 422
    clerk.submit(path, reason="두 번 냄", way="gateway", parts=payer.ours)
    decide(manager, Refund.get(), "approved")

    assert Refund.get().state == RefundState.DONE
    payer.counter.agree()


def test_the_share_of_the_other_office_is_asked_for_there(at_desk, payer, both):
    clerk = at_desk("payments", office=THEIRS)
    path = f"/staff/payments/order/{both}/refund"

    answer = clerk.submit(path, reason="두 번 냄", way="gateway", parts=payer.theirs)

    assert answer.status_code == 303
    assert decide(at_desk("manager"), Refund.get(), "approved").status_code == 403
    assert Refund.get().state == RefundState.REQUESTED


@pytest.mark.parametrize("decision", ["approved", "withdrawn"])
def test_who_is_for_one_of_two_offices_decides_nothing_over_both(at_desk, wish, decision):
    role = "manager" if decision == "approved" else "payments"
    client = at_desk(role)
    page = client.get(f"/staff/payments/refunds/{wish.reference}").text
    assert "다른 사업소의 고지서가 함께 들어" in page
    assert f"/{decision}" not in page

    answer = decide(client, wish, decision)

    assert answer.status_code == 403
    assert "모두 맡은 직원만" in answer.text
    assert Refund.get().state == RefundState.REQUESTED
    assert not Entry.select().where(Entry.action == f"payments.refund_{decision}").exists()


def test_who_is_for_both_offices_decides_over_both(at_desk, payer, wish):
    make.grant(member=(member := make.member("manager")), role="manager", office=THEIRS)

    decide(at_desk(member=member), wish, "approved")

    assert Refund.get().state == RefundState.DONE
    payer.counter.agree()


def test_what_waits_at_another_office_pushes_nothing_off_the_list(at_desk, payer, monkeypatch):
    monkeypatch.setattr(desk_found, "MOST_WAITING", 1)
    there = make.home(
        account=payer.client.account, premises=make.premises(office=THEIRS), role="payer"
    )
    make.bill(premises=there.premises, month="2026-11", usage_m3=24)
    made = []
    for path in (payer.path, f"/pay/method?bill={there.reference}.2026-11"):
        payment = Payment.of(Attempt.of_order(payer.pay(path)).id)
        left = available(payment)
        asked = payment, left.bills, "두 번 냄", "account 1", clock.now()
        made.append(payer.counter.do(request_refund, *asked, believed=left.total))

    text = at_desk("payments", office=THEIRS).get("/staff/payments/").text

    assert made[1].reference in text
    assert made[0].reference not in text


@pytest.mark.parametrize(("office", "is_seen"), [("", True), (THEIRS, False)])
def test_money_that_nobody_knows_waits_for_who_is_for_all_offices(at_desk, wish, office, is_seen):
    AttemptBill.delete().execute()

    text = at_desk("payments", office=office).get("/staff/payments/").text

    assert (wish.reference in text) is is_seen


@pytest.mark.parametrize("office", ["091", THEIRS])
def test_a_discrepancy_is_looked_at_by_each_office_that_it_touches(at_desk, both, office):
    make.discrepancy(order_id=both)

    text = (
        at_desk("payments", **({"office": office} if office else {})).get("/staff/payments/").text
    )

    assert both in text


def test_discrepancies_of_another_office_push_nothing_off_the_list(at_desk, payer, monkeypatch):
    monkeypatch.setattr(desk_found, "MOST_WAITING", 1)
    make.discrepancy(premises_id=payer.home.premises.id, order_id="order-here")
    make.discrepancy(premises_id=make.premises(office=THEIRS).id, order_id="order-there")

    text = at_desk("payments", office=THEIRS).get("/staff/payments/").text

    assert ("order-there" in text, "order-here" in text) == (True, False)


def test_a_form_that_is_sent_twice_sets_off_one_part_of_a_bill(at_desk, payer):
    place = payer.home.premises
    payer.counter.surplus(place)
    bill = make.bill(premises=place, month="2026-09", usage_m3=24)
    for position in (1, 2):
        make.instalment(premises=place, position=position, amount=bill.total // 2)
    clerk, path = at_desk("payments"), f"/staff/payments/of/{place.number}"
    form = Page(clerk.get(path).text).form(f"{path}/set_off")

    for _ in range(2):
        answer = clerk.post(f"{path}/set_off", data={**form, "month": "2026-09"})
        assert answer.location == path

    assert [one.position for one in owed_of(place.get_id(), "2026-09")] == [2]
    assert Entry.select().where(Entry.action == "payments.set_off").count() == 1
    clerk.submit(path, f"{path}/set_off", month="2026-09")
    assert owed_of(place.get_id(), "2026-09") == []
    payer.counter.agree()


def test_a_clerk_is_told_that_a_bill_is_being_confirmed(at_desk, payer):
    place = payer.home.premises
    payer.counter.surplus(place)
    order = payer.order(payer.choose(payer.path))
    Attempt.update(state=State.UNKNOWN).where(Attempt.order_id == order).execute()
    clerk, path = at_desk("payments"), f"/staff/payments/of/{place.number}"

    answer = clerk.submit(path, f"{path}/set_off", month="2026-11")

    assert "다른 결제를 확인하고 있습니다" in clerk.get(answer.location).text
    assert Attempt.of_order(order).state == State.UNKNOWN
