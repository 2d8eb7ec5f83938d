"""Asking the office about one's own data, its counter of days, and withdrawing the wish."""

from datetime import date

import pytest

from app import clock
from app.privacy.models import RightsRequest, Wish
from tests import make

NEW = "/profile/data/requests/new"
LIST = "/profile/data/requests"
TYPED = {"kind": "correct", "about": "청구지가 옛 주소입니다.\r\n새 주소는 보기로 12입니다."}


def ask(client, **fields):
    return client.submit(NEW, NEW, **{**TYPED, **fields})


def test_a_request_is_listed_with_its_days(me):
    RightsRequest.delete().execute()

    answer = ask(me)

    request = RightsRequest.get()
    assert (answer.status_code, answer.location) == (303, f"{LIST}?done=asked")
    assert (request.kind, request.due_on) == ("correct", date(2026, 12, 6))
    page = me.get(answer.location).text
    assert "2026. 12. 6.까지 답해 드립니다. 10일 남았습니다." in page
    assert "새 주소는 보기로 12입니다." in page
    assert "10일 남았습니다" in me.get("/profile/data/").text


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-12-05 23:59", "1일 남았습니다"),
        ("2026-12-06 23:59", "0일 남았습니다"),
        ("2026-12-07 00:00", "답할 기한이 1일 지났습니다"),
    ],
)
def test_the_counter_runs_by_the_days_of_seoul(sign_in, now, clock_at, day, said):
    account = make.account()
    RightsRequest.ask(account, "see", "무엇이 있나요?", clock.now())
    clock_at(day)

    client = sign_in(account)

    assert said in client.get(LIST).text
    assert said in client.get("/profile/data/").text


@pytest.mark.parametrize("kind", list(Wish))
def test_every_kind_of_wish_can_be_asked(me, kind):
    assert ask(me, kind=kind.value).status_code == 303


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("kind", ""),
        ("kind", "sing"),
        ("about", ""),
        ("about", "가" * 1001),
        ("about", "제 번호는 900101-1234567 입니다."),
        ("about", "글\x00"),
    ],
)
def test_what_is_typed_wrongly_is_told_at_its_field(me, field, typed):
    answer = ask(me, **{field: typed})

    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.text
    assert RightsRequest.select().count() == 1


def test_the_kind_may_be_chosen_beforehand_by_a_link(me):
    page = me.get(f"{NEW}?kind=object").text

    assert 'value="object" checked' in page


def test_too_many_open_requests_are_refused_with_a_word(me):
    for number in range(4):
        assert ask(me, about=f"{number}").status_code == 303

    answer = ask(me, about="one more")

    assert (answer.status_code, "5건 있습니다" in answer.text) == (422, True)


def test_a_double_click_is_one_request(me):
    ask(me)
    ask(me)

    assert RightsRequest.select().count() == 2


def test_a_wish_is_withdrawn_with_one_press(me):
    (request,) = RightsRequest.select()

    answer = me.submit(LIST, f"{LIST}/{request.reference}/withdrawal")

    assert answer.location == f"{LIST}?done=withdrawn"
    assert RightsRequest.get().decision == "withdrawn"
    assert "거두셨습니다" in me.get(LIST).text


def test_an_answer_that_came_stays_as_it_is(me):
    request = RightsRequest.get()
    request.decision, request.answer, request.decided_at = "done", "고쳤습니다.", clock.now()
    request.save()
    page = me.get(LIST).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]

    me.post(f"{LIST}/{request.reference}/withdrawal", data={"csrf_token": token})

    assert RightsRequest.get().decision == "done"
    assert "고쳤습니다." in page
    assert "요청 거두기" not in page
