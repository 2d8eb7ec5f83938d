"""The pages of outages."""

import pytest

from app.outages import shelf, tiles
from app.outages.search import places
from app.supply.offices import offices
from tests import make
from tests.markup import Page

BURST = {
    "kind": "emergency",
    "state": "in_progress",
    "start": "2026-11-26T10:00:00+09:00",
    "to": "2026-11-26T18:00:00+09:00",
    "updates": [("2026-11-26T10:05:00+09:00", "in_progress", "관이 터졌습니다.")],
}
FORWARD = [*BURST["updates"], ("2026-11-26T15:00:00+09:00", "extended", "늦어집니다.")]
HX = {"HX-Request": "true", "HX-Target": "outages_live"}


@pytest.fixture(autouse=True)
def noon(clock_at):
    clock_at("2026-11-26 12:00")


def test_the_page_says_in_a_sentence_where_the_water_is_off(client, outage_file):
    outage_file("burst", **BURST)

    page = client.get("/outages/")

    assert "지금 물이 안 나오는 곳: 강남구 역삼동." in page.text
    assert 'aria-label="서울 25개 구 지도: 강남구 단수 중' in page.text
    assert "11월 26일(목) 10:00부터 18:00까지" in page.text


def test_the_map_shows_each_of_the_25_districts_once(client):
    assert len(tiles.PLACES) == 25
    assert len(set(tiles.PLACES.values())) == 25
    assert set(tiles.PLACES) == set(tiles.addresses.districts())


def test_a_planned_outage_is_a_page_until_it_is_forgotten(client, outage_file, clock_at):
    outage_file("works")
    assert "예정" in client.get("/outages/works").text

    clock_at("2026-12-02 06:00")
    assert "끝난 것으로 봅니다" in client.get("/outages/works").text
    clock_at("2027-03-02 06:00")
    assert client.get("/outages/works").status_code == 200
    assert "/outages/works" not in client.get("/outages/").text


def test_whom_to_ask_can_be_called_from_the_page(client, outage_file):
    outage_file("works")
    asked = offices()["100"]

    links = Page(client.get("/outages/works").text).tagged("a")

    assert f"tel:{asked.phone}" in {link.get("href") for link in links}


def test_drafts_and_unknown_ones_are_not_there(client, outage_file):
    outage_file("draft", state="draft")

    assert client.get("/outages/draft").status_code == 404
    assert client.get("/outages/none").status_code == 404
    assert "/outages/draft" not in client.get("/outages/").text


def test_a_wrong_file_leaves_what_was_known_of_it(app, client, outage_file, log_lines):
    outage_file("burst", **BURST)
    outage_file("burst", kind="flood")

    assert client.get("/outages/burst").status_code == 200
    assert any(line["event"] == "outage left out" for line in log_lines())


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("강남구 역삼동", ["강남구 역삼동"]),
        ("역삼동", ["강남구 역삼동"]),
        ("강남구 역삼동 테헤란로 123", ["강남구 역삼동 테헤란로 123"]),
        ("강남 역삼동 테헤란로123", ["강남구 역삼동 테헤란로 123"]),
        ("강남", ["강남구"]),
        ("테헤란로 5", ["강남구 테헤란로 5"]),
        ("없는 곳", []),
        ("", []),
    ],
)
def test_words_of_an_address_are_places(app, typed, found):
    shown = [" ".join(str(part) for part in one[:4] if part) for one in places(typed)]

    assert shown == found


def test_is_my_water_off_answers_for_the_place_that_was_typed(client, outage_file):
    outage_file("burst", **BURST)

    yes = client.get("/outages/", query_string={"q": "강남구 역삼동"}).text
    no = client.get("/outages/", query_string={"q": "강남구 삼성동"}).text
    nothing = client.get("/outages/", query_string={"q": "<b>어디"}).text

    assert "네, 지금 단수입니다." in yes
    assert "아니요, 지금도 앞으로도 알려진 단수가 없습니다." in no
    assert "그런 주소를 찾지 못했습니다" in nothing
    assert "<b>어디" not in nothing


@pytest.mark.parametrize(
    ("area", "typed", "said"),
    [
        ({"dongs": ["강남구 역삼동"]}, "강남구 테헤란로 123", "이 구의 일부에"),
        ({"blocks": ["강남구 역삼동 GN-03"]}, "강남구 테헤란로 123", "이 구의 일부에"),
        ({"roads": ["강남구 역삼동 테헤란로 1-99"]}, "강남구 테헤란로", "이 구의 일부에"),
        ({"roads": ["강남구 역삼동 테헤란로 1-99"]}, "강남구 테헤란로 123", "아니요"),
        ({"roads": ["강남구 역삼동 테헤란로 1-199"]}, "강남구 테헤란로 123", "네, 지금"),
        ({"districts": ["강남구"], "dongs": ["마포구 공덕동"]}, "강남구", "네, 지금"),
    ],
)
def test_an_address_without_its_dong_is_never_told_no_by_mistake(
    client, outage_file, area, typed, said
):
    outage_file("burst", **{**BURST, "area": area})

    assert said in client.get("/outages/", query_string={"q": typed}).text


