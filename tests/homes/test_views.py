"""My homes: names, people, ending; another's home is as if there were none (S-02, S-05)."""

import re
from datetime import date

import pytest

from app.documents.models import Document
from app.homes import links, models
from app.homes.models import HomeEvent
from app.supply.models import Home
from tests import make
from tests.homes.conftest import CODE, by_paper, queued, send
from tests.markup import Page

NUMBER = re.compile(r"오류 번호 \w+")


@pytest.fixture
def holder(sign_in, place):
    """김명의, who holds the home at level 2."""
    client = sign_in(make.account(name="김명의", email="holder@example.com"))
    home = make.home(account=client.account, premises=place, level=2)
    client.home = home.reference
    return client


@pytest.fixture
def guest(sign_in, place):
    """이손님, who pays the bills of the same home."""
    client = sign_in(make.account(name="이손님", email="guest@example.com"))
    home = make.home(account=client.account, premises=place, role="payer", name="셋집")
    client.home = home.reference
    return client


def test_without_a_home_the_page_leads_to_linking_one(signed_in):
    assert 'href="/homes/new"' in signed_in.get("/homes/").text


def test_the_list_tells_name_number_address_role_and_time(guest, place):
    Home.update(until_on=date(2026, 10, 29)).where(Home.name == "셋집").execute()

    text = guest.get("/homes/").text

    for part in (
        "셋집",
        place.road_address,
        "요금을 내는 사람",
        "2023. 11. 29.부터 2026. 10. 29.까지",
    ):
        assert part in text


def test_the_ways_are_three_links(signed_in):
    links = re.findall(r'href="(/homes/new/\w+)"', signed_in.get("/homes/new").text)

    assert links == ["/homes/new/paper", "/homes/new/contact", "/homes/new/request"]


def test_a_home_gets_another_name(guest):
    path = f"/homes/{guest.home}"

    answer = send(guest, path, name=" 큰집 ")
    assert answer.status_code == 303
    shown = guest.get(answer.location).text
    assert ("<h1>큰집</h1>" in shown, "이름을 바꿨습니다." in shown) == (True, True)
    assert "이름을 바꿨습니다." not in guest.get(path).text
    assert send(guest, path, name="").status_code == 422


