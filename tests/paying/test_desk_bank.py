"""Money that our bank sends: where to is seen by who approves, and whole by who pays."""

import pytest

from app.audit.models import Entry
from app.payments.refund_models import Refund
from tests.paying.conftest import form_token
from tests.paying.test_desk import box

NUMBER = "1101234567890"


@pytest.fixture
def refund(payer, at_desk):
    """A refund to an account that somebody has asked for."""
    order, clerk = payer.pay(payer.path), at_desk("payments")
    path = f"/staff/payments/order/{order}/refund"
    clerk.submit(
        path, reason="두 번 냄", way="bank", parts=box(clerk.get(path).text), bank="88",
        number=NUMBER, holder="김보기",
    )  # fmt: skip
    return Refund.get()


def act(client, refund, decision, **more):
    data = {"csrf_token": form_token(client, "/staff/"), **more}
    return client.post(f"/staff/payments/refunds/{refund.reference}/{decision}", data=data)


def test_the_account_is_seen_by_who_approves_and_whole_by_who_pays(refund, at_desk):
    both = at_desk("payments", "manager")
    path = f"/staff/payments/refunds/{refund.reference}"

    page = both.get(path).text
    assert "*********7890" in page
    assert NUMBER not in page
    assert act(both, refund, "account").status_code == 409
    act(both, refund, "approved")
    assert NUMBER not in both.get(path).text

    assert NUMBER in act(both, refund, "account").text
    assert Entry.select().where(Entry.action == "payments.refund_account").count() == 1


def test_who_does_not_pay_does_not_see_the_whole_account(refund, at_desk):
    act(at_desk("payments", "manager"), refund, "approved")

    assert act(at_desk("manager"), refund, "account").status_code == 403


def test_what_the_bank_has_sent_is_noted_with_its_number(refund, at_desk):
    both = at_desk("payments", "manager")
    act(both, refund, "approved")

    answer = act(both, refund, "paid", bank_reference="")
    assert answer.status_code == 409
    assert "은행 거래 번호를 넣어 주십시오" in answer.text
    assert act(both, refund, "paid", bank_reference="B-1").status_code == 303
    assert Refund.get().state == "done"
