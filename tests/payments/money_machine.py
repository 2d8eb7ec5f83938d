"""Everything that can happen to money, in any order: hypothesis looks for an order that loses some.

`python -m tests.payments.money_machine --examples 8 --steps 25` exits 1 with the shortest order
that it found. A `die` kills the next program at a crash point; what is done after it is a restart.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests import postgres
from tests.payments import programs
from tests.payments.crash_points import points, settle
from tests.payments.crowd import CALLS, FAULTS
from tests.payments.world import BEGIN, NotTakenError, World, emulating

PLACES, PAYERS = 2, 2
STEPS = (60, 60, 90, 1200, 7200, 86_400, 9 * 86_400, -600, -86_400)
place = st.integers(0, PLACES - 1)


class Money(RuleBasedStateMachine):
    """Some bills, some payers, one gateway."""

    world = None

    def __init__(self):
        super().__init__()
        self.world.at(max(self.world.now, BEGIN))
        self.world.emulator.post("faults/clear")
        self.bills = [self.world.bill() for _ in range(PLACES)]
        self.payers = [self.world.account() for _ in range(PAYERS)]
        self.crash = ""

    def program(self, work, *arguments):
        """One process; it dies on its way when that was asked for."""
        crash, self.crash = self.crash, ""
        return self.world.run(refusable, work, arguments, crash=crash)

    def newest(self, number):
        with self.world.looking():
            return programs.newest(self.bills[number][0])

    @rule(point=st.sampled_from(points()))
    def die(self, point):
        self.crash = point

    @rule(fault=st.sampled_from(FAULTS), call=st.sampled_from(CALLS))
    def fail(self, fault, call):
        self.world.emulator.post("faults", fault=fault, call=call)

    @rule(
        number=place, payer=st.integers(0, PAYERS - 1), channel=st.sampled_from(("card", "deposit"))
    )
    def open(self, number, payer, channel):
        self.program(programs.open_attempt, self.bills[number], self.payers[payer], channel)

    @rule(number=place, twice=st.booleans(), changed=st.sampled_from((False, False, False, True)))
    def come_back(self, number, twice, changed):
        attempt = self.newest(number)
        if attempt is None or attempt.channel != "card":
            return
        if attempt.state in ("created", "opened"):
            try:
                key = self.world.emulator.authenticate(attempt)
            except NotTakenError:  # the window's time is over
                return
        elif (key := attempt.payment_key) is None:
            return
        amount = "100" if changed else str(int(attempt.amount))
        for _ in range(1 + twice):
            self.program(programs.come_back, attempt.order_id, key, amount)

    @rule(number=place, payer=st.integers(0, PAYERS - 1))
    def pay(self, number, payer):
        self.open(number, payer, "card")
        self.come_back(number, False, False)

    @rule(number=place, payer=st.integers(0, PAYERS - 1))
    def pay_into_an_account(self, number, payer):
        self.open(number, payer, "deposit")
        self.issue(number)
        self.transfer(number, 0)
        self.compare()

    @rule(number=place)
    def issue(self, number):
        if self.newest(number):
            self.program(programs.issue, self.bills[number])

    @rule(number=place, too_much=st.sampled_from((0, 0, 0, 500)))
    def transfer(self, number, too_much):
        attempt = self.newest(number)
        if attempt and attempt.channel == "deposit" and attempt.payment_key:
            amount = int(attempt.amount) + too_much
            self.world.emulator.try_post("deposits", orderId=attempt.order_id, amount=amount)

    @rule(number=place)
    def undo(self, number):
        attempt = self.newest(number)
        if attempt and attempt.channel == "deposit" and attempt.payment_key:
            self.world.emulator.try_post("deposits/undo", orderId=attempt.order_id)
            self.compare()

    @rule(chosen=st.lists(st.integers(0, 7), max_size=6))
    def tell(self, chosen):
        """Some of the last notices, in any order, some of them again."""
        listed = self.world.emulator.get("webhooks")[-8:]
        some = [listed[number] for number in chosen if number < len(listed)]
        self.program(programs.receive, [(one["body"], one["transmission"]) for one in some])

    @rule()
    def look_up(self):
        self.program(programs.handle_notices)

    @rule()
    def sweep(self):
        self.program(programs.look)

    @rule()
    def compare(self):
        self.program(programs.reconcile)

    @rule(number=place, far=st.sampled_from((3, 3, 2, 1)))
    def refund(self, number, far):
        """Sometimes it is only asked for, or only approved, before something else happens."""
        attempt = self.newest(number)
        if attempt and self.paid(attempt):
            steps = programs.ask_refund, programs.approve_refund, programs.carry_refund_out
            for step in steps[:far]:
                self.program(step, self.bills[number])

    def paid(self, attempt):
        with self.world.looking():
            return programs.Payment.of(attempt.id) is not None

    @rule(number=place)
    def cancel_elsewhere(self, number):
        attempt = self.newest(number)
        if attempt and attempt.state == "paid" and attempt.channel == "card":
            self.world.emulator.try_post("cancels", orderId=attempt.order_id, cancelAmount=1000)

    @rule(number=place)
    def correct(self, number):
        self.program(programs.correct_down, self.bills[number])

    @rule(number=place)
    def use_credit(self, number):
        self.program(programs.set_off, self.bills[number])

    @rule(seconds=st.sampled_from(STEPS))
    def clock_steps(self, seconds):
        self.world.later(seconds=seconds)

    @invariant()
    def books_agree(self):
        problems = self.world.books()
        assert not problems, problems

    def teardown(self):
        self.world.emulator.post("faults/clear")
        for _ in range(2):
            settle(self.world)
        problems = self.world.differences()
        assert not problems, problems


def refusable(work, arguments):
    """A program whose user may be told no."""
    try:
        return work(*arguments)
    except programs.NO as error:
        return repr(error)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--url", default="", help="an empty database that is there already")
    parser.add_argument("--examples", type=int, default=8)
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--seed", type=int, default=None, help="the same orders each time")
    asked = parser.parse_args()
    chosen = settings(
        max_examples=asked.examples, stateful_step_count=asked.steps, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), derandomize=asked.seed is not None,
        phases=(Phase.generate, Phase.shrink), print_blob=True,
    )  # fmt: skip
    with postgres.given(asked), TemporaryDirectory(prefix="machine-") as folder:
        url = asked.url or f"sqlite:///{Path(folder) / 'machine.db'}"
        with emulating() as emulator:
            Money.world = World(url, folder, emulator)
            run_state_machine_as_test(Money, settings=chosen)
    return 0


if __name__ == "__main__":
    sys.exit(main())
