"""Whether a place lies in an area: exactly, by house number and block."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import addresses
from app.outages import area
from app.outages.area import Area, AreaError, Block, Dong, Place, Road

KNOWN = addresses.districts()


def read(**given):
    return area.read(given, KNOWN)


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        (Place("강남구", "역삼동", "테헤란로", 101), True),
        (Place("강남구", "역삼동", "테헤란로", 159), True),
        (Place("강남구", "역삼동", "테헤란로", 160), False),
        (Place("강남구", "역삼동", "테헤란로", 100), False),
        (Place("강남구", "역삼동", "역삼로", 120), False),
        (Place("서초구", "역삼동", "테헤란로", 120), False),
        (Place("강남구", "역삼동"), True),
        (Place("강남구", "삼성동"), False),
    ],
)
def test_a_range_of_house_numbers_covers_what_lies_in_it(place, inside):
    assert read(roads=["강남구 역삼동 테헤란로 101-159"]).covers(place) is inside


def test_a_side_of_a_road_covers_its_numbers_only():
    odd = read(roads=["강남구 역삼동 테헤란로 101-159 홀수"])

    assert odd.covers(Place("강남구", "역삼동", "테헤란로", 103))
    assert not odd.covers(Place("강남구", "역삼동", "테헤란로", 104))


def test_a_block_covers_its_premises_and_those_whose_block_nobody_knows():
    part = read(blocks=["강남구 역삼동 GN-03"])

    assert part.covers(Place("강남구", "역삼동", "테헤란로", 1, "GN-03"))
    assert not part.covers(Place("강남구", "역삼동", "테헤란로", 1, "GN-04"))
    assert part.covers(Place("강남구", "역삼동"))


def test_a_district_and_the_whole_city_cover_all_that_lies_in_them():
    assert read(districts=["강남구"]).covers(Place("강남구", "삼성동"))
    assert not read(districts=["강남구"]).covers(Place("서초구", "서초동"))
    assert read(districts=["서울 전체"]).covers(Place("서초구", "서초동"))


@pytest.mark.parametrize(
    "given",
    [
        {"roads": ["강남구 역삼동 테헤란로"]},
        {"roads": ["강남구 역삼동 테헤란로 200-100"]},
        {"dongs": ["역삼동"]},
        {"dongs": "강남구 역삼동"},
        {"dongs": ["분당구 정자동"]},
        {"blocks": ["강남구 GN-03"]},
        {"districts": ["강남"]},
    ],
)
def test_a_line_that_cannot_be_read_is_refused(given):
    with pytest.raises(AreaError):
        read(**given)


def test_the_address_of_a_premises_is_a_place():
    address = "서울특별시 강남구 보기로 12, 101호 (가상 주소)"

    assert Place.at("강남구", "가상1동", address, "GN-01") == Place(
        "강남구", "가상1동", "보기로", 12, "GN-01"
    )
    assert Place.at("강남구", "가상1동", "산 12") == Place("강남구", "가상1동")


names = st.sampled_from(["역삼동", "삼성동", "가상1동"])
gu = st.sampled_from(["강남구", "서초구"])
numbers = st.integers(1, 400)
roads = st.builds(
    lambda a, b, c, n, m, side: Road(a, b, c, min(n, m), max(n, m), side),
    gu, names, st.sampled_from(["테헤란로", "보기로"]), numbers, numbers,
    st.sampled_from([None, 0, 1]),
)  # fmt: skip
areas = st.builds(
    Area,
    districts=st.lists(gu, unique=True, max_size=2).map(tuple),
    dongs=st.lists(st.builds(Dong, gu, names), max_size=3).map(tuple),
    roads=st.lists(roads, max_size=3).map(tuple),
    blocks=st.lists(st.builds(Block, gu, names, st.just("GN-01")), max_size=2).map(tuple),
    note=st.sampled_from(["", "고지대만"]),
    city=st.just(False),
)


@given(areas)
def test_what_is_written_is_read_again(one):
    assert area.read(area.written(one), KNOWN) == one


@given(areas, gu, names, st.sampled_from(["테헤란로", "보기로"]), numbers)
def test_who_is_told_by_house_number_is_told_by_dong(one, district, dong, road, number):
    """A dong's subscriber hears of whatever reaches a house in it on the roads named with it."""
    inside = Place(district, dong, road, number)
    named = one._replace(roads=tuple(r for r in one.roads if r.dong == dong), blocks=())

    if named.covers(inside):
        assert named.covers(Place(district, dong))
