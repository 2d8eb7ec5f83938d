"""The log of who did what: rows are added, and a change to any of them is found and named."""

from datetime import timedelta

import pytest
from peewee import DatabaseError

from app import clock
from app.audit import trail
from app.audit.models import Entry, Head
from app.db import database, is_postgres
from tests import make


@pytest.fixture
def ten(db):
    return [make.recorded("test", number=number) for number in range(10)]


def tamper(sql, *values):
    """What somebody does who has the database in hands, and with it its triggers."""
    if is_postgres():
        database.execute_sql("ALTER TABLE audit DISABLE TRIGGER ALL")
    else:
        database.execute_sql("DROP TRIGGER audit_changed")
        database.execute_sql("DROP TRIGGER audit_removed")
    database.execute_sql(sql.replace("?", "%s") if is_postgres() else sql, values)


def test_a_log_as_it_was_written_is_whole(ten):
    assert list(trail.problems()) == []


@pytest.mark.parametrize(
    "change",
    [
        "details = '{\"number\": 7}'",
        "actor_name = 'somebody else'",
        "at = '2025-01-01 00:00:00.000000'",
        "account_id = 5",
        "mac = '0'",
    ],
)
def test_a_changed_row_is_named(ten, change):
    tamper(f"UPDATE audit SET {change} WHERE id = ?", ten[4])

    assert f"row {ten[4]} was changed" in list(trail.problems())


def test_a_removed_row_is_named(ten):
    tamper("DELETE FROM audit WHERE id = ?", ten[4])

    assert list(trail.problems()) == [f"row {ten[4]} is missing"]


def test_rows_removed_at_the_end_are_named(ten):
    tamper("DELETE FROM audit WHERE id >= ?", ten[8])

    assert list(trail.problems()) == [f"rows {ten[8]} to {ten[9]} are missing"]


def test_two_rows_that_changed_places_are_named(ten):
    first, second = (Entry.get_by_id(number) for number in ten[3:5])
    tamper("UPDATE audit SET details = ?, mac = ? WHERE id = ?", second.details, second.mac, ten[3])
    sql = "UPDATE audit SET details = ?, mac = ? WHERE id = ?"
    values = (first.details, first.mac, ten[4])
    database.execute_sql(sql.replace("?", "%s") if is_postgres() else sql, values)

    assert f"row {ten[3]} was changed" in list(trail.problems())


def test_a_row_that_was_put_in_without_the_chain_is_named(ten):
    make.audit_row(id=ten[-1] + 1)

    assert f"row {ten[-1] + 1} was changed" in list(trail.problems())


@pytest.mark.parametrize("sql", ["UPDATE audit SET details = ''", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_change_the_log(ten, sql):
    with pytest.raises(DatabaseError, match="never"), database.atomic():
        database.execute_sql(sql)

    assert Entry.select().count() == 10


def test_the_secret_of_the_chain_is_sealed(ten):
    (kept,) = database.execute_sql("SELECT key FROM audit_head").fetchone()

    assert kept.startswith("k")
    assert Head.get_by_id(1).key not in kept


def test_a_row_is_undone_with_what_it_tells_of(ten):
    with database.atomic() as transaction:
        make.recorded("test")
        transaction.rollback()

    assert make.recorded("test") == ten[-1] + 1
    assert list(trail.problems()) == []


def test_old_rows_are_destroyed_and_the_rest_is_still_a_chain(ten):
    now = clock.now()
    trail.record(trail.system("tests"), "new", now=now)

    erased = sum(trail.erase(now - timedelta(days=1), now))

    assert erased == 10
    assert [one.action for one in Entry.select().order_by(Entry.id)] == ["new", "audit.erased"]
    assert list(trail.problems()) == []
    tamper("DELETE FROM audit WHERE id = ?", ten[-1] + 1)
    assert list(trail.problems()) == [f"row {ten[-1] + 1} is missing"]


def test_what_is_not_old_cannot_be_destroyed_with_it(ten):
    sum(trail.erase(make.LONG_AGO, clock.now()))

    assert Entry.select().where(Entry.id.in_(ten)).count() == 10


def test_an_old_clock_among_new_rows_destroys_nothing_new(ten):
    now = clock.now()
    trail.record(trail.system("tests"), "old clock", now=now.replace(year=2000))
    new = trail.record(trail.system("tests"), "new", now=now)
    trail.record(trail.system("tests"), "old clock", now=now.replace(year=2000))

    sum(trail.erase(now - timedelta(days=1), now))

    kept = [one.action for one in Entry.select().order_by(Entry.id)]
    assert kept == ["new", "old clock", "audit.erased"]
    assert Entry.select().order_by(Entry.id).first().id == new
    assert list(trail.problems()) == []


def test_a_young_row_keeps_all_behind_it(db):
    now = clock.now()
    for _ in range(5):
        trail.record(trail.system("tests"), "new", now=now)
    trail.record(trail.system("tests"), "old clock", now=now.replace(year=2000))

    assert sum(trail.erase(now - timedelta(days=1), now)) == 0
    assert Entry.select().count() == 6


@pytest.mark.parametrize("last", [6, 9])
def test_a_head_that_says_more_was_erased_than_was_is_named(ten, last):
    number = ten[last]
    database.execute_sql(
        f"UPDATE audit_head SET erased_id = {number}, erased_mac = "
        f"(SELECT mac FROM audit WHERE id = {number})"
    )
    database.execute_sql(f"DELETE FROM audit WHERE id <= {number}")

    said = f"rows up to {number} are missing: no row says that they were erased"
    assert list(trail.problems()) == [said]


def test_a_log_that_is_gone_is_missed_where_staff_is(ten):
    make.member()
    tamper("DELETE FROM audit")
    database.execute_sql("DELETE FROM audit_head")

    assert list(trail.problems()) == ["the log begins later than the first member of staff"]


def test_a_log_that_began_anew_is_younger_than_the_staff(ten):
    make.member()
    tamper("DELETE FROM audit")
    database.execute_sql("UPDATE audit_head SET last_id = 0, last_mac = ''")
    trail.record(trail.system("tests"), "new", now=clock.now())

    assert list(trail.problems()) == ["the log begins later than the first member of staff"]


def test_a_log_without_anything_that_happened_is_whole(db):
    assert list(trail.problems()) == []


def test_the_command_exits_with_one_and_names_the_row(ten, runner):
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    tamper("UPDATE audit SET action = 'nothing' WHERE id = ?", ten[2])

    result = runner.invoke(args=["audit", "verify"])

    assert result.exit_code == 1
    assert f"row {ten[2]} was changed" in result.output
