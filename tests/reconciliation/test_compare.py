"""Ours beside the gateway's: what was lost is found, after a restored backup too (F-17, F-38)."""

from datetime import date, timedelta

import pytest

from app import clock
from app.bills.models import Bill
from app.messages.models import Message
from app.payments import gate, journal
from app.payments.gate import Closed, why_closed
from app.payments.gateway import UnreadableError
from app.payments.models import Attempt, Payment, State
from app.payments.records import Discrepancy, ReconciliationRun
from app.reconciliation import compare
from tests import make


def kinds():
    return sorted(one.kind for one in Discrepancy.open())


def found(counter, *days):
    result = counter.reconcile(*days)
    counter.agree()
    return result


def test_what_agrees_is_counted_and_nothing_else(counter):
    counter.pay(make.bill())
    counter.refund(counter.pay(make.bill()))

    result = found(counter)

    assert (result.theirs, result.ours, result.settled, result.problems) == (3, 2, 0, [])
    run = ReconciliationRun.get()
    assert (run.theirs, run.ours, run.problems) == (3, 2, 0)
    assert (run.from_on, run.to_on) == (date(2026, 11, 24), date(2026, 11, 26))
    assert run.finished_at == clock.now()


def test_what_they_have_and_we_do_not_is_booked(counter):
    attempt = counter.account(make.bill())
    counter.deposit(attempt)

    result = found(counter)

    assert (result.settled, result.problems) == (1, [])
    assert counter.fresh(attempt).state == State.PAID


def test_a_deposit_that_was_undone_without_a_word_is_found(counter):
    attempt = counter.account(make.bill())
    counter.deposit(attempt)
    counter.reconcile()
    counter.undo(attempt)

    found(counter)

    assert counter.fresh(attempt).state == State.REVERSED


def test_what_was_taken_back_at_the_gateway_is_found(counter):
    attempt = counter.pay(make.bill())
    counter.control.cancel({"orderId": attempt.order_id})

    found(counter)

    assert counter.fresh(attempt).state == State.REFUNDED
    assert kinds() == ["found_cancel"]


def test_money_of_an_order_that_nobody_knows_is_in_suspense_and_a_task(counter):
    counter.control.stray({"orderId": "stranger-1", "amount": 5_000})

    result = found(counter)

    assert (result.settled, result.problems) == (1, [])
    assert counter.book("suspense") == -5_000
    assert kinds() == ["theirs_not_ours"]
    assert Attempt.get().order_id == "stranger-1"


def test_what_we_have_and_they_do_not_is_an_alarm(counter, log_lines):
    attempt = counter.pay(make.bill())
    counter.emulator.store.clear()

    result = counter.reconcile()

    assert result.problems == [f"{attempt.order_id}: Missing(code='NOT_FOUND_PAYMENT')"]
    assert kinds() == ["ours_not_theirs"]
    assert log_lines()[-1]["level"] == "error"


def test_an_amount_that_differs_is_an_alarm(counter):
    attempt = counter.pay(make.bill())
    counter.control.cancel({"orderId": attempt.order_id, "cancelAmount": 1_000})
    Payment.update(amount=Payment.amount - 5).execute()

    result = counter.reconcile()

    assert len(result.problems) == 1
    assert "amount" in kinds()


def test_a_gateway_that_cannot_be_read_is_no_agreement(counter):
    counter.fault("500_before", "transactions")

    with pytest.raises(UnreadableError):
        counter.reconcile()
    assert ReconciliationRun.get().finished_at is None


def test_after_a_long_silence_all_days_since_the_last_comparison_are_compared(counter, clock_at):
    counter.reconcile()
    clock_at("2026-12-01 10:00")
    attempt = counter.pay(make.bill())
    counter.control.cancel({"orderId": attempt.order_id, "cancelAmount": 1_000})
    clock_at("2026-12-20 10:00")

    found(counter)

    assert ReconciliationRun.select().order_by(ReconciliationRun.id.desc()).get().from_on == date(
        2026, 11, 25
    )
    assert "found_cancel" in kinds()


def test_chosen_days_are_compared(counter):
    counter.pay(make.bill())

    result = found(counter, date(2026, 11, 1), date(2026, 11, 2))

    assert (result.theirs, result.ours) == (0, 0)


# a restored backup


