"""Ways of money from their beginning to their end, in steps; each step is one program.

A step is a function of a tour: what happens outside (a customer's yes, a deposit) is done at once,
what the program does is run with `self.program(…)`, which may die in it.
"""

from contextlib import suppress
from types import MappingProxyType

from app.db import writing
from app.payments.models import Payment
from app.supply.models import Premises
from tests import make
from tests.payments import programs
from tests.payments.programs import newest
from tests.payments.world import NotTakenError


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
        self.program(programs.open_attempt, self.bill, self.payer, "card")

    def show(self):
        if self.attempt():
            self.program(programs.show_window, self.bill)

    def confirm(self):
        """The customer says yes and comes back."""
        attempt = self.attempt()
        if attempt and attempt.state in ("created", "opened"):
            with suppress(NotTakenError):  # the window's time is over
                key = self.world.emulator.authenticate(attempt, **self.answer)
                self.program(programs.come_back, attempt.order_id, key, str(int(attempt.amount)))

    answer = MappingProxyType({})

    def open_account(self):
        self.program(programs.open_attempt, self.bill, self.payer, "deposit")

    def issue(self):
        if self.attempt():
            self.program(programs.issue, self.bill)

    def transfer(self):
        attempt = self.attempt()
        if attempt and attempt.channel == "deposit":
            self.world.emulator.try_post("deposits", orderId=attempt.order_id)

    def undo(self):
        attempt = self.attempt()
        if attempt:
            self.world.emulator.try_post("deposits/undo", orderId=attempt.order_id)

    def correct(self):
        self.program(programs.correct_down, self.bill)

    def tell(self):
        self.program(programs.receive, self.world.notices())

    def look_up(self):
        self.program(programs.handle_notices)

    def sweep(self):
        self.program(programs.look)

    def ask(self):
        if self.attempt():
            self.program(programs.ask_refund, self.bill)

    def paid(self):
        with self.world.looking():
            found = newest(self.bill[0])
            return found is not None and Payment.of(found.id) is not None

    def approve(self):
        if self.paid():
            self.program(programs.approve_refund, self.bill)

    def give_back(self):
        if self.paid():
            self.program(programs.carry_refund_out, self.bill)

    def reconcile(self):
        self.program(programs.reconcile)


class Card(Tour):
    """Open, pay, be told of it, and get it back."""

    steps = ("open_card", "show", "confirm", "tell", "look_up", "ask", "approve", "give_back",
             "tell", "look_up", "reconcile")  # fmt: skip


class Deposit(Tour):
    """An account, its deposit, undone, sent again, given back."""

    steps = ("open_account", "issue", "transfer", "tell", "look_up", "undo", "tell", "look_up",
             "transfer", "tell", "look_up", "ask", "approve", "give_back", "sweep")  # fmt: skip


class Corrected(Tour):
    """A deposit for a bill that is corrected, then undone, then sent again."""

    steps = ("open_account", "issue", "transfer", "tell", "look_up", "correct", "undo", "tell",
             "look_up", "check", "transfer", "tell", "look_up")  # fmt: skip

    def check(self):
        """What the newest document says was paid before is what is left of it."""
        problems = self.world.books()
        assert not problems, problems


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
            place = Premises.get_by_id(self.bill[0])
            make.bill(premises=place, month="2026-09", usage_m3=4)

    def set_off(self):
        if self.paid():
            self.program(programs.set_off, (self.bill[0], "2026-09"))


class Refused(Tour):
    """The gateway will not give the money back."""

    steps = ("open_card", "confirm", "ask", "approve", "spoil", "give_back", "sweep")

    def spoil(self):
        self.world.emulator.post(
            "faults", fault="code", call="cancel", code="NOT_CANCELABLE_PAYMENT"
        )


TOURS = (
    Credit, Card, Deposit, Corrected, Declined, Unanswered, AccountUnanswered, Left, Changed, Late,
    Elsewhere, Refused,
)  # fmt: skip
"""A crash point is tried in the first tour that passes it: a part that goes back can be doubled."""
