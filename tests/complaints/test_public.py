"""The public list and map: released street problems only, and following one of them."""

from datetime import timedelta

import pytest

from app import clock
from app.complaints import album, public
from app.complaints.album import Whose
from app.complaints.models import Complaint
from app.complaints.records import ComplaintPhoto
from tests.complaints.steps import HERE, LEAK, PLACE, WORDS, begin, jpeg, released


@pytest.fixture(autouse=True)
def now(clock_at):
    clock_at("2026-11-23 09:30")


def moved(metres_north, metres_east=0):
    """A place so far from HERE."""
    north = round(metres_north / 111_320 * 1_000_000)
    east = round(metres_east / 88_240 * 1_000_000)
    return HERE[0] + north, HERE[1] + east


def test_what_is_released_is_listed_without_anything_about_a_person(client):
    one = released()

    page = client.get("/complaints/public").text

    assert WORDS in page
    assert "성북구 가상1동" in page
    assert f"/complaints/public/{one.reference}" in page
    for hidden in ("보기로 12", "길에서 물이 솟습니다", "김보기", "010-1234", "+82"):
        assert hidden not in page
        assert hidden not in client.get(f"/complaints/public/{one.reference}").text


@pytest.mark.parametrize(
    "values",
    [
        {"released_at": None},
        {"type": "no_water"},
        {"type": "praise"},
        {"type": "gone"},
    ],
)
def test_what_is_not_released_or_not_of_the_street_is_not_there(client, values):
    one = released(**values)

    assert one.reference not in client.get("/complaints/public").text
    assert client.get(f"/complaints/public/{one.reference}").status_code == 404


def test_what_was_over_long_ago_is_not_listed_any_more(client):
    one = released(state="done", closed_at=clock.now() - timedelta(days=91))

    assert one.reference not in client.get("/complaints/public").text


def test_the_list_can_be_narrowed_to_a_kind(client):
    leak, hole = released(), released(type="pavement")

    page = client.get("/complaints/public?kind=pavement").text

    assert hole.reference in page
    assert leak.reference not in page
    assert leak.reference in client.get("/complaints/public?kind=nonsense").text


def test_the_map_shows_north_up_and_east_right(client):
    released()
    released(moved(1000, 500))

    far, near = public.spots(public.listed(clock.now()))

    assert (far.number, near.number) == (1, 2)
    assert far.y < near.y
    assert far.x > near.x
    assert (near.y - far.y) / (far.x - near.x) == pytest.approx(2, rel=0.02)
    assert client.get("/complaints/public").text.count("<circle") == 2


def test_one_place_alone_stands_in_the_middle_of_the_map(db):
    released()

    (spot,) = public.spots(public.listed(clock.now()))

    assert (spot.x, spot.y) == (public.WIDTH // 2, public.HEIGHT // 2)


def test_without_a_place_there_is_no_map(client):
    released(at=None)

    page = client.get("/complaints/public").text

    assert 'class="map"' not in page
    assert "위치를 몰라" in page


def test_photos_are_public_one_by_one(app, client, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA_DIR", str(tmp_path))
    one = released()
    shown = album.add(jpeg("red"), tmp_path, clock.now(), Whose(complaint_id=one.id))
    hidden = album.add(jpeg("blue"), tmp_path, clock.now(), Whose(complaint_id=one.id))
    mine = ComplaintPhoto.name == shown.name
    ComplaintPhoto.update(released_at=clock.now()).where(mine).execute()
    path = f"/complaints/public/{one.reference}"

    assert client.get(path).text.count("<img") == 1
    assert client.get(f"{path}/photos/{shown.name}").mimetype == "image/jpeg"
    assert client.get(f"{path}/photos/{hidden.name}").status_code == 404
    Complaint.update(released_at=None).execute()
    assert client.get(f"{path}/photos/{shown.name}").status_code == 404


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (moved(249), True),
        (moved(251), False),
        (moved(0, 249), True),
        (moved(0, -251), False),
        (moved(200, 200), False),
    ],
)
def test_near_is_within_two_hundred_and_fifty_metres(db, at, found):
    released(at)

    assert bool(public.near("leak_street", HERE, "중구", "다른동")) == found


def test_near_are_open_ones_of_the_same_kind_the_nearest_first(db):
    far, close = released(moved(200)), released(moved(20))
    released(type="pavement")
    released(state="done", closed_at=clock.now())
    released(released_at=None)

    found = public.near("leak_street", HERE, "", "")

    assert [one.reference for one in found] == [close.reference, far.reference]
    assert [one.metres for one in found] == [20, 200]
    assert public.near("no_water", HERE, "성북구", "가상1동") == []


def test_without_a_position_those_of_the_same_dong_are_near(db):
    one = released()

    assert [found.reference for found in public.near("leak_street", None, "성북구", "가상1동")] == [
        one.reference
    ]
    assert public.near("leak_street", None, "성북구", "가상2동") == []


def test_who_files_is_told_of_what_is_known_nearby_and_can_go_on(client):
    one = released(moved(30))
    begin(client)

    at = {"latitude": "37.5663", "longitude": "126.9779"}
    answer = client.submit("/complaints/place", **PLACE, **at)

    assert answer.location == "/complaints/near"
    page = client.get("/complaints/near").text
    assert f"/complaints/public/{one.reference}" in page
    assert "(30m)" in page
    assert 'href="/complaints/details"' in page
    assert 'href="/complaints/details"' in client.get(f"/complaints/public/{one.reference}").text
    assert client.submit("/complaints/details", **LEAK).location == "/complaints/photos"


def test_with_nothing_nearby_nobody_is_stopped(client):
    begin(client)

    assert client.submit("/complaints/place", **PLACE).location == "/complaints/details"
    assert client.get("/complaints/near").location == "/complaints/details"


def test_the_map_says_where_and_how_far(client):
    one, same, other = (
        released(moved(north, east), district=district, dong="가상1동")
        for north, east, district in ((0, 0, "성동구"), (900, 50, "성동구"), (300, 900, "광진구"))
    )
    for at, complaint in enumerate((one, same, other)):
        Complaint.update(received_at=clock.now() - timedelta(hours=at)).where(
            Complaint.id == complaint.id
        ).execute()

    shown = public.listed(clock.now())
    spots = public.spots(shown)

    assert [(name.text, name.ends) for name in public.names(spots)] == [
        ("성동구 가상1동", False),
        ("광진구 가상1동", True),
    ]
    length, text = public.bar(shown)
    assert text == "200m"
    assert round(length / 200 * 900) == pytest.approx(spots[0].y - spots[1].y, abs=5)
    page = client.get("/complaints/public").text
    assert ">200m</text>" in page
    assert 'class="area end"' in page


def test_names_on_the_map_are_not_written_over_each_other(db):
    for dong in ("가상1동", "가상2동"):
        released(dong=dong)

    assert len(public.names(public.spots(public.listed(clock.now())))) == 1


def test_a_district_has_its_english_name_in_english(client):
    released(district="성동구", dong="가상1동")

    assert "Seongdong-gu 가상1동" in client.get("/complaints/public?lang=en").text
