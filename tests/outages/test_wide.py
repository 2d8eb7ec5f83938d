"""Who may announce an urgent outage of several districts by the form, and whom others ask."""

import pytest

from app.outages import shelf
from tests import make
from tests.outages.test_desk import NEW, log, write
from tests.outages.test_views import BURST

TWO = "강남구 역삼동\n서초구"
"""Two districts that one office serves."""
FAR = "강남구\n마포구"
BOARD = f"/staff/outages/{NEW['name']}"


@pytest.fixture(autouse=True)
def noon(clock_at):
    clock_at("2026-11-26 12:00")


def test_one_district_is_for_everybody_who_writes_outages(at_desk, own):
    assert write(at_desk("content", office="100")).status_code == 303


@pytest.mark.parametrize("kind", ["emergency", "quality"])
def test_an_urgent_one_of_several_districts_is_not(at_desk, own, kind):
    make.member("manager", office="100", name="김관리")
    make.member("manager", office="091", name="남의관리")
    make.member("clerk", office="", name="이창구")

    answer = write(at_desk("content", office="100"), places=TWO, kind=kind)

    assert answer.status_code == 422
    assert "부탁하십시오: 김관리<" in answer.text
    assert NEW["cause"] in answer.text, "what was typed stays"
    assert not (own / f"{NEW['name']}.md").exists()


def test_what_is_not_urgent_may_be_wide(at_desk, own):
    assert write(at_desk("content", office="100"), places=TWO, kind="turbid").status_code == 303


def test_a_manager_may_within_the_own_office(at_desk, own):
    assert write(at_desk("manager", office="100"), places=TWO).status_code == 303


@pytest.mark.parametrize("places", ["서울 전체", FAR])
def test_beyond_the_own_office_is_for_who_manages_all_that_is_touched(at_desk, own, places):
    make.member("manager", office="100", name="김관리")

    refused = write(at_desk("manager", office="100"), places=places)
    assert refused.status_code == 422
    assert "지금은 아무도 없습니다" in refused.text

    assert write(at_desk("manager", office=""), places=places).status_code == 303


def test_a_draft_is_written_by_one_and_announced_by_another(client, at_desk, own):
    clerk, manager = at_desk("content", office="100"), at_desk("manager", office="100")
    assert write(clerk, places=TWO, state="draft").status_code == 303

    said = {"state": "in_progress", "said": "끊겼습니다."}
    assert clerk.submit(BOARD, **said).status_code == 422
    assert manager.submit(BOARD, **said).status_code == 303

    assert client.get(f"/outages/{NEW['name']}").status_code == 200
    assert len(log(own)) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"places": "강남구 역삼동", "said": "줄었습니다."},
        {"state": "draft"},
    ],
)
def test_what_is_wide_is_changed_by_nobody_else_either(at_desk, own, change):
    write(at_desk("manager", office="100"), places=TWO)
    clerk = at_desk("content", office="100")

    assert "부탁하십시오" in clerk.get(BOARD).text, "told before anything is typed"
    assert clerk.submit(BOARD, **change).status_code == 422
    assert len(log(own)) == 1


def test_a_file_that_an_editor_commits_is_asked_nothing(app, outage_file):
    outage_file("burst", **{**BURST, "area": {"districts": ["서울 전체"]}})

    assert "burst" in shelf.of(app).current()
