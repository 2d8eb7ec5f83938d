"""A counter at which tests pay bills: the program's own functions, and the emulated gateway.

`counter` has an empty emulator and open payments, on 2026-11-26 at ten. `counter.agree()` is what
must be true after everything: the emulator has what the ledger says, and the books agree.
"""

import json

import pytest

from app import clock
from app.bills.models import Bill
from app.db import rows
from app.ledger.book import credit_of
from app.messages.models import Message
from app.payments import carry_out, confirm, deposit, gate, hooks, opening, refunds, settle
from app.payments.gateway import Refund as To
from app.payments.models import Attempt, Channel, Payer, Payment
from app.payments.opening import Item
from app.payments.refunds import Part
from app.reconciliation import compare, payouts, sweeps, verify
from app.sandbox.pay import Emulator, start
from app.sandbox.pay_events import headers
from tests import make

HOME = To("20", "1234567890123", "김가상")


@pytest.fixture(scope="session")
def emulator():
    found = Emulator()
    found.url, server = start(found)
    yield found
    server.shutdown()


class Counter:
    """What people and programs do about payments."""

    def __init__(self, app, emulator):
        self.app, self.emulator, self.control = app, emulator, emulator.control

    def do(self, function, *arguments, **named):
        """Call a function of the program as one of its processes."""
        with self.app.app_context():
            return function(*arguments, **named)

    # payers

    def open(self, *bills, channel=Channel.CARD, payer=None, **named):
        items = [Item(one.premises_id, one.month) for one in bills]
        payer = payer or Payer.of(make.account())
        return self.do(opening.open_attempt, items, payer, channel, clock.now(), **named)

    def authenticate(self, attempt, decline=""):
        """The customer says yes in the window; the key that the redirect carries."""
        given = {"orderId": attempt.order_id, "orderName": attempt.order_name}
        given |= {"amount": int(attempt.amount), "decline": decline}
        return self.control.authenticate(given)["paymentKey"]

    def back(self, attempt, key, amount=None):
        """The browser is sent back from the window."""
        amount = str(int(attempt.amount)) if amount is None else amount
        return self.do(confirm.confirm_return, attempt.order_id, key, amount)

    def pay(self, *bills, **named):
        """A payment by card from the beginning to its end."""
        attempt = self.open(*bills, **named)
        return self.back(attempt, self.authenticate(attempt))

    def account(self, *bills, **named):
        attempt = self.open(*bills, channel=Channel.DEPOSIT, **named)
        return self.do(deposit.issue_account, attempt)

    def deposit(self, attempt, **named):
        return self.control.deposit({"orderId": attempt.order_id, **named})["result"]

    def surplus(self, premises):
        """A deposit for a bill that was paid elsewhere meanwhile: its sum becomes a credit."""
        bill = make.bill(premises=premises, month="2026-07", usage_m3=24)
        double = self.account(bill)
        Bill.settle(bill.month, [premises.get_id()], make.LONG_AGO)
        self.deposit(double)
        self.do(settle.settle, double)

    def undo(self, attempt):
        return self.control.undo({"orderId": attempt.order_id})["result"]

    # the office

    def refund(self, attempt, *parts, by="가 담당", approved_by="나 담당", to=None, **named):
        """Ask for a refund, approve it and carry it out."""
        payment = Payment.of(attempt.id)
        available = self.do(refunds.available, payment)
        parts = parts or available.bills or available.credits
        to = to or (HOME if attempt.channel == Channel.DEPOSIT else None)
        named = {"believed": available.total, "to": to, **named}
        asked = self.do(
            refunds.request_refund, payment, parts, "두 번 냄", by, clock.now(), **named
        )
        self.do(refunds.approve, asked, approved_by, clock.now())
        return self.do(carry_out.execute, asked)

    # the worker and the gateway

    def fault(self, fault, call="", **named):
        self.control.order_fault({"fault": fault, "call": call, **named})

    def notify(self, *numbers):
        """Hand notices of the gateway to the program: all that were not, or some by their place."""
        listed = self.control.api.events.listed()
        sent = [listed[number] for number in numbers] if numbers else listed[self.notified :]
        self.notified = len(listed)
        return [self.receive(one["body"].encode(), one["transmission"]) for one in sent]

    notified = 0

    def receive(self, body, transmission="", **more):
        found = headers(transmission, 0, "now") if transmission else {}
        return self.do(hooks.receive, body, {**found, **more}, clock.now()).outcome

    def sweep(self):
        return self.do(sweeps.everything, clock.now())

    def reconcile(self, *days):
        return self.do(compare.reconcile, *days)

    def payouts(self, first, last):
        return self.do(lambda: list(payouts.book_payouts(first, last)))

    # what is

    def fresh(self, attempt):
        return Attempt.get_by_id(attempt.id)

    def money(self, attempt):
        """What the emulator has of an order: charges, charged, back."""
        return self.control.money().get(attempt.order_id, {"charges": 0, "charged": 0, "back": 0})

    def book(self, account):
        return int(rows(SUM, (account,))[0][0])

    def credit(self, bill):
        return credit_of(bill.premises_id)

    def mails(self, kind):
        return [json.loads(m.content) for m in Message.select().where(Message.kind == kind)]

    def agree(self):
        """The oracle: what the gateway really holds is in the ledger, and the books agree."""
        assert list(verify.problems()) == []
        ours = self.book("gateway") + self.book("bank") + self.book("fees")
        assert ours == self.control.sums()["held"]


SUM = "SELECT coalesce(sum(amount), 0) FROM ledger_entries WHERE account = ?"


@pytest.fixture
def counter(app, db, emulator, tmp_path, monkeypatch, clock_at):
    clock_at("2026-11-26 10:00")
    emulator.control.reset({})
    monkeypatch.setitem(app.config, "PAY_URL", emulator.url)
    monkeypatch.setitem(app.config, "PAY_PATIENCE", 0.02)
    monkeypatch.setitem(app.config, "DATA_DIR", str(tmp_path))
    monkeypatch.setattr(gate.Process, "broken", "")
    monkeypatch.setattr(hooks.Full, "until", None)
    app.extensions.pop("gateway", None)
    yield Counter(app, emulator)
    app.extensions.pop("gateway", None)


def whole(payment):
    """Everything that a payment pays, as a refund takes it."""
    return refunds.available(payment)


__all__ = ["HOME", "Counter", "Part", "counter", "emulator"]
