"""What less would save and what the next m3 costs."""

import pytest

from app.calculator.estimate import Asked, estimate
from app.tariff.engine import Grant, Terms
from app.tariff.table import seoul, whole_months

HOME = Terms("household", "household", 15, 1)
SHOP = Terms("general", "general", 15, 1)


def ask(usage_m3, terms=HOME, month="2026-11", months=2, grants=()):
    return estimate(seoul(), Asked(terms, whole_months(month, months), usage_m3, grants))


def test_a_tenth_less_is_counted_in_whole_m3_and_for_a_year():
    less = ask(24).less

    assert (less.usage_m3, less.total) == (22, 29_220)
    assert (less.saved, less.saved_a_year) == (2_460, 14_760)


def test_a_year_has_twelve_monthly_bills():
    less = ask(20, months=1).less

    assert less.saved_a_year == 12 * less.saved


@pytest.mark.parametrize("usage_m3", [0, 1, 5])
def test_a_use_of_which_a_tenth_is_not_one_m3_has_no_less(usage_m3):
    assert ask(usage_m3).less is None


def test_a_tenth_less_keeps_the_reductions():
    less = ask(20, grants=(Grant("basic_livelihood"),)).less

    assert (less.usage_m3, less.saved) == (18, 2 * 170)


def test_the_next_m3_adds_up_water_sewer_and_levy():
    following = ask(24).following

    assert [(one.part, one.won) for one in following] == [
        ("water", 580),
        ("sewer", 480),
        ("levy", 170),
    ]


@pytest.mark.parametrize(
    ("usage_m3", "step", "won"), [(0, 1, 400), (59, 1, 400), (60, 2, 930), (100, 3, 1420)]
)
def test_the_next_m3_falls_into_the_tier_of_one_household_and_month(usage_m3, step, won):
    sewer = ask(usage_m3, month="2025-11").following[1]

    assert (sewer.step, sewer.won) == (step, won)


def test_households_share_the_tiers():
    sewer = ask(100, terms=HOME._replace(households=2), month="2025-11").following[1]

    assert sewer.step == 1


def test_the_next_m3_of_a_period_with_two_rates_has_the_later_one():
    sewer = ask(24, month="2026-02").following[1]

    assert (sewer.won, sewer.rate.key) == (480, "sewer-household-2026")


@pytest.mark.parametrize(("usage_m3", "won"), [(33, 580), (34, 1270)])
def test_the_next_m3_of_mixed_use_is_the_homes_until_their_share_is_used_up(usage_m3, won):
    water = ask(usage_m3, terms=SHOP._replace(dwellings=1)).following[0]

    assert water.won == won
