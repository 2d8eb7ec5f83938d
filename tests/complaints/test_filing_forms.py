"""What is typed to file a complaint: the place, the answers, private numbers, the contact."""

import pytest

from app.complaints.drafts import Draft
from app.complaints.models import Complaint
from tests import make
from tests.complaints.steps import LEAK, PHONE, PLACE, begin, send, to_photos


@pytest.fixture(autouse=True)
def now(clock_at):
    clock_at("2026-11-23 09:30")


def test_what_is_missing_is_said_at_its_field(client):
    begin(client)

    place = client.submit("/complaints/place", district="", dong="", place="")
    assert place.status_code == 422
    for text in ("구를 골라", "동이나 길 이름을", "어디인지 적어"):
        assert text in place.text
    client.submit("/complaints/place", **PLACE)
    details = client.submit("/complaints/details", q_amount="flood")
    assert details.text.count("하나를 골라 주십시오.") == 4


def test_a_name_that_is_not_known_is_offered_in_what_may_be_meant(client):
    begin(client)

    answer = client.submit("/complaints/place", **{**PLACE, "dong": "가상"})

    assert answer.status_code == 422
    assert 'value="가상1동"' in answer.text
    again = client.submit(
        "/complaints/place", **{**PLACE, "dong": "가상"}, offered="가상", chosen="가상2동"
    )
    assert again.location == "/complaints/details"
    assert 'value="가상2동"' in client.get("/complaints/place").text


def test_a_name_that_is_on_no_list_can_be_used_as_typed(client):
    begin(client)
    typed = {**PLACE, "dong": "새길"}

    answer = client.submit("/complaints/place", **typed, offered="새길", chosen="as_typed")

    assert answer.location == "/complaints/details"


@pytest.mark.parametrize(
    ("latitude", "longitude", "kept"),
    [
        ("37.56630", "126.97790", (37_566_300, 126_977_900)),
        ("35.1", "129.0", (None, None)),
        ("nan", "126.9", (None, None)),
        ("37.5; DROP", "126.9", (None, None)),
        ("", "", (None, None)),
    ],
)
def test_where_the_phone_is_counts_when_it_is_in_the_city(client, latitude, longitude, kept):
    begin(client)
    client.submit("/complaints/place", **PLACE, latitude=latitude, longitude=longitude)

    with client.session_transaction() as session:
        draft = Draft.of(session["browser"], make.LONG_AGO)

    assert (draft.latitude, draft.longitude) == kept


def test_only_the_page_for_the_place_may_ask_where_the_phone_is(client):
    begin(client)

    place = client.get("/complaints/place").headers["Permissions-Policy"]

    assert "geolocation=(self)" in place
    assert "geolocation=()" in client.get("/complaints/").headers["Permissions-Policy"]


def test_a_resident_chooses_one_of_their_homes(signed_in):
    home = make.home(account=signed_in.account, premises=make.premises(office="101"))
    begin(signed_in, "no_water")

    refused = signed_in.submit("/complaints/place")
    assert "집을 고르거나" in refused.text
    assert "구를 골라" not in refused.text
    signed_in.submit("/complaints/place", home=home.reference)
    signed_in.submit("/complaints/details", q_what="none", q_neighbours="same")
    signed_in.submit("/complaints/photos")
    signed_in.submit("/complaints/contact", name="김보기", phone=PHONE)
    assert "우리집" in signed_in.get("/complaints/check").text
    number = send(signed_in).location.split("/")[2]

    one = Complaint.referred(number)
    assert (one.account_id, one.premises_id) == (signed_in.account.id, home.premises_id)
    assert (one.office, one.place) == ("101", home.premises.road_address)


def test_anothers_home_cannot_be_chosen(signed_in):
    other = make.home()
    make.home(account=signed_in.account)
    begin(signed_in, "no_water")

    assert signed_in.submit("/complaints/place", home=other.reference).status_code == 422


def test_numbers_that_look_private_are_asked_about_once(client):
    begin(client)
    client.submit("/complaints/place", **PLACE)
    said = {**LEAK, "body": "제 번호는 010-9999-8888입니다."}

    answer = client.submit("/complaints/details", **said)

    assert answer.status_code == 422
    assert "전화번호나 계좌번호로 보이는" in answer.text
    assert client.submit("/complaints/details", **said, keep="y").location == "/complaints/photos"


@pytest.mark.parametrize("text", ["901122-1234567", "계좌 110-234-567890", "02 123 4567"])
def test_private_numbers_are_not_sent_unnoticed(client, text):
    begin(client)
    client.submit("/complaints/place", **PLACE)

    assert client.submit("/complaints/details", **{**LEAK, "body": text}).status_code == 422


@pytest.mark.parametrize("text", ["12번지 3층", "2026-11-23 3시", "1234567", "3,450원 9,876원"])
def test_plain_numbers_are_no_private_ones(client, text):
    begin(client)
    client.submit("/complaints/place", **PLACE)

    assert client.submit("/complaints/details", **{**LEAK, "body": text}).status_code == 303


def test_a_resident_number_is_never_taken(client):
    begin(client)
    client.submit("/complaints/place", **PLACE)

    answer = client.submit("/complaints/details", **{**LEAK, "body": "901122-1234567"}, keep="y")

    assert "주민등록번호는 받지 않습니다" in answer.text


@pytest.mark.parametrize(
    ("contact", "text"),
    [
        ({"phone": ""}, "전화번호를 넣어"),
        ({"phone": "123"}, "010-1234-5678처럼"),
        ({"phone": "02-120", "wants_texts": "y"}, "휴대전화로만"),
        ({"phone": PHONE, "email": "nobody"}, "name@example.com처럼"),
    ],
)
def test_a_contact_that_leads_nowhere_is_refused(client, contact, text):
    to_photos(client)
    client.submit("/complaints/photos")

    answer = client.submit("/complaints/contact", **contact)

    assert answer.status_code == 422
    assert text in answer.text


def test_who_reports_a_problem_at_home_says_their_name(client):
    begin(client, "praise")
    client.submit("/complaints/details", body="고맙습니다.")
    client.submit("/complaints/photos")

    assert "이름을 넣어" in client.submit("/complaints/contact", phone=PHONE).text
