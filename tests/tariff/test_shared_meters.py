"""Reductions where several households, or a shop and its flats, share one meter."""

from datetime import date

import pytest

from app.tariff.engine import Grant, Special, Terms, charge
from app.tariff.table import Period, seoul

PERIOD = Period("2026-11", date(2026, 8, 31), date(2026, 10, 31), 2)


def off(terms, usage, *grants, special=None):
    """(part, key) → (quantity, won) of what is taken off."""
    more = {"special": special} if special else {}
    found = charge(seoul(), terms, PERIOD, usage, tuple(Grant(*one) for one in grants), **more)
    return {
        (line.part, line.key): (line.quantity, -line.amount)
        for line in found.lines
        if line.kind == "discount"
    }


def homes(count):
    return Terms("household", "household", 15, count)


def test_a_familys_share_is_not_taken_off_the_whole_building():
    found = off(homes(10), 240, ("two_children", 1))

    assert found == {("sewer", "two_children"): (11_520, 3_450)}


def test_as_many_shares_as_families_and_no_more_than_homes():
    assert off(homes(2), 48, ("two_children", 5)) == {("sewer", "two_children"): (23_040, 6_910)}


def test_beside_a_shop_only_the_use_of_the_flat_is_reduced():
    shop = Terms("general", "general", 15, 1, 1)

    found = off(shop, 400, ("two_children", 1))

    assert found == {("sewer", "two_children"): (34 * 480, 4_890)}


def test_two_households_have_ten_m3_each():
    found = off(homes(3), 120, ("basic_livelihood", 1), ("severely_disabled", 1))

    assert found["water", "basic_livelihood"] == (200, 11_600)
    assert found["water", "severely_disabled"] == (200, 11_600)


def test_one_household_has_them_once():
    found = off(homes(1), 120, ("basic_livelihood", 1), ("severely_disabled", 1))

    assert set(found) == {("water", "basic_livelihood"), ("sewer", "basic_livelihood")}


def test_two_grants_of_one_code_add_up_to_the_households():
    once = off(homes(3), 120, ("basic_livelihood", 2))

    assert off(homes(3), 120, ("basic_livelihood", 1), ("basic_livelihood", 1)) == once
    assert once["water", "basic_livelihood"] == (400, 23_200)


def test_residents_of_a_facility_have_only_its_reduction():
    found = off(homes(1), 50, ("disabled_facility", 1), ("severely_disabled", 1))

    assert {key for _, key in found} == {"disabled_facility"}


def test_re_used_groundwater_is_halved_and_tap_water_is_not():
    found = off(homes(1), 100, ("reused_groundwater", 1), special=Special(ground_m3=10))

    assert found == {("sewer", "reused_groundwater"): (4_800, 2_400)}


@pytest.mark.parametrize("count", [1, 3, 7])
def test_a_leak_is_taken_off_once_however_many_households(count):
    found = off(homes(count), 210, ("leak", 10))

    assert [quantity for quantity, _ in found.values()] == [50, 100, 50]
