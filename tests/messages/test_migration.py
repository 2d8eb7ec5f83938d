"""What waited before there were text messages is there afterwards, and kept as strictly."""

import os
from pathlib import Path

import pytest
from peewee import IntegrityError
from playhouse.migrations import Runner

from app import create_app, migration
from app import db as app_db
from app.db import rows
from tests import postgres
from tests.conftest import CLUSTER, SETTINGS, prepare

BEFORE = ("0001", "0002", "0003", "0004", "0005")
MOMENT = "2026-11-20 10:00:00.000000"
OLD = f"""
INSERT INTO accounts (email, name, password_hash, created_at)
    VALUES ('a@b.kr', '-', '-', '{MOMENT}');
INSERT INTO notice_choices (account_id, topic, channel, chosen_at)
    VALUES (1, 'bill', 'mail', '{MOMENT}');
INSERT INTO codes (purpose, browser_hash, subject, code_hash, tries, expires_at)
    VALUES ('proof', 'b', 's', 'c', 1, '{MOMENT}');
INSERT INTO messages (reference, kind, channel, language, recipient, content, dedupe_key,
    account_id, priority, state, attempts, run_after, lease, created_at, expires_at, problem)
    VALUES ('REF', 'test', 'mail', 'ko', 'r', 'c', 'key', 1, 1, 'created', 2, '{MOMENT}', '',
    '{MOMENT}', '{MOMENT}', '451')
"""
BAD = (
    "UPDATE messages SET channel = 'pigeon'",
    "UPDATE messages SET state = 'lost'",
    "UPDATE messages SET cause = 'fate'",
    "UPDATE messages SET priority = 4",
    "UPDATE notice_choices SET channel = 'letter'",
    "UPDATE notice_choices SET topic = 'news'",
    "UPDATE codes SET purpose = 'fun'",
    "UPDATE codes SET tries = -1",
)
GOOD = (
    "UPDATE messages SET channel = 'sms', state = 'suppressed'",
    "UPDATE messages SET priority = 3",
    "UPDATE messages SET channel = 'push', state = 'accepted'",
    "UPDATE notice_choices SET channel = 'push'",
    "UPDATE codes SET purpose = 'phone'",
)


@pytest.fixture
def old(request, app, db, tmp_path):
    """A database of the version before, with a row in each table that is made anew."""
    before, url = app_db.database.obj, f"sqlite:///{tmp_path / 'old.db'}"
    if request.config.getoption("--database") == "postgres":
        url = postgres.new_database(os.environ[CLUSTER], f"old_{os.getpid()}")
    prepare(create_app({**SETTINGS, "DATABASE_URL": url, "DATA_DIR": str(tmp_path)}))
    folder = tmp_path / "before"
    folder.mkdir()
    for path in Path(migration.DIRECTORY).glob("*.py"):
        if path.name.startswith(BEFORE):
            (folder / path.name).write_bytes(path.read_bytes())
    database = app_db.database.obj
    database.connect()
    Runner(database, str(folder)).up()
    for statement in OLD.split(";"):
        database.execute_sql(statement)
    yield database
    database.close()
    app_db.database.initialize(before)


def test_rows_of_before_are_kept_and_the_rules_hold(old):
    migration.migrate()

    found = rows("SELECT reference, state, attempts, problem, cause, otherwise FROM messages")
    assert found == [("REF", "created", 2, "451", "", "")]
    assert rows("SELECT account_id, topic, channel FROM notice_choices") == [(1, "bill", "mail")]
    assert rows("SELECT purpose, tries FROM codes") == [("proof", 1)]
    assert rows("SELECT phone_hash, phone_verified_at FROM accounts") == [("", None)]
    for sql in GOOD:
        old.execute_sql(sql)
    for sql in BAD:
        with pytest.raises(IntegrityError), old.atomic():
            old.execute_sql(sql)


def test_a_choice_still_ends_with_its_account(old):
    migration.migrate()

    old.execute_sql("DELETE FROM accounts")

    assert rows("SELECT 1 FROM notice_choices") == []
