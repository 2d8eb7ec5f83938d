"""What all tests share: the app, a database that forgets, a client that checks every page.

`app`      one for the run, with cheap password hashes and its own database
`db`       the database inside a transaction that is rolled back; needed by `make`
`client`   a visitor's browser; every page that it opens is checked (tests/client.py)
`signed_in`  the client of a customer, `signed_in.account`; `sign_in(account)` makes more of them
`at_desk`  at_desk("clerk") is the client of a member of staff
`runner`   runs `flask …` commands
`clock_at` stops the clock: clock_at("2026-11-12 09:00"), in Seoul unless the text has an offset
`log_lines`  log_lines() are the lines that the program has logged, as dicts
`make_app` another app on the same database: make_app(MODE="production", …)

On PostgreSQL a refused statement spoils the transaction around it: write
`with pytest.raises(IntegrityError), db.atomic():`.
"""

import json
import logging
import os
from contextlib import ExitStack
from datetime import datetime
from io import StringIO

import hypothesis
import pytest

from app import clock, create_app, migration
from app import db as app_db
from app.accounts.models import Session
from app.observe import JsonLine
from app.staff.session import TOKEN
from app.staff.sign_ins import StaffSession
from tests import make, postgres, routes
from tests.client import CheckingClient

USES_DATABASE = {"db", "client", "signed_in", "sign_in", "at_desk", "runner", "make_app"}
CLUSTER = "TEST_POSTGRES_FOLDER"
STRICT = os.environ.get("CI") == "true" or os.environ.get("REQUIRE_ALL") == "1"
SETTINGS = {
    "MODE": "development",
    "SECRET_KEY": "tests-only-secret-key-of-thirty-two-signs",
    "BILL_CODE_KEY": "tests-only-bill-code-key-of-many-signs",
    "DATA_KEY": "tests-only-data-key-of-thirty-two-signs",
    "PASSWORD_MEMORY_KIB": 64,
    "PASSWORD_ROUNDS": 1,
    "CONTENT_CHECK_SECONDS": 3600,
}
TEXTS_ON = {"SMS_URL": "http://127.0.0.1:1"}
"""Text messages are switched on; nobody listens there."""


def pytest_addoption(parser):
    parser.addoption(
        "--database",
        choices=("sqlite", "postgres"),
        default="sqlite",
        help="the engine that tests with a database run on",
    )


def pytest_configure(config):
    config.addinivalue_line("markers", "database: uses the database; runs on both engines")
    wanted = config.getoption("--database") == "postgres" and not hasattr(config, "workerinput")
    if wanted and (binaries := postgres.binaries()):
        config.cluster = postgres.Cluster(binaries).start()
        os.environ[CLUSTER] = str(config.cluster.folder)


def pytest_unconfigure(config):
    if hasattr(config, "cluster"):
        config.cluster.stop()


def pytest_collection_modifyitems(items):
    """Mark tests that use the database; they are run on both engines."""
    for item in items:
        if USES_DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)


def pytest_sessionfinish(session):
    """Where everything must run, a skipped test is a failed run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if STRICT and reporter and reporter.stats.get("skipped"):
        reporter.write_line("Tests were skipped, and here none may be.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


hypothesis.settings.register_profile("steady", deadline=None)  # the machine has moods
hypothesis.settings.load_profile("steady")


@pytest.fixture(scope="session")
def database_url(request, tmp_path_factory):
    if request.config.getoption("--database") == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.db'}"
    if CLUSTER not in os.environ:
        pytest.skip(postgres.MISSING)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return postgres.new_database(os.environ[CLUSTER], f"test_{worker}")


@pytest.fixture(scope="session")
def settings(database_url, tmp_path_factory):
    """What the tests' app differs in from a developer's."""
    return {
        **SETTINGS,
        "DATABASE_URL": database_url,
        "DATA_DIR": str(tmp_path_factory.mktemp("data")),
    }


def prepare(app):
    """Make an app speak with the checking client, and keep its request log out of reports."""
    app.test_client_class = CheckingClient
    quiet()
    return app


def quiet():
    """Keep the lines of requests out of the log; every app that is made wants them again."""
    logging.getLogger("arisu").setLevel(logging.WARNING)


@pytest.fixture(scope="session")
def app(settings):
    found = create_app({**settings, **TEXTS_ON})
    prepare(found)
    migration.migrate()
    yield found
    app_db.database.close()


@pytest.fixture
def db(app):
    """The database; what a test does to it is undone afterwards."""
    app_db.database.connect(reuse_if_open=True)
    with app_db.database.atomic() as transaction:
        yield app_db.database
        transaction.rollback()


@pytest.fixture
def client(app, db):
    return app.test_client()


@pytest.fixture
def sign_in(app, db):
    """sign_in(account) is the client of a browser in which this account is signed in."""

    def start(account, client=None):
        client = client or app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = Session.start(account, clock.now())
        client.account = account
        return client

    return start


@pytest.fixture
def signed_in(sign_in):
    return sign_in(make.account())


@pytest.fixture
def at_desk(app, db):
    """at_desk("clerk") is the client of a member with these roles, just signed in; `.member`.

    `member=` takes one that is there, `office=` another office than 091 (`""` is all of them).
    """

    def start(*roles, office="091", member=None, factor="totp"):
        client = app.test_client()
        client.member = member or make.member(*roles, office=office)
        with client.session_transaction("/staff/") as session:
            session[TOKEN] = StaffSession.start(client.member, "Chrome", factor, clock.now())
        return client

    return start


@pytest.fixture
def runner(app, db):
    return app.test_cli_runner()


@pytest.fixture(scope="session")
def made_apps():
    """Apps by their settings, with the database that each would use without the tests."""
    made = {}
    yield made
    for _, database in made.values():
        database.close()


@pytest.fixture
def make_app(app, db, settings, made_apps):
    """Another app, whose models use the transaction of this test; same settings, same app."""

    def start(**changes):
        key = tuple(sorted(changes.items()))
        if key not in made_apps:
            database = app_db.database.obj
            try:
                found = routes.with_view(prepare(create_app({**settings, **changes})))
                made_apps[key] = found, app_db.database.obj
            finally:
                app_db.database.initialize(database)
        return made_apps[key][0]

    return start


@pytest.fixture
def log_lines():
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLine())
    logger = logging.getLogger("arisu")
    logger.addHandler(handler)
    quiet()
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)


@pytest.fixture
def clock_at():
    with ExitStack() as stack:

        def stop(moment):
            if isinstance(moment, str):
                moment = datetime.fromisoformat(moment)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=clock.SEOUL)
            stack.enter_context(clock.at(moment))

        yield stop
