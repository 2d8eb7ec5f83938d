"""Districts, dongs and roads, and finding what somebody typed."""

import pytest

from app import addresses
from app.demo import city
from app.supply.offices import offices


def test_the_twenty_five_districts_are_those_of_the_offices():
    served = {name for office in offices().values() for name in office.districts}

    assert set(addresses.districts()) == served
    assert len(served) == 25


def test_every_district_has_its_dongs_and_roads_once_and_an_english_name():
    for district in addresses.districts().values():
        assert district.name_en.endswith("-gu")
        assert len(district.names) == len(set(district.names)) > 20
        assert all(name == addresses.plain(name) for name in district.names)


def test_the_demo_citys_streets_are_found_everywhere():
    for district in addresses.districts():
        for road in (*city.ROADS, "가상동", "가상1동", "가상4동"):
            assert addresses.find(district, road).exact == road


@pytest.mark.parametrize("typed", ["테헤란로", "테헤란 로", " 테헤란로 ", "테 헤 란 로"])
def test_a_street_is_found_whatever_its_blanks(typed):
    assert addresses.find("강남구", typed) == addresses.Matches("테헤란로", ())


def test_full_width_digits_are_digits():
    assert addresses.find("종로구", "명륜３가").exact == "명륜3가"


def test_letters_that_are_typed_apart_are_the_same_street():
    import unicodedata

    assert addresses.find("강남구", unicodedata.normalize("NFD", "역삼동")).exact == "역삼동"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("테헤란", "테헤란로"),
        ("테해란로", "테헤란로"),
        ("역산동", "역삼동"),
        ("봉은사", "봉은사로"),
    ],
)
def test_a_near_miss_is_offered_first(typed, meant):
    found = addresses.find("강남구", typed)

    assert found.exact == ""
    assert found.near[0] == meant


def test_one_syllable_offers_the_names_that_begin_with_it():
    assert {"삼성동", "삼성로"} <= set(addresses.find("강남구", "삼").near)


def test_at_most_six_names_are_offered():
    assert len(addresses.find("성북구", "동").near) <= 6
    assert len(addresses.find("성북구", "동소문동").near) == 6


@pytest.mark.parametrize("typed", ["", " ", "q", "x" * 5000])
def test_what_resembles_nothing_finds_nothing(typed):
    assert addresses.find("강남구", typed) == addresses.Matches("", ())


def test_a_street_of_another_district_is_not_found():
    assert addresses.find("성북구", "테헤란로").exact == ""
    assert addresses.find("없는구", "테헤란로") == addresses.Matches("", ())
