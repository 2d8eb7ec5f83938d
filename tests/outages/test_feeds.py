"""Feeds, calendars and alerts: who is in them, what a change does, what a repeat costs."""

import json
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest

from app import feed
from app.outages.calendar import folded
from app.outages.views import calendar_path
from tests import make
from tests.outages.test_views import BURST, FORWARD

ATOM = "{http://www.w3.org/2005/Atom}"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
DONG = "/outages/dong/강남구/역삼동"
EXTENDED = {**BURST, "state": "extended", "updates": FORWARD, "to": "2026-11-26T22:00:00+09:00"}
BACK = [*FORWARD, ("2026-11-26T21:30:00+09:00", "restored", "다시 나옵니다.")]


@pytest.fixture(autouse=True)
def evening(clock_at):
    clock_at("2026-11-26 21:45")


def ids(client, path):
    return [one["id"].rsplit("/")[-1] for one in json.loads(client.get(path).data)["items"]]


def cap(client, name="burst"):
    root = ET.fromstring(client.get(f"/outages/cap/{name}.xml").data)
    return {one.tag.removeprefix(CAP): one.text for one in root.iter()}


def event(client, path="/outages/calendar.ics"):
    lines = client.get(path).data.decode().replace("\r\n ", "").split("\r\n")
    inside = lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]
    return dict(line.split(":", 1) for line in inside)


def test_a_feed_holds_what_lies_in_its_part_of_the_city(client, outage_file):
    outage_file("burst", **BURST)
    outage_file("other", **{**BURST, "area": {"districts": ["마포구"]}, "office": "096"})

    assert ids(client, "/outages/feed.json")[:2] == ["other", "burst"]
    assert ids(client, f"{DONG}/feed.json") == ["burst"]
    assert "burst" in ids(client, "/outages/office/100/feed.json")
    assert "other" not in ids(client, "/outages/office/100/feed.json")


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
@pytest.mark.parametrize(
    "path",
    [
        "/outages",
        "/outages/office/100",
        DONG,
        "/notices",
        "/notices/office/100",
        "/notices/dong/강남구/역삼동",
    ],
)
def test_every_feed_has_its_form_and_a_repeat_costs_nothing(client, outage_file, path, form):
    outage_file("burst", **BURST)

    answer = client.get(f"{path}/feed.{form}")
    again = client.get(f"{path}/feed.{form}", headers={"If-None-Match": answer.headers["ETag"]})

    assert form in answer.content_type
    assert (again.status_code, again.data) == (304, b"")


def test_parts_of_the_city_that_are_not_there_have_no_feed(client):
    paths = ["/outages/office/999", "/outages/dong/강남구/없는동", "/outages/dong/없는구/역삼동"]

    assert {client.get(f"{path}/feed.atom").status_code for path in paths} == {404}
    assert client.get("/notices/office/999/feed.atom").status_code == 404
    assert client.get("/notices/dong/강남구/없는동/feed.atom").status_code == 404


def test_an_entry_keeps_its_identity_and_moves_when_it_is_changed(client, outage_file):
    def entry():
        root = ET.fromstring(client.get(f"{DONG}/feed.atom").data)
        found = root.find(f"{ATOM}entry")
        links = {one.get("type") for one in found.findall(f"{ATOM}link")}
        assert links == {"text/html", "application/cap+xml", "text/calendar"}
        return found.find(f"{ATOM}id").text, found.find(f"{ATOM}updated").text

    outage_file("burst", **BURST)
    before = entry()
    outage_file("burst", **EXTENDED)

    assert before == ("tag:127.0.0.1,2026:outage/burst", "2026-11-26T01:05:00Z")
    assert entry() == (before[0], "2026-11-26T06:00:00Z")


