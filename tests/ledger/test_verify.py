"""`flask ledger verify` finds the row that somebody has broken by hand, and only that (S-46)."""

import pytest

from app import clock
from app.db import is_postgres
from app.ledger.models import Operation
from app.payments.models import AttemptBill, Payment
from app.payments.refund_models import Refund
from app.reconciliation import verify
from tests import make

TABLES = ("ledger_operations", "ledger_entries", "attempt_events")


@pytest.fixture
def books(counter, db):
    """A city with every kind of operation, in which everything agrees; rows may be changed."""
    card, other = counter.pay(make.bill()), counter.pay(make.bill(usage_m3=10))
    counter.refund(other)
    deposit = counter.account(make.bill())
    counter.deposit(deposit)
    counter.notify()
    counter.sweep()
    counter.undo(deposit)
    counter.notify()
    counter.sweep()
    counter.agree()
    for table in TABLES:
        unlock(db, table)
    return card


def unlock(db, table):
    if is_postgres():
        db.execute_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    else:
        for what in ("update", "delete"):
            db.execute_sql(f"DROP TRIGGER {table}_no_{what}")


def found():
    return list(verify.problems())


def test_books_that_agree_have_no_problems(books):
    assert found() == []


BREAKS = [
    (
        "UPDATE ledger_entries SET amount = amount + 5 WHERE operation_id = {op} AND line = 1",
        "ledger_operations {op} (paid:{pay}:1): 2 entries add up to 5",
    ),
    (
        "DELETE FROM ledger_entries WHERE operation_id = {op} AND line = 2",
        "ledger_operations {op} (paid:{pay}:1): 1 entries add up to 31680",
    ),
    (
        "UPDATE bills SET paid_at = NULL WHERE premises_id = {place}",
        "bills {place} 2026-11 0: it is open, for which the ledger should have 0 won,"
        " and has 31680",
    ),
    (
        "UPDATE bills SET water = water + 5, total = total + 5 WHERE premises_id = {place}",
        "bills {place} 2026-11 0: it is paid, for which the ledger should have 31685 won,"
        " and has 31680",
    ),
    (
        "UPDATE payments SET amount = amount + 5 WHERE id = {pay}",
        "payments {pay} (31685 won): the ledger has 31680 won instead of 31685",
    ),
    (
        "UPDATE attempts SET state = 'declined' WHERE id = {attempt}",
        "attempts {attempt} ({order}): it is declined and has a payment",
    ),
    (
        "UPDATE attempt_bills SET amount = amount + 5 WHERE attempt_id = {attempt}",
        "attempts {attempt} ({order}): 31680 won, its bills 31685",
    ),
    (
        "UPDATE attempt_bills SET closed_at = NULL WHERE attempt_id = {attempt}",
        "attempt_bills {attempt} {place} 2026-11: held by an attempt that is paid",
    ),
    (
        "UPDATE refunds SET amount = amount - 5 WHERE payment_id = {back}",
        "payments {back} (14460 won): the ledger has 0 won instead of 5",
    ),
    (
        "UPDATE refunds SET state = 'approved' WHERE payment_id = {back}",
        "payments {back} (14460 won): the ledger has 0 won instead of 14460",
    ),
]


def names(books):
    """What the rows of the first payment, and of the one that went back, are called."""
    payment = Payment.of(books.id)
    return {
        "attempt": books.id,
        "order": books.order_id,
        "place": AttemptBill.of(books.id)[0].premises_id,
        "pay": payment.id,
        "op": Operation.get(payment_id=payment.id).id,
        "back": Refund.get().payment_id,
    }


@pytest.mark.parametrize(("sql", "said"), BREAKS, ids=[sql[:60] for sql, _ in BREAKS])
def test_the_row_that_is_broken_is_named(books, db, sql, said):
    known = names(books)

    db.execute_sql(sql.format(**known))

    assert found() == [said.format(**known)]


def test_a_payment_whose_operation_is_gone_is_named(books, db):
    known = names(books)

    db.execute_sql("DELETE FROM ledger_entries WHERE operation_id = {op}".format(**known))
    db.execute_sql("DELETE FROM ledger_operations WHERE id = {op}".format(**known))

    said = "payments {pay} (31680 won): the ledger has 0 won instead of 31680"
    assert found() == [said.format(**known)]


def test_an_operation_without_entries_is_named(books):
    made = make.operation(key="empty")

    assert [one.split(":")[0] for one in found()] == [f"ledger_operations {made.id} (empty)"]


def test_money_of_a_bill_that_is_not_there_is_named(books, db):
    place = make.premises()
    operation = make.operation()
    make.entry(operation=operation)
    make.entry(
        operation=operation, line=2, account="receivable", premises=place, month="2026-11",
        amount=-31_680,
    )  # fmt: skip

    assert found() == [f"ledger_entries of bill {place.id} 2026-11 0: there is no such bill"]


def test_the_command_says_that_all_is_well(runner, counter):
    counter.pay(make.bill())

    done = runner.invoke(args=["ledger", "verify"])

    assert (done.exit_code, done.output) == (0, "the ledger, the payments and the bills agree\n")


def test_the_command_names_what_is_wrong_and_exits_1(runner, counter):
    make.payment(paid_at=clock.now())

    done = runner.invoke(args=["ledger", "verify", "--json"])

    assert done.exit_code == 1
    assert "won instead of 31680" in done.output
