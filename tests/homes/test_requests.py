"""Asking the office for a home: what may be asked, and what the office decides."""

import json
from datetime import date

import pytest

from app.homes.models import HomeEvent, HomeRequest
from app.supply.models import Home, Occupancy
from tests import make
from tests.homes.conftest import NUMBER, queued, send

PAGE = "/homes/new/request"
TYPED = {"number": NUMBER, "address": "", "role": "holder", "reason": "집을 샀습니다."}


def ask(client, **fields):
    return send(client, PAGE, **{**TYPED, **fields})


def grant(runner, reference, *more, role="holder", since="2026-11-01", number=NUMBER):
    given = ["--premises", number, "--role", role, "--since", since, "--by", "김담당", *more]
    return runner.invoke(args=["homes", "grant", reference, *given])


def refuse(runner, reference, reason="서류가 모자랍니다."):
    return runner.invoke(args=["homes", "refuse", reference, "--reason", reason, "--by", "김담당"])


def test_a_request_leads_to_a_page_with_its_reference_and_stands_in_the_list(signed_in):
    answer = ask(signed_in, reason="집을 샀습니다.\r\n등기가 있습니다.")

    wish = HomeRequest.get()
    assert (answer.status_code, answer.location) == (303, f"/homes/requests/{wish.reference}")
    assert wish.reason == "집을 샀습니다.\n등기가 있습니다."
    page = signed_in.get(answer.location).text
    grouped = "-".join(wish.reference[at : at + 4] for at in (0, 4))
    assert grouped in page
    assert "3일 안에" in page
    assert f'href="{answer.location}"' in signed_in.get("/homes/").text


def test_an_address_will_do_instead_of_the_number(signed_in):
    assert ask(signed_in, number="", address="성북구 보기로 1, 101호").status_code == 303
    assert (HomeRequest.get().number, HomeRequest.get().address) == ("", "성북구 보기로 1, 101호")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("number", "1234"),
        ("address", "가" * 161),
        ("reason", ""),
        ("reason", "가" * 1001),
        ("reason", "제 번호는 900101-1234567 입니다."),
        ("reason", "글\x00"),
        ("role", "boss"),
    ],
)
def test_what_is_typed_wrongly_is_told_at_its_field(signed_in, field, typed):
    answer = ask(signed_in, **{field: typed})

    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.text
    assert HomeRequest.select().count() == 0


def test_one_of_number_and_address_is_needed(signed_in):
    answer = ask(signed_in, number="")

    assert answer.status_code == 422
    assert 'id="address_error"' in answer.text


def test_the_same_request_sent_twice_is_one(signed_in):
    answers = [ask(signed_in).location for _ in range(2)]

    assert answers[0] == answers[1]
    assert HomeRequest.select().count() == 1


def test_three_requests_may_wait_at_once(signed_in):
    for n in range(3):
        ask(signed_in, reason=f"까닭 {n}")

    answer = ask(signed_in, reason="또 하나")
    assert answer.status_code == 422
    assert "3건" in answer.text
    assert HomeRequest.select().count() == 3


def test_anothers_request_is_as_if_there_were_none(signed_in, db):
    theirs = make.home_request()

    for reference in (theirs.reference, "2" * 12):
        assert signed_in.get(f"/homes/requests/{reference}").status_code == 404


def test_the_office_sees_what_waits_oldest_first(runner, db):
    make.home_request(reason="첫째\n줄")
    make.home_request(number="", address="보기로 1")
    make.home_request(decided_at=make.LONG_AGO, decision="refused")

    found = json.loads(runner.invoke(args=["homes", "requests", "--json"]).output)
    said = runner.invoke(args=["homes", "requests"]).output
    assert [one["customer_number"] for one in found] == ["012345678", ""]
    assert found[0]["reason"] == "첫째\n줄"
    assert "첫째 줄" in said
    assert said.endswith("2 waiting\n")


def test_a_grant_links_at_level_three_and_tells_the_person_and_the_contact(runner, place):
    wish = make.home_request(account=make.account(email="new@example.com"))

    answer = grant(runner, wish.reference.lower())

    assert answer.exit_code == 0, answer.output
    home = Home.get()
    assert (home.account, home.role, home.level, home.tenancy) == (
        wish.account,
        "holder",
        3,
        "user",
    )
    assert HomeEvent.get().actor == f"김담당, day 2026-11-01, {home.reference}"
    assert {told[:3] for told in queued()} == {
        ("home_own", "mail", "new@example.com"),
        ("home_linked", "mail", "user@example.com"),
    }
    assert HomeRequest.get().decision == "granted"


def test_a_grant_to_an_owner_is_of_the_owners_time(runner, place, former):
    wish = make.home_request()
    grant(runner, wish.reference, "--owner")

    assert (Home.get().tenancy, Home.get().until_on) == ("owner", None)


def test_a_grant_for_a_former_time_ends_with_it(runner, place, former):
    grant(runner, make.home_request().reference, since="2026-08-29")

    assert Home.get().until_on == date(2026, 8, 29)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"number": "999999999"}, "There is no premises"),
        ({"since": "2020-01-01"}, "Nobody is recorded as user"),
    ],
)
def test_a_grant_that_cannot_be_is_refused_and_the_request_waits_on(runner, place, given, said):
    answer = grant(runner, make.home_request().reference, **given)

    assert answer.exit_code == 1
    assert said in answer.output
    assert (Home.select().count(), HomeRequest.get().decided_at) == (0, None)


def test_a_grant_for_a_time_in_which_nobody_lived_there_is_refused(runner, place):
    Occupancy.update(ended_on=date(2026, 8, 29)).where(Occupancy.role == "user").execute()

    assert grant(runner, make.home_request().reference, since="2026-08-30").exit_code == 1
    assert Home.select().count() == 0


def test_a_refusal_is_told_with_its_reason(runner, sign_in, db):
    wish = make.home_request(account=make.account(email="new@example.com", language="en"))

    assert refuse(runner, wish.reference).exit_code == 0

    (told,) = queued()
    assert (told[0], told[2], told[4]) == ("home_refused", "new@example.com", "en")
    assert told[3]["answer"] == "서류가 모자랍니다."
    page = sign_in(wish.account).get(f"/homes/requests/{wish.reference}").text
    assert "서류가 모자랍니다." in page
    assert "3일 안에" not in page


def test_a_request_is_decided_once(runner, place):
    wish = make.home_request()
    refuse(runner, wish.reference)

    for answer in (refuse(runner, wish.reference), grant(runner, wish.reference)):
        assert answer.exit_code == 1
        assert "was refused by 김담당" in answer.output
    assert Home.select().count() == 0


def test_an_unknown_reference_or_role_is_told_by_the_exit_code(runner, place):
    assert refuse(runner, "2" * 12).exit_code == 1
    assert grant(runner, make.home_request().reference, role="boss").exit_code == 2
    assert grant(runner, make.home_request().reference, since="yesterday").exit_code == 2
