"""Statements that are built once read, add and change rows as Peewee would."""

import pytest
from peewee import IntegrityError

from app import clock
from app.db import writing
from app.payments.models import Attempt, AttemptEvent
from app.ready import add, change, read, read_one
from tests import make

pytestmark = pytest.mark.usefixtures("db")


def test_a_row_is_read_as_peewee_reads_it():
    attempt = make.attempt(email="resident@demo.invalid", deposit_until=clock.now())

    (found,) = read(Attempt, "order_id = ?", attempt.order_id)

    assert found.__data__ == Attempt.get_by_id(attempt.id).__data__
    assert not found.is_dirty()


def test_no_row_is_none():
    assert read_one(Attempt, "order_id = ?", "none") is None


def test_a_row_is_added_as_peewee_adds_it():
    made = make.attempt()
    values = {"at": clock.now(), "state": "created", "what": "x", "detail": "", "actor": ""}

    with writing():
        number = add(AttemptEvent, attempt=made, **values)

    found = AttemptEvent.get_by_id(number)
    assert {name: getattr(found, name) for name in values} == values
    assert found.attempt == made


def test_what_the_database_refuses_is_peewees_error():
    made = make.attempt()
    values = {name: value for name, value in made.__data__.items() if name != "id"}

    with pytest.raises(IntegrityError), writing():
        add(Attempt, **values)


def test_only_the_rows_for_which_the_condition_holds_are_changed():
    made, other = make.attempt(state="created"), make.attempt(state="opened")

    with writing():
        changed = change(Attempt, "id = ? AND state = ?", made.id, "created", email="a@b.invalid")
        missed = change(Attempt, "id = ? AND state = ?", other.id, "created", email="a@b.invalid")

    assert (changed, missed) == (True, False)
    assert Attempt.get_by_id(made.id).email == "a@b.invalid"
    assert Attempt.get_by_id(other.id).email != "a@b.invalid"
