"""Sending: what the mail server says, when it is tried again, and what becomes of a message."""

from datetime import timedelta

from app import clock
from app.messages import lanes
from app.messages.kinds import Priority
from app.messages.lanes import EVERY, MORE, SOON
from app.messages.leases import take
from app.messages.models import Message, State
from tests.messages.conftest import LEASE, deliver_due

SECOND = timedelta(seconds=1)
DAY = "2026-11-20 10:00"


def again(message):
    return Message.get_by_id(message.id)


def subjects(sink):
    return [mail["Subject"] for mail in sink.mails]


def test_a_queued_message_is_sent_once(queued, lane, sink):
    message = queued()
    ours = lane(sink.settings)

    deliver_due(ours, clock.now())
    deliver_due(ours, clock.now() + timedelta(days=1))

    assert subjects(sink) == ["제목: 김보기"]
    assert sink.envelopes[0].rcpt_tos == ["person@example.com"]
    assert (again(message).state, again(message).attempts) == (State.SENT, 1)


def test_one_connection_serves_all_that_is_due(queued, lane, sink):
    for _ in range(3):
        queued()

    deliver_due(lane(sink.settings), clock.now())

    assert (len(sink.mails), sink.connections) == (3, 1)


def test_a_server_that_says_later_gets_it_later(queued, lane, sink):
    message, ours, now = queued(), lane(sink.settings), clock.now()
    sink.recipients = ["451 4.7.1 Greylisted <person@example.com>"]

    deliver_due(ours, now)
    waiting = again(message)
    deliver_due(ours, now + SOON[0] - SECOND)
    early = len(sink.mails)
    deliver_due(ours, now + SOON[0])

    assert (waiting.state, waiting.problem) == (State.CREATED, "451 4.7.1")
    assert (early, len(sink.mails), again(message).state) == (0, 1, State.SENT)


def test_a_message_is_given_up_after_four_hours(queued, lane, sink):
    message, ours, now = queued(), lane(sink.settings), clock.now()
    tries = 1 + len(SOON) + MORE
    sink.recipients = ["451 4.3.0 Later"] * (tries + 1)

    for number in range(tries + 1):
        deliver_due(ours, now + number * EVERY)

    assert (again(message).state, again(message).attempts) == (State.FAILED, tries)
    assert len(sink.recipients) == 1


def test_a_refused_recipient_is_not_tried_again(queued, lane, sink, log_lines):
    message, ours = queued(), lane(sink.settings)
    sink.recipients = ["550 5.1.1 <person@example.com> unknown"]

    deliver_due(ours, clock.now())
    deliver_due(ours, clock.now() + timedelta(hours=1))

    assert (again(message).state, again(message).problem) == (State.FAILED, "550 5.1.1")
    assert sink.mails == []
    assert [line["event"] for line in log_lines()] == ["message: refused"]


def test_a_refused_mail_keeps_no_other_from_being_sent(queued, lane, sink):
    queued()
    queued()
    sink.answers = ["554 5.7.1 spam"]

    deliver_due(lane(sink.settings), clock.now())

    assert (len(sink.mails), sink.connections) == (1, 1)


def test_a_server_that_hangs_up_after_the_mail_gets_it_at_most_once_more(
    queued, lane, sink, log_lines
):
    message, ours, now = queued(), lane(sink.settings), clock.now()
    sink.answers = ["drop", "drop"]

    deliver_due(ours, now)
    unknown = again(message)
    deliver_due(ours, now + LEASE - SECOND)
    early = len(sink.mails)
    for hours in range(1, 4):
        deliver_due(ours, now + timedelta(hours=hours))

    assert (unknown.state, unknown.problem, early) == (State.SENDING, "no answer", 1)
    assert (again(message).state, again(message).problem) == (State.FAILED, "no answer")
    assert len({mail["Message-ID"] for mail in sink.mails}) == 1
    assert len(sink.mails) == 2
    assert "message: perhaps sent twice" in [line["event"] for line in log_lines()]


def test_a_server_that_hangs_up_once_gets_the_mail_again(queued, lane, sink):
    message, ours, now = queued(), lane(sink.settings), clock.now()
    sink.answers = ["drop before"]

    deliver_due(ours, now)
    deliver_due(ours, now + LEASE)

    assert (again(message).state, len(sink.mails)) == (State.SENT, 1)


def test_a_connection_that_was_closed_meanwhile_is_opened_anew(queued, lane, sink):
    ours = lane(sink.settings)
    queued()
    deliver_due_keeping_open(ours)
    ours.adapter.connection.sock.shutdown(2)
    message = queued()

    deliver_due(ours, clock.now())

    assert (again(message).state, again(message).attempts, sink.connections) == ("sent", 1, 2)


def deliver_due_keeping_open(ours):
    """One step only: an empty queue would end the connection."""
    assert ours.step(clock.now) == lanes.AT_ONCE


def test_the_connection_ends_when_there_is_nothing_more_to_send(queued, lane, sink):
    ours = lane(sink.settings)
    queued()

    deliver_due(ours, clock.now())

    assert ours.adapter.connection is None


def test_the_most_urgent_one_is_sent_first(queued, kind, lane, sink, clock_at):
    clock_at(DAY)
    now = clock.now()
    for number, priority in enumerate(reversed(Priority)):
        to = f"{priority.name.lower()}@example.com"
        queued(kind(priority.name.lower(), priority), to=to, now=now + number * SECOND)

    deliver_due(lane(sink.settings), now + timedelta(minutes=1))
    deliver_due(lane(sink.settings, "many"), now + timedelta(minutes=1))

    sent = [envelope.rcpt_tos[0].split("@")[0] for envelope in sink.envelopes]
    assert sent == ["urgent", "normal", "alert", "bulk"]


