"""Every act on a complaint through its page: what it does, what is wrong, who is told."""

import json
from datetime import timedelta

import pytest

from app import clock
from app.audit.models import Entry
from app.complaints import acts
from app.complaints.acting import By
from app.complaints.models import Complaint, ComplaintEvent
from tests import make
from tests.outbox import queued

OTHER = By("staff", "정다른")


def fresh(one):
    return Complaint.get_by_id(one.id)


def last_event(one):
    return list(ComplaintEvent.of(one.id))[-1]


def log():
    return [action for (action,) in Entry.select(Entry.action).order_by(Entry.id).tuples()]


def path(one):
    return f"/staff/complaints/{one.reference}"


def test_a_clerk_takes_a_complaint_and_begins_work(do, leak, clerk):
    answer = do(leak, "mine")
    assert (answer.status_code, answer.location) == (303, f"{path(leak)}?done=mine")
    do(leak, "start")

    one = fresh(leak)
    assert (one.state, one.assigned_to_id) == ("working", clerk.member.id)
    assert [event.actor for event in ComplaintEvent.of(leak.id)] == ["박담당"] * 2
    assert [action for action in log() if action.startswith("complaint.")] == [
        "complaint.seen", "complaint.assigned", "complaint.seen", "complaint.started",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "fields", "state", "kind"),
    [
        ("ask", {"text": "사진을 보내 주십시오."}, "waiting", "asked"),
        ("extend", {"text": "부품을 기다립니다."}, "received", "extended"),
        ("say", {"text": "곧 갑니다."}, "received", "said"),
        ("note", {"text": "전에도 있었음"}, "received", "note"),
        ("move", {"office": "093"}, "received", "moved"),
        ("transfer", {"where": "성동구청", "text": "하수도입니다."}, "transferred", "transferred"),
    ],
)
def test_an_act_does_what_it_says_and_its_text_is_kept(do, leak, act, fields, state, kind):
    assert do(leak, act, **fields).status_code == 303

    one, event = fresh(leak), last_event(leak)
    assert (one.state, event.kind, event.text) == (state, kind, fields.get("text", ""))
    assert (event.actor_kind, event.actor) == ("staff", "박담당")
    assert event.shown is (kind != "note")
    told = [message.kind for message in queued()]
    assert told == ([] if kind == "note" else [told[0]])


@pytest.mark.parametrize("act", ["ask", "extend", "say", "note", "transfer", "merge", "assign"])
def test_an_act_without_what_it_needs_changes_nothing_and_keeps_the_page(do, leak, act):
    answer = do(leak, act)

    assert answer.status_code == 422
    assert "문제가 있습니다" in answer.text
    assert '<details class="verb" open>' in answer.text
    assert fresh(leak).version == 1
    assert list(ComplaintEvent.of(leak.id)) == []


def test_who_was_asked_on_the_telephone_has_answered_and_the_clock_goes_on(do, leak):
    do(leak, "ask", text="어느 쪽입니까?")
    assert fresh(leak).due_at is None

    do(leak, "give", text="전화로 들음: 학교 앞")

    assert fresh(leak).state == "working"
    assert fresh(leak).due_at is not None


def test_what_never_came_ends_it_and_only_while_it_is_waited_for(do, leak):
    page = do(leak, "ask", text="어느 쪽입니까?")
    assert page.status_code == 303
    do(leak, "return", text="한 달 동안 답이 없습니다.")

    assert fresh(leak).state == "returned"


def test_a_colleague_of_the_office_gets_it_and_nobody_else(do, leak):
    near, far = make.member("clerk"), make.member("clerk", office="093")
    gone = make.member("clerk", disabled_at=clock.now())

    assert do(leak, "assign", member=far.reference).status_code == 422
    assert do(leak, "assign", member=gone.reference).status_code == 422
    assert do(leak, "assign", member=near.reference).status_code == 303

    assert fresh(leak).assigned_to_id == near.id


