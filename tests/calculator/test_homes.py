"""Homes on a shop's meter: which field they belong into, and which number counts."""

import pytest

from tests.calculator.test_views import chosen, field, plain, result
from tests.markup import Page


@pytest.fixture(autouse=True)
def today(clock_at):
    clock_at("2026-11-20 10:00")


@pytest.fixture
def ask(client):
    """ask(usage=12) is the page for a question."""
    return lambda **asked: client.get("/calculator/", query_string=asked).text


def test_homes_on_a_shops_meter_are_sent_to_their_own_field(ask, client):
    asked = {"use_class": "general", "usage": "100", "households": "3", "reductions": "ebill"}
    text = ask(**asked)

    [link] = [e for e in Page(text).tagged("a") if "#dwellings" in (e.get("href") or "")]
    assert "‘함께 쓰는 집의 수’에 넣어야 합니다." in plain(result(text))
    moved = client.get(link.get("href").replace("&amp;", "&")).text
    assert [field(moved, name)("value") for name in ("households", "dwellings")] == ["1", "3"]
    assert chosen(moved, "use_class") == ["general"]
    assert "<details open>" in moved
    assert moved.count(" checked") == 1
    assert "넣어야 합니다" not in moved


@pytest.mark.parametrize(
    "asked",
    [
        {"households": "3"},
        {"use_class": "general"},
        {"use_class": "general", "households": "3", "month": "2023-09"},  # did not count yet
    ],
)
def test_nobody_else_is_sent_to_the_field_for_homes(ask, asked):
    assert "넣어야 합니다" not in ask(**asked)


def test_with_both_numbers_of_homes_the_answer_says_which_counts(ask):
    words = plain(result(ask(use_class="general", households="5", dwellings="3")))

    assert "함께 쓰는 집의 수 3만 세고, 세대수 5는 쓰지 않았습니다." in words
    assert "쓰지 않았습니다" not in ask(use_class="general", dwellings="3")


def test_before_homes_were_counted_the_answer_does_not_speak_as_if(ask):
    words = plain(result(ask(use_class="general", dwellings="3", month="2023-09")))

    assert "2023년 10월 납기부터 세므로 이 답에는 쓰지 않았습니다." in words
    assert "가정용으로" not in words