def test_a_server_that_wants_us_to_sign_in_uses_up_no_try(queued, lane, sink):
    message = queued()
    sink.recipients = ["530 5.7.0 Authentication required"]

    deliver_due(lane(sink.settings), clock.now())

    assert (again(message).state, again(message).attempts) == (State.CREATED, 0)


def test_a_line_that_begins_with_a_dot_arrives_whole(queued, kind, lane, sink):
    texts = dict.fromkeys(("ko", "en"), "Dots\n\n.\n.. two\n{{ name }}\n")
    queued(kind(texts=texts), values={"name": ".end"}, language="en")

    deliver_due(lane(sink.settings), clock.now())

    text = sink.mails[0].get_body(("plain",)).get_content()
    assert text.splitlines()[:3] == [".", ".. two", ".end"]


def test_without_a_server_the_message_waits(queued, lane, sink):
    message, now = queued(), clock.now()
    nowhere = {**sink.settings, "SMTP_PORT": 1}

    deliver_due(lane(nowhere), now)
    waiting = again(message)
    deliver_due(lane(sink.settings), now + EVERY)

    assert (waiting.state, waiting.problem) == (State.CREATED, "no connection")
    assert len(sink.mails) == 1


def test_a_code_is_tried_three_times_in_two_minutes(queued, kind, lane, sink):
    urgent = kind("code", Priority.URGENT, timedelta(minutes=5))
    message, now = queued(urgent), clock.now()
    ours = lane({**sink.settings, "SMTP_PORT": 1}, name="urgent")

    tries = []
    for seconds in range(0, 180, 10):
        before = again(message).attempts
        deliver_due(ours, now + seconds * SECOND)
        tries += [seconds] * (again(message).attempts - before)

    assert tries == [0, 40, 120]
    assert again(message).state == State.FAILED


def tries_in(message, lane, seconds):
    """At which seconds a message is tried while there is no mail server."""
    tries, now = [], clock.now()
    for second in range(0, seconds, 10):
        before = again(message).attempts
        deliver_due(lane, now + second * SECOND)
        state = again(message).state
        tries += [second] * (state != State.EXPIRED and again(message).attempts > before)
    return tries


def test_a_link_is_tried_until_it_expires(queued, kind, lane, sink):
    link = queued(kind("reset", Priority.URGENT, timedelta(minutes=30)))
    ours = lane({**sink.settings, "SMTP_PORT": 1}, name="urgent")

    tries = tries_in(link, ours, 2000)

    assert tries == [0, 40, 120, 420, 720, 1020, 1320, 1620]
    assert again(link).state == State.EXPIRED


def test_a_mail_about_safety_outlasts_a_mail_server_that_is_away(queued, kind, lane, sink):
    message = queued(kind("safety", Priority.URGENT, timedelta(days=3)))

    deliver_due(lane({**sink.settings, "SMTP_PORT": 1}, name="urgent"), clock.now())
    deliver_due(lane({**sink.settings, "SMTP_PORT": 1}, name="urgent"), clock.now() + EVERY)
    deliver_due(lane({**sink.settings, "SMTP_PORT": 1}, name="urgent"), clock.now() + 2 * EVERY)
    deliver_due(lane(sink.settings, name="urgent"), clock.now() + timedelta(hours=3))

    assert (again(message).state, len(sink.mails)) == (State.SENT, 1)


def test_a_message_whose_workers_all_die_is_given_up(queued, kind, lane, sink):
    code = kind("code", Priority.URGENT, timedelta(minutes=5))
    message, now = queued(code), clock.now()
    for number in range(3):
        assert take((Priority.URGENT,), now + number * LEASE, LEASE)

    deliver_due(lane(sink.settings), now + 3 * LEASE)

    assert (again(message).state, again(message).problem) == (State.FAILED, "interrupted")
    assert sink.mails == []


def test_a_code_is_not_sent_when_it_holds_no_more(queued, kind, lane, sink):
    message = queued(kind("code", Priority.URGENT, timedelta(minutes=5)))

    deliver_due(lane(sink.settings), message.expires_at)

    assert (again(message).state, sink.mails) == (State.EXPIRED, [])


def test_a_message_whose_reason_has_gone_is_dropped(queued, kind, lane, sink):
    asked = []
    message = queued(kind("due", wanted=lambda one: asked.append(one.values["name"])))

    deliver_due(lane(sink.settings), clock.now())

    assert (again(message).state, asked, sink.mails) == (State.DROPPED, ["김보기"], [])


def test_a_text_that_lacks_a_value_is_an_error_and_not_a_mail(queued, lane, sink, log_lines):
    message = queued(values={"name": "김보기"})

    deliver_due(lane(sink.settings), clock.now())

    assert (again(message).state, again(message).problem) == (State.CREATED, "UndefinedError")
    assert log_lines()[0]["event"] == "message: a message cannot be made"
    assert sink.mails == []


def test_an_address_that_no_server_takes_fails(queued, lane, sink):
    wrong = [queued(to=to) for to in ("nobody", "한글@example.com", "a@b@c.kr")]

    deliver_due(lane(sink.settings), clock.now())

    assert {again(message).state for message in wrong} == {State.FAILED}
    assert sink.mails == []


def test_the_log_says_nothing_about_the_person(queued, kind, lane, sink, log_lines):
    code = kind("code", Priority.URGENT, timedelta(minutes=5))
    queued(code, values={"name": "482913", "link": "secret-token"})
    queued(to="nobody")
    sink.recipients = ["550 5.1.1 <person@example.com>: 482913"]

    deliver_due(lane(sink.settings), clock.now())

    text = str(log_lines())
    assert len(log_lines()) == 2
    assert not any(word in text for word in ("person", "482913", "secret", "nobody"))
