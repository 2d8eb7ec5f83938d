"""When water may be leaking: rules on numbers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import add_months
from app.patterns.leak import Used, Usual, enough, night_flow, unusual

NOVEMBER = "2026-11"


def bills(*used, since="2024-01", step=2, months=2):
    """Bills of a home, oldest first."""
    return [Used(add_months(since, step * n), m3, months) for n, m3 in enumerate(used)]


@pytest.mark.parametrize(
    ("nights", "flow"),
    [
        ([5, 6, 5, 7, 5, 6, 8], 5),
        ([None, 6, 5, None, 5, 6, 8], 5),
        ([None, 6, None, None, 5, 6, 8], 0),
        ([5, 6, 0, 7, 5, 6, 8], 0),
        ([0, 5, 6, 5, 7, 5, 6, 8], 5),
        ([5] * 4, 0),
        ([], 0),
    ],
)
def test_a_week_without_a_quiet_hour_at_night_is_a_sign(nights, flow):
    assert night_flow(nights) == flow


@given(st.lists(st.one_of(st.none(), st.integers(0, 500)), max_size=20))
def test_one_quiet_night_of_the_week_says_that_nothing_leaks(nights):
    flow = night_flow(nights)

    assert flow >= 0
    assert not (flow and 0 in nights[-7:])
    assert not (flow and not enough(nights))


def test_a_bill_far_above_all_novembers_is_a_sign():
    earlier = [Used("2024-11", 24, 2), Used("2025-11", 27, 2), Used("2026-09", 60, 2)]

    assert unusual(Used(NOVEMBER, 38, 2), earlier) == Usual(135, True)


@pytest.mark.parametrize("usage_m3", [20, 27, 36])
def test_less_than_a_third_more_or_less_than_10_m3_more_is_no_sign(usage_m3):
    earlier = [Used("2024-11", 24, 2), Used("2025-11", 27, 2)]

    assert unusual(Used(NOVEMBER, usage_m3, 2), earlier) is None


def test_10_m3_more_of_much_water_is_no_sign():
    earlier = [Used("2024-11", 60, 2), Used("2025-11", 60, 2)]

    assert unusual(Used(NOVEMBER, 75, 2), earlier) is None


def test_a_third_of_little_water_is_no_sign():
    earlier = [Used("2024-11", 4, 2), Used("2025-11", 4, 2)]

    assert unusual(Used(NOVEMBER, 13, 2), earlier) is None


def test_bills_of_different_lengths_are_compared_by_month():
    earlier = [Used("2024-11", 12, 1), Used("2025-11", 13, 1)]

    assert unusual(Used(NOVEMBER, 26, 2), earlier) is None
    assert unusual(Used(NOVEMBER, 40, 2), earlier) == Usual(130, True)


def test_the_month_beside_belongs_to_the_season_and_last_summer_does_not():
    beside = [Used("2024-12", 24, 2), Used("2025-10", 27, 2)]

    assert unusual(Used(NOVEMBER, 40, 2), beside) == Usual(135, True)
    assert unusual(Used(NOVEMBER, 40, 2), bills(24, 27, since="2026-07")) is None


def test_two_months_of_one_year_are_not_two_years():
    earlier = [Used("2025-11", 24, 1), Used("2025-10", 24, 1), Used("2025-12", 24, 1)]

    assert unusual(Used(NOVEMBER, 60, 1), earlier) is None
    assert unusual(Used(NOVEMBER, 60, 1), [earlier[0], Used("2026-10", 24, 1)]) is None


def test_without_years_six_bills_tell_what_is_far():
    six = bills(20, 24, 22, 26, 21, 25, since="2025-11")

    assert unusual(Used(NOVEMBER, 45, 2), six) == Usual(115, False)
    assert unusual(Used(NOVEMBER, 45, 2), six[1:]) is None


def test_a_home_that_always_varies_needs_more_to_stand_out():
    wild = bills(5, 60, 8, 70, 4, 55, since="2025-11")

    assert unusual(Used(NOVEMBER, 90, 2), wild) is None


@given(st.lists(st.integers(0, 200), max_size=40), st.integers(0, 400), st.integers(1, 12))
def test_what_is_usual_is_never_told_for_a_bill_that_is_not_well_above_it(used, now, months):
    earlier = bills(*used, since="2020-01")
    month = add_months("2020-01", 2 * len(used))

    found = unusual(Used(month, now, months), earlier)

    if found:
        assert now * 10 - found.tenths * months >= 100
        assert now * 30 > found.tenths * months * 4


def test_more_use_never_makes_a_sign_go_away():
    earlier = bills(20, 24, 22, 26, 21, 25, 23, 20, 22, 24, 20, 23, 22, 21, since="2024-07")

    signs = [unusual(Used(NOVEMBER, m3, 2), earlier) is not None for m3 in range(100)]

    assert all(a <= b for a, b in pairwise(signs))
    assert signs[-1]
