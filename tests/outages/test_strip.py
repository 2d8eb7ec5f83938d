"""The strip of an emergency: on every page, at once, and gone when it is over."""

import pytest

from tests.alerts.conftest import BACK
from tests.outages.test_views import BURST
from tests.test_sizes import BROTLI, FIRST_ROUND_TRIP, on_the_wire

STRIP = '<aside class="strip"'
SAID = "긴급 단수: 강남구 역삼동, 11월 26일(목) 10:00부터 18:00까지"


@pytest.fixture(autouse=True)
def afternoon(clock_at):
    clock_at("2026-11-26 16:30")


@pytest.mark.parametrize("path", ["/", "/notices/", "/login", "/learn/save-water", "/nothing"])
def test_an_emergency_is_on_every_page_also_on_kept_ones(client, outage_file, path):
    assert STRIP not in client.get(path).text

    outage_file("burst", **BURST)

    page = client.get(path).text
    assert SAID in page
    assert 'href="/outages/burst"' in page


def test_it_is_gone_when_the_water_is_back(client, outage_file):
    outage_file("burst", **BURST)
    assert STRIP in client.get("/").text

    outage_file("burst", **BACK)

    assert STRIP not in client.get("/").text


def test_what_is_planned_is_no_emergency(client, outage_file, clock_at):
    outage_file("works")
    clock_at("2026-11-30 23:30")

    assert STRIP not in client.get("/").text


def test_many_emergencies_are_counted(client, outage_file):
    for number in range(4):
        outage_file(f"burst-{number}", **BURST)

    page = client.get("/").text

    assert page.count(SAID) == 2
    assert "긴급 안내 2건 더" in page


def test_staff_and_documents_see_none(at_desk, outage_file):
    outage_file("burst", **BURST)

    assert STRIP not in at_desk("clerk").get("/staff/").text


def test_the_pages_of_an_emergency_fit_into_the_first_round_trip(client, outage_file):
    for number in range(4):
        outage_file(f"burst-{number}", **BURST)

    sizes = [on_the_wire(client.get(path, headers=BROTLI)) for path in ("/outages/", "/")]

    assert max(sizes) <= FIRST_ROUND_TRIP


def test_a_browser_keeps_a_page_so_long_that_news_are_there_within_a_minute(app, client):
    client.get("/")
    age = int(client.get("/").headers["Cache-Control"].rpartition("=")[2])

    assert age + 5 <= 60  # and the folders are looked at every five seconds
