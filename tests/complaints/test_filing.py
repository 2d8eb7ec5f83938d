"""Filing: once for each form, at the right office, with the promise and the first notice."""

from datetime import datetime

import pytest

from app.clock import SEOUL
from app.complaints import filing, sweep, words
from app.complaints.acting import APPLICANT, By
from app.complaints.filing import Filing
from app.complaints.models import Channel, Complaint, ComplaintEvent
from app.complaints.records import ComplaintPhoto
from app.messages.models import Message
from tests import make

pytestmark = pytest.mark.usefixtures("context")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=SEOUL)
LEAK = {
    "type": "leak_street",
    "body": "길에서 물이 솟습니다.",
    "answers": {"amount": "flows", "danger": "no"},
    "phone": "+821012345678",
    "district": "성동구",
    "dong": "가상1동",
    "place": "보기로 12 앞",
}


def filed(form_key="key", **values):
    return filing.file(Filing(form_key=form_key, **{**LEAK, **values}), APPLICANT, NOW)


def test_it_gets_a_number_an_office_and_a_promise(db):
    one = filed()

    found = Complaint.get_by_id(one.id)
    assert len(found.reference) == 10
    assert (found.office, found.state, found.version) == ("093", "received", 1)
    assert found.due_at == datetime(2026, 11, 23, 13, 30, tzinfo=SEOUL)
    assert found.promised_at == found.due_at
    assert [event.kind for event in ComplaintEvent.of(one.id)] == ["received"]


def test_the_same_form_is_one_complaint_with_one_notice(db):
    first = filed(email="a@example.com")

    again = filed(body="다르게 썼습니다.", email="a@example.com")

    assert (again.id, again.body) == (first.id, "길에서 물이 솟습니다.")
    assert (Complaint.select().count(), Message.select().count()) == (1, 1)
    assert filed("another").id != first.id


def test_a_form_without_a_key_is_refused(db):
    with pytest.raises(ValueError, match="key"):
        filed("")


def test_premises_say_which_office_it_is(db):
    premises = make.premises(office="101")

    assert filed(premises=premises).office == "101"
    assert filed("other", district="").office == "091"


def test_it_takes_the_photos_of_its_draft_and_no_others(db):
    mine = make.complaint_photo(complaint=None, draft_hash="m" * 64)
    other = make.complaint_photo(complaint=None, draft_hash="o" * 64)

    one = filed(draft_hash="m" * 64)

    assert [photo.name for photo in ComplaintPhoto.of(one.id)] == [mine.name]
    assert ComplaintPhoto.get_by_id(mine.name).draft_hash == ""
    assert ComplaintPhoto.get_by_id(other.name).complaint_id is None


def test_somebody_may_file_it_for_a_caller(db):
    clerk = By("staff", "박담당")

    one = filing.file(Filing(form_key="k", channel=Channel.PHONE, **LEAK), clerk, NOW)

    (event,) = ComplaintEvent.of(one.id)
    assert (one.channel, event.actor_kind, event.actor) == ("phone", "staff", "박담당")


@pytest.mark.parametrize("query", ["물이", "솟습", "보기로 12", "가상1동", "성동구", "보기로"])
def test_it_is_found_by_its_words(db, query):
    one = filed()

    assert words.find(query, 10) == [one.id]


def test_it_is_not_found_by_other_words_and_not_by_none(db):
    filed()

    assert words.find("녹물", 10) == []
    assert words.find("!!", 10) == []


def test_it_is_found_by_its_number_and_the_newest_come_first(db):
    first, second = filed("1"), filed("2")

    assert words.find(first.reference.lower(), 10) == [first.id]
    assert words.find("물이", 10) == [second.id, first.id]
    assert words.find("물이", 1) == [second.id]


def test_what_is_indexed_anew_is_not_found_by_the_old_words(db):
    one = filed()

    words.index(one.id, one.reference, "다른 글")

    assert words.find("보기로", 10) == []
    assert words.find("다른", 10) == [one.id]


def test_what_ended_ten_years_ago_is_found_by_no_words(db):
    old, young = filed("1"), filed("2")
    ended = NOW.replace(year=2016)
    Complaint.update(closed_at=ended).where(Complaint.id == old.id).execute()

    sweep.forget_words(NOW)

    assert words.find("물이", 10) == [young.id]
