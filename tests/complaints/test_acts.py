"""What happens to a complaint: events, the clock that stops and begins anew, conflicts."""

import json
from datetime import datetime, timedelta

import pytest
from peewee import IntegrityError

from app.clock import SEOUL
from app.complaints import acts
from app.complaints.acting import APPLICANT, ActError, By, ConflictError
from app.complaints.models import Complaint, ComplaintEvent, Outcome, State, What
from tests import make

CLERK = By("staff", "박담당")
pytestmark = pytest.mark.usefixtures("context")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


MONDAY = at("2026-11-23 09:30")


@pytest.fixture
def leak(db):
    """A leak, due within three working hours."""
    return make.complaint(received_at=MONDAY, due_at=at("2026-11-23 13:30"))


@pytest.fixture
def bill(db):
    """Something with seven days."""
    return make.complaint(
        type="question", period="7d", received_at=at("2026-11-23 10:00"), due_at=MONDAY
    )


def kinds_of(one):
    return [event.kind for event in ComplaintEvent.of(one.id)]


def test_an_act_is_an_event_and_what_it_changes(leak):
    member = make.member("clerk", phone="02-3146-2010")

    acts.assign(leak, member, CLERK, MONDAY + timedelta(minutes=5), version=1)

    found = Complaint.get_by_id(leak.id)
    (event,) = ComplaintEvent.of(leak.id)
    assert (found.state, found.version, found.assigned_to_id) == (State.ASSIGNED, 2, member.id)
    assert found.__data__ == leak.__data__
    assert (event.kind, event.actor_kind, event.actor) == (What.ASSIGNED, "staff", "박담당")
    assert json.loads(event.data) == {"unit": "중부수도사업소", "phone": "02-3146-2010"}


def test_who_saw_an_older_version_changes_nothing(leak):
    acts.start(leak, CLERK, MONDAY, version=1)

    with pytest.raises(ConflictError):
        acts.close(leak, Outcome.SOLVED, "고쳤습니다.", CLERK, MONDAY, version=1)

    assert Complaint.get_by_id(leak.id).state == State.WORKING
    assert kinds_of(leak) == ["started"]


def test_the_clock_stops_while_something_is_missing_and_goes_on_when_it_comes(bill):
    acts.ask(bill, "사진이 필요합니다.", CLERK, at("2026-11-25 10:00"))
    assert (bill.state, bill.due_at) == (State.WAITING, None)

    acts.give(bill, "여기 있습니다.", APPLICANT, at("2026-11-30 15:00"))

    assert bill.state == State.WORKING
    assert bill.due_at.astimezone(SEOUL) == at("2026-12-07 18:00")
    assert bill.promised_at == bill.due_at


def test_a_message_of_whom_we_wait_for_is_what_we_wait_for(bill):
    acts.ask(bill, "언제부터입니까?", CLERK, at("2026-11-25 10:00"))

    acts.say(bill, "어제부터입니다.", APPLICANT, at("2026-11-25 11:00"))

    assert bill.state == State.WORKING
    assert kinds_of(bill) == ["asked", "given"]


def test_it_is_extended_once_by_its_own_length_with_a_reason(bill):
    acts.extend(bill, "현장을 봐야 합니다.", CLERK, at("2026-11-26 10:00"))

    assert bill.due_at.astimezone(SEOUL) == at("2026-12-10 18:00")
    assert bill.promised_at == bill.due_at
    with pytest.raises(ActError, match="extended"):
        acts.extend(bill, "한 번 더", CLERK, at("2026-11-27 10:00"))


def test_an_extension_without_a_reason_is_none(bill):
    with pytest.raises(ActError):
        acts.extend(bill, " ", CLERK, MONDAY)


def test_an_old_copy_does_not_extend_a_second_time(bill):
    old = Complaint.get_by_id(bill.id)
    acts.extend(bill, "현장", CLERK, at("2026-11-26 10:00"))

    with pytest.raises(ActError):
        acts.extend(old, "현장", CLERK, at("2026-11-26 10:00"))


def test_it_is_closed_with_an_answer_and_its_legal_date_stays(leak):
    due = leak.due_at

    acts.close(leak, Outcome.SOLVED, "관을 갈았습니다.", CLERK, MONDAY + timedelta(hours=1))

    assert (leak.state, leak.outcome, leak.due_at) == (State.DONE, "solved", due)
    with pytest.raises(ActError):
        acts.close(leak, Outcome.SOLVED, "또", CLERK, MONDAY)


def test_it_is_not_closed_without_an_answer(leak):
    with pytest.raises(ActError):
        acts.close(leak, Outcome.SOLVED, " ", CLERK, MONDAY)


