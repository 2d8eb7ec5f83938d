"""What applicants are told of their complaint, and by which ways."""

import json
from datetime import datetime, timedelta

import pytest

from app.clock import SEOUL
from app.complaints import acts
from app.complaints.acting import APPLICANT, By
from app.complaints.models import Outcome
from app.messages.models import Message
from tests import make

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=SEOUL)
CLERK = By("staff", "박담당")
pytestmark = pytest.mark.usefixtures("context")


def told():
    """What was queued: kind, channel, recipient."""
    return [(one.kind, one.channel, one.recipient) for one in Message.select().order_by(Message.id)]


def said(number=-1):
    found = list(Message.select().order_by(Message.id))
    return json.loads(found[number].content)


def complaint(**values):
    return make.complaint(received_at=NOW, **values)


def test_each_way_that_was_chosen_is_told(db):
    one = complaint(email="a@example.com", wants_texts=True)

    acts.start(one, CLERK, NOW)

    assert told() == [
        ("complaint_step", "mail", "a@example.com"),
        ("complaint_step", "sms", "+821012345678"),
    ]


def test_who_chose_nothing_is_told_nothing(db):
    acts.start(complaint(), CLERK, NOW)
    acts.start(complaint(wants_texts=True, phone="+82231462000"), CLERK, NOW)

    assert told() == []


def test_a_text_that_cannot_arrive_goes_to_the_address_of_the_account(db):
    one = complaint(account=make.account(email="me@example.com"), wants_texts=True)

    acts.start(one, CLERK, NOW)

    (message,) = Message.select()
    assert message.channel == "sms"
    assert json.loads(message.otherwise)["steps"] == [["mail", "me@example.com"]]


def test_it_names_unit_and_phone_of_who_handles_it_and_the_date(db):
    one = complaint(email="a@example.com")
    acts.start(one, CLERK, NOW)
    assert (said()["unit"], said()["phone"]) == ("중부", "02-3146-2000")

    acts.assign(one, make.member("clerk", unit="누수팀", phone="02-3146-2010"), CLERK, NOW)

    assert (said()["unit"], said()["phone"]) == ("누수팀", "02-3146-2010")
    assert said()["due"] == "2026. 11. 23. 13:30"
    assert said()["link"].endswith(f"/complaints/{one.reference}")


def test_an_answer_is_told_in_one_line_and_in_the_applicants_language(db):
    one = complaint(email="a@example.com", language="en")

    acts.close(one, Outcome.REFUSED, "이유는\n이렇습니다.", CLERK, NOW)

    assert told()[0][0] == "complaint_done"
    assert said()["text"] == "이유는 이렇습니다."
    assert said()["type"] == "Leak in the street"
    assert said()["outcome"] == "It could not be granted"
    assert said()["due"] == ""


def test_the_office_alone_knows_its_notes(db):
    one = complaint(email="a@example.com")

    acts.note(one, "비밀", CLERK, NOW)
    acts.release(one, "물이 샙니다.", CLERK, NOW, version=2)

    assert told() == []


def test_nobody_is_told_of_their_own_words(db):
    one = complaint(email="a@example.com")
    acts.say(one, "안녕하세요", APPLICANT, NOW)
    assert told() == []

    acts.say(one, "안녕하십니까", CLERK, NOW)

    assert said()["text"] == "안녕하십니까"


def test_what_is_missing_is_asked_for(db):
    one = complaint(email="a@example.com", wants_texts=True)

    acts.ask(one, "사진을 보내 주십시오.", CLERK, NOW)

    assert {kind for kind, _, _ in told()} == {"complaint_asked"}
    assert said(0)["text"] == "사진을 보내 주십시오."


def test_who_reported_the_same_thing_hears_how_the_first_one_ended(db):
    first, other = complaint(email="a@example.com"), complaint(email="b@example.com")
    acts.merge(other, first, CLERK, NOW, version=1)

    acts.close(first, Outcome.SOLVED, "관을 갈았습니다.", CLERK, NOW + timedelta(hours=1))

    assert told()[-2:] == [
        ("complaint_done", "mail", "a@example.com"),
        ("complaint_step", "mail", "b@example.com"),
    ]
    assert said()["reference"] == other.reference
    assert said()["text"] == ""


def test_what_cannot_be_queued_does_not_stop_the_work(db, log_lines):
    one = complaint(email="a\n@example.com")

    acts.start(one, CLERK, NOW)

    assert one.state == "working"
    assert log_lines()[-1]["event"] == "a notice cannot be queued"


def test_the_browsers_of_an_account_are_notified_when_it_chose_that(db):
    account = make.account(email="me@example.com")
    make.push_subscription(account=account)
    one = complaint(account=account, wants_push=True, email="a@example.com")

    acts.start(one, CLERK, NOW)

    assert told() == [
        ("complaint_step", "mail", "a@example.com"),
        ("complaint_step", "push", str(account.id)),
    ]
    assert not any("me@example.com" in (one.otherwise or "") for one in Message.select())


def test_without_a_browser_left_the_mail_of_the_account_stands_in(db):
    account = make.account(email="me@example.com")

    acts.start(complaint(account=account, wants_push=True), CLERK, NOW)

    assert told() == [("complaint_step", "mail", "me@example.com")]
