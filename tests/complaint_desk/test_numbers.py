"""Figures: received, in time, median and 90th percentile, reopened, stars; for one's offices."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import SEOUL
from app.complaint_desk import numbers
from app.complaint_desk.numbers import Hours, at_share
from app.complaints import clock as legal
from tests import make
from tests.markup import Page

NUMBERS = "/staff/complaints/numbers/"
THURSDAY = datetime(2026, 11, 19, 9, 0, tzinfo=SEOUL)


@pytest.fixture(autouse=True)
def this_week(clock_at):
    clock_at("2026-11-27 18:00")


def over(hours, due=3, begun=THURSDAY, **values):
    """One that was answered so many hours after it came."""
    defaults = {"state": "done", "closed_at": begun + timedelta(hours=hours), "received_at": begun}
    return make.complaint(due_at=begun + timedelta(hours=due), **{**defaults, **values})


def rows(client, query=""):
    found = client.get(f"/staff/complaints/numbers.csv{query}")
    assert found.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(found.text.removeprefix("\ufeff"))))


def test_what_came_and_how_it_was_answered_is_counted_by_kind(clerk):
    over(1, rating=5)
    over(2, rating=2)
    over(8, reopened=1)
    over(30, type="bill", due=100)
    make.complaint(received_at=THURSDAY)
    make.complaint(received_at=THURSDAY, state="withdrawn", closed_at=THURSDAY)

    leak, bill = rows(clerk)

    assert leak == {
        "type": "leak_street", "name": "도로 누수", "received": "5", "answered": "3",
        "in_time": "2", "median_minutes": "120", "p90_minutes": "420", "reopened": "1",
        "rated": "2", "stars": "7",
    }  # fmt: skip
    assert (bill["type"], bill["answered"], bill["median_minutes"]) == ("bill", "1", "780")


def test_other_offices_are_not_in_it(clerk, at_desk):
    over(1)
    over(1, office="093")

    assert [row["received"] for row in rows(clerk)] == ["1"]
    assert [row["received"] for row in rows(clerk, "?office=093")] == ["1"]
    manager = at_desk("manager", office="")
    assert [row["office"] for row in rows(manager, "?by=office")] == ["091", "093"]
    assert [row["office"] for row in rows(manager, "?by=office&office=093")] == ["093"]


def test_weeks_begin_on_monday_in_seoul(clerk):
    sunday = datetime(2026, 11, 22, 23, 59, tzinfo=SEOUL)
    over(1, begun=sunday, due=30)
    over(48, begun=sunday + timedelta(minutes=1), due=2)
    over(1, begun=sunday - timedelta(weeks=40))

    found = [(row["week"], row["received"], row["answered"]) for row in rows(clerk, "?by=week")]

    assert found == [("2026-11-16", "1", "0"), ("2026-11-23", "1", "2")]


def test_a_kind_alone_is_asked_for(clerk):
    over(1)
    over(1, type="bill")

    assert [row["type"] for row in rows(clerk, "?type=bill")] == ["bill"]
    assert len(rows(clerk, "?type=nonsense&by=x&weeks=9999&office=x")) == 2


def test_what_was_closed_while_its_clock_stood_was_in_time(clerk):
    end = THURSDAY + timedelta(days=1)
    make.complaint(received_at=THURSDAY, state="returned", closed_at=end, due_at=None)

    assert rows(clerk)[0]["in_time"] == "1"


def events(one, *given):
    for kind, hours in given:
        make.complaint_event(complaint=one, kind=kind, at=THURSDAY + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("given", "minutes"),
    [
        ([("asked", 1), ("given", 2.5)], 330),  # 10:00 to 11:30
        ([("asked", 2), ("given", 5)], 300),  # 11:00 to 14:00, one hour of it is no work
        ([("asked", 1), ("given", 2), ("asked", 2), ("given", 3)], 300),
        ([("asked", 1), ("asked", 2), ("given", 3)], 300),
        ([("asked", 6)], 300),  # closed while it waited
        ([("asked", 1), ("given", 2), ("reopened", 3)], 420),
        ([("said", 1), ("given", 2)], 420),
    ],
)
def test_the_time_in_which_the_applicant_was_waited_for_is_not_counted(clerk, given, minutes):
    events(over(8), *given)
    events(over(8, type="bill"), ("started", 1))

    found = {row["type"]: row["median_minutes"] for row in rows(clerk)}

    assert found == {"leak_street": str(minutes), "bill": "420"}


def test_the_page_shows_the_same_as_bars_and_as_a_table(clerk):
    over(1)
    over(8, rating=4)

    page = Page(clerk.get(NUMBERS).text)

    first = " ".join(page.tagged("tbody")[0].words.split())
    assert first.startswith("도로 누수접수 2답변 2기한 안 50.0%절반이 끝난 시간 1시간 0분")
    widths = [one.get("width") for one in page.tagged("rect")]
    assert widths == ["250", "250", "125"]
    assert "2 / 50.0%" in page.tagged("svg")[-1].words


def test_without_complaints_there_is_a_page_all_the_same(clerk):
    assert clerk.get(NUMBERS).status_code == 200


def test_nothing_personal_is_in_the_figures(clerk):
    over(1, name="김보기", body="비밀스러운 글")

    for path in (NUMBERS, "/staff/complaints/numbers.csv"):
        text = clerk.get(path).text
        assert "김보기" not in text
        assert "비밀" not in text
        assert "가상1동" not in text


MINUTES = st.integers(0, 4 * 30 * 24 * 60)


@given(MINUTES, MINUTES)
def test_working_minutes_are_those_of_the_legal_clock(one, other):
    start = datetime(2026, 9, 1, tzinfo=SEOUL)
    first, last = (start + timedelta(minutes=count) for count in sorted((one, other)))
    begun, ended = (int(moment.timestamp()) // 60 for moment in (first, last))

    hours = Hours(begun, ended)

    found = hours.until(ended) - hours.until(begun)
    assert timedelta(minutes=found) == legal.worked(first, last)


def test_a_share_is_the_time_within_which_so_many_were_answered():
    assert at_share([], 0.5) is None
    assert at_share([7], 0.9) == 7
    assert at_share([*range(1, 11)], 0.5) == 5
    assert at_share([*range(10, 0, -1)], 0.9) == 9


def test_a_week_and_its_monday_are_one():
    for week in (2963, 2968):
        day = numbers.monday(week)
        assert day.weekday() == 0
        assert numbers.week_of(day) == numbers.week_of(day + timedelta(days=6)) == week
