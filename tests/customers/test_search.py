"""Finding customers: each way finds who is meant, within the offices, and more is said."""

import pytest

from app.customers.search import MOST, How, kind_of, search
from app.supply.models import Occupancy
from tests import make

HERE = ("091",)


def person(name="한나래", office="091", road="물결로 12, 101호", district="성북구", **contact):
    place = make.premises(
        office=office,
        district=district,
        road_address=f"서울특별시 {district} {road} (가상 주소)",
        lot_address=f"서울특별시 {district} 가상동 {road.split()[1].strip(',')}-3 (가상 주소)",
    )
    phone = Occupancy.with_phone(contact.pop("phone", ""))
    make.occupancy(premises=place, name=name, **phone, **contact)
    return place.number


def numbers(query, scope=HERE):
    return [hit.number for hit in search(query, scope).premises]


@pytest.mark.parametrize(
    ("query", "how"),
    [
        ("012345678", How.NUMBER),
        ("012-345-678", How.NUMBER),
        ("０１２３４５６７８", How.NUMBER),
        ("010-1234-5678", How.PHONE),
        ("+82 10 1234 5678", How.PHONE),
        ("narae@example.com", How.EMAIL),
        ("물결로 12", How.ADDRESS),
        ("성북구 물결로 12", How.ADDRESS),
        ("가상동 7-3", How.ADDRESS),
        ("한나래", How.NAME),
        ("주식회사 한빛", How.NAME),
    ],
)
def test_what_a_query_is(query, how):
    from app.customers.search import tidy

    assert kind_of(tidy(query)) is how


@pytest.mark.parametrize(
    "query",
    [
        "한나래",
        "한나",
        " 한나래 ",
        "물결로 12",
        "성북구 물결로 12, 101호",
        "서울 성북구 물결로 12",
        "서울특별시 성북구 물결로",
        "가상동 12-3",
        "narae@example.com",
        "NARAE@example.com",
        "010-1234-5678",
        "01012345678",
        "+82-10-1234-5678",
    ],
)
def test_each_way_finds_the_premises(db, query):
    number = person(email="narae@example.com", phone="010 1234 5678")
    person("다른이", road="샘물길 3")

    assert numbers(query) == [number]


def test_a_number_finds_itself(db):
    number = person()

    assert numbers(number) == numbers(f"{number[:3]}-{number[3:6]}-{number[6:]}") == [number]


@pytest.mark.parametrize("query", ["한나래", "물결로 12", "narae@example.com", "010-1234-5678"])
def test_another_office_is_not_looked_at(db, query):
    number = person(email="narae@example.com", phone="010-1234-5678")

    assert numbers(query, ("093",)) == []
    assert search(number, ("093",)).premises == []


def test_somebody_who_moved_out_is_not_found_by_name(db):
    place = make.premises()
    make.occupancy(premises=place, name="옛사람", ended_on=make.START)

    assert numbers("옛사람") == []


def test_signs_of_patterns_find_nothing(db):
    person()

    assert [numbers(query) for query in ("%", "_", "*", "'", "한%", "물결로 %")] == [[]] * 6


def test_of_a_common_name_the_first_are_shown_and_more_is_said(db):
    for _ in range(MOST + 2):
        person("김흔한")

    found = search("김흔한", HERE)

    assert len(found.premises) == MOST
    assert found.more


def test_accounts_are_found_by_name_mail_and_telephone_in_the_offices(db):
    account = make.account(name="한나래", email="narae@example.com")
    make.home(account=account, premises=make.premises(office="091"))

    for query in ("한나래", "narae@example.com"):
        assert [hit.reference for hit in search(query, HERE).accounts] == [account.reference]
        assert search(query, ("093",)).accounts == []


def test_an_account_without_a_home_belongs_to_no_office(db):
    account = make.account(email="new@example.com")

    assert [hit.reference for hit in search("new@example.com", ("093",)).accounts] == [
        account.reference
    ]