class Backup:
    """A copy of all rows of the database that payments change, as a dump has them."""

    def __init__(self, db):
        self.db = db
        self.db.execute_sql("SAVEPOINT yesterday")

    def restore(self):
        self.db.execute_sql("ROLLBACK TO SAVEPOINT yesterday")


@pytest.fixture
def backup(db):
    return lambda: Backup(db)


def test_payments_after_the_backup_are_made_again_each_once(counter, backup, clock_at):
    """F-38: from the gateway and the journal; what was told is not told again."""
    first, second, third = make.bill(), make.bill(usage_m3=10), make.bill(usage_m3=15)
    before = counter.pay(first)
    waiting = counter.account(second)
    copy = backup()
    clock_at("2026-11-26 11:00")
    lost = counter.pay(third)
    counter.deposit(waiting)
    counter.notify()
    counter.sweep()
    assert counter.fresh(waiting).state == State.PAID
    copy.restore()
    mails = Message.select().count()
    assert counter.do(why_closed) is Closed.RESTORED

    clock_at("2026-11-27 10:00")
    result = found(counter)

    assert result.problems == []
    again = Attempt.of_order(lost.order_id)
    assert (again.state, again.account_id) == (State.PAID, lost.account_id)
    assert counter.fresh(waiting).state == State.PAID
    assert all(
        Bill.documents(one.premises_id, one.month).get().paid_at for one in (first, second, third)
    )
    assert Message.select().count() == mails
    assert counter.do(why_closed) is None
    assert {one["charges"] for one in counter.control.money().values()} == {1}
    assert counter.fresh(before).state == State.PAID


def test_the_second_comparison_after_a_restore_finds_nothing(counter, backup):
    place = make.bill()
    copy = backup()
    counter.pay(place)
    copy.restore()
    counter.reconcile()

    result = found(counter)

    assert (result.settled, result.problems, kinds()) == (0, [], [])


def test_a_payment_for_a_home_that_the_backup_does_not_know_is_in_suspense(counter, backup):
    copy = backup()
    counter.pay(make.bill())
    copy.restore()

    result = found(counter)

    assert (result.problems, kinds()) == ([], ["theirs_not_ours"])
    assert counter.book("suspense") == -31_680


def test_a_payment_for_a_bill_that_the_backup_does_not_know_is_a_credit(counter, backup):
    place = make.premises()
    copy = backup()
    bill = make.bill(premises=place)
    counter.pay(bill)
    copy.restore()

    found(counter)

    assert counter.credit(bill) == 31_680
    assert kinds() == ["extra_money"]


def test_a_restored_database_stays_closed_while_the_gateway_cannot_be_read(counter, backup):
    place = make.bill()
    copy = backup()
    counter.pay(place)
    copy.restore()
    counter.fault("500_before", "lookup_order", next=5)

    result = counter.reconcile()

    assert len(result.problems) == 1
    assert counter.do(why_closed) is Closed.RESTORED
    counter.control.clear_faults({})
    counter.reconcile()
    assert counter.do(why_closed) is None


def test_a_part_of_the_days_opens_nothing(counter, backup):
    place = make.bill()
    copy = backup()
    counter.pay(place)
    copy.restore()

    counter.reconcile(date(2026, 11, 26), date(2026, 11, 26))

    assert counter.do(why_closed) is Closed.RESTORED


def test_what_was_closed_by_hand_is_opened_by_hand(counter):
    counter.do(gate.close, "점검", "가 담당", clock.now())

    counter.reconcile()

    assert counter.do(why_closed) is Closed.BY_HAND


def test_an_older_backup_is_compared_from_its_newest_payment_on(counter, backup, clock_at):
    counter.pay(make.bill())
    place = make.bill()
    copy = backup()
    clock_at("2026-12-10 10:00")
    counter.pay(place)
    clock_at("2026-12-20 10:00")
    copy.restore()

    first, last = counter.do(compare.days_behind, clock.now())
    found(counter)

    assert (first, last) == (date(2026, 11, 25), date(2026, 12, 20))
    assert Bill.documents(place.premises_id, place.month).get().paid_at is not None


def test_the_journal_outlives_the_database(counter, backup):
    copy = backup()
    attempt = counter.open(make.bill())
    copy.restore()

    kept = counter.do(journal.find, {attempt.order_id}, clock.today() - timedelta(days=1))

    assert list(kept) == [attempt.order_id]
