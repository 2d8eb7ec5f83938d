"""No key, no card and no whole account number in a page, a log or the database (S-44)."""

import re
from io import StringIO

import pytest

from app import clock
from app.db import BaseModel
from app.payments import carry_out, refunds
from app.payments.gateway import Refund as To
from app.payments.models import Payer, Payment
from tests import make

KEY = "test_sk_MARKERKEYMARKERKEY"
ACCOUNT, HOLDER = "9876543210987", "김표시"


@pytest.fixture
def marked(counter, monkeypatch):
    """A gateway whose key is a marker."""
    monkeypatch.setitem(counter.app.config, "PAY_SECRET_KEY", KEY)
    monkeypatch.setattr(counter.emulator.api, "secret_key", KEY)
    return counter


def dump(db):
    """Every row of every table as the database keeps it."""
    found = StringIO()
    for model in BaseModel.__subclasses__():
        for row in db.execute_sql(f"SELECT * FROM {model._meta.table_name}").fetchall():
            found.write(f"{row}\n")
    return found.getvalue()


def everything(counter, payer):
    """Each way of money once, and some that go wrong."""
    card = counter.pay(make.bill(), payer=payer)
    deposit = counter.account(make.bill(), payer=payer)
    counter.deposit(deposit)
    counter.notify()
    counter.sweep()
    payment = Payment.of(deposit.id)
    found = counter.do(refunds.available, payment)
    asked = counter.do(
        refunds.request_refund, payment, found.bills, "두 번 냄", "가 담당", clock.now(),
        believed=found.total, to=To("20", ACCOUNT, HOLDER),
    )  # fmt: skip
    counter.do(refunds.approve, asked, "나 담당", clock.now())
    counter.fault("500_after", "cancel")
    counter.do(carry_out.execute, asked)
    for fault in ("malformed", "wrong_order", "reset_after", "code"):
        attempt = counter.open(make.bill(), payer=payer)
        counter.fault(fault, "confirm", code="INVALID_API_KEY")
        counter.back(attempt, counter.authenticate(attempt))
    counter.reconcile()
    return card, deposit


def test_no_secret_is_stored_written_or_shown(marked, signed_in, db, log_lines):
    payer = Payer.of(signed_in.account)

    shown = [
        signed_in.get(f"/payments/result/{one.order_id}").text for one in everything(marked, payer)
    ]

    secret = marked.control.payments()[1]["secret"]
    for text in (dump(db), str(log_lines()), *shown):
        for marker in (KEY, ACCOUNT, HOLDER, secret, "Basic "):
            assert marker not in text
        assert not re.search(r"(?<![\dA-F])\d{15,16}(?!\d)", text)
    assert len(log_lines()) > 0


def test_an_account_to_pay_into_is_stored_sealed_and_shown_to_its_payer_only(
    marked, client, signed_in, db
):
    attempt = marked.account(make.bill(), payer=Payer.of(signed_in.account))

    assert attempt.account_number not in dump(db)
    assert attempt.account_number in signed_in.get(f"/payments/result/{attempt.order_id}").text
    assert attempt.account_number not in client.get(f"/payments/result/{attempt.order_id}").text


def test_names_of_guests_are_sealed(marked, db):
    payer = Payer.guest("browser", "김손님", "ko", "guest@example.com")

    marked.pay(make.bill(), payer=payer)

    assert "김손님" not in dump(db)
    assert "guest@example.com" not in dump(db)