def test_an_alert_follows_the_outage_through_its_life(client, outage_file):
    outage_file("burst", **BURST)
    first = cap(client)
    outage_file("burst", **EXTENDED)
    second = cap(client)
    outage_file("burst", **{**EXTENDED, "state": "restored", "updates": BACK})
    third = cap(client)

    asked = ("msgType", "responseType", "urgency", "severity", "certainty")
    assert [first[name] for name in asked] == [
        "Alert", "Prepare", "Immediate", "Moderate", "Observed",
    ]  # fmt: skip
    assert [second[name] for name in asked[:3]] == ["Update", "Monitor", "Immediate"]
    assert [third[name] for name in asked[:4]] == ["Update", "AllClear", "Past", "Minor"]
    assert second["references"] == (
        "outage@127.0.0.1,127.0.0.1.outage.burst.20261126100500,2026-11-26T10:05:00+09:00"
    )
    assert len(third["references"].split()) == 2
    assert second["expires"] == "2026-11-27T04:00:00+09:00"
    assert first["status"] == "Test"


def test_a_planned_alert_is_of_the_future_and_a_cancelled_one_says_why(client, outage_file):
    outage_file("works")
    assert [cap(client, "works")[name] for name in ("urgency", "severity", "certainty")] == [
        "Future", "Minor", "Likely",
    ]  # fmt: skip

    off = [
        ("2026-11-23T10:00:00+09:00", "announced", "알립니다."),
        ("2026-11-26T09:00:00+09:00", "cancelled", "비가 와서 미룹니다."),
    ]
    outage_file("works", state="cancelled", updates=off)

    found = cap(client, "works")
    assert (found["msgType"], found["note"]) == ("Cancel", "비가 와서 미룹니다.")


def test_the_index_of_alerts_holds_those_that_count(client, outage_file, clock_at):
    outage_file("burst", **BURST)
    assert b"cap/burst.xml" in client.get("/outages/cap/").data

    clock_at("2026-11-27 00:01")
    outage_file("burst", **BURST)
    assert b"cap/burst.xml" not in client.get("/outages/cap/").data


def test_a_calendar_moves_its_event_and_never_drops_a_cancelled_one(client, outage_file):
    outage_file("burst", **BURST)
    before = event(client, f"{DONG}/calendar.ics")
    outage_file("burst", **EXTENDED)
    after = event(client, f"{DONG}/calendar.ics")

    assert before["UID"] == after["UID"] == "burst@127.0.0.1"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == ("0", "1")
    assert before["DTSTART;TZID=Asia/Seoul"] == "20261126T100000"
    assert after["DTEND;TZID=Asia/Seoul"] == "20261126T220000"
    outage_file("burst", **{**EXTENDED, "state": "restored", "updates": BACK})
    assert event(client, "/outages/burst/calendar.ics")["STATUS"] == "CONFIRMED"


def test_lines_of_a_calendar_are_folded_by_octets():
    lines = folded("SUMMARY:" + "가나다" * 40).split("\r\n")

    assert max(len(line.encode()) for line in lines) <= 75
    assert "".join(line.removeprefix(" ") for line in lines) == "SUMMARY:" + "가나다" * 40


def test_a_home_has_a_calendar_of_its_own_under_a_secret_address(app, client, outage_file):
    outage_file("burst", **BURST)
    place = make.premises(district="강남구", dong="역삼동", road_address="서울 강남구 테헤란로 1")
    home = make.home(premises=place)
    elsewhere = make.home(premises=make.premises(district="중구", dong="중동"))
    with app.test_request_context():
        path, other = (calendar_path(one.reference, 0) for one in (home, elsewhere))

    answer = client.get(path)
    assert "UID:burst@" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "UID:" not in client.get(other).text
    home.until_on = datetime(2026, 11, 25).date()  # noqa: DTZ001 a day
    home.save()
    assert client.get(path).status_code == 404
    assert client.get(path.replace("/home/", "/home/x")).status_code == 404


def test_a_notice_is_in_its_feed_as_long_as_it_is_listed(client):
    paths = [one["url"] for one in json.loads(client.get("/notices/feed.json").data)["items"]]
    page = client.get("/notices/").text

    assert paths
    assert all(path.removeprefix("http://127.0.0.1:8000") in page for path in paths)


def test_signs_that_xml_cannot_have_break_no_feed():
    made = feed.Feed("제\x01목", "https://a/", "https://a/feed", "저자\ufffe", "ko", ())

    assert ET.fromstring(feed.atom(made)).findtext(f"{{{feed.ATOM}}}title") == "제목"
    assert ET.fromstring(feed.rss(made)).findtext("channel/title") == "제목"
