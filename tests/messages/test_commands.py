"""`flask messages …` and `flask worker --once`, as the people who run the service use them."""

import json
from datetime import timedelta

import pytest

from app import clock
from app.messages.kinds import Priority
from app.messages.models import Message, State
from app.messages.smtp import mail_folder
from tests.messages.conftest import VALUES, deliver_due

POSTAL = "02700 서울특별시 성북구 보기로 1, 101호 (가상 주소) 김보기"


@pytest.fixture
def failed(queued, lane, sink):
    """Two messages that the mail server refused."""
    sink.recipients = ["550 5.1.1 unknown"] * 2
    found = [queued(), queued()]
    deliver_due(lane(sink.settings), clock.now())
    return [Message.get_by_id(message.id) for message in found]


@pytest.fixture
def mails(app):
    """The files of mails; gone when the test ends."""
    folder = mail_folder(app.config)
    yield lambda: sorted(folder.glob("*"))
    for path in folder.glob("*"):
        path.unlink()


def run(runner, *arguments):
    return runner.invoke(args=["messages", *arguments])


def test_failed_messages_are_listed_with_masked_recipients(runner, failed):
    answer = run(runner, "list", "--state", "failed", "--json")

    found = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [one["reference"] for one in found] == [one.reference for one in reversed(failed)]
    assert {one["to"] for one in found} == {"pe******@example.com"}
    assert {one["problem"] for one in found} == {"550 5.1.1"}
    assert "person@" not in answer.stdout
    assert "김보기" not in answer.stdout


def test_the_list_of_all_states_shows_the_newest_first(runner, queued, failed):
    waiting = queued()

    lines = run(runner, "list").stdout.splitlines()

    assert len(lines) == 3
    assert lines[0].startswith(waiting.reference)
    assert "created" in lines[0]


def test_a_failed_message_is_sent_when_a_person_says_so(runner, failed, lane, sink):
    answer = run(runner, "resend", failed[0].reference)
    deliver_due(lane(sink.settings), clock.now())

    assert (answer.exit_code, len(sink.mails)) == (0, 1)
    assert [Message.get_by_id(one.id).state for one in failed] == [State.SENT, State.FAILED]


def test_all_failed_messages_are_sent_when_a_person_says_so(runner, failed, lane, sink):
    answer = run(runner, "resend", "--all-failed")
    deliver_due(lane(sink.settings), clock.now())

    assert answer.stdout == "queued again: 2\n"
    assert len(sink.mails) == 2


def test_a_message_that_was_sent_or_is_too_old_is_not_resent(runner, queued, failed, clock_at):
    sent = queued()
    clock_at(failed[0].expires_at + timedelta(seconds=1))

    answer = run(runner, "resend", sent.reference, failed[0].reference, "NOTHING")

    assert answer.exit_code == 1
    assert answer.stdout == "queued again: 0\n"
    assert answer.stderr.count("too old to be sent") == 3


def test_resend_wants_to_know_what(runner):
    assert run(runner, "resend").exit_code == 2
    assert run(runner, "resend", "--all-failed", "ABC").exit_code == 2


@pytest.mark.parametrize(("language", "words"), [("ko", "시험 메일"), ("en", "Test mail")])
def test_a_preview_shows_a_kind_with_sample_values(runner, language, words):
    text = run(runner, "preview", "test", "--lang", language).stdout
    html = run(runner, "preview", "test", "--lang", language, "--html").stdout

    assert text.startswith(words)
    assert "2026-11-22 14:30" in text
    assert html.startswith("<!doctype html>")


def test_a_preview_of_no_kind_names_the_kinds(runner):
    answer = run(runner, "preview", "poem")

    assert answer.exit_code == 2
    assert "test" in answer.stderr


def test_letters_are_printed_once(runner, queued, lane, sink):
    letter = queued(channel="letter", to=POSTAL)
    deliver_due(lane(sink.settings), clock.now())

    first = run(runner, "letters")
    second = run(runner, "letters")

    assert first.stdout.startswith(POSTAL)
    assert "김보기 님, 안내합니다." in first.stdout
    assert first.stdout.endswith(f"{letter.reference}\n\f")
    assert (second.stdout, second.stderr) == ("", "letters: 0\n")
    assert (Message.get_by_id(letter.id).state, sink.mails) == (State.SENT, [])


def test_a_letter_that_came_too_late_or_is_not_wanted_is_not_printed(runner, queued, kind):
    late = queued(channel="letter", to=POSTAL, now=clock.now() - timedelta(days=4))
    unwanted = queued(kind("own", wanted=lambda one: False), channel="letter", to=POSTAL)

    answer = run(runner, "letters")

    assert answer.stdout == ""
    assert Message.get_by_id(late.id).state == State.EXPIRED
    assert Message.get_by_id(unwanted.id).state == State.DROPPED


