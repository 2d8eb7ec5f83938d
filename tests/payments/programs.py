"""What programs do with money, in tests: each is a process that knows only its database."""

from app import clock
from app.accounts.models import Account
from app.billing.paid import align
from app.bills.models import Bill
from app.db import writing
from app.payments import carry_out, confirm, credits, deposit, hooks, opening, refunds
from app.payments.gateway import Refund as To
from app.payments.gateway import UnreadableError
from app.payments.models import Attempt, AttemptBill, Channel, Payer, Payment
from app.payments.opening import Item, RefusedError
from app.payments.refund_models import Refund
from app.payments.refunds import RefundError
from app.reconciliation import compare, payouts, sweeps
from app.supply.models import Premises
from tests.payments.world import NotTakenError

HOME = To("20", "1234567890123", "김가상")
NO = (RefundError, credits.CreditError, UnreadableError, NotTakenError)
"""What a person may be told instead of what they wanted."""


def newest(premises_id):
    found = Attempt.select().join(AttemptBill).where(AttemptBill.premises == premises_id)
    return found.order_by(Attempt.id.desc()).first()


def open_attempt(bill, account_id, channel):
    payer = Payer.of(Account.get_by_id(account_id))
    try:
        deposit.close_accounts([Item(*bill)], clock.now())
        made = opening.open_attempt([Item(*bill)], payer, Channel(channel), clock.now())
        return made.order_id
    except RefusedError as error:
        return str(error.why)


def show_window(bill):
    return opening.window_opened(newest(bill[0]))


def come_back(order_id, key, amount):
    found = confirm.confirm_return(order_id, key, amount)
    return found and found.state


def issue(bill):
    return deposit.issue_account(newest(bill[0])).state


def receive(notices):
    for body, transmission in notices:
        headers = {hooks.ID: transmission}
        hooks.receive(body.encode(), headers, clock.now())


def handle_notices():
    return hooks.handle_waiting(clock.now())


def look():
    return sweeps.everything(clock.now())


def payment_of(bill):
    return Payment.of(newest(bill[0]).id)


def ask_refund(bill):
    payment = payment_of(bill)
    if payment is None or Refund.of(payment.id).exists():
        return
    found = refunds.available(payment)
    to = HOME if payment.channel == "deposit" else None
    if parts := found.credits or found.bills:
        refunds.request_refund(
            payment, parts, "두 번 냄", "가 담당", clock.now(), believed=found.total, to=to
        )


def refunds_of(bill):
    """The refunds of the newest payment; none when another attempt was begun meanwhile."""
    payment = payment_of(bill)
    return list(Refund.of(payment.id)) if payment else []


def approve_refund(bill):
    for one in refunds_of(bill):
        if one.state == "requested":
            refunds.approve(one, "나 담당", clock.now())


def carry_refund_out(bill):
    for one in refunds_of(bill):
        carry_out.execute(one)


def correct_down(bill):
    """A corrected bill of half the amount: what was paid too much is a credit."""
    with writing():
        Premises.hold([bill[0]])
        old = Bill.documents(*bill).get()
        half = old.total // 2
        values = {name: old.__data__[name] for name in old.__data__}
        values |= {"revision": old.revision + 1, "paid_at": None, "water": half, "sewer": 0}
        values |= {"levy": 0, "discount": 0, "late_fee": 0, "total": half}
        before = old.total if old.paid_at else old.paid_before
        Bill.insert({**values, "paid_before": before}).execute()
        align(*bill, f"test:{bill[0]}:{old.revision + 1}", clock.now())


def set_off(bill):
    if credits.owed_of(*bill):
        credits.apply_credit(*bill, "가 담당", clock.now())


def reconcile():
    found = compare.reconcile()
    first, last = compare.days_behind(clock.now())
    list(payouts.book_payouts(first, last))
    return found.problems