def test_what_went_to_another_office_is_there_and_not_here(do, leak, clerk, at_desk):
    answer = do(leak, "move", office="093")

    assert answer.location.startswith("/staff/complaints/?did=move")
    assert clerk.get(path(leak)).status_code == 404
    assert at_desk("clerk", office="093").get(path(leak)).status_code == 200


def test_what_is_waited_for_is_waited_for_in_the_other_office_too(do, leak, meanwhile):
    do(leak, "ask", text="어느 쪽입니까?")
    do(leak, "move", office="093")
    assert fresh(leak).state == "waiting"

    meanwhile(acts.say, fresh(leak), "학교 앞입니다.", By("applicant", ""), clock.now())

    assert fresh(leak).due_at is not None


def test_it_is_extended_once_and_the_new_date_is_shown_before(do, leak, clerk):
    assert "2026. 11. 23. 16:30" in clerk.get(path(leak)).text
    do(leak, "extend", text="부품을 기다립니다.")

    shown = clerk.get(path(leak)).text
    assert "acts/extend" not in shown
    assert fresh(leak).promised_at == fresh(leak).due_at > leak.due_at


def test_two_who_write_at_once_see_it_and_what_was_typed_stays(do, leak, clerk, meanwhile):
    meanwhile(acts.note, fresh(leak), "먼저 본 메모", OTHER, clock.now())
    assert 'name="version" value="2"' in clerk.get(path(leak)).text
    meanwhile(acts.start, fresh(leak), OTHER, clock.now())
    meanwhile(acts.note, fresh(leak), "현장에 나감", OTHER, clock.now())

    answer = do(leak, "ask", version=2, text="사진을 보내 주십시오.")

    assert answer.status_code == 409
    changed = answer.text[answer.text.index('id="changed"') :].split("</div>")[0]
    assert "정다른" in changed
    assert "현장에 나감" in changed
    assert "먼저 본 메모" not in changed
    assert "사진을 보내 주십시오.</textarea>" in answer.text
    assert fresh(leak).state == "working"
    assert "complaint.asked" not in log()
    assert 'name="version" value="4"' in answer.text


def test_what_its_state_does_not_allow_is_said_and_not_done(clerk, leak, token, meanwhile):
    meanwhile(acts.withdraw, fresh(leak), By("applicant", ""), clock.now())

    fields = {"csrf_token": token(), "version": 2}
    answer = clerk.post(f"{path(leak)}/acts/start", data=fields)

    assert (answer.status_code, "지금 상태에서는" in answer.text) == (409, True)
    assert fresh(leak).state == "withdrawn"
    assert "complaint.started" not in log()


def test_an_act_that_is_none_is_not_there(clerk, leak, token):
    answer = clerk.post(f"{path(leak)}/acts/explode", data={"csrf_token": token()})

    assert answer.status_code == 404


def test_a_version_that_is_nonsense_changes_nothing(do, leak):
    assert do(leak, "start", version="x").status_code == 409
    assert fresh(leak).state == "received"


def test_the_history_says_who_when_and_what_to_the_office(do, leak, clerk):
    do(leak, "note", text="전에도 있었음")
    do(leak, "move", office="093")
    event = last_event(leak)

    assert json.loads(event.data) == {"from": "091", "to": "093"}
    other = clerk.get(path(leak))
    assert other.status_code == 404


def test_name_and_telephone_are_masked_until_somebody_says_why(leak, clerk):
    shown = clerk.get(path(leak)).text
    assert "김*기" in shown
    assert "010-1234-5678" not in shown

    clerk.submit(f"{path(leak)}/unmasking", reason="현장에서 전화")

    shown = clerk.get(path(leak)).text
    assert "김보기" in shown
    assert "010-1234-5678" in shown
    assert "customer.unmasked" in log()


def test_the_page_shows_dates_and_stops(leak, clerk, do, clock_at):
    do(leak, "ask", text="어느 쪽입니까?")
    clock_at(clock.now() + timedelta(minutes=10))
    do(leak, "give", text="들음")

    shown = clerk.get(path(leak)).text

    assert "2026. 11. 23. 10:00 ~ 2026. 11. 23. 10:10" in shown
    assert "2026. 11. 23. 13:40" in shown