def test_a_test_mail_is_queued_and_written_into_a_file(runner, mails):
    run(runner, "test", "operator@example.com", "--lang", "en")

    answer = runner.invoke(args=["worker", "--once"])

    assert answer.exit_code == 0
    assert [path.suffix for path in mails()] == [".eml"]
    assert b"To: operator@example.com" in mails()[0].read_bytes()


def test_a_mail_that_is_a_file_already_is_not_written_again(queued, lane, mails):
    message, ours, now = queued(), lane(), clock.now()
    deliver_due(ours, now)
    Message.update(state=State.CREATED).where(Message.id == message.id).execute()

    deliver_due(ours, now + timedelta(hours=1))

    assert len(mails()) == 1


def test_a_folder_that_cannot_be_written_loses_nothing(queued, lane, app, log_lines, tmp_path):
    message = queued()
    (tmp_path / "mail").write_text("a file where the folder should be")

    deliver_due(lane({"DATA_DIR": str(tmp_path)}), clock.now())

    found = Message.get_by_id(message.id)
    assert (found.state, found.attempts) == (State.CREATED, 0)
    assert log_lines()[0]["event"] == "mail cannot be sent"


def test_the_worker_refuses_to_start_in_production_without_a_mail_server(runner, app, monkeypatch):
    monkeypatch.setitem(app.config, "MODE", "production")

    answer = runner.invoke(args=["worker", "--once"])

    assert answer.exit_code == 1
    assert "Set WATER_SMTP_HOST" in answer.stderr


def test_a_link_that_failed_is_resent_until_it_expires(runner, queued, kind, lane, sink, clock_at):
    message = queued(kind("reset", Priority.URGENT, timedelta(minutes=30)), values=VALUES)
    sink.recipients = ["550 5.1.1 unknown"] * 2
    deliver_due(lane(sink.settings), clock.now())
    before = run(runner, "resend", message.reference).exit_code
    deliver_due(lane(sink.settings), clock.now())
    clock_at(message.expires_at)

    assert (before, run(runner, "resend", message.reference).exit_code) == (0, 1)


def test_a_message_that_a_wrong_clock_has_ended_is_resent(runner, queued, lane, sink):
    message = queued()
    deliver_due(lane(sink.settings), clock.now() + timedelta(days=30))

    answer = run(runner, "resend", message.reference)
    deliver_due(lane(sink.settings), clock.now())

    assert (answer.exit_code, len(sink.mails)) == (0, 1)


def test_to_resend_all_that_failed_leaves_out_what_is_too_old(runner, failed, queued, clock_at):
    old, new = failed
    Message.update(expires_at=clock.now()).where(Message.id == old.id).execute()

    first = run(runner, "resend", "--all-failed")
    second = run(runner, "resend", "--all-failed")

    assert (first.exit_code, first.stdout) == (0, "queued again: 1\n")
    assert (second.exit_code, second.stdout, second.stderr) == (0, "queued again: 0\n", "")
    assert Message.get_by_id(new.id).state == State.CREATED


def test_a_letter_that_cannot_be_made_keeps_no_other_from_being_printed(
    runner, queued, kind, log_lines
):
    broken = queued(channel="letter", to=POSTAL, values={"name": "김보기"})
    whole = queued(channel="letter", to=POSTAL)

    answer = run(runner, "letters")

    assert (answer.exit_code, answer.stderr) == (1, "letters: 1, failed: 1\n")
    assert answer.stdout.endswith(f"{whole.reference}\n\f")
    assert Message.get_by_id(broken.id).state == State.FAILED
    assert [line["event"] for line in log_lines()] == ["message: a letter cannot be made"]


def test_the_list_says_how_many_wait_and_since_when(runner, queued, failed, clock_at):
    none = run(runner, "list", "--state", "failed", "--json").stderr
    clock_at("2026-11-20 10:00")
    queued()
    queued(now=clock.now() + timedelta(hours=1))
    queued(channel="letter", now=clock.now() - timedelta(hours=1))

    found = run(runner, "list", "--json")

    assert none == "waiting (mail): 0\n"
    assert found.stderr.splitlines() == [
        "waiting (letter): 1, the oldest since 2026-11-20 09:00:00+09:00",
        "waiting (mail): 2, the oldest since 2026-11-20 10:00:00+09:00",
    ]
    assert len(found.stdout.splitlines()) == 5


@pytest.mark.parametrize("lease", ["0.1", "601"])
def test_a_lease_that_is_too_short_or_too_long_is_refused(runner, lease):
    answer = runner.invoke(args=["worker", "--once", "--lease", lease])

    assert answer.exit_code == 2
    assert "A lease lasts half a second to ten minutes" in answer.stderr
