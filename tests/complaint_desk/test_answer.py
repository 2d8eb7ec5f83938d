"""Answering: begun from a template, seen as it will arrive, sent, closed."""

import re

import pytest

from app.complaint_desk import replies
from app.complaints import kinds
from app.complaints.kinds import WrongTypeError
from app.complaints.models import Complaint, ComplaintEvent
from app.messages.models import Message
from tests.markup import Page
from tests.outbox import queued

TEXT = "관을 고쳤습니다.\n고맙습니다."


def path(one):
    return f"/staff/complaints/{one.reference}/answer"


def send(client, one, **fields):
    return client.submit(path(one), path(one), **{"wish": "send", **fields})


def test_an_answer_closes_it_and_reaches_the_applicant(clerk, leak):
    answer = send(clerk, leak, outcome="solved", text=TEXT)

    assert answer.location == f"/staff/complaints/{leak.reference}?done=answer"
    one = Complaint.get_by_id(leak.id)
    assert (one.state, one.outcome, one.closed_at is not None) == ("done", "solved", True)
    (event,) = ComplaintEvent.of(leak.id)
    assert (event.kind, event.text) == ("closed", TEXT)
    (mail,) = queued("complaint_done")
    assert (mail.to, mail.values["text"]) == ("bogi@example.com", "관을 고쳤습니다. 고맙습니다.")


@pytest.mark.parametrize(
    "fields", [{"text": TEXT}, {"outcome": "solved"}, {"outcome": "x", "text": "x"}]
)
def test_without_outcome_or_reason_nothing_is_closed(clerk, leak, fields):
    answer = send(clerk, leak, **fields)

    assert answer.status_code == 422
    assert Complaint.get_by_id(leak.id).closed_at is None


def test_a_template_begins_the_answer_in_the_language_of_the_applicant(clerk, leak):
    korean = clerk.get(f"{path(leak)}?template=repaired").text
    assert "성북구 가상1동 보기로 12 앞의 새는 관을 고치고" in korean
    assert "02-3146-2000" in korean
    assert 'value="solved" checked' in korean
    english = clerk.get(f"{path(leak)}?template=repaired&language=en").text
    assert "We have repaired the leaking pipe" in english


def test_an_unknown_template_or_language_begins_nothing(clerk, leak):
    for query in ("template=nothing", "template=repaired&language=xx"):
        page = clerk.get(f"{path(leak)}?{query}")
        assert page.status_code == 200
        assert "새는 관을 고치고" not in page.text


def test_the_preview_shows_the_mail_and_writes_nothing(clerk, leak):
    answer = send(clerk, leak, outcome="refused", text=TEXT, wish="preview")

    assert answer.status_code == 200
    assert "처리를 마쳤습니다 (" in answer.text
    assert "결과: 받아들이지 못했습니다" in answer.text
    assert TEXT in Page(answer.text).text
    assert Complaint.get_by_id(leak.id).version == 1
    assert Message.select().count() == 0


def test_the_preview_is_in_the_language_of_the_applicant(clerk, leak):
    Complaint.update(language="en").execute()

    answer = send(clerk, leak, outcome="solved", text="Done.", wish="preview")

    mail = answer.text.split('<div class="said" lang="en">')[1].split("</div>")[0]
    assert "Result: " in mail
    assert not re.search("[가-힣]", mail)


def test_an_answer_to_what_was_changed_meanwhile_is_not_sent_and_not_lost(clerk, leak):
    Complaint.update(version=2).execute()

    answer = send(clerk, leak, version=1, outcome="solved", text=TEXT)

    assert answer.status_code == 409
    assert "관을 고쳤습니다.\n고맙습니다.</textarea>" in answer.text
    assert 'id="changed"' in answer.text
    assert Complaint.get_by_id(leak.id).closed_at is None


def test_every_template_fits_its_kind_and_can_be_filled_in(app, leak):
    assert {*replies.templates()} <= {*kinds.types(), "all"}
    for code, kind in kinds.types().items():
        leak.type = code
        assert replies.choices(code), kind
        for template, _name in replies.choices(code):
            for language in ("ko", "en"):
                with app.app_context():
                    begun = replies.begun(leak, template, language)
                assert "{" not in begun["text"], (code, template)


@pytest.mark.parametrize(
    "text",
    [
        "x: 1",
        "- {code: a}",
        "- {code: a, name: {ko: a, en: a}, outcome: wonderful, text: {ko: a, en: a}}",
        "- {code: a, name: {ko: a}, outcome: solved, text: {ko: a, en: a}}",
    ],
)
def test_a_file_of_templates_that_is_wrong_is_refused(text):
    with pytest.raises(WrongTypeError):
        replies.parse(text)
