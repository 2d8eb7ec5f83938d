"""The desk of requests about data: what waits, first what is due first, and the answer."""

from datetime import date

import pytest

from app.audit.models import Entry
from app.privacy.models import RightsRequest
from tests import make
from tests.outbox import queued

LIST = "/staff/data/"


def wish(office="091", **values):
    """A request of somebody with a home in an office."""
    account = make.account(name="한나래")
    if office:
        make.home(account=account, premises=make.premises(office=office))
    return make.rights_request(account=account, asked_at=make.LONG_AGO, **values)


def test_what_waits_is_listed_by_its_day_and_late_ones_are_marked(at_desk, now):
    soon = wish(due_on=date(2026, 11, 30))
    late = wish(due_on=date(2026, 11, 25))
    client = at_desk("clerk")

    page = client.get(LIST).text

    assert page.index(late.reference) < page.index(soon.reference)
    assert page.count("늦음") == 1
    start = client.get("/staff/").text
    assert "개인정보 요청" in start


def test_another_offices_requests_are_not_there_and_those_of_nobody_are_everybodys(at_desk, now):
    theirs, homeless = wish(office="100"), wish(office="")
    client = at_desk("clerk")

    page = client.get(LIST).text

    assert theirs.reference not in page
    assert homeless.reference in page
    assert client.get(LIST + theirs.reference).status_code == 404
    assert client.get(LIST + homeless.reference).status_code == 200


def test_an_answer_is_told_and_the_look_is_written_down(at_desk, now):
    request, client = wish(), at_desk("clerk")
    path = LIST + request.reference

    answer = client.submit(path, path, decision="partly", answer="문서만 지웠습니다.")

    assert (answer.status_code, answer.location) == (303, f"{LIST}?done=answered")
    done = RightsRequest.get_by_id(request.id)
    assert (done.decision, done.decided_by) == ("partly", client.member.name)
    (mail,) = queued("rights_answered")
    assert mail.values["answer"] == "문서만 지웠습니다."
    actions = [entry.action for entry in Entry.select().order_by(Entry.id)]
    assert actions[-2:] == ["data.request_seen", "data.answered"]
    assert "문서만 지웠습니다." in client.get(path).text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"decision": "", "answer": "x"}, "decision"),
        ({"decision": "withdrawn", "answer": "x"}, "decision"),
        ({"decision": "refused", "answer": ""}, "answer"),
    ],
)
def test_an_answer_that_lacks_something_is_told_at_its_field(at_desk, now, fields, field):
    request, client = wish(), at_desk("clerk")
    path = LIST + request.reference

    answer = client.submit(path, path, **fields)

    assert (answer.status_code, f'id="{field}_error"' in answer.text) == (422, True)
    assert RightsRequest.get_by_id(request.id).decided_at is None


def test_a_request_that_ended_meanwhile_is_told(at_desk, now):
    request, client = wish(), at_desk("clerk")
    path = LIST + request.reference
    token = client.get(path).text.split('name="csrf_token" value="')[-1].split('"')[0]
    RightsRequest.update(decision="withdrawn", decided_at=make.LONG_AGO).execute()

    data = {"csrf_token": token, "decision": "done", "answer": ""}
    answer = client.post(path, data=data)

    assert "그사이에 끝난 요청입니다" in answer.text
    assert not queued("rights_answered")
