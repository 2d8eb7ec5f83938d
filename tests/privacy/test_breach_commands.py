"""`flask privacy breach …` on sample data: list, notices, the clock of 72 hours, drafts."""

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app import clock, health
from app.audit.models import Entry
from app.pages.library import examine
from app.privacy.models import Incident
from tests import make

BY = ("--by", "김담당")
START = "2026-11-26 12:00"


@pytest.fixture
def run(runner, clock_at):
    clock_at(START)

    def command(*arguments, by=BY):
        return runner.invoke(args=["privacy", "breach", *arguments, *by])

    return command


def opened(run, *more, tables=("accounts",)):
    """The reference of a new incident."""
    named = [part for table in tables for part in ("--table", table)]
    given = ["--from", "2026-11-24T02:10", "--to", "2026-11-24T05:40"]
    answer = run("open", *given, *named, *more)
    assert answer.exit_code == 0, answer.output
    return answer.stdout.strip()


def status(run, reference):
    answer = run("status", reference, "--json", by=())
    return json.loads(answer.output), answer.exit_code


def test_from_the_first_suspicion_to_the_last_notice(run):
    make.account(name="김보기")
    make.occupancy(email="", billing_address="보기로 1")
    reference = opened(run, tables=("accounts", "occupancies"))

    listed = run("affected", reference)
    before, _ = status(run, reference)
    dry = run("notify", reference, "--dry-run")
    sent = run("notify", reference)
    after, code = status(run, reference)

    assert "persons: 2" in listed.output
    assert (before["people"], before["untold"]) == (2, 2)
    assert "to be told: 2" in dry.output
    assert "by mail: 1, by letter: 1, no contact: 0, to be told: 0" in sent.output
    assert (after["untold"], after["late"], code) == (0, False, 0)
    assert run("close", reference).exit_code == 0
    assert json.loads(run("status", "--json", by=()).output) == []


def test_what_is_done_is_written_into_the_audit_log(run):
    reference = opened(run)
    for arguments in (["affected"], ["notify"], ["confirm"], ["close"]):
        run(arguments[0], reference)
    run("report", reference, "--sent", "이담당", by=())

    found = [(e.action, e.actor_name) for e in Entry.select().order_by(Entry.id)]
    assert found == [
        ("incident.opened", "김담당"),
        ("incident.listed", "김담당"),
        ("incident.notified", "김담당"),
        ("incident.confirmed", "김담당"),
        ("incident.closed", "김담당"),
        ("incident.reported", "이담당"),
    ]


@pytest.mark.parametrize(
    ("later", "left", "late"),
    [
        (timedelta(0), 72.0, False),
        (timedelta(hours=71, minutes=59), 0.0, False),
        (timedelta(hours=72, minutes=1), -0.0, True),
        (timedelta(days=4), -24.0, True),
    ],
)
def test_the_clock_runs_for_72_hours_from_when_we_knew(run, clock_at, later, left, late):
    make.account()
    reference = opened(run)
    clock_at(datetime.fromisoformat(START).replace(tzinfo=clock.SEOUL) + later)

    found, code = status(run, reference)

    assert found["deadline"] == "2026-11-29 12:00"
    assert (found["hours_left"], found["late"], code) == (left, late, int(late))
    alarm = health._checks["incidents"](clock.now())
    assert (reference in (alarm or "")) is late


def test_the_clock_stops_when_all_are_told_and_no_report_is_due(run, clock_at):
    make.account()
    reference = opened(run, "--known", "2026-11-25T12:00")
    run("affected", reference)
    run("notify", reference)
    clock_at("2026-12-20 12:00")

    found, code = status(run, reference)

    assert (found["deadline"], found["late"], code) == ("2026-11-28 12:00", False, 0)


def test_a_report_that_is_due_and_not_sent_is_late(run, clock_at):
    make.account()
    reference = opened(run, "--cause", "intrusion")
    run("affected", reference)
    run("notify", reference)
    clock_at("2026-11-30 12:00")
    before, _ = status(run, reference)

    run("report", reference, "--sent", "이담당", by=())

    assert (before["late"], status(run, reference)[0]["late"]) == (True, False)


def test_the_list_is_a_table_without_formulas(run, tmp_path):
    account = make.account(name="=HYPERLINK(1)")
    reference, file = opened(run), tmp_path / "people.csv"

    assert run("affected", reference, "--csv", str(file)).exit_code == 0

    text = file.read_text("utf-8")
    assert text.startswith("\ufeff")
    header, row = csv.reader(text.removeprefix("\ufeff").splitlines())
    assert header == ["person", "name", "email", "address", "channel", "told_at"]
    assert row[1:3] == ["'=HYPERLINK(1)", account.email]
    assert file.stat().st_mode & 0o077 == 0


def test_a_list_never_overwrites_a_file(run, tmp_path):
    reference, file = opened(run), tmp_path / "people.csv"
    file.write_text("mine")

    assert run("affected", reference, "--csv", str(file)).exit_code == 1
    assert file.read_text() == "mine"


def test_no_report_is_drafted_where_none_is_due_unless_it_is_wanted(run):
    reference = opened(run)
    run("affected", reference)

    assert "no report is needed" in run("report", reference, by=()).output
    assert "# 개인정보 유출 신고서" in run("report", reference, "--anyway", by=()).output


def test_the_draft_of_the_report_says_all_that_its_form_asks(run):
    for _ in range(3):
        make.account()
    reference = opened(run, "--cause", "intrusion", "--how", "관리자 암호가 알려졌습니다.")
    run("affected", reference)
    run("notify", reference)

    draft = run("report", reference, by=()).output

    for part in (
        "intrusion from outside",
        "정보주체: 3명",
        "외부의 불법 접근",
        "관리자 암호가 알려졌습니다.",
        "알림 3명 (이메일 3, 편지 0)",
        "2026-11-24 02:10 ~ 2026-11-24 05:40",
        "신고 기한 (72시간) | 2026-11-29 12:00",
        "계정 (이메일",
    ):
        assert part in draft


def test_the_site_notice_is_a_content_page_for_thirty_days(run, tmp_path):
    reference = opened(run)

    page = run("site-notice", reference, by=()).output

    file = Path(tmp_path, "data-leak.ko.md")
    file.write_text(page, "utf-8")
    assert examine("notices", file).problems == []
    assert "expires_at: 2026-12-26T12:00:00+09:00" in page
    assert "status: draft" in page
    assert "가능성" in page
    run("confirm", reference)
    assert "확인되었습니다" in run("site-notice", reference, by=()).output


def test_notices_wait_until_the_persons_are_listed(run):
    reference = opened(run)

    assert (run("notify", reference).exit_code, "affected" in run("notify", reference).output) == (
        1,
        True,
    )


def test_some_without_a_contact_are_told_of_on_the_site(run):
    make.occupancy(email="", billing_address="")
    reference = opened(run, tables=("occupancies",))
    run("affected", reference)

    assert "site notice for 30 days" in run("notify", reference).output


@pytest.mark.parametrize(
    "arguments",
    [
        ["open", "--from", "yesterday", "--table", "accounts"],
        ["open", "--from", "2026-11-24T02:10", "--table", "nothing"],
        ["open", "--from", "2026-11-27T02:10", "--table", "accounts"],
        ["open", "--from", "2026-11-24T02:10", "--table", "accounts", "--account", "x@y.z"],
        ["affected", "NOTHERE2"],
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(run, arguments):
    answer = run(*arguments)

    assert answer.exit_code in (1, 2)
    assert answer.output.strip()
    assert not Incident.select().exists()
