"""Who writes to SQLite: one at a time, the next one at once, nobody for ever."""

import os

import pytest
from peewee import OperationalError, sqlite3

from app import db
from app.db import Turn, hurried, open_database, rows, writing


@pytest.fixture
def path(tmp_path):
    """A database in a file, which the program uses in this test."""
    before, found = db.database.obj, tmp_path / "own.db"
    opened = open_database(f"sqlite:///{found}")
    with writing():
        rows("CREATE TABLE tried (number INTEGER)")
    yield found
    opened.close()
    db.database.initialize(before)


def insert():
    with writing():
        rows("INSERT INTO tried VALUES (1) RETURNING number")


def test_a_write_waits_for_another_process_as_long_as_it_has_patience(path):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(OperationalError, match="locked"), hurried():
        insert()

    other.execute("COMMIT")
    insert()
    other.close()
    assert rows("SELECT count(*) FROM tried") == [(1,)]


def test_a_write_waits_for_another_thread_as_long_as_it_has_patience(path):
    Turn.lock.acquire()

    with pytest.raises(OperationalError, match="locked"), hurried():
        insert()

    Turn.lock.release()
    insert()
    assert rows("SELECT count(*) FROM tried") == [(1,)]


def test_a_write_that_fails_lets_the_next_one_in(path):
    with pytest.raises(OperationalError), writing():
        rows("INSERT INTO nothing VALUES (1)")

    insert()
    assert not Turn.lock.locked()


def test_reads_keep_their_patience_after_a_write(path):
    with writing():
        within = rows("PRAGMA busy_timeout")

    assert within == rows("PRAGMA busy_timeout") == [(5000,)]


def test_a_child_does_not_wait_for_a_thread_that_it_does_not_have(path):
    with Turn.lock:
        child = os.fork()
        if child == 0:
            os._exit(Turn.lock.locked())

    assert os.waitpid(child, 0)[1] == 0
