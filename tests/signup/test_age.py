"""Under 14: decided by the calendar day in Seoul, without keeping the birth date."""

from datetime import date

import pytest

from app import db as app_db
from app.sealed import opened
from app.signup import age
from app.signup.models import Signup
from tests.signup.steps import fill


@pytest.mark.parametrize(
    ("born", "today", "old_enough"),
    [
        ("2012-11-22", "2026-11-21", False),
        ("2012-11-22", "2026-11-22", True),
        ("2012-11-22", "2026-11-23", True),
        ("2012-02-29", "2026-02-28", False),
        ("2012-02-29", "2026-03-01", True),
        ("2016-02-29", "2030-02-28", False),
        ("2014-03-01", "2028-02-29", False),
        ("2012-12-31", "2026-01-01", False),
        ("2026-11-22", "2026-11-22", False),
    ],
)
def test_the_fourteenth_birthday_decides(born, today, old_enough):
    days = date.fromisoformat(born), date.fromisoformat(today)

    assert age.is_old_enough(*days) is old_enough


@pytest.mark.parametrize(
    "typed",
    [
        "19900131",
        "1990-1-31",
        "1990. 1. 31.",
        "1990.01.31",
        "1990/1/31",
        "1990년 1월 31일",
        "１９９００１３１",
        " 1990 1 31 ",
        "1990 – 01 – 31",
    ],
)
def test_a_birth_date_is_read_however_it_is_written(typed):
    assert age.read(typed) == date(1990, 1, 31)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "900131",
        "1990",
        "1990131",
        "1990-2-30",
        "1990-13-1",
        "31.1.1990",
        "0000-1-1",
        "한글",
        "1990-1-31 900131-1234567",
        "9" * 5000,
    ],
)
def test_what_is_no_day_is_not_read(typed):
    assert age.read(typed) is None


@pytest.mark.parametrize("typed", ["", "1990", "2026-11-23", "1899-12-31", "한글", "\x00"])
def test_a_date_that_cannot_be_is_told_at_the_field(client, clock_at, typed):
    clock_at("2026-11-22 10:30")

    answer = client.submit("/signup/", born=typed)

    assert answer.status_code == 422
    assert 'id="born_error"' in answer.text


def test_the_day_is_that_of_seoul(client, clock_at):
    clock_at("2026-11-21 23:59")
    before = client.submit("/signup/", born="2012-11-22")
    clock_at("2026-11-22 00:00")
    after = client.submit("/signup/", born="2012-11-22")

    assert (before.location, after.location) == ("/signup/under-14", "/signup/consents")


def test_a_child_is_told_calmly_what_to_do(client, clock_at):
    clock_at("2026-11-22 10:30")

    page = client.get(client.submit("/signup/", born="2015 1 1").location)

    assert page.status_code == 200
    assert "보호자" in page.text
    assert 'href="tel:02-120"' in page.text
    assert "수도사업소" in page.text
    assert "오류" not in page.text


def test_nothing_of_a_child_is_kept(client, clock_at):
    clock_at("2026-11-22 10:30")
    fill(client, until="/signup/address")

    client.submit("/signup/", born="2015 1 1")

    assert Signup.select().count() == 0
    assert client.get("/signup/consents").location == "/signup/"


def test_the_birth_date_is_not_stored(client, clock_at):
    clock_at("2026-11-22 10:30")
    fill(client)

    kept = opened(app_db.rows("SELECT typed FROM signups")[0][0])
    assert "1990" not in kept
    assert "1990" not in client.get("/signup/check").text
    assert "만 14세 이상으로 확인했습니다" in client.get("/signup/").text