@pytest.mark.parametrize("found", ["link", "folder"])
def test_a_file_that_an_editor_has_open_stops_nothing(app, client, outage_file, found):
    folder = shelf.folders(app)[-1]
    odd = folder / {"link": ".#burst.md", "folder": "odd.md"}[found]
    if found == "link":
        odd.symlink_to("nobody@nowhere.1")
    else:
        odd.mkdir()
    try:
        outage_file("burst", **BURST)
        assert client.get("/outages/burst").status_code == 200
    finally:
        odd.unlink() if found == "link" else odd.rmdir()


def test_my_own_homes_are_answered_by_their_address(signed_in, outage_file):
    outage_file("burst", **{**BURST, "area": {"blocks": ["강남구 역삼동 GN-03"]}})
    address = "서울특별시 강남구 테헤란로 1"
    where = {"district": "강남구", "dong": "역삼동", "road_address": address}
    dry = make.premises(**where, supply_block="GN-03")
    make.home(account=signed_in.account, premises=dry, name="마른 집")
    wet = make.premises(**where, supply_block="GN-04")
    make.home(account=signed_in.account, premises=wet, name="젖은 집")

    page = signed_in.get("/outages/mine").text

    dry_home, wet_home = page.index("마른 집"), page.index("젖은 집")
    assert page.count("네, 지금 단수입니다.") == 1
    assert dry_home < page.index("네, 지금 단수입니다.") < wet_home


def test_a_quiet_refresh_costs_nothing_until_something_changes(client, outage_file):
    outage_file("burst", **BURST)
    page = Page(client.get("/outages/").text)
    seen = page.text.split('name="seen" value="')[1].split('"')[0]

    assert client.get(f"/outages/?seen={seen}", headers=HX).status_code == 204
    outage_file("burst", **{**BURST, "state": "extended", "updates": FORWARD})
    changed = client.get(f"/outages/?seen={seen}", headers=HX)

    assert changed.status_code == 200
    assert changed.text.lstrip().startswith('<section id="outages_live">')
    assert "<a " not in changed.text


def test_the_board_says_what_goes_on_and_has_nothing_to_press(client, outage_file):
    outage_file("burst", **BURST)
    outage_file("works")
    board = {**HX, "HX-Target": "outages_board"}

    page = Page(client.get("/outages/board").text)
    seen = page.text.split('name="seen" value="')[1].split('"')[0]

    assert "강남구 역삼동" in page.element("outages_board")
    assert "<a " not in page.element("outages_board")
    assert client.get(f"/outages/board?seen={seen}", headers=board).status_code == 204


def test_the_refresh_can_be_stopped(client, outage_file):
    outage_file("burst", **BURST)

    assert "every 60s" in client.get("/outages/burst").text
    assert "every 60s" not in client.get("/outages/burst?live=off").text
    assert "<script" not in client.get("/outages/?live=off").text


def test_a_page_without_script_does_not_promise_to_refresh_itself(client, outage_file):
    outage_file("burst", **BURST)

    for path in ("/outages/", "/outages/burst"):
        text = client.get(path).text
        said = text.split("1분마다 스스로 살핍니다.")[0].rsplit("<", 1)[1]
        stop = text.split("스스로 살피기 멈춤")[0].rsplit("<li", 1)[1]
        assert "data-scripted hidden" in said
        assert stop.startswith(" data-scripted hidden")
        assert f'<a href="{path}"' in text, "a link does it"


def test_a_kept_page_is_dropped_when_a_file_changes_and_when_an_outage_begins(
    app, client, outage_file, clock_at
):
    client.get("/outages/")
    first = client.get("/outages/")
    seen = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/outages/", headers=seen).status_code == 304

    outage_file("works")
    assert "/outages/works" in client.get("/outages/").text
    assert "예정" in client.get("/outages/works").text
    clock_at("2026-11-30 23:00")
    assert "지금 물이 안 나옵니다" in client.get("/outages/works").text


def test_two_files_of_one_name_are_told(app, outage_file, tmp_path, monkeypatch):
    (tmp_path / "outages").mkdir()
    (tmp_path / "outages" / "works.md").write_text("x", "utf-8")
    monkeypatch.setitem(app.config, "CONTENT_DIR", str(tmp_path))
    outage_file("works")

    from app import clock

    problems = [one.problems[0].what for one in shelf.read_all(app, clock.now())]
    assert any("같은 이름의 파일이 둘입니다" in what for what in problems)
