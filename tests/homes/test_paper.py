"""Linking with the paper of a bill: who holds it, and only for the time that it is from (S-04)."""

import re
from datetime import date, timedelta
from statistics import median
from time import thread_time

import pytest

from app.bills.seen import seen_by
from app.db import rows
from app.homes.models import HomeEvent
from app.limits import Limit
from app.supply.models import Home
from tests import make
from tests.homes.conftest import CODE, NUMBER, by_paper, queued
from tests.markup import Page

TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')


def without_token(answer):
    return answer.status_code, TOKEN.sub("", answer.text)


def months(client):
    return [bill.month for bill in seen_by(client.account)]


def test_number_and_code_link_the_home_and_its_bills_are_there(signed_in, bill):
    answer = by_paper(signed_in)

    home = Home.get()
    assert (answer.status_code, answer.location) == (303, f"/homes/?linked={home.reference}")
    assert (home.role, home.level, home.name, home.until_on) == ("payer", 1, "우리집", None)
    assert "우리집: 연결했습니다" in signed_in.get(answer.location).text
    assert "2026년 11월" in signed_in.get("/bills/").text


def test_linking_is_noted(signed_in, bill):
    by_paper(signed_in)

    event = HomeEvent.get()
    who = f"account {signed_in.account.id}, bill 2026-11/0, {Home.get().reference}"
    assert (event.account, event.premises, event.what, event.actor) == (
        signed_in.account,
        bill.premises,
        "linked",
        who,
    )


@pytest.mark.parametrize("role", ["payer", "viewer"])
def test_the_paper_makes_a_payer_or_a_viewer(signed_in, bill, role):
    by_paper(signed_in, role=role)

    assert Home.get().role == role


@pytest.mark.parametrize("role", ["holder", "", "boss"])
def test_the_paper_makes_no_holder(signed_in, bill, role):
    assert by_paper(signed_in, role=role).status_code == 422
    assert Home.select().count() == 0


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("number", ""),
        ("number", "1234"),
        ("code", ""),
        ("code", "0O0O0O0O0O"),
        ("name", ""),
        ("name", "가" * 31),
        ("name", "집\u202e"),
    ],
)
def test_what_is_typed_wrongly_is_told_at_its_field(signed_in, bill, field, typed):
    answer = by_paper(signed_in, **{field: typed})

    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.text
    assert Limit.select().count() == 0


def test_an_unknown_number_and_a_wrong_code_get_the_same_answer(signed_in, bill):
    wrong = without_token(by_paper(signed_in, code="2222222222"))
    unknown = without_token(by_paper(signed_in, number="999999999", code="2222222222"))

    assert wrong[0] == 422
    assert wrong[1].replace(NUMBER, "999999999") == unknown[1]
    assert Home.select().count() == 0


@pytest.mark.slow
def test_an_unknown_number_and_a_wrong_code_take_the_same_time(signed_in, bill):
    for month in range(1, 11, 2):
        make.bill(premises=bill.premises, month=f"2026-{month:02d}")
    data = {**Page(signed_in.get("/homes/new/paper").text).form("/homes/new/paper")}
    data |= {"code": "2222222222", "role": "payer", "name": "우리집"}

    def time(number):
        Limit.delete().execute()
        started = thread_time()
        signed_in.post("/homes/new/paper", data={**data, "number": number})
        return thread_time() - started

    pairs = [(time(NUMBER), time("999999999")) for _ in range(200)]

    known, unknown = (median(times) for times in zip(*pairs, strict=True))
    assert abs(known - unknown) < 0.1 * known


def test_after_five_failures_a_number_needs_another_proof_whether_it_exists_or_not(sign_in, bill):
    texts = []
    for number in (NUMBER, "999999999"):
        client = sign_in(make.account())
        for _ in range(5):
            by_paper(client, number=number, code="2222222222")
        answer = by_paper(sign_in(make.account()), number=number, source="192.0.2.2")
        texts.append(without_token(answer)[1].replace(number, ""))

    assert "확인이 더 필요합니다" in texts[0]
    assert texts[0] == texts[1]
    assert Home.select().count() == 0


def test_an_account_tries_ten_times_an_hour(signed_in, bill):
    answers = [
        by_paper(signed_in, f"{n:09d}", source=f"192.0.2.{n}").status_code for n in range(11)
    ]

    assert answers == [422] * 10 + [429]


