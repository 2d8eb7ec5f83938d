"""The database: agrees with the models, refuses what must never be, keeps what it was given."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from peewee import IntegrityError, OperationalError
from playhouse.schema_diff import diff_models

from app import create_app, migration
from app import db as app_db
from app.bills.models import Bill
from app.config import ROOT
from app.db import PRAGMAS, SAFE_SQLITE, BaseModel, UnsafeDatabaseError
from tests import make, routes
from tests.conftest import prepare
from tests.wrong_rows import BAD_BILLS, BAD_ROWS, TWICE


def models():
    return BaseModel.__subclasses__()


def checks(model):
    """The texts of a model's CHECK constraints."""
    fields = [check for field in model._meta.sorted_fields for check in field.constraints or ()]
    return [check.sql for check in [*fields, *(model._meta.constraints or ())]]


def unique_columns(db, model):
    """The sets of columns that the database keeps unique in a model's table."""
    indexes = db.get_indexes(model._meta.table_name)
    found = {tuple(index.columns) for index in indexes if index.unique}
    return found | {tuple(db.get_primary_keys(model._meta.table_name))}


def described(case):
    function, values = case
    return f"{function.__name__}: {', '.join(values)}"


@pytest.fixture
def own_database(tmp_path, settings):
    """own_database() is an app on an empty SQLite file, which the models use in this test."""
    before = app_db.database.obj
    opened = []

    def start():
        url = f"sqlite:///{tmp_path / 'own.db'}"
        own = {"DATABASE_URL": url, "DATA_DIR": str(tmp_path), "CONTENT_DIR": str(tmp_path)}
        found = routes.with_view(prepare(create_app({**settings, **own})))
        opened.append(app_db.database.obj)
        return found

    yield start
    for database in opened:
        database.close()
    app_db.database.initialize(before)


def test_migrations_make_what_the_models_describe(db):
    assert not diff_models(db.obj, models())


def test_every_table_belongs_to_a_model(db):
    ours = {model._meta.table_name for model in models()}

    words = {name for name in db.get_tables() if name.startswith("complaint_words")}
    assert set(db.get_tables()) - ours - words == {"schema_migration"}
    assert words


@pytest.mark.parametrize("case", BAD_ROWS, ids=described)
def test_the_database_refuses_a_row_that_cannot_be(db, case):
    function, values = case

    with pytest.raises(IntegrityError), db.atomic():
        function(**values)


@pytest.mark.parametrize("column", BAD_BILLS)
def test_the_database_refuses_a_bill_that_cannot_be(db, column):
    row = {**make.bill().__data__, "revision": 1, column: BAD_BILLS[column]}

    with pytest.raises(IntegrityError), db.atomic():
        Bill.create(**row)


def test_every_rule_of_the_models_is_tried_with_a_row_that_breaks_it():
    tried = {column for _, values in BAD_ROWS for column in values} | set(BAD_BILLS)
    rules = [check for model in models() for check in checks(model)]

    assert [rule for rule in rules if not any(column in rule for column in tried)] == []


@pytest.mark.parametrize("function", TWICE, ids=lambda function: function.__name__)
def test_the_database_refuses_the_same_thing_twice(db, function):
    first = function()
    unique = TWICE[function]

    other = {name: value for name, value in first.__data__.items() if name != "id"}
    with pytest.raises(IntegrityError, match=r"(?i)unique"), db.atomic():
        type(first).create(**other)
    assert unique in unique_columns(db, first)


def test_premises_with_a_history_cannot_be_deleted(db):
    reading = make.reading()

    with pytest.raises(IntegrityError), db.atomic():
        reading.premises.delete_instance()


def test_a_moment_without_time_zone_is_refused(db):
    with pytest.raises(ValueError, match="time zone"):
        make.account(created_at=datetime(2026, 11, 1))  # noqa: DTZ001


def test_a_moment_comes_back_as_it_was_given(db):
    moment = datetime(2026, 11, 1, 2, 3, 4, 567890, tzinfo=UTC)

    account = make.account(created_at=moment)

    assert type(account).get_by_id(account.id).created_at == moment


def test_money_is_never_a_float(db):
    with pytest.raises(TypeError, match="float"):
        make.bill(total=1.5)


def test_the_sqlite_pragmas_are_read_back(own_database):
    own_database()
    database = app_db.database.obj

    found = {name: database.pragma(name) for name in PRAGMAS}

    assert found == PRAGMAS


def test_every_new_connection_gets_the_pragmas(own_database):
    own_database()
    database = app_db.database.obj
    database.connect()
    database.close()

    database.connect()

    assert {name: database.pragma(name) for name in PRAGMAS} == PRAGMAS


def test_a_pragma_that_does_not_hold_stops_the_connection(own_database, monkeypatch):
    own_database()
    monkeypatch.setitem(PRAGMAS, "page_count", -1)

    with pytest.raises(UnsafeDatabaseError, match="page_count"):
        app_db.database.obj.connect()


def test_a_sqlite_that_can_lose_data_is_refused(own_database, monkeypatch):
    monkeypatch.setattr("app.db.sqlite3.sqlite_version_info", (3, 51, 2))

    with pytest.raises(UnsafeDatabaseError, match="can lose committed data"):
        own_database()


def test_the_installed_sqlite_is_safe():
    assert app_db.sqlite3.sqlite_version_info >= SAFE_SQLITE


def test_a_database_that_is_behind_is_not_served(own_database, log_lines):
    client = own_database().test_client()

    answers = [client.get(path).status_code for path in ("/", "/login", "/bills/", "/learn/")]

    assert answers == [503, 503, 503, 503]
    assert "flask db migrate" in log_lines()[-1]["event"]


def test_the_health_answer_says_that_the_database_is_behind(own_database):
    answer = own_database().test_client().get("/healthz")

    assert answer.status_code == 503
    assert "flask db migrate" in answer.json["migrations"]


def test_a_database_that_was_behind_is_served_once_it_is_migrated(own_database):
    client = own_database().test_client()
    client.get("/login")

    migration.migrate()

    assert client.get("/login").status_code == 200
    assert client.get("/healthz").json["status"] == "ok"


def test_a_database_from_a_newer_program_is_not_served(own_database):
    client = own_database().test_client()
    migration.migrate()
    table = next(name for name in app_db.database.get_tables() if "migration" in name)
    newest = f"(SELECT max(name) FROM {table})"
    app_db.database.execute_sql(
        f"UPDATE {table} SET name = '9999_from_the_future' WHERE name = {newest}"
    )

    answer = client.get("/login")

    assert answer.status_code == 503
    assert "update the program" in client.get("/healthz").json["migrations"]


def test_a_locked_database_is_told_as_a_pause(own_database):
    app = own_database()
    migration.migrate()

    def view():
        raise OperationalError("database is locked")

    answer = routes.with_view(app, view).test_client().get("/test-only")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "120")
    assert 'href="tel:02-120"' in answer.text


@pytest.mark.slow
def test_two_processes_that_migrate_at_once_do_it_once(tmp_path):
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "migrate"]
    environment = {"DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}

    runs = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [run.communicate()[0] for run in runs]

    assert [run.returncode for run in runs] == [0, 0, 0]
    assert sum("applied 0001" in text for text in said) == 1
