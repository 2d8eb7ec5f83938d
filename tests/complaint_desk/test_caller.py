"""Filing for somebody who calls or stands at the counter."""

import json

import pytest

from app.audit.models import Entry
from app.complaints.models import Complaint, ComplaintEvent
from tests import make
from tests.complaints.steps import PHONE
from tests.markup import Page

NEW = "/staff/complaints/new"
CALL = {
    "channel": "phone", "type": "leak_street", "district": "성북구", "dong": "가상1동",
    "place": "학교 앞", "body": "물이 솟습니다.", "name": "김전화", "phone": PHONE,
    "language": "ko", "asked": "leak_street",
}  # fmt: skip


def test_a_call_becomes_a_complaint_whose_number_is_read_out(clerk):
    answer = clerk.submit(NEW, NEW, **CALL, told_by="이웃 박씨", wants_texts="y")

    one = Complaint.get()
    assert (one.channel, one.office, one.name, one.phone) == (
        "phone", "091", "김전화", "+821012345678",
    )  # fmt: skip
    assert one.wants_texts
    events = [(e.kind, e.actor_kind, e.actor, e.shown) for e in ComplaintEvent.of(one.id)]
    assert events == [
        ("received", "staff", "박담당", True), ("note", "staff", "박담당", False),
    ]  # fmt: skip
    page = clerk.get(answer.location)
    spelled = f"{one.reference[:3]} {one.reference[3:6]} {one.reference[6:]}"
    assert spelled in page.text
    assert "2026. 11. 23. 14:00" in page.text
    assert f"/staff/complaints/{one.reference}" in page.text
    assert Entry.select().where(Entry.action == "complaint.filed").count() == 1


def test_a_form_that_is_sent_twice_is_one_complaint(clerk):
    data = {**Page(clerk.get(NEW).text).form(NEW), **CALL}

    first, second = clerk.post(NEW, data=data), clerk.post(NEW, data=data)

    assert first.location == second.location
    assert Complaint.select().count() == 1
    assert Entry.select().where(Entry.action == "complaint.filed").count() == 1


def test_a_customer_number_says_where_it_is_and_which_office_has_it(clerk):
    home = make.premises(office="093", district="서초구", dong="가상2동")
    number = f"{home.number[:3]}-{home.number[3:6]}-{home.number[6:]}"

    answer = clerk.submit(
        NEW,
        NEW,
        **{
            **CALL,
            "type": "leak_home",
            "asked": "leak_home",
            "number": number,
            "district": "",
            "dong": "",
        },
    )

    one = Complaint.get()
    assert (one.premises_id, one.office, one.district) == (home.id, "093", "서초구")
    page = clerk.get(answer.location).text
    assert one.reference in page
    assert f'href="/staff/complaints/{one.reference}"' not in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", ""), ("type", "x"), ("body", ""), ("phone", ""), ("phone", "12"),
        ("district", ""), ("district", "x"), ("number", "12"), ("channel", "web"),
        ("language", "xx"), ("body", "900101-1234567"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(clerk, field, value):
    answer = clerk.submit(NEW, NEW, **{**CALL, field: value})

    assert answer.status_code == 422
    assert 'value="학교 앞"' in answer.text
    assert Complaint.select().count() == 0


def test_texts_go_to_mobiles_only(clerk):
    answer = clerk.submit(NEW, NEW, **{**CALL, "phone": "02-3146-2000", "wants_texts": "y"})

    assert answer.status_code == 422
    assert "휴대전화로만" in answer.text


def test_a_question_needs_no_place(clerk):
    clerk.submit(NEW, NEW, **{**CALL, "type": "question", "district": "", "dong": "", "place": ""})

    assert Complaint.get().office == "091"


def test_the_number_of_what_others_filed_is_not_told(clerk):
    one = make.complaint(office="093")

    assert clerk.get(f"{NEW}/received?filed={one.reference}").location == NEW
    assert clerk.get(f"{NEW}/received").location == NEW


def test_a_key_that_is_none_of_ours_is_a_new_form(clerk):
    clerk.submit(NEW, NEW, **{**CALL, "form_key": "x"})
    clerk.submit(NEW, NEW, **{**CALL, "form_key": "x"})

    assert Complaint.select().count() == 2


def test_the_questions_of_the_kind_come_when_it_is_chosen_and_nothing_is_filed(clerk):
    data = {**Page(clerk.get(NEW).text).form(NEW), **CALL, "type": "no_water"}
    asks = {"HX-Request": "true", "HX-Target": "questions"}

    part = clerk.post(NEW, data=data, headers=asks)

    assert part.status_code == 200
    assert "이웃집은 어떻습니까?" in part.text
    assert "<form" not in part.text
    assert Complaint.select().count() == 0


def test_without_scripts_they_come_with_the_first_try_and_what_was_typed_stays(clerk):
    page = clerk.submit(NEW, NEW, **{**CALL, "asked": ""})

    assert page.status_code == 422
    assert 'name="q_danger"' in page.text
    assert 'value="김전화"' in page.text
    assert Page(page.text).form(NEW)["asked"] == "leak_street"
    assert Complaint.select().count() == 0


def test_what_the_caller_knows_is_noted_and_what_they_do_not_know_is_left_out(clerk):
    clerk.submit(NEW, NEW, **CALL, q_amount="flows", q_danger="", email="Caller@Example.com")

    one = Complaint.get()
    assert json.loads(one.answers) == {"amount": "flows"}
    assert one.email == "caller@example.com"
    assert "계속 흐름" in clerk.get(f"/staff/complaints/{one.reference}").text


@pytest.mark.parametrize(("field", "value"), [("q_amount", "x"), ("email", "caller@")])
def test_an_answer_that_cannot_be_is_said(clerk, field, value):
    answer = clerk.submit(NEW, NEW, **CALL, **{field: value})

    assert answer.status_code == 422
    assert Complaint.select().count() == 0
