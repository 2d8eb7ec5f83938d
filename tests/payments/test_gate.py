"""Closed payments: by hand, by a restored or a damaged database, by a disk (F-31 to F-38)."""

import pytest
from peewee import OperationalError

from app import clock
from app.db import is_postgres
from app.payments import gate, journal
from app.payments.gate import Closed, why_closed
from app.payments.models import Attempt, AttemptBill, AttemptEvent, State
from app.payments.opening import RefusedError, Why
from tests import make


def closed(counter):
    return counter.do(why_closed)


def refused(counter, bill):
    with pytest.raises(RefusedError) as error:
        counter.open(bill)
    return error.value.why


def lose(attempt, db):
    """The database becomes what it was before an attempt."""
    db.execute_sql("DROP TRIGGER IF EXISTS attempt_events_no_delete" + on_postgres(db))
    for model in (AttemptEvent, AttemptBill):
        model.delete().where(model.attempt == attempt.id).execute()
    Attempt.delete().where(Attempt.id == attempt.id).execute()


def on_postgres(db):
    if is_postgres():
        db.execute_sql("DROP TRIGGER attempt_events_no_change ON attempt_events")
        return " ON attempt_events"
    return ""


def test_payments_are_open(counter):
    assert closed(counter) is None


def test_payments_that_are_closed_by_hand_are_not_opened(counter):
    counter.do(gate.close, "점검", "가 담당", clock.now())

    assert closed(counter) is Closed.BY_HAND
    assert refused(counter, make.bill()) is Why.CLOSED

    counter.do(gate.open_again, "", "가 담당", clock.now())
    assert counter.pay(make.bill()).state == State.PAID


def test_what_was_begun_before_the_closing_is_finished(counter):
    attempt = counter.open(make.bill())
    key = counter.authenticate(attempt)
    counter.do(gate.close, "점검", "가 담당", clock.now())

    assert counter.back(attempt, key).state == State.PAID
    counter.agree()


def test_a_database_without_its_newest_attempt_is_a_restored_one(counter, db):
    """F-38."""
    kept = counter.pay(make.bill())
    lost = counter.open(make.bill())
    assert closed(counter) is None

    lose(lost, db)

    assert closed(counter) is Closed.RESTORED
    assert refused(counter, make.bill()) is Why.CLOSED
    assert counter.fresh(kept).state == State.PAID


def test_a_restored_database_that_was_closed_by_hand_is_compared_before_it_is_opened(counter, db):
    attempt = counter.open(make.bill())
    key = counter.authenticate(attempt)
    other = counter.open(make.bill())
    counter.do(gate.close, "점검", "가 담당", clock.now())
    lose(other, db)

    assert closed(counter) is Closed.RESTORED
    assert counter.back(attempt, key).state != State.PAID
    counter.reconcile()
    assert closed(counter) is Closed.BY_HAND


def test_on_a_restored_database_nothing_is_confirmed(counter, db):
    attempt = counter.open(make.bill())
    key = counter.authenticate(attempt)
    lose(counter.open(make.bill()), db)

    assert counter.back(attempt, key).state == State.CREATED
    assert counter.money(attempt)["charges"] == 0


def test_a_machine_that_has_never_seen_these_payments_compares_first(counter, db):
    counter.pay(make.bill())
    (journal_folder(counter) / "mark").unlink()

    assert closed(counter) is Closed.UNMARKED
    counter.reconcile()
    assert closed(counter) is None


def journal_folder(counter):
    return counter.do(journal.folder)


def test_a_first_start_is_open(counter):
    assert not (journal_folder(counter) / "mark").exists()
    assert closed(counter) is None


def test_a_disk_that_fails_ends_the_taking_of_money_in_this_process(counter):
    """F-34: after a failed write nobody knows what is stored."""
    attempt = counter.open(make.bill())
    key = counter.authenticate(attempt)

    def failing():
        with gate.booking():
            raise OperationalError("disk I/O error")

    with pytest.raises(OperationalError):
        counter.do(failing)

    assert closed(counter) is Closed.BROKEN
    assert refused(counter, make.bill()) is Why.CLOSED
    assert counter.back(attempt, key).state == State.CREATED
    assert counter.money(attempt)["charges"] == 0


@pytest.mark.parametrize(
    "text", ["database or disk is full", "attempt to write a readonly database", "locked"]
)
def test_a_full_a_read_only_or_a_locked_database_is_only_a_pause(counter, text):
    """F-31 to F-33: nothing was stored; the next try may be better."""

    def failing():
        with gate.booking():
            raise OperationalError(text)

    with pytest.raises(OperationalError):
        counter.do(failing)

    assert closed(counter) is None


def test_a_journal_that_cannot_be_written_opens_nothing(counter, monkeypatch):
    def full(*arguments):
        raise OSError("no space left")

    monkeypatch.setattr("app.payments.journal.os.write", full)

    assert refused(counter, make.bill()) is Why.CLOSED
    assert Attempt.select().count() == 0


def test_tables_that_are_damaged_close_payments_until_somebody_opens_them(counter, monkeypatch):
    """F-36: what SQLite finds is written beside the database, which may not be trusted."""
    monkeypatch.setattr(gate, "looked_through", lambda table: [f"{table}: row 5 missing"])
    monkeypatch.setattr(gate, "is_postgres", lambda: False)

    found = counter.do(gate.check_tables)

    assert found[0] == "ledger_operations: row 5 missing"
    assert closed(counter) is Closed.DAMAGED
    counter.do(gate.open_again, "mended", "가 담당", clock.now())
    assert closed(counter) is None


def test_the_journal_keeps_what_is_needed_and_no_names(counter):
    bill = make.bill()
    attempt = counter.open(bill)

    lines = list(counter.do(lambda: list(journal.lines(clock.today()))))

    assert [one["order_id"] for one in lines] == [attempt.order_id]
    assert lines[0]["bills"] == [[bill.premises_id, "2026-11", 0, 0, 31_680]]
    assert "김보기" not in str(lines)


def test_a_torn_line_of_the_journal_is_left_out(counter):
    attempt = counter.open(make.bill())
    path = next(journal_folder(counter).glob("*.jsonl"))
    path.write_text(path.read_text("utf-8") + '{"order_id": "X')

    found = counter.do(journal.find, {attempt.order_id, "X"}, clock.today())

    assert list(found) == [attempt.order_id]


def test_old_days_of_the_journal_go(counter, clock_at):
    counter.open(make.bill())
    clock_at("2027-03-01 10:00")
    counter.open(make.bill())

    counter.do(journal.forget, clock.today())

    assert [path.stem for path in journal_folder(counter).glob("*.jsonl")] == ["2027-03-01"]