def test_a_source_waits_after_twenty_failures_whoever_signs_in(sign_in, bill):
    clients = [sign_in(make.account()) for _ in range(3)]
    for n in range(20):
        by_paper(clients[n // 10], f"{n:09d}", "2222222222")

    assert by_paper(clients[2]).status_code == 429
    assert by_paper(clients[2], source="192.0.2.2").status_code == 303


def test_a_second_time_leads_to_the_home_that_is_there(signed_in, bill):
    by_paper(signed_in)
    answer = by_paper(signed_in, name="다른 이름", role="viewer")

    home = Home.get()
    assert Home.select().count() == 1
    assert (home.name, home.role) == ("우리집", "payer")
    assert answer.location == f"/homes/?there={home.reference}"
    assert "이미 연결한 집입니다" in signed_in.get(answer.location).text


def test_the_paper_raises_nobody(signed_in, bill):
    by_paper(signed_in, role="viewer")
    by_paper(signed_in, role="payer")

    assert Home.get().role == "viewer"


def test_the_same_form_sent_from_two_tabs_makes_one_link_and_one_message(signed_in, bill):
    path = "/homes/new/paper"
    form = Page(signed_in.get(path).text).form(path)
    data = {**form, "number": NUMBER, "code": CODE, "role": "payer", "name": "우리집"}

    answers = [signed_in.post(path, data=data) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert Home.select().count() == HomeEvent.select().count() == 1
    assert len(queued("home_linked")) == len(queued("home_own")) == 1


def test_a_bill_that_came_more_than_a_year_ago_links_nothing(signed_in, place):
    late, early = date(2025, 11, 20), date(2025, 11, 19)
    make.bill(premises=place, month="2025-11", code="SDPZDS2345", issued_on=early)
    assert by_paper(signed_in, code="SDPZDS2345").status_code == 422

    make.bill(premises=place, month="2025-09", code="7K2MQ9XD4G", issued_on=late)
    assert by_paper(signed_in, code="7K2MQ9XD4G").status_code == 303


def test_a_corrected_bill_and_the_one_before_both_link(sign_in, bill):
    make.bill(premises=bill.premises, month="2026-11", revision=1, code="CRRECTED22")

    codes = [by_paper(sign_in(make.account()), code=code) for code in (CODE, "CRRECTED22")]
    assert [answer.status_code for answer in codes] == [303, 303]


def test_a_former_tenant_sees_own_bills_and_nothing_newer(signed_in, place, former):
    ends = {"from_on": date(2026, 6, 28), "to_on": date(2026, 8, 29)}
    make.bill(premises=place, month="2026-09", **ends)
    make.bill(premises=place, month="2026-11", from_on=date(2026, 8, 29))
    make.bill(premises=place, month="2026-07", code="SDPZDS2345", to_on=date(2026, 6, 28))

    assert by_paper(signed_in, code="SDPZDS2345").status_code == 303

    assert months(signed_in) == ["2026-09", "2026-07"]
    assert Home.get().until_on == date(2026, 8, 29)


def test_a_new_tenant_sees_own_bills_and_nothing_older(signed_in, place, former):
    make.bill(premises=place, month="2026-09", to_on=date(2026, 8, 29))
    make.bill(premises=place, month="2026-11", code=CODE, from_on=date(2026, 8, 29))

    by_paper(signed_in)

    assert months(signed_in) == ["2026-11"]
    assert Home.get().since_on == date(2026, 8, 29)


@pytest.mark.parametrize("days", [-1, 0, 1, 20])
def test_a_bill_over_a_move_belongs_to_nobody_and_links_nothing(signed_in, place, former, days):
    """It ends a day or more after the move, and began before."""
    to_on = date(2026, 8, 30) + timedelta(days=days)
    window = {"from_on": date(2026, 6, 28), "to_on": to_on, "issued_on": date(2026, 8, 29)}
    make.bill(premises=place, month="2026-09", code=CODE, **window)

    answer = by_paper(signed_in)

    assert answer.status_code == (303 if to_on <= date(2026, 8, 29) else 422)
    assert bool(Home.select().count()) == (to_on <= date(2026, 8, 29))


def test_days_outside_of_the_time_are_on_no_page_and_in_no_file(signed_in, place, former):
    make.bill(premises=place, month="2026-11", code=CODE, from_on=date(2026, 8, 29))
    make.daily_use(premises=place, day=date(2026, 8, 29), litres=98_765)
    make.daily_use(premises=place, day=date(2026, 8, 30), litres=12_345)
    by_paper(signed_in)
    home = Home.get().reference

    table = signed_in.get(f"/patterns/{home}.csv").text
    page = signed_in.get(f"/patterns/{home}?month=2026-08").text
    assert ("98765" in table, "12345" in table) == (False, True)
    assert ("98,765" in page, "12,345" in page) == (False, True)


def test_a_time_without_a_user_belongs_to_the_owner_and_ends_with_the_next_user(signed_in, place):
    rows("UPDATE occupancies SET ended_on = '2026-02-28' WHERE role = 'user' RETURNING role")
    make.bill(premises=place, month="2026-07", code=CODE, to_on=date(2026, 6, 28))
    make.occupancy(premises=place, name="김보기", started_on=date(2026, 8, 30))

    by_paper(signed_in)

    home = Home.get()
    window = home.since_on, home.until_on
    assert (home.tenancy, *window) == ("user", date(2026, 2, 28), date(2026, 8, 29))


def test_without_a_known_tenancy_nothing_is_linked(signed_in):
    make.bill(premises=make.premises(number=NUMBER), code=CODE)

    assert by_paper(signed_in).status_code == 422
