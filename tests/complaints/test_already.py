"""Before anybody files: an outage in the person's own dong is named, with a way on all the same."""

import pytest

from app.complaints import already
from app.complaints.drafts import Draft
from app.outages.area import Place
from tests import make
from tests.complaints.steps import begin
from tests.outages.conftest import outage_file

__all__ = ["outage_file"]
GANGNAM = {"district": "강남구", "dong": "역삼동", "place": "테헤란로 123, 3층"}
NOW = {"start": "2026-11-23T08:00:00+09:00", "to": "2026-11-23T20:00:00+09:00"}


@pytest.fixture(autouse=True)
def now(clock_at):
    clock_at("2026-11-23 12:00")


def place(client, kind="no_water", **where):
    begin(client, kind)
    return client.submit("/complaints/place", **{**GANGNAM, **where})


def test_an_outage_in_the_typed_dong_is_named_with_its_times_and_two_ways_on(client, outage_file):
    outage_file("2026-1123-yeoksam", **NOW)

    answer = place(client)

    assert answer.location == "/complaints/near"
    page = client.get("/complaints/near").text
    assert "네, 지금 단수입니다. 11월 23일(월) 08:00부터 20:00까지입니다." in page
    assert 'href="/outages/2026-1123-yeoksam"' in page
    assert 'href="/outages/alerts/"' in page
    assert 'href="/complaints/details"' in page
    assert "다른 분이 알렸습니다" not in page
    assert client.get("/complaints/details").status_code == 200


@pytest.mark.parametrize(
    ("kind", "where"),
    [
        ("no_water", {"dong": "논현동", "place": "12"}),
        ("leak_home", {}),
    ],
)
def test_what_is_elsewhere_or_cannot_be_the_reason_stops_nobody(client, outage_file, kind, where):
    outage_file("2026-1123-yeoksam", **NOW)

    assert place(client, kind, **where).location == "/complaints/details"
    assert client.get("/complaints/near").location == "/complaints/details"


def test_an_outage_that_is_over_is_none(client, outage_file):
    outage_file("2026-1120-over", start="2026-11-20T08:00:00+09:00", to="2026-11-20T20:00:00+09:00")

    assert place(client, "cloudy").location == "/complaints/details"


def test_of_the_own_home_it_is_known_by_its_supply_block(signed_in, outage_file):
    blocks = {"district": "강남구", "dong": "가상1동"}
    inside, outside = (
        make.home(account=signed_in.account, premises=make.premises(supply_block=block, **blocks))
        for block in ("GN-03", "GN-04")
    )
    outage_file("2026-1124-block", area={"blocks": ["강남구 가상1동 GN-03"]})
    begin(signed_in, "cloudy")

    def choose(home):
        return signed_in.submit("/complaints/place", home=home.reference).location

    assert choose(outside) == "/complaints/details"
    assert choose(inside) == "/complaints/near"
    page = signed_in.get("/complaints/near").text
    assert "예정: 11월 30일(월) 23:00부터" in page
    assert 'href="/outages/alerts/mine"' in page


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({}, Place("강남구", "역삼동", "테헤란로", 123)),
        ({"place": "12번지 약국 앞"}, Place("강남구", "역삼동")),
        ({"dong": "테헤란로", "place": "123, 3층"}, Place("강남구", "", "테헤란로", 123)),
        ({"dong": "테헤란로", "place": "약국 앞"}, Place("강남구", "", "테헤란로")),
        ({"dong": "없는동"}, Place("강남구")),
        ({"district": "없는구"}, Place("없는구")),
    ],
)
def test_a_place_is_a_dong_or_a_road_with_its_number(typed, found):
    assert already.typed_place(Draft("no_water", **{**GANGNAM, **typed})) == found


def test_who_has_typed_no_dong_is_told_that_it_is_somewhere_in_the_district(client, outage_file):
    outage_file("2026-1123-yeoksam", **NOW)

    place(client, dong="논현로", place="12")

    assert "이 구의 일부에 소식이 있습니다" in client.get("/complaints/near").text
