"""Requests about one's own data: ten calendar days, asked once, answered once, told by mail."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from app import health
from app.audit.models import Entry
from app.audit.trail import system
from app.privacy import rights
from app.privacy.models import OPEN_REQUESTS, Decision, RightsRequest, due, waiting
from tests import make
from tests.outbox import queued

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)


@pytest.fixture
def here(app, db):
    """Mails hold addresses of this site."""
    with app.app_context():
        yield


@pytest.mark.parametrize(
    ("asked", "last"),
    [
        ("2026-11-26T12:00+09:00", "2026-12-06"),  # a Sunday counts
        ("2026-11-26T00:00+09:00", "2026-12-06"),
        ("2026-11-26T23:59:59+09:00", "2026-12-06"),
        ("2026-11-27T00:00+09:00", "2026-12-07"),
        ("2026-02-10T09:00+09:00", "2026-02-20"),  # over Seollal, 16 to 18 February
        ("2026-09-20T09:00+09:00", "2026-09-30"),  # over Chuseok, 24 to 26 September
        ("2026-12-25T09:00+09:00", "2027-01-04"),  # over Christmas and New Year
        ("2028-02-20T09:00+09:00", "2028-03-01"),  # a holiday itself, after 29 February
    ],
)
def test_the_answer_is_due_after_ten_calendar_days_holidays_or_not(asked, last):
    assert due(datetime.fromisoformat(asked)) == date.fromisoformat(last)


def test_the_day_is_that_of_seoul():
    assert due(datetime(2026, 11, 26, 14, 59, tzinfo=UTC)) == date(2026, 12, 6)
    assert due(datetime(2026, 11, 26, 15, 0, tzinfo=UTC)) == date(2026, 12, 7)


def test_the_same_wish_twice_is_one_request(db):
    account = make.account()

    first = RightsRequest.ask(account, "erase", "문서를 지워 주십시오.", NOW)
    again = RightsRequest.ask(account, "erase", "문서를 지워 주십시오.", NOW + timedelta(days=1))

    assert (first.id, RightsRequest.select().count()) == (again.id, 1)


def test_there_is_a_limit_of_open_requests(db):
    account = make.account()
    for number in range(OPEN_REQUESTS):
        assert RightsRequest.ask(account, "see", f"{number}", NOW)

    assert RightsRequest.ask(account, "see", "one more", NOW) is None
    assert RightsRequest.ask(make.account(), "see", "another's", NOW)


def test_what_waits_is_listed_by_the_day_on_which_it_is_due(db):
    late = make.rights_request(due_on=date(2026, 11, 20), asked_at=NOW)
    soon = make.rights_request(due_on=date(2026, 11, 30), asked_at=NOW)
    make.rights_request(decided_at=NOW, decision="done")

    found = waiting(date(2026, 11, 26))

    assert [(one.reference, one.days_left) for one in found] == [
        (late.reference, -6),
        (soon.reference, 4),
    ]
    assert found[0].email == late.account.email


def test_an_answer_is_told_by_mail_and_written_down(here):
    request = make.rights_request()

    text = "고쳤습니다.\n고맙습니다."
    rights.answer(request.reference, Decision.DONE, text, system("박담당"), NOW)

    answered = RightsRequest.get_by_id(request.id)
    assert (answered.decision, answered.decided_by, answered.decided_at) == ("done", "박담당", NOW)
    (mail,) = queued("rights_answered")
    assert (mail.to, mail.values["answer"]) == (request.account.email, "고쳤습니다. 고맙습니다.")
    assert "요청대로 했습니다" in mail.values["decision"]
    entry = Entry.get(Entry.action == "data.answered")
    assert (entry.account_id, entry.actor_name) == (request.account.id, "박담당")


@pytest.mark.parametrize("decision", [Decision.PARTLY, Decision.REFUSED])
def test_what_is_not_done_as_asked_needs_a_reason(here, decision):
    request = make.rights_request()

    with pytest.raises(rights.AnswerError, match="Say why"):
        rights.answer(request.reference, decision, " ", system("박담당"), NOW)

    assert RightsRequest.get_by_id(request.id).decided_at is None
    assert not queued("rights_answered")


def test_a_request_is_answered_once(here):
    request = make.rights_request()
    rights.answer(request.reference, Decision.DONE, "", system("박담당"), NOW)

    with pytest.raises(rights.AnswerError, match="ended already"):
        rights.answer(request.reference, Decision.REFUSED, "x", system("이담당"), NOW)

    assert len(queued("rights_answered")) == 1


@pytest.mark.parametrize("decision", [Decision.OPEN, Decision.WITHDRAWN])
def test_staff_can_neither_leave_open_nor_withdraw_for_somebody(here, decision):
    with pytest.raises(rights.AnswerError, match="no answer"):
        rights.answer(make.rights_request().reference, decision, "x", system("박담당"), NOW)


def test_operators_list_and_answer_at_the_command_line(runner, clock_at):
    clock_at("2026-11-26 12:00")
    request = make.rights_request(due_on=date(2026, 11, 25), about="두 줄\n입니다")

    listed = runner.invoke(args=["privacy", "requests"])
    as_json = runner.invoke(args=["privacy", "requests", "--json"])
    name = f"{request.reference[:4]}-{request.reference[4:]}".lower()
    answer = ["privacy", "answer", name, "--decision", "refused", "--by", "박담당"]
    without = runner.invoke(args=answer)
    given = runner.invoke(args=[*answer, "--answer", "법에 따라 남겨야 합니다."])
    after = runner.invoke(args=["privacy", "requests"])

    assert (listed.exit_code, "-1 days" in listed.output) == (1, True)
    assert json.loads(as_json.output)[0]["due_on"] == "2026-11-25"
    assert (without.exit_code, given.exit_code, after.exit_code) == (1, 0, 0)
    assert queued("rights_answered")[0].values["answer"] == "법에 따라 남겨야 합니다."


def test_operators_hear_of_late_requests(app, db):
    check = health._checks["data requests"]
    make.rights_request(due_on=date(2026, 11, 26), asked_at=NOW)

    assert check(datetime(2026, 11, 26, 14, tzinfo=UTC)) is None
    assert check(datetime(2026, 11, 26, 15, tzinfo=UTC)) == "기한이 지난 개인정보 요청 1건"
