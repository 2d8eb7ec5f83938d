"""What a server shows that starts while a file is broken: what was last told of it."""

import pytest
from peewee import OperationalError

from app import clock
from app.outages import shelf
from tests import make
from tests.alerts.conftest import EXTENDED
from tests.outages import files
from tests.outages.test_views import BURST


@pytest.fixture(autouse=True)
def noon(clock_at):
    clock_at("2026-11-26 16:30")


@pytest.fixture
def told(db):
    """Two revisions of an outage that people were told of."""
    for number, fields in enumerate((BURST, EXTENDED), 1):
        make.outage_revision(outage="burst", number=number, record=files.text(**fields))


def started(app):
    """The outages of a server that starts now."""
    return shelf.Shelf(app)


def test_a_broken_file_is_shown_as_it_was_last_told(app, told, outage_file, log_lines):
    outage_file("burst", text="---\ntitle: [\n---\n")

    found = started(app)

    assert found.current()["burst"].to_at.hour == 13  # 22:00 in Seoul
    assert found.state()[0][0] == 1, "kept pages go"
    assert found.texts["burst"] == files.text(**EXTENDED)
    events = [line["event"] for line in log_lines()]
    assert "outage left out" in events
    assert "outage shown as it was last told" in events


def test_it_stays_while_other_files_change_and_goes_with_its_file(app, told, outage_file):
    outage_file("burst", text="broken")
    found = started(app)
    found.current()

    outage_file("works")
    found.look_now()
    found.next_look, found.signature = 0.0, None
    assert {"burst", "works"} <= found.current().keys()

    outage_file("burst", **BURST)
    found.next_look, found.signature = 0.0, None
    assert found.current()["burst"].state == "in_progress"


def test_a_deleted_file_stays_deleted_and_a_withdrawn_one_is_not_shown(app, told, outage_file):
    assert "burst" not in started(app).current()

    make.outage_revision(outage="draft", withdrawn_at=clock.now())
    outage_file("draft", text="broken")
    assert "draft" not in started(app).current()


def test_what_was_never_told_is_not_made_up(app, db, outage_file):
    outage_file("burst", text="broken")

    found = started(app)

    assert "burst" not in found.current()
    assert not found.unknown


def test_what_was_told_and_is_wrong_by_now_breaks_nothing(app, db, outage_file):
    make.outage_revision(outage="burst", record=files.text(kind="flood"))
    outage_file("burst", text="broken")
    outage_file("works")

    assert started(app).current().keys() >= {"works"}


def test_a_database_that_is_not_there_yet_is_asked_again(app, told, outage_file, monkeypatch):
    outage_file("burst", text="broken")
    found = started(app)

    def away(*_):
        raise OperationalError("no such table")

    with monkeypatch.context() as broken:
        broken.setattr(shelf, "rows", away)
        assert "burst" not in found.current()
    found.look_now()

    assert "burst" in found.current()


def test_the_desk_shows_a_broken_file_and_what_was_told_of_it(app, told, at_desk, outage_file):
    outage_file("burst", text="---\ntitle: [\n---\n")
    before = app.extensions["outages"]
    app.extensions["outages"] = started(app)
    desk = at_desk("manager", office="100")

    try:
        board, form = desk.get("/staff/outages/").text, desk.get("/staff/outages/burst").text
    finally:
        app.extensions["outages"] = before
    assert "burst.md" in board
    assert 'value="2026-11-26T22:00"' in form
