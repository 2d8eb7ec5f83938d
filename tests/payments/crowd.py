"""A crowd at random: customers who pay, go, come back twice and want their money again; an office;
the worker; a gateway that fails. One process each, killed at any moment; tests/payments/programs.py
has what they do.
"""

import random
from contextlib import suppress

from app.db import rows
from app.ledger.book import credit_of
from app.payments.models import Attempt
from tests.payments import programs
from tests.payments.programs import newest

FAULTS = (
    "reset_before", "reset_after", "500_before", "500_after", "malformed", "html", "wrong_order",
    "unknown_status", "amount_as_text", "extra_fields", "409", "429",
)  # fmt: skip
CALLS = ("confirm", "lookup_order", "cancel", "issue_account", "")
OWED = """
SELECT b.month FROM bills b WHERE b.premises_id = ? AND b.paid_at IS NULL ORDER BY b.month LIMIT 1
"""


class Crowd:
    """What each process of a life knows: the bills, the emulator, and its own luck."""

    def __init__(self, world, bills, payers, seed):
        self.emulator, self.bills, self.payers = world.emulator, bills, payers
        self.luck = random.Random(seed)

    def customers(self):
        """Do things until killed."""
        while True:
            bill = self.luck.choice(self.bills)
            action = self.luck.choice(CUSTOMER)
            with suppress(*programs.NO):
                action(self, bill)

    def worker(self):
        """Look and be told until killed."""
        while True:
            with suppress(*programs.NO):
                self.luck.choice(WORKER)(self)

    # customers

    def begin(self, bill):
        programs.open_attempt(bill, self.luck.choice(self.payers), "card")

    def go_on(self, bill):
        """Say yes and come back, sometimes twice, or with another amount."""
        attempt = newest(bill[0])
        if attempt is None or attempt.channel != "card":
            return
        if attempt.state in ("created", "opened"):
            decline = "REJECT_CARD_PAYMENT" if self.luck.random() < 0.1 else ""
            key = self.emulator.authenticate(attempt, decline=decline)
        elif attempt.payment_key:
            key = attempt.payment_key
        else:
            return
        amount = 100 if self.luck.random() < 0.05 else int(attempt.amount)
        for _ in range(self.luck.choice((1, 1, 2))):
            programs.come_back(attempt.order_id, key, str(amount))

    def whole(self, bill):
        self.begin(bill)
        self.go_on(bill)

    def account(self, bill):
        programs.open_attempt(bill, self.luck.choice(self.payers), "deposit")
        if newest(bill[0]):
            programs.issue(bill)

    def transfer(self, bill):
        """Into the account of any attempt for this bill, old or new; sometimes too much."""
        for one in self.attempts(bill):
            amount = int(one.amount) + (1000 if self.luck.random() < 0.1 else 0)
            self.emulator.try_post("deposits", orderId=one.order_id, amount=amount)

    def undo(self, bill):
        for one in self.attempts(bill):
            self.emulator.try_post("deposits/undo", orderId=one.order_id)

    def attempts(self, bill):
        found = Attempt.select().join(programs.AttemptBill)
        mine = (programs.AttemptBill.premises == bill[0]) & (Attempt.channel == "deposit")
        known = Attempt.payment_key.is_null(False)
        return list(found.where(mine & known).order_by(Attempt.id.desc()).limit(2))

    # the office

    def refund(self, bill):
        if (attempt := newest(bill[0])) and programs.Payment.of(attempt.id):
            for step in (programs.ask_refund, programs.approve_refund, programs.carry_refund_out):
                step(bill)

    def elsewhere(self, bill):
        attempt = newest(bill[0])
        if attempt and attempt.state == "paid" and attempt.channel == "card":
            self.emulator.try_post("cancels", orderId=attempt.order_id, cancelAmount=1000)

    def correct(self, bill):
        programs.correct_down(bill)

    def use_credit(self, bill):
        if credit_of(bill[0]) > 0 and (found := rows(OWED, (bill[0],))):
            programs.set_off((bill[0], found[0][0]))

    def fail(self, bill):
        self.emulator.post("faults", fault=self.luck.choice(FAULTS), call=self.luck.choice(CALLS))

    # the worker

    def told(self):
        """Some of the notices, in any order, some of them again."""
        listed = self.emulator.get("webhooks")[-30:]
        some = self.luck.sample(listed, min(len(listed), 6))
        programs.receive([(one["body"], one["transmission"]) for one in some])
        programs.handle_notices()

    def look(self):
        programs.look()

    def compare(self):
        programs.reconcile()


CUSTOMER = (
    *[Crowd.whole] * 6, *[Crowd.begin] * 2, *[Crowd.go_on] * 3, *[Crowd.account] * 4,
    *[Crowd.transfer] * 4, Crowd.undo, *[Crowd.refund] * 2, Crowd.elsewhere, Crowd.correct,
    Crowd.use_credit, Crowd.fail,
)  # fmt: skip
WORKER = (*[Crowd.told] * 4, *[Crowd.look] * 4, Crowd.compare)


def customers(crowd):
    crowd.customers()


def worker(crowd):
    crowd.worker()


def fresh_bills(world, count):
    """New bills, each of its own premises, and sometimes a second one there."""
    found = []
    for number in range(count):
        bill = world.bill(usage_m3=10 + number % 20)
        found.append(bill)
    return found
