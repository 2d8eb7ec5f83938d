"""Ways of money from their beginning to their end, in steps; each step is one program.

A step is a function of a tour: what happens outside (a customer's yes, a deposit) is done at once,
what the program does is run with `self.program(…)`, which may die in it.
"""

from types import MappingProxyType

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

HOME = To("20", "1234567890123", "김가상")
NO = (RefundError, credits.CreditError, UnreadableError)
"""What a person may be told instead of what they wanted."""


# what programs do; they know nothing but what is in the database


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


def approve_refund(bill):
    for one in list(Refund.of(payment_of(bill).id).where(Refund.state == "requested")):
        refunds.approve(one, "나 담당", clock.now())


def carry_refund_out(bill):
    for one in list(Refund.of(payment_of(bill).id)):
        carry_out.execute(one)


def correct_down(bill):
    """A corrected bill of half the amount: what was paid too much is a credit."""
    old = Bill.documents(*bill).get()
    half = old.total // 2
    with writing():
        values = {name: old.__data__[name] for name in old.__data__}
        values |= {"revision": old.revision + 1, "paid_at": None, "water": half, "sewer": 0}
        values |= {"levy": 0, "discount": 0, "late_fee": 0, "total": half}
        Bill.insert(
            {**values, "paid_before": old.total if old.paid_at else old.paid_before}
        ).execute()
        align(*bill, f"test:{bill[0]}:{old.revision + 1}", clock.now())


def set_off(bill):
    if credits.owed_of(*bill):
        credits.apply_credit(*bill, "가 담당", clock.now())


def reconcile():
    found = compare.reconcile()
    first, last = compare.days_behind(clock.now())
    list(payouts.book_payouts(first, last))
    return found.problems


class Tour:
    """Steps in their order; `world` is where they happen. Subclasses name them."""

    steps = ()

    def __init__(self, world):
        self.world = world
        self.bill = world.bill()
        self.payer = world.account()
        self.crash, self.heard, self.died = "", None, False
        world.emulator.post("faults/clear")

    def program(self, work, *arguments):
        crash = "" if self.died else self.crash
        found = self.world.run(work, *arguments, crash=crash, heard=self.heard)
        if found is None and crash:
            self.died = True
        return found

    def attempt(self):
        with self.world.looking():
            return newest(self.bill[0])

    # steps that several tours have

    def open_card(self):
        self.program(open_attempt, self.bill, self.payer, "card")

    def show(self):
        if self.attempt():
            self.program(show_window, self.bill)

    def confirm(self):
        """The customer says yes and comes back."""
        attempt = self.attempt()
        if attempt and attempt.state in ("created", "opened"):
            key = self.world.emulator.authenticate(attempt, **self.answer)
            self.program(come_back, attempt.order_id, key, str(int(attempt.amount)))

    answer = MappingProxyType({})

    def open_account(self):
        self.program(open_attempt, self.bill, self.payer, "deposit")

    def issue(self):
        if self.attempt():
            self.program(issue, self.bill)

    def transfer(self):
        attempt = self.attempt()
        if attempt and attempt.channel == "deposit":
            self.world.emulator.post("deposits", orderId=attempt.order_id)

    def undo(self):
        attempt = self.attempt()
        if attempt:
            self.world.emulator.post("deposits/undo", orderId=attempt.order_id)

    def tell(self):
        self.program(receive, self.world.notices())

    def look_up(self):
        self.program(handle_notices)

    def sweep(self):
        self.program(look)

    def ask(self):
        if self.attempt():
            self.program(ask_refund, self.bill)

    def paid(self):
        with self.world.looking():
            found = newest(self.bill[0])
            return found is not None and Payment.of(found.id) is not None

    def approve(self):
        if self.paid():
            self.program(approve_refund, self.bill)

    def give_back(self):
        if self.paid():
            self.program(carry_refund_out, self.bill)

    def reconcile(self):
        self.program(reconcile)


class Card(Tour):
    """Open, pay, be told of it, and get it back."""

    steps = ("open_card", "show", "confirm", "tell", "look_up", "ask", "approve", "give_back",
             "tell", "look_up", "reconcile")  # fmt: skip


class Deposit(Tour):
    """An account, its deposit, undone, sent again, given back."""

    steps = ("open_account", "issue", "transfer", "tell", "look_up", "undo", "tell", "look_up",
             "transfer", "tell", "look_up", "ask", "approve", "give_back", "sweep")  # fmt: skip


class Declined(Tour):
    """The card's bank says no."""

    steps = ("open_card", "confirm", "sweep")
    answer = MappingProxyType({"decline": "REJECT_CARD_PAYMENT"})


class Unanswered(Tour):
    """The gateway does not answer before it has charged; the worker asks again."""

    steps = ("open_card", "cut_off", "confirm", "wait", "sweep", "sweep")

    def cut_off(self):
        self.world.emulator.post("faults", fault="reset_before", call="confirm")

    def wait(self):
        self.world.later(minutes=3)


class AccountUnanswered(Unanswered):
    """The same with an account."""

    steps = ("open_account", "cut_off", "issue", "wait", "sweep", "sweep")

    def cut_off(self):
        self.world.emulator.post("faults", fault="reset_before", call="issue_account")


class Left(Tour):
    """The window is left, and looked up when it is long over."""

    steps = ("open_card", "show", "wait", "sweep")

    def wait(self):
        self.world.later(minutes=50)


class Changed(Tour):
    """An account waits, and its payer takes the card instead."""

    steps = ("open_account", "issue", "open_card", "confirm", "sweep")


class Late(Tour):
    """Nobody sends anything to an account."""

    steps = ("open_account", "issue", "wait", "sweep")

    def wait(self):
        self.world.later(days=8)


class Elsewhere(Tour):
    """Somebody takes a payment back at the gateway, and another order is known only there."""

    steps = ("open_card", "confirm", "outside", "reconcile", "reconcile")

    def outside(self):
        attempt = self.attempt()
        if attempt and attempt.order_id in self.world.emulator.money():
            self.world.emulator.post("cancels", orderId=attempt.order_id, cancelAmount=1000)
        stranger = f"stranger-{self.bill[0]}"
        self.world.emulator.post("stray", orderId=stranger, amount=5000)


class Credit(Tour):
    """A paid bill is corrected; its credit pays another bill, the rest goes back."""

    steps = ("open_card", "confirm", "correct", "set_off", "ask", "approve", "give_back", "sweep")

    def __init__(self, world):
        super().__init__(world)
        with world.looking(), writing():
            from app.supply.models import Premises
            from tests import make

            place = Premises.get_by_id(self.bill[0])
            make.bill(premises=place, month="2026-09", usage_m3=4)

    def correct(self):
        self.program(correct_down, self.bill)

    def set_off(self):
        if self.paid():
            self.program(set_off, (self.bill[0], "2026-09"))


class Refused(Tour):
    """The gateway will not give the money back."""

    steps = ("open_card", "confirm", "ask", "approve", "spoil", "give_back", "sweep")

    def spoil(self):
        self.world.emulator.post(
            "faults", fault="code", call="cancel", code="NOT_CANCELABLE_PAYMENT"
        )


TOURS = (Card, Deposit, Declined, Unanswered, AccountUnanswered, Left, Changed, Late, Elsewhere,
         Credit, Refused)  # fmt: skip
