"""In which order changes are told: emergencies first; none waits for one that cannot be told."""

import pytest

from app import clock
from app.alerts import sending
from app.alerts.models import Revision
from tests import make
from tests.outages.test_views import BURST
from tests.outbox import queued


@pytest.fixture(autouse=True)
def afternoon(clock_at):
    clock_at("2026-11-26 16:30")


def test_an_emergency_goes_before_a_planned_outage_that_is_being_told(
    app, db, outage_file, monkeypatch, clock_at
):
    monkeypatch.setattr(sending, "BATCH", 2)
    for number in range(4):
        make.outage_alert(recipient=f"{number}@example.com")
    outage_file("works")
    with app.test_request_context():
        telling = sending.watch(clock.now())
        next(telling)
        outage_file("burst", **BURST)
        clock_at("2026-11-26 16:31")
        next(telling)

        assert [one.kind for one in queued()][-2:] == ["outage_urgent"] * 2
        assert Revision.get(Revision.outage == "works").told_at is None
        list(telling)

    assert len(queued()) == 8


def test_an_outage_that_cannot_be_told_keeps_no_other_waiting(
    app, db, outage_file, monkeypatch, log_lines
):
    make.outage_alert(recipient="one@example.com")
    outage_file("burst", **BURST)
    outage_file("works")
    told = sending.Writer.values

    def broken(writer, *args):
        if writer.outage.id == "burst":
            raise ValueError("no such word")
        return told(writer, *args)

    with app.test_request_context(), monkeypatch.context() as changed:
        changed.setattr(sending.Writer, "values", broken)
        list(sending.watch(clock.now()))
        assert [one.kind for one in queued()] == ["outage"]
        assert [one for one in log_lines() if one.get("outage") == "burst"] != []
    with app.test_request_context():
        list(sending.watch(clock.now()))

    assert [one.kind for one in queued()] == ["outage", "outage_urgent"]
