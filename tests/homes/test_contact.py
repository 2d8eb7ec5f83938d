"""Linking with a code to the contact on file: for the holder, and silent for everybody else."""

import re
from datetime import date
from statistics import median
from time import thread_time

import pytest

from app.homes.models import HomeEvent
from app.limits import Limit
from app.supply.models import Home, Occupancy
from tests import make
from tests.homes.conftest import (
    CODE,
    NUMBER,
    by_contact,
    by_paper,
    last_code,
    queued,
    send,
)
from tests.markup import Page

PAGE = "/homes/new/contact/code"
TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')


def enter(client, code, name="우리집"):
    return send(client, PAGE, code=code, home=name)


def other(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_code_goes_to_the_contact_on_file_and_makes_a_holder(signed_in, place):
    answer = by_contact(signed_in)
    assert answer.location == PAGE
    kind, channel, to, values, language = queued()[-1]
    assert (kind, channel, to, language) == ("home_code", "mail", "user@example.com", "ko")

    landed = enter(signed_in, values["code"])

    home = Home.get()
    assert landed.location == f"/homes/?linked={home.reference}"
    assert (home.role, home.level, home.tenancy, home.until_on) == ("holder", 2, "user", None)


@pytest.mark.parametrize("name", [" 김보기 ", "김 보기"])
def test_blanks_in_the_name_do_not_matter(signed_in, place, name):
    by_contact(signed_in, name=name)

    assert enter(signed_in, last_code()).status_code == 303


def test_the_owner_is_linked_to_the_owners_time_with_every_tenant(signed_in, place, former):
    by_contact(signed_in, name="박주인")
    assert queued()[-1][2] == "owner@example.com"
    enter(signed_in, last_code())

    home = Home.get()
    assert (home.tenancy, home.until_on) == ("owner", None)
    assert home.since_on < date(2026, 8, 29)


def test_a_former_tenant_gets_no_code(signed_in, place, former):
    by_contact(signed_in, name="이옛날")

    assert queued() == []


def answers(client, number, name):
    """What somebody gets who asks for a code and then types a wrong one."""
    first = by_contact(client, number, name)
    shown = client.get(first.location)
    wrong = enter(client, "000000")
    return [(a.status_code, TOKEN.sub("", a.text)) for a in (first, shown, wrong)]


def test_nobody_learns_whether_number_name_or_contact_are_known(sign_in, place):
    bare = "876543210"
    make.occupancy(premises=make.premises(number=bare), name="최없음")
    asked = [
        (NUMBER, "김보기"),
        (NUMBER, "남의이름"),
        ("999999999", "김보기"),
        (bare, "최없음"),
    ]

    found = [answers(sign_in(make.account()), *who) for who in asked]

    assert found[1:] == [found[0]] * 3
    assert [code for code, _ in found[0]] == [303, 200, 422]
    assert "번호와 이름이 맞고 연락처가 등록되어 있으면" in found[0][1][1]
    assert len(queued()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("stranger", [(NUMBER, "남의이름"), ("999999999", "김보기")])
def test_a_known_and_an_unknown_holder_take_the_same_time(signed_in, place, stranger):
    path = "/homes/new/contact"
    form = Page(signed_in.get(path).text).form(path)

    def time(number, name):
        Limit.delete().execute()
        started = thread_time()
        signed_in.post(path, data={**form, "number": number, "name": name})
        return thread_time() - started

    pairs = [(time(NUMBER, "김보기"), time(*stranger)) for _ in range(200)]

    known, unknown = (median(times) for times in zip(*pairs, strict=True))
    assert abs(known - unknown) < 0.1 * known


def test_a_code_is_good_for_five_tries(signed_in, place):
    by_contact(signed_in)
    code = last_code()
    for _ in range(5):
        assert enter(signed_in, other(code)).status_code == 422

    assert enter(signed_in, code).status_code == 422
    assert Home.select().count() == 0


def test_a_code_is_good_for_five_minutes(signed_in, place, clock_at):
    by_contact(signed_in)

    clock_at("2026-11-20 10:35")
    assert enter(signed_in, last_code()).status_code == 422


def test_a_code_is_good_once(signed_in, place):
    by_contact(signed_in)
    enter(signed_in, last_code())
    Home.delete().execute()

    assert signed_in.get(PAGE).location == "/homes/new/contact"
    assert signed_in.post(PAGE, data={"code": last_code()}).status_code in (303, 403)
    assert Home.select().count() == 0


def test_a_code_is_good_in_its_browser_only(sign_in, place):
    account = make.account()
    here, there = sign_in(account), sign_in(account)
    by_contact(here)
    code = last_code()
    by_contact(there, name="남의이름")

    assert enter(there, code).status_code == 422
    assert enter(here, code).status_code == 303


def test_a_code_for_one_home_opens_no_other(signed_in, place):
    mine = make.premises(number="876543210")
    make.occupancy(premises=mine, name="최나의", email="mine@example.com")
    by_contact(signed_in, "876543210", "최나의")
    code = last_code()
    with signed_in.session_transaction() as session:
        claim = session["home_claim"]
    by_contact(signed_in, NUMBER, "남의이름")

    assert enter(signed_in, code).status_code == 422
    with signed_in.session_transaction() as session:
        session["home_claim"] = claim
    assert enter(signed_in, code).status_code == 422


def test_the_page_for_the_code_needs_the_page_before(signed_in, place):
    answer = signed_in.get(PAGE)

    assert (answer.status_code, answer.location) == (303, "/homes/new/contact")


def test_number_and_name_stand_in_no_address_and_not_readable_in_the_cookie(signed_in, place):
    answer = by_contact(signed_in)

    assert answer.location == PAGE
    with signed_in.session_transaction() as session:
        assert NUMBER not in str(dict(session))
        assert "김보기" not in str(dict(session))


def test_a_contact_gets_five_codes_an_hour_and_ten_a_day(sign_in, place, clock_at):
    def ask(hour):
        clock_at(f"2026-11-20 {hour}:30")
        for n in range(7):
            by_contact(sign_in(make.account()), source=f"192.0.2.{n}")
        return len(queued("home_code"))

    assert [ask(hour) for hour in (10, 11, 12)] == [5, 10, 10]


def test_a_source_asks_twenty_times_an_hour(sign_in, place):
    statuses = [by_contact(sign_in(make.account()), f"{n:09d}").status_code for n in range(21)]

    assert statuses == [303] * 20 + [429]


def test_an_account_asks_ten_times_an_hour(signed_in, place):
    statuses = [
        by_contact(signed_in, f"{n:09d}", source=f"192.0.2.{n}").status_code for n in range(11)
    ]

    assert statuses == [303] * 10 + [429]


def test_a_link_by_paper_becomes_the_holders(signed_in, bill):
    by_paper(signed_in, code=CODE, role="viewer", name="본가")
    home = Home.get()
    page = signed_in.get(f"/homes/{home.reference}").text
    assert "명의자 되기" in page

    by_contact(signed_in)
    landed = enter(signed_in, last_code(), "다른 이름")

    raised = Home.get()
    assert (raised.id, raised.role, raised.level, raised.name) == (home.id, "holder", 2, "본가")
    assert [event.what for event in HomeEvent.select().order_by(HomeEvent.id)] == [
        "linked",
        "raised",
    ]
    assert "명의자 되기" not in signed_in.get(f"/homes/{home.reference}").text
    assert "이제 명의자입니다" in signed_in.get(landed.location).text


def test_the_number_is_filled_in_for_who_may_see_it(sign_in, bill):
    for role, shown in (("payer", True), ("viewer", False)):
        client = sign_in(make.account())
        by_paper(client, role=role)
        home = Home.get(Home.account == client.account).reference

        text = client.get(f"/homes/new/contact?home={home}").text
        assert (NUMBER in text, "***" in text) == (shown, False)

    stranger = sign_in(make.account())
    assert NUMBER not in stranger.get(f"/homes/new/contact?home={home}").text


def test_who_moves_out_between_code_and_answer_is_not_linked(signed_in, place):
    """The link would be to a time that has just ended (F-56)."""
    by_contact(signed_in)
    Occupancy.update(ended_on=date(2026, 11, 19)).where(Occupancy.name == "김보기").execute()

    assert enter(signed_in, last_code()).status_code == 422
    assert Home.select().count() == 0