def test_what_is_still_the_same_begins_anew_with_its_clock(leak):
    acts.ask(leak, "어디입니까?", CLERK, MONDAY)
    acts.give(leak, "여기", APPLICANT, MONDAY + timedelta(hours=1))
    acts.close(leak, Outcome.SOLVED, "고쳤습니다.", CLERK, at("2026-11-23 14:00"))
    acts.rate(leak, 2, "", APPLICANT, at("2026-11-23 14:10"))

    acts.reopen(leak, "아직 샙니다.", APPLICANT, at("2026-11-24 09:00"))

    assert (leak.state, leak.closed_at, leak.outcome) == (State.RECEIVED, None, "")
    assert (leak.reopened, leak.rating, leak.extensions) == (1, None, 0)
    assert leak.due_at.astimezone(SEOUL) == at("2026-11-24 12:00")
    assert leak.promised_at == leak.due_at


def test_long_after_its_end_it_is_another_complaint(leak):
    acts.close(leak, Outcome.SOLVED, "고쳤습니다.", CLERK, MONDAY)

    with pytest.raises(ActError, match="too late"):
        acts.reopen(leak, "또 샙니다.", APPLICANT, MONDAY + timedelta(days=61))


def test_an_objection_opens_it_again_and_is_told_apart(leak):
    acts.close(leak, Outcome.REFUSED, "우리 관이 아닙니다.", CLERK, MONDAY)

    acts.object_to(leak, "수도관입니다.", APPLICANT, MONDAY + timedelta(days=1))

    assert leak.is_open
    assert kinds_of(leak) == ["closed", "reopened", "objected"]


def test_it_is_rated_once_after_the_end(leak):
    with pytest.raises(ActError):
        acts.rate(leak, 5, "", APPLICANT, MONDAY)
    acts.close(leak, Outcome.SOLVED, "고쳤습니다.", CLERK, MONDAY)

    acts.rate(leak, 4, "고맙습니다", APPLICANT, MONDAY)

    assert leak.rating == 4
    with pytest.raises(ActError):
        acts.rate(leak, 5, "", APPLICANT, MONDAY)


def test_withdrawn_and_transferred_and_returned_ones_are_over(db):
    one, two, three = make.complaint(), make.complaint(), make.complaint()

    acts.withdraw(one, APPLICANT, MONDAY)
    acts.transfer(two, "서울시 도로과", "도로과의 일입니다.", CLERK, MONDAY, version=1)
    acts.ask(three, "사진", CLERK, MONDAY)
    acts.give_up(three, "사진이 오지 않았습니다.", CLERK, MONDAY, version=2)

    assert [one.state, two.state, three.state] == ["withdrawn", "transferred", "returned"]
    assert not any(complaint.is_open for complaint in (one, two, three))


def test_another_office_gets_it_without_its_officer(leak):
    acts.assign(leak, make.member("clerk"), CLERK, MONDAY)

    acts.move(leak, "093", CLERK, MONDAY)

    assert (leak.office, leak.assigned_to_id, leak.state) == ("093", None, State.RECEIVED)


def test_one_that_was_reported_before_is_followed_by_the_other(leak):
    first = make.complaint()

    acts.merge(leak, first, CLERK, MONDAY, version=1)

    assert (leak.state, leak.merged_into_id) == (State.MERGED, first.id)
    assert kinds_of(first) == ["note"]
    with pytest.raises(ActError):
        acts.merge(first, leak, CLERK, MONDAY, version=2)
    with pytest.raises(ActError):
        acts.merge(first, first, CLERK, MONDAY, version=2)


def test_a_text_is_taken_out_of_everything_but_the_reason(leak):
    acts.say(leak, "제 번호는 비밀입니다.", APPLICANT, MONDAY)

    acts.redact(leak, "개인정보가 있었습니다.", CLERK, MONDAY, version=2)

    said, redacted = ComplaintEvent.of(leak.id)
    assert (leak.body, said.text, redacted.text) == ("", "", "개인정보가 있었습니다.")


def test_what_happened_is_never_changed_afterwards(db):
    event = make.complaint_event(text="그대로")

    with pytest.raises(IntegrityError), db.atomic():
        ComplaintEvent.update(text="다르게").where(ComplaintEvent.id == event.id).execute()
    with pytest.raises(IntegrityError), db.atomic():
        ComplaintEvent.update(kind="closed").where(ComplaintEvent.id == event.id).execute()


def test_only_released_ones_are_public(leak):
    acts.release(leak, "물이 샙니다.", CLERK, MONDAY, version=1)
    assert leak.released_at == MONDAY

    acts.release(leak, "", CLERK, MONDAY, version=2)

    assert (leak.released_at, leak.public_text) == (None, "")
    assert [event.shown for event in ComplaintEvent.of(leak.id)] == [False, False]
