"""Double entry: what is written adds up to zero, and stays as it was written."""

import pytest
from peewee import DatabaseError

from app import clock
from app.db import database, writing
from app.ledger.book import Occasion, Posting, UnbalancedError, credit_of, moves, paid_of, post
from app.ledger.models import Book, Entry, Operation
from app.payments.models import AttemptEvent
from tests import make


def occasion(key="test:1", **values):
    given = {"kind": "test", "at": make.LONG_AGO, "now": clock.now(), **values}
    return Occasion(key=key, **given)


@pytest.fixture
def bill(db):
    return make.bill()


def pay(bill, amount, key="test:1"):
    receivable = Posting(Book.RECEIVABLE, -amount, bill.premises_id, bill.month)
    return post(occasion(key), [Posting(Book.GATEWAY, amount), receivable])


def test_an_operation_has_entries_that_add_up_to_zero(bill):
    assert pay(bill, 31_680)

    entries = list(Entry.select().order_by(Entry.line))
    assert [(one.account, one.amount) for one in entries] == [
        ("gateway", 31_680),
        ("receivable", -31_680),
    ]
    assert paid_of(bill.premises_id, bill.month, 0) == 31_680


@pytest.mark.parametrize(
    "postings",
    [
        [Posting(Book.GATEWAY, 5)],
        [Posting(Book.GATEWAY, 5), Posting(Book.BANK, -4)],
        [Posting(Book.GATEWAY, 0), Posting(Book.BANK, 0)],
        [],
    ],
)
def test_what_does_not_add_up_is_not_written(db, postings):
    with pytest.raises(UnbalancedError):
        post(occasion(), postings)
    assert Operation.select().count() == 0


def test_the_same_thing_happens_once(bill):
    assert pay(bill, 31_680)
    assert not pay(bill, 31_680)

    assert Entry.select().count() == 2


def test_entries_of_nothing_are_left_out(bill):
    post(occasion(), [Posting(Book.GATEWAY, 5), Posting(Book.FEES, 0), Posting(Book.BANK, -5)])

    assert Entry.select().count() == 2


def test_when_it_happened_and_when_it_was_written_are_two_moments(bill, clock_at):
    clock_at("2026-11-26 10:00")

    pay(bill, 5)

    for row in (Operation.get(), Entry.select().first()):
        assert row.event_at == make.LONG_AGO
        assert row.created_at == clock.now()


def test_an_operation_is_written_only_with_what_it_tells_about(app, monkeypatch):
    monkeypatch.setattr(database.obj, "in_transaction", lambda: False)

    with pytest.raises(RuntimeError, match="in the transaction"):
        post(occasion(), [Posting(Book.GATEWAY, 5), Posting(Book.BANK, -5)])


def test_a_credit_is_the_premises(bill):
    post(occasion(), [Posting(Book.GATEWAY, 5), Posting(Book.CREDIT, -5, bill.premises_id)])

    assert credit_of(bill.premises_id) == 5
    assert credit_of(make.premises().id) == 0


def test_the_account_of_a_premises_newest_first(bill):
    pay(bill, 5)
    post(occasion("test:2"), [Posting(Book.BANK, 7), Posting(Book.CREDIT, -7, bill.premises_id)])

    assert [(one.account, one.amount) for one in moves(bill.premises_id)] == [
        ("credit", -7),
        ("receivable", -5),
    ]


CHANGES = [
    "UPDATE ledger_entries SET amount = 5",
    "DELETE FROM ledger_entries",
    "UPDATE ledger_operations SET actor = 'x'",
    "DELETE FROM ledger_operations",
    "UPDATE attempt_events SET what = 'x'",
    "DELETE FROM attempt_events",
]


@pytest.mark.parametrize("sql", CHANGES)
def test_the_database_refuses_to_change_what_is_written(db, bill, sql):
    """C-5, on both engines, whoever asks."""
    pay(bill, 5)
    AttemptEvent.note(make.attempt(), "test", clock.now())

    with pytest.raises(DatabaseError, match="only added to"), db.atomic():
        db.execute_sql(sql)


def test_a_write_that_fails_writes_nothing_of_an_operation(db, bill):
    with pytest.raises(DatabaseError), writing():
        post(occasion(), [Posting(Book.GATEWAY, 5), Posting(Book.CREDIT, -5)])

    assert Operation.select().count() == 0
