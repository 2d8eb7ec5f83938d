"""The day's visits: what is due by then and has a place, by dong, with a map."""

from datetime import timedelta

from app import clock
from app.audit.models import Entry
from tests import make
from tests.complaint_desk.conftest import MONDAY
from tests.markup import Page

VISITS = "/staff/complaints/visits/"
TODAY = f"{VISITS}2026-11-23"


def leak(place, hours=2, **values):
    due = MONDAY + timedelta(hours=hours)
    return make.complaint(**{"received_at": MONDAY, "due_at": due, "place": place, **values})


def places(text):
    return [one.words for one in Page(text).tagged("b") if one.inside("li") is not None]


def test_the_address_without_a_day_is_that_of_today(clerk):
    assert clerk.get(VISITS).location == TODAY


def test_what_is_due_by_the_day_stands_by_dong_and_then_by_date(clerk):
    leak("둘째", 3, dong="나동")
    leak("첫째", 2, dong="나동")
    leak("셋째", 4, dong="다동")
    leak("늦음", -1, dong="가동")
    leak("내일", 20, dong="가동")

    today, tomorrow = clerk.get(TODAY).text, clerk.get(f"{VISITS}2026-11-24").text

    assert [one.words for one in Page(today).tagged("h2")] == [
        "성북구 가동", "성북구 나동", "성북구 다동",
    ]  # fmt: skip
    found = [place for place in places(today) if place not in ("▲ 지남", "◆ 곧")]
    assert found == ["늦음", "첫째", "둘째", "셋째"]
    assert "내일" in tomorrow


def test_what_has_no_place_is_closed_or_anothers_is_not_visited(clerk):
    leak("질문", type="question")
    leak("끝남", state="done", closed_at=clock.now())
    leak("남의", office="093")
    leak("기다림", due_at=None, state="waiting")

    assert "방문할 곳이 없습니다." in clerk.get(TODAY).text


def test_mine_alone(clerk):
    leak("내 것 하나", assigned_to=clerk.member)
    leak("다른 것")

    text = clerk.get(f"{TODAY}?whose=mine").text

    assert "내 것 하나" in text
    assert "다른 것" not in text


def test_one_office_of_several(at_desk):
    leak("북쪽")
    leak("남쪽", office="093")
    client = at_desk("manager", office="")

    text = client.get(f"{TODAY}?office=093").text

    assert "남쪽" in text
    assert "북쪽" not in text


def test_a_home_is_visited_at_its_address_and_the_list_is_noted(clerk):
    home = make.premises(office="091", road_address="서울특별시 성북구 보기로 3, 502호")
    one = leak("", type="leak_home", premises=home)

    text = clerk.get(TODAY).text

    assert "보기로 3, 502호" in text
    assert "김보기" not in text
    (entry,) = Entry.select().where(Entry.action == "complaint.visits_seen")
    assert one.reference in entry.details


def test_those_with_a_position_are_on_the_map_under_their_number(clerk):
    leak("모름", dong="가동")
    leak("여기", dong="나동", latitude=37_566_000, longitude=126_978_000)

    page = Page(clerk.get(TODAY).text)

    spots = [one.words for one in page.tagged("text")]
    assert spots == ["2"]
    assert "약도에 없음" in page.text


def test_a_day_that_is_none_is_not_there(clerk):
    for day in ("x", "2026-02-30", "9999-12-31", "0001-01-01"):
        assert clerk.get(f"{VISITS}{day}").status_code == 404
