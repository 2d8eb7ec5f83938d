"""What tests of the desk of complaints share."""

from datetime import datetime

import pytest

from app.clock import SEOUL
from tests import make
from tests.markup import Page

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=SEOUL)


@pytest.fixture(autouse=True)
def monday(clock_at):
    clock_at("2026-11-23 10:00")


@pytest.fixture
def clerk(at_desk):
    return at_desk("clerk")


@pytest.fixture
def leak(db):
    """A leak of the office 091, due within hours, of somebody who gets mails."""
    return make.complaint(
        received_at=MONDAY,
        due_at=MONDAY.replace(hour=13),
        promised_at=MONDAY.replace(hour=13),
        email="bogi@example.com",
    )


@pytest.fixture
def do(clerk):
    """do(one, "ask", text="…") sends the form of an act as the page shows it."""

    def send(one, act, client=clerk, path=None, **fields):
        page = f"/staff/complaints/{one.reference}"
        return client.submit(page, path or f"{page}/acts/{act}", **fields)

    return send


@pytest.fixture
def token(clerk):
    def find(path="/staff/complaints/"):
        return Page(clerk.get(path).text).form("/staff/logout")["csrf_token"]

    return find


@pytest.fixture
def meanwhile(app):
    """meanwhile(acts.start, one, …) is an act of somebody else, outside of any request."""

    def run(act, *values):
        with app.app_context():
            return act(*values)

    return run
