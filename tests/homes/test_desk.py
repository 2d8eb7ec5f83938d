"""The desk of link requests: granted to the right tenancy, refused with a reason, once."""

import pytest

from app.audit.models import Entry
from app.homes.models import HomeRequest
from app.staff import desk
from app.staff.sign_ins import StaffSession
from app.supply.models import Home
from tests import make, outbox
from tests.markup import Page


@pytest.fixture
def wish(db):
    place = make.premises()
    make.occupancy(premises=place, name="한나래")
    account = make.account(name="한나래")
    return make.home_request(account=account, number=place.number, role="holder")


def token(client):
    return Page(client.get("/staff/").text).form("/staff/logout")["csrf_token"]


def grant(client, wish, **fields):
    chosen = {"tenancy": f"user {make.START}", "role": "holder", **fields}
    data = {"csrf_token": token(client), **chosen}
    return client.post(f"/staff/homes/{wish.reference}/grant?number={wish.number}", data=data)


def test_the_tenancy_of_the_name_that_asked_is_chosen_already(at_desk, wish):
    page = at_desk("clerk").get(f"/staff/homes/{wish.reference}").text

    assert f'value="user {make.START}" checked' in page
    assert Entry.get(Entry.action == "home.request_seen").account_id == wish.account.id


def test_granting_links_and_tells_and_is_written_down(at_desk, wish):
    assert grant(at_desk("clerk"), wish).location == "/staff/homes/?done=granted"

    home = Home.get(Home.account == wish.account)
    assert (home.role, home.level) == ("holder", 3)
    assert HomeRequest.get_by_id(wish.id).decision == "granted"
    assert Entry.get(Entry.action == "home.granted").account_id == wish.account.id
    assert "home_linked" in [one.kind for one in outbox.queued()]


def test_a_second_decision_finds_it_decided(at_desk, wish):
    grant(at_desk("clerk"), wish)

    assert grant(at_desk("clerk"), wish).status_code == 422
    assert Home.select().where(Home.account == wish.account).count() == 1


@pytest.mark.parametrize("tenancy", ["", "user", "boss 2026-01-01", "user 2020-01-01", "user x"])
def test_a_time_that_is_nobodys_links_nothing(at_desk, wish, tenancy):
    assert grant(at_desk("clerk"), wish, tenancy=tenancy).status_code == 422
    assert Home.select().where(Home.account == wish.account).count() == 0


def test_a_refusal_needs_its_reason_and_is_told(at_desk, wish):
    client = at_desk("clerk")
    path = f"/staff/homes/{wish.reference}"
    data = {"csrf_token": token(client)}

    assert client.post(f"{path}/refusal", data={**data, "answer": ""}).status_code == 422
    answer = client.post(f"{path}/refusal", data={**data, "answer": "증빙이 없습니다."})

    assert answer.location == "/staff/homes/?done=refused"
    assert outbox.queued("home_refused")[-1].values["answer"] == "증빙이 없습니다."


def test_the_start_page_says_what_waits_and_what_is_late(at_desk, wish, clock_at):
    clock_at("2026-11-26 12:00")
    HomeRequest.update(asked_at=make.LONG_AGO).execute()
    client = at_desk("clerk")

    page = client.get("/staff/").text

    assert "<b>1</b> 집 연결 신청" in page
    assert "늦음 1" in page
    assert desk.permissions() >= {"homes.decide"}


def test_a_request_without_a_number_goes_to_the_office_of_its_district(at_desk):
    wish = make.home_request(number="", address="서울특별시 노원구 보기로 1")

    assert at_desk("clerk", office="095").get(f"/staff/homes/{wish.reference}").status_code == 200
    assert at_desk("clerk", office="091").get(f"/staff/homes/{wish.reference}").status_code == 404


def test_the_role_that_was_asked_for_is_chosen_already(at_desk, wish):
    HomeRequest.update(role="viewer").execute()

    page = at_desk("clerk").get(f"/staff/homes/{wish.reference}").text

    assert '<option value="viewer" selected>' in page


def test_who_is_linked_already_is_not_linked_once_more(at_desk, wish):
    client = at_desk("clerk")
    grant(client, wish)
    again = make.home_request(account=wish.account, number=wish.number, role="viewer")

    answer = grant(client, again, role="viewer")

    assert (answer.status_code, "이미 이 집에 연결" in answer.text) == (422, True)
    assert HomeRequest.get_by_id(again.id).decision == ""
    assert Entry.select().where(Entry.action == "home.granted").count() == 1


def test_names_of_others_are_half_hidden_and_looking_for_them_is_written_down(at_desk, wish):
    other = make.premises()
    make.occupancy(premises=other, name="이예시")
    client = at_desk("clerk")

    page = client.get(f"/staff/homes/{wish.reference}?number={other.number}").text

    assert "이예시" not in page
    assert "이*시" in page
    seen = Entry.get(Entry.action == "home.place_seen")
    assert (seen.premises_id, seen.account_id) == (other.id, None)


def test_the_list_hides_addresses_and_is_written_down(at_desk, wish):
    HomeRequest.update(number="", address="서울특별시 종로구 가상로 12, 101호").execute()

    page = at_desk("clerk").get("/staff/homes/").text

    assert "가상로" not in page
    assert "종로구" in page
    assert Entry.get(Entry.action == "home.requests_seen")


def test_an_old_proof_opens_no_home(at_desk, wish):
    client = at_desk("clerk")
    StaffSession.update(proved_at=make.LONG_AGO).execute()

    assert "/staff/again" in grant(client, wish).location
    assert Home.select().where(Home.account == wish.account).count() == 0
