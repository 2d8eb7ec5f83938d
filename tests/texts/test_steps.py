"""What follows when a channel fails for good: the next one, once, and never while nobody knows."""

from datetime import timedelta

import pytest

from app import clock
from app.messages import sweep
from app.messages.kinds import Priority
from app.messages.leases import finish, settle, take
from app.messages.models import Cause, Channel, Message, State
from app.messages.outbox import key_of, queue
from app.messages.taken import INTERRUPTED, NO_ANSWER
from tests.messages.conftest import VALUES, deliver_due, lane, sink  # noqa: F401 fixtures
from tests.texts.conftest import DAY, LEASE, PHONE, again

ALL = tuple(Priority)
EVERY_WAY = (Channel.PUSH, Channel.SMS, Channel.MAIL, Channel.LETTER)
MAIL, LETTER = "person@example.com", "02700 서울특별시 성북구 보기로 1 김보기"
STEPS = [("sms", PHONE), ("mail", MAIL), ("letter", LETTER)]


@pytest.fixture(autouse=True)
def day(clock_at):
    clock_at(DAY)


@pytest.fixture
def notice(text_kind):
    return text_kind("notice", channels=EVERY_WAY)


def fail(channel, now=None, problem="410", state=State.FAILED):
    """The oldest message that waits on a channel ends."""
    now = now or clock.now()
    finish(take(ALL, now, LEASE, channel), state, problem, now, Cause.PERMANENT)


def waiting():
    found = Message.select().where(Message.state == "created").order_by(Message.id)
    return [(one.channel, one.recipient) for one in found]


def test_each_channel_that_fails_is_followed_by_the_next(queued, notice):
    first = queued(notice, channel="push", to="7", otherwise=STEPS)
    seen = [waiting()]

    for channel in EVERY_WAY:
        fail(channel)
        seen.append(waiting())

    assert seen == [[("push", "7")], *[[step] for step in STEPS], []]
    found = list(Message.select().order_by(Message.id))
    assert len({one.content for one in found}) == 1
    assert {one.expires_at for one in found[:3]} == {first.expires_at}
    assert {one.kind for one in found} == {"notice"}


def test_of_two_channels_that_fail_the_next_one_follows_once(queued, notice):
    queued(notice, channel="push", to="7", key="one", otherwise=STEPS[1:])
    queued(notice, channel="sms", to=PHONE, key="one", otherwise=STEPS[1:])

    fail(Channel.PUSH)
    fail(Channel.SMS)

    assert waiting() == [("mail", MAIL)]


def test_who_is_told_by_mail_anyway_gets_no_second_one(queued, notice):
    queued(notice, channel="sms", to=PHONE, key="one", otherwise=STEPS[1:])
    queued(notice, key="one")
    fail(Channel.MAIL, state=State.SENT, problem="")

    fail(Channel.SMS)

    assert waiting() == []


@pytest.mark.parametrize("problem", [NO_ANSWER, INTERRUPTED])
def test_nothing_follows_while_nobody_knows_whether_it_arrived(queued, notice, problem):
    queued(notice, channel="sms", to=PHONE, otherwise=STEPS[1:])

    fail(Channel.SMS, problem=problem)

    assert waiting() == []


@pytest.mark.parametrize(
    "state", [State.SENT, State.DROPPED, State.SUPPRESSED, State.EXPIRED, State.DELIVERED]
)
def test_only_a_failure_is_followed(queued, notice, state):
    queued(notice, channel="sms", to=PHONE, otherwise=STEPS[1:])

    fail(Channel.SMS, state=state, problem="")

    assert waiting() == []


def test_while_a_text_is_unknown_no_mail_is_sent(text, notice, deliver, provider):
    message = text(notice, otherwise=STEPS[1:])
    provider.next("lost")
    provider.turn(list="off")

    deliver()
    deliver(timedelta(hours=1))
    deliver(timedelta(days=9))

    assert again(message).state == State.FAILED
    assert waiting() == []


def test_a_text_that_the_provider_could_not_deliver_is_followed_by_a_mail(
    text, notice, deliver, provider
):
    message = text(notice, otherwise=STEPS[1:])
    deliver()
    under_way = waiting()

    settled = settle(message.id, State.FAILED, "3104", Cause.PERMANENT, clock.now())
    twice = settle(message.id, State.FAILED, "3104", Cause.PERMANENT, clock.now())

    assert (under_way, settled, twice) == ([], True, False)
    assert waiting() == [("mail", MAIL)]