PATHS = ["/homes/{home}", "/homes/{home}/ending", "/homes/{home}/people/{link}/ending"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_anothers_home_is_as_if_there_were_none(holder, guest, sign_in, path, method):
    stranger = sign_in(make.account())
    token = Page(stranger.get("/homes/new/paper").text).form("/homes/new/paper")["csrf_token"]
    data = {"csrf_token": token, "name": "내 것"} if method == "post" else None

    answers = [
        getattr(stranger, method)(
            path.format(home=home, link=guest.home), **({"data": data} if data else {})
        )
        for home in (holder.home, "2222222222")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert NUMBER.sub("", answers[0].text) == NUMBER.sub("", answers[1].text)
    assert Home.select().where(Home.name == "내 것").count() == 0


def test_the_holder_sees_masked_names_of_those_who_see_the_home(holder, guest):
    text = holder.get(f"/homes/{holder.home}").text

    assert "이*님" in text
    assert "이손님" not in text
    assert "guest@example.com" not in text
    assert "김*의 (나)" in text


@pytest.mark.parametrize(("role", "level"), [("payer", 3), ("viewer", 3), ("holder", 1)])
def test_nobody_else_sees_or_ends_them(holder, guest, role, level):
    Home.update(role=role, level=level).where(Home.reference == guest.home).execute()

    assert "이 집을 보는 사람" not in guest.get(f"/homes/{guest.home}").text
    path = f"/homes/{guest.home}/people/{holder.home}/ending"
    assert guest.get(path).status_code == 404


def test_ending_ones_own_link_asks_first_and_then_nothing_is_seen(guest, bill):
    path = f"/homes/{guest.home}/ending"
    assert guest.get(f"/bills/{guest.home}/2026-11").status_code == 200
    assert "연결을 끊을까요?" in guest.get(path).text
    assert Home.select().count() == 1

    answer = send(guest, path)

    assert "연결을 끊었습니다" in guest.get(answer.location).text
    assert guest.get(f"/bills/{guest.home}/2026-11").status_code == 404
    assert (Home.select().count(), HomeEvent.get().what) == (0, "ended")
    assert queued() == []


def test_the_very_next_request_after_a_holders_ending_finds_nothing(holder, guest, bill):
    paths = [
        f"/bills/{guest.home}/2026-11",
        f"/bills/{guest.home}/2026-11/paper",
        f"/patterns/{guest.home}",
        f"/patterns/{guest.home}.csv",
        f"/homes/{guest.home}",
    ]
    assert {guest.get(path).status_code for path in paths} == {200}

    answer = send(holder, f"/homes/{holder.home}/people/{guest.home}/ending")

    assert "연결을 끊었습니다." in holder.get(answer.location).text
    assert {guest.get(path).status_code for path in paths} == {404}
    headers = {"HX-Request": "true", "HX-Target": "bill_summary"}
    assert guest.get(paths[0], headers=headers).status_code == 404
    assert "2026년 11월" not in guest.get("/bills/").text


def test_who_lost_a_link_is_told(holder, guest):
    send(holder, f"/homes/{holder.home}/people/{guest.home}/ending")

    (told,) = queued()
    assert told[:3] == ("home_ended", "mail", "guest@example.com")
    assert told[3]["home"] == "셋집"


def test_documents_issued_before_stay(holder, guest, bill):
    made = guest.submit(f"/bills/{guest.home}/2026-11", f"/documents/bills/{guest.home}/2026-11")
    send(holder, f"/homes/{holder.home}/people/{guest.home}/ending")

    assert Document.select().count() == 1
    assert guest.get(made.location).status_code == 200


def test_a_holder_whose_link_ended_while_the_question_was_open_ends_nobody(holder, guest):
    """F-56: between the page and the button."""
    path = f"/homes/{holder.home}/people/{guest.home}/ending"
    form = Page(holder.get(path).text).form(path)
    Home.update(role="payer").where(Home.reference == holder.home).execute()

    assert holder.post(path, data=form).status_code == 404
    assert Home.select().where(Home.reference == guest.home).count() == 1


def test_a_holder_who_lost_the_role_within_the_request_ends_nobody(holder, guest, clock_at):
    """F-56: the link is looked at again in the transaction that ends another."""
    before = models.one(holder.account, holder.home)
    Home.update(role="payer").where(Home.reference == holder.home).execute()

    assert not links.end_of_other(before, guest.home, holder.account, make.LONG_AGO)
    assert Home.select().where(Home.reference == guest.home).count() == 1


def test_ending_twice_is_no_error_for_the_home_and_tells_once(holder, guest):
    path = f"/homes/{holder.home}/people/{guest.home}/ending"
    form = Page(holder.get(path).text).form(path)

    statuses = [holder.post(path, data=form).status_code for _ in range(2)]

    assert statuses == [303, 404]
    assert len(queued("home_ended")) == 1


def test_a_tenant_sees_the_owners_link_but_cannot_end_it(holder, guest):
    Home.update(tenancy="owner").where(Home.reference == guest.home).execute()

    assert "이*님" in holder.get(f"/homes/{holder.home}").text
    assert holder.get(f"/homes/{holder.home}/people/{guest.home}/ending").status_code == 404


def test_an_owner_sees_nothing_of_the_tenants_links(holder, guest):
    Home.update(tenancy="owner").where(Home.reference == holder.home).execute()

    assert "이*님" not in holder.get(f"/homes/{holder.home}").text
    assert holder.get(f"/homes/{holder.home}/people/{guest.home}/ending").status_code == 404


def test_people_of_another_time_are_not_listed(holder, guest):
    Home.update(until_on=date(2026, 8, 29)).where(Home.reference == guest.home).execute()
    Home.update(since_on=date(2026, 8, 29)).where(Home.reference == holder.home).execute()

    assert "이*님" not in holder.get(f"/homes/{holder.home}").text


def test_a_home_that_was_left_can_be_linked_again_and_everybody_is_told_again(
    sign_in, bill, clock_at
):
    account = make.account()
    by_paper(sign_in(account), code=CODE)
    clock_at("2026-11-21 10:30")
    send(sign_in(account), f"/homes/{Home.get().reference}/ending")
    by_paper(sign_in(account), code=CODE)

    assert len(queued("home_linked")) == len(queued("home_own")) == 2


def test_the_pages_speak_english(holder, guest):
    words = {
        "": "My homes",
        "new": "How do you want to link it?",
        "new/paper": "Link with a bill",
        "new/contact": "Link with the contact on file",
        "new/request": "Ask the office",
        holder.home: "Who sees this home",
        f"{holder.home}/ending": "End this link?",
        f"{holder.home}/people/{guest.home}/ending": "End the link of",
    }

    for path, text in words.items():
        assert text in holder.get(f"/homes/{path}?lang=en").text, path
