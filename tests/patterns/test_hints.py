"""Signs of a leak on the page: only where there are some, with what to do first."""

from datetime import date

import pytest

from tests import make
from tests.patterns.homes import HOME, YESTERDAY, bills, body, week


def test_nights_without_a_quiet_hour_are_told_with_what_to_do(signed_in, home):
    bills(home, 24)
    week(home, 6, 5, 7, 6, 6, 8, 9)

    text = body(signed_in.get(HOME))

    assert "가장 적을 때도 한 시간에 5L가 흘렀습니다." in text
    assert "먼저 변기에서" in text
    assert 'href="/learn/find-a-leak"' in text
    assert 'href="/complaints/"' in text


@pytest.mark.parametrize(
    "nights",
    [(6, 5, 0, 6, 6, 8, 9), (6, 5, 7, 8), (6, 5, 7, None, None, None, 4)],
)
def test_a_quiet_night_or_too_few_of_them_say_nothing(signed_in, home, nights):
    bills(home, *[20] * 12)
    week(home, *nights)

    assert "물이 새는지" not in body(signed_in.get(HOME))


def test_old_nights_and_a_home_that_was_left_say_nothing(signed_in, home):
    week(home, *[6] * 7, until=date(2026, 11, 5))

    assert "물이 새는지" not in body(signed_in.get(HOME))

    week(home, *[6] * 7)
    home.until_on = YESTERDAY
    home.save()
    assert "물이 새는지" not in body(signed_in.get(HOME))


def test_a_bill_far_above_the_season_is_told(signed_in, home):
    bills(home, *[24] * 12, 60)

    text = body(signed_in.get(HOME))

    assert "지난 몇 해 이맘때는 많아야 한 달 12㎥였는데, 이번에는 30㎥입니다." in text


@pytest.mark.parametrize("changes", [{"reading_kind": "estimated"}, {"month": "2026-07"}])
def test_an_estimate_or_an_old_bill_is_no_sign(signed_in, home, changes):
    bills(home, *[24] * 12, until="2026-05")
    make.bill(**{"premises": home.premises, "month": "2026-11", "usage_m3": 60, **changes})

    assert "물이 새는지" not in body(signed_in.get(HOME))


def test_quiet_nights_weigh_more_than_a_large_bill(signed_in, home):
    bills(home, *[24] * 12, 60)
    week(home, *[0] * 7)

    assert "물이 새는지" not in body(signed_in.get(HOME))
