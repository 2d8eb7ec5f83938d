"""What the fields of the sign-up take, however it is written, and what they refuse."""

import pytest

from app.signup.models import Signup
from tests.signup.steps import ADDRESS, PASSWORD, fill


@pytest.fixture(autouse=True)
def now(clock_at):
    clock_at("2026-11-22 10:30")


def typed(client):
    """What is kept of the only sign-up."""
    return Signup.get().answers


def refused(answer, field):
    return answer.status_code == 422 and f'id="{field}_error"' in answer.text


@pytest.mark.parametrize(
    "password", ["", "short", "김보기김보기김보기김보기김보기", "person@example.com!!", "a" * 129]
)
def test_a_password_that_breaks_the_rules_is_refused(client, password):
    fill(client, until="/signup/access")

    answer = client.submit("/signup/access", email="person@example.com", password=password)

    assert refused(answer, "password")
    assert typed(client).password_hash == ""


@pytest.mark.parametrize(
    "password",
    [
        "물이 새면 먼저 밸브를 잠급니다",
        "Wasser 1 eau 2 water 3 agua 4 acqua 5 voda 6 vesi 7 su 8 mizu 9.",
        PASSWORD,
    ],
)
def test_long_passwords_of_any_letters_are_taken(client, password):
    fill(client, until="/signup/access")

    answer = client.submit("/signup/access", email="who@example.com", password=password)

    assert answer.location == "/signup/check"


@pytest.mark.parametrize("email", ["", "nobody", "a b@example.com", "김@한국", "a@b", "a\n@b.kr"])
def test_what_is_no_address_is_told_at_its_field(client, email):
    fill(client, until="/signup/access")

    assert refused(client.submit("/signup/access", email=email, password=PASSWORD), "email")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "1234",
        "김보\r\n기",
        "김\u2028보기",
        "김\x00보기",
        "\u202e기보김",
        "가" * 61,
        "900131-1234567",
        "김보기 ９００１３１１２３４５６７",
        "900131 – 2234567",
    ],
)
def test_a_name_with_odd_signs_or_a_resident_number_is_refused(client, name):
    fill(client, until="/signup/person")

    answer = client.submit("/signup/person", name=name, phone="010-1234-5678")

    assert refused(answer, "name")


def test_a_resident_number_is_refused_in_an_address_with_a_plain_message(client):
    fill(client, until="/signup/address")

    answer = client.submit("/signup/address", **{**ADDRESS, "detail": "12 900131-1234567"})

    assert refused(answer, "detail")
    assert "주민등록번호는 받지 않습니다" in answer.text


@pytest.mark.parametrize(
    ("phone", "kept"),
    [
        ("010-1234-5678", "+821012345678"),
        ("０１０ １２３４ ５６７８", "+821012345678"),
        ("01012345678", "+821012345678"),
        ("+82 10-1234-5678", "+821012345678"),
        ("02-120", ""),
        ("080-123-4567", ""),
        ("02-3146-2000", "+82231462000"),
        ("070-7123-4567", "+827071234567"),
        ("", ""),
        ("1234", ""),
        ("+1 202 555 0123", ""),
        ("900131-1234567", ""),
        ("010-1234-5678;ext=1", ""),
        ("전화 없음", ""),
    ],
)
def test_phones_are_taken_however_they_are_written(client, phone, kept):
    fill(client, until="/signup/person")

    answer = client.submit("/signup/person", name="김보기", phone=phone)

    assert (typed(client).phone, answer.status_code) == (kept, 303 if kept else 422)


def test_a_street_is_kept_as_it_is_written_officially(client):
    fill(client, until="/signup/address")

    answer = client.submit("/signup/address", district="강남구", street=" 테헤란 로", detail="1")

    assert answer.location == "/signup/access"
    assert typed(client).full_address == "서울특별시 강남구 테헤란로 1"


def test_near_names_are_offered_for_a_street_that_is_not_found(client):
    fill(client, until="/signup/address")
    fields = {"district": "강남구", "street": "테헤랑로", "detail": "1"}

    offered = client.submit("/signup/address", **fields)
    chosen = client.submit("/signup/address", **fields, offered="테헤랑로", chosen="테헤란로")

    assert refused(offered, "chosen")
    assert 'name="chosen" value="테헤란로"' in offered.text
    assert 'value="테헤랑로"' in offered.text
    assert chosen.location == "/signup/access"
    assert typed(client).street == "테헤란로"


def test_a_street_that_nobody_knows_is_taken_as_it_was_typed(client):
    fill(client, until="/signup/address")
    fields = {"district": "강남구", "street": "새로난길", "detail": "1"}

    answer = client.submit("/signup/address", **fields, offered="새로난길", chosen="as_typed")
    again = client.submit("/signup/address", **{**fields, "detail": "2"})

    assert (answer.status_code, again.status_code) == (303, 303)
    assert (typed(client).street, typed(client).detail) == ("새로난길", "2")


@pytest.mark.parametrize(
    ("offered", "chosen"), [("다른길", "as_typed"), ("없는길", "성북로"), ("없는길", ""), ("", "x")]
)
def test_a_choice_holds_only_for_the_name_and_district_it_was_offered_for(client, offered, chosen):
    fill(client, until="/signup/address")
    fields = {"district": "강남구", "street": "없는길", "detail": "1"}

    assert refused(
        client.submit("/signup/address", **fields, offered=offered, chosen=chosen), "chosen"
    )


def test_an_address_outside_the_city_is_taken_as_it_is(client):
    fill(client, until="/signup/address")

    client.submit("/signup/address", district="outside", street="부산 해운대구 우동", detail="1")

    assert typed(client).full_address == "부산 해운대구 우동 1"
    assert '<option value="outside" selected>' in client.get("/signup/address").text