def test_a_text_that_arrived_is_followed_by_nothing(text, notice, deliver):
    message = text(notice, otherwise=STEPS[1:])
    deliver()

    settle(message.id, State.DELIVERED, "", Cause.NONE, clock.now())
    late = settle(message.id, State.FAILED, "3104", Cause.PERMANENT, clock.now())

    assert (late, waiting()) == (False, [])


def test_a_refused_mail_becomes_a_text(text, notice, queued, lane, sink, deliver, provider):  # noqa: F811
    queued(notice, otherwise=[("sms", PHONE)])
    sink.recipients = ["550 5.1.1 unknown"]

    deliver_due(lane(sink.settings), clock.now())
    deliver()

    assert [one["receiver"] for one in provider.messages()] == ["01012345678"]


def test_what_is_too_late_by_then_is_not_sent_but_a_letter_has_its_own_time(queued, notice):
    mail = queued(notice, channel="sms", to=PHONE, key="a", otherwise=STEPS[1:2])
    queued(notice, channel="sms", to=PHONE, key="b", otherwise=STEPS[2:])
    late = mail.expires_at + timedelta(minutes=1)

    fail(Channel.SMS, late)
    fail(Channel.SMS, late)

    assert waiting() == [("letter", LETTER)]
    assert Message.get(Message.channel == "letter").expires_at == late + notice.lifetime


def test_an_urgent_text_keeps_what_follows_until_it_has_arrived(text, text_kind, deliver):
    urgent = text_kind("urgent", Priority.URGENT, channels=EVERY_WAY)
    message = text(urgent, otherwise=STEPS[1:2])
    deliver()
    kept = again(message)

    settle(message.id, State.DELIVERED, "", Cause.NONE, clock.now())

    assert (kept.recipient, "김보기" in kept.content, MAIL in kept.otherwise) == (PHONE, True, True)
    found = again(message)
    assert (found.recipient, found.content, found.otherwise) == ("***-****-5678", "", "")


def test_the_database_reads_none_of_the_recipients(queued, notice, db):
    message = queued(notice, channel="sms", to=PHONE, otherwise=STEPS[1:])

    stored = db.execute_sql(f"SELECT * FROM messages WHERE id = {message.id}").fetchall()

    assert not any(word in str(stored) for word in (PHONE, MAIL, "보기로"))


def test_what_follows_is_erased_with_the_message(queued, notice):
    message = queued(notice, channel="sms", to=PHONE, otherwise=STEPS[1:])
    fail(Channel.SMS, state=State.DROPPED, problem="")

    sweep.erase(clock.now() + timedelta(days=91))

    assert again(message).otherwise == ""


@pytest.mark.parametrize("steps", [[("sms", PHONE)], [("mail", MAIL), ("push", "7")]])
def test_a_message_goes_only_by_channels_of_its_kind(queued, kind, steps):
    with pytest.raises(ValueError, match="do not go by"):
        queued(kind("plain"), otherwise=steps)


def test_a_step_with_a_line_break_is_refused(queued, notice):
    with pytest.raises(ValueError, match="control character"):
        queued(notice, otherwise=[("sms", f"{PHONE}\n")])


def test_each_channel_has_its_own_key(db, notice):
    given = {"values": VALUES, "key": "one", "language": "ko", "now": clock.now()}
    ways = {"mail": MAIL, "sms": PHONE, "push": "7", "letter": LETTER}

    first = [queue(notice, to=to, channel=way, **given) for way, to in ways.items()]
    second = [queue(notice, to=to, channel=way, **given) for way, to in ways.items()]

    assert (first, second) == ([True] * 4, [False] * 4)
    assert [key_of("one", way) for way in ways] == ["one", "one:sms", "one:push", "one:letter"]


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.PUSH])
def test_what_nobody_can_send_any_more_expires(queued, notice, channel):
    """Its lane was switched off."""
    message = queued(notice, channel=channel, to="7")

    sweep.erase(message.expires_at + timedelta(hours=1))
    waits = again(message).state
    sweep.erase(message.expires_at + timedelta(days=5))

    assert (waits, again(message).state) == (State.CREATED, State.EXPIRED)
