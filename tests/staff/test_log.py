"""The log on the desk: whose rows an office sees, bounds of its filters, and its monthly review."""

import re

import pytest

from app import clock
from app.audit import trail
from app.audit.models import Entry
from app.audit.trail import About, Actor
from app.mydata.looks import looks
from tests import make


@pytest.fixture
def here(db):
    return make.premises(office="091")


@pytest.fixture
def both(at_desk):
    """A clerk of two offices."""
    client = at_desk("clerk", office="093")
    make.grant(member=client.member, role="clerk", office="091")
    return client


def last():
    return Entry.select().order_by(Entry.id.desc()).get()


def test_a_look_by_a_clerk_of_two_offices_is_one_of_the_premises_office(at_desk, both, here):
    both.get(f"/staff/customers/{here.number}")

    assert last().office == "091"
    assert here.number in at_desk("manager", office="091").get("/staff/audit/").text
    assert here.number not in at_desk("manager", office="093").get("/staff/audit/").text


def test_a_look_at_an_account_is_one_of_its_homes_office(both, here):
    account = make.account()
    make.home(account=account, premises=here)

    both.get(f"/staff/customers/accounts/{account.reference}")

    assert last().office == "091"
    assert [one.office for one in looks(account)] == ["091"]


def test_what_is_about_nobody_is_one_of_the_offices_of_the_permission(at_desk):
    client = at_desk("manager", office="093")
    make.grant(member=client.member, role="clerk", office="091")

    client.get("/staff/audit/")

    assert (last().action, last().office) == ("audit.seen", "093")


def test_headquarters_stay_headquarters_and_the_premises_office_sees_their_look(at_desk, here):
    at_desk("clerk", office="").get(f"/staff/customers/{here.number}")

    assert last().office == ""
    assert here.number in at_desk("manager", office="091").get("/staff/audit/").text
    assert here.number not in at_desk("manager", office="093").get("/staff/audit/").text


@pytest.mark.parametrize("before", ["9" * 19, "9" * 30, "9" * 5000, "²", "-1", "x", "９"])
def test_a_number_that_no_row_has_is_not_found(at_desk, before):
    client = at_desk("manager")

    assert client.get(f"/staff/audit/?before={before}").status_code == 404


def test_the_highest_number_is_one(at_desk):
    assert at_desk("manager").get(f"/staff/audit/?before={'9' * 18}").status_code == 200


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("0001-01-01", ""),
        ("", "9999-12-31"),
        ("", "0001-01-01"),
        ("9999-12-31", ""),
        ("1999-12-31", ""),
    ],
)
def test_days_that_cannot_be_are_said_to_be_wrong(at_desk, since, until):
    client = at_desk("auditor", office="")

    answer = client.submit("/staff/audit/export", reason="감사", since=since, until=until)

    assert answer.status_code == 422
    assert "2000. 1. 1.부터" in answer.text


def test_days_that_can_be_are_exported(at_desk):
    days = {"since": "2000-01-01", "until": clock.today().isoformat()}

    answer = at_desk("auditor", office="").submit("/staff/audit/export", reason="감사", **days)

    assert answer.status_code == 200


def test_the_review_counts_accounts_and_premises_once_each(at_desk, here):
    who, now = Actor("staff", 77, "박살핌", "091"), clock.now()
    for about in (About(1), About(1), About(2), About(None, 5), About(1, 5), About()):
        trail.record(who, "customer.seen", about, now=now)

    page = at_desk("manager").get("/staff/audit/").text

    row = re.search(r">박살핌</th>(.*?)</tr>", page)[1]
    assert re.findall(r">(\d+)<", row) == ["6", "4", "0"]
