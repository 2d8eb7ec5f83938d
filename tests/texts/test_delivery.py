"""Text messages: signed, sent once, and never twice because an answer was lost."""

from datetime import timedelta

import pytest

from app import clock, health
from app.messages import lanes
from app.messages.kinds import Priority
from app.messages.lanes import EVERY, SOON
from app.messages.leases import take
from app.messages.models import Cause, Channel, State
from tests.messages.conftest import deliver_due
from tests.texts.conftest import CODE, DAY, again

MINUTE = timedelta(minutes=1)
ALL = tuple(Priority)


@pytest.fixture(autouse=True)
def day(clock_at):
    clock_at(DAY)


def test_a_text_is_handed_over_with_our_reference(text, deliver, provider):
    message = text()

    deliver()

    (sent,) = provider.messages()
    assert (sent["receiver"], sent["sender"]) == ("01012345678", "0200000000")
    assert (sent["text"], sent["type"]) == ("[아리수] 김보기 님께 알립니다.", "SMS")
    assert sent["fields"] == f'{{"reference": "{message.reference}"}}'
    found = again(message)
    assert (found.state, found.provider_id, found.attempts) == (State.ACCEPTED, sent["id"], 1)


def test_a_long_text_is_one_with_a_title(text, text_kind, deliver, provider):
    text(text_kind(sms="가" * 46))

    deliver()

    (sent,) = provider.messages()
    assert (sent["type"], sent["bytes"], sent["subject"]) == ("LMS", 92, "아리수 사이버고객센터")


@pytest.mark.parametrize("status", ["429", "400"])
def test_a_provider_that_is_busy_gets_it_later_and_a_refused_one_is_given_up(
    text, deliver, provider, status
):
    message = text()
    provider.next(status)

    deliver()
    first = again(message)
    deliver(2 * EVERY)

    if status == "429":
        assert (first.state, again(message).state) == (State.CREATED, State.ACCEPTED)
        assert first.run_after >= clock.now() + SOON[0]
    else:
        assert (again(message).state, again(message).cause) == (State.FAILED, Cause.PERMANENT)
        assert provider.messages() == []


def test_without_money_messages_are_held_and_sent_after_a_top_up(
    text, deliver, provider, log_lines
):
    messages = [text() for _ in range(3)]
    provider.turn(money=0)

    deliver()
    held = again(messages[0])
    deliver(MINUTE)
    provider.turn(money=1000)
    deliver(6 * MINUTE)
    deliver(12 * MINUTE)

    assert (held.state, held.attempts) == (State.HELD, 0)
    assert "no money left" in held.problem
    assert [again(one).state for one in messages] == [State.ACCEPTED] * 3
    assert len(provider.messages()) == 3
    assert log_lines()[0]["event"] == "sms messages cannot be sent"


def test_an_operator_is_told_why_texts_wait(text, text_kind, deliver, provider, clock_at):
    text()
    provider.next("402")
    deliver()
    said = health.alarms(clock.now())["texts"]
    deliver(6 * MINUTE)
    after = health.alarms(clock.now())["texts"]
    clock_at("2026-11-20 22:00")
    text(text_kind("bulk", Priority.BULK))
    deliver()

    assert said == "문자를 보내지 못하고 있습니다: no money left: 402 NotEnoughBalance"
    assert (after, health.alarms(clock.now())["texts"]) == ("ok", "ok")


def test_a_wrong_clock_is_told_as_such_and_uses_up_no_try(text, deliver, provider, log_lines):
    message = text()
    provider.turn(skew=-16 * 60)

    for number in range(60):
        deliver(number * MINUTE)
    waiting = again(message)
    provider.turn(skew=0)
    deliver(timedelta(hours=1))

    assert (waiting.state, waiting.attempts) == (State.CREATED, 0)
    assert "the clock of this machine is wrong by +960 s" in log_lines()[0]["problem"]
    assert again(message).state == State.ACCEPTED


@pytest.mark.parametrize(
    "wrong",
    [
        {"SMS_SECRET": "another secret of many signs"},
        {"SMS_KEY": "another-key"},
        {"SENDER_NUMBERS": "0299999999"},
    ],
)
def test_wrong_settings_use_up_no_try(text, text_lane, provider, log_lines, wrong):
    message = text()

    deliver_due(text_lane(**wrong), clock.now())
    waiting = again(message)
    deliver_due(text_lane(), clock.now())

    assert (waiting.state, waiting.attempts) == (State.CREATED, 0)
    assert log_lines()[0]["event"] == "sms messages cannot be sent"
    assert again(message).state == State.ACCEPTED


def test_a_redirect_is_not_followed(text, deliver, provider, log_lines):
    message = text()
    provider.next("redirect")

    deliver()

    assert (again(message).state, again(message).problem) == (State.CREATED, "302")


def test_each_try_is_signed_anew(text, text_lane, provider):
    """The emulator refuses a signature that it has seen."""
    text()
    ours = text_lane()
    provider.next("429")

    deliver_due(ours, clock.now())
    deliver_due(ours, clock.now() + EVERY)
    before = ours.adapter.provider.signed(clock.now())

    assert len(provider.messages()) == 1
    assert before != ours.adapter.provider.signed(clock.now())


def test_a_provider_that_is_not_there_is_tried_until_it_is(text, text_lane, provider):
    message, nowhere = text(), text_lane(SMS_URL="http://127.0.0.1:1")

    for number in range(36):
        deliver_due(nowhere, clock.now() + number * EVERY)
    waiting = again(message)
    deliver_due(text_lane(), clock.now() + 37 * EVERY)

    assert (waiting.state, waiting.problem) == (State.CREATED, "no connection")
    assert (again(message).state, len(provider.messages())) == (State.ACCEPTED, 1)


def test_while_the_provider_is_away_codes_expire_and_the_rest_keeps_its_order(
    text, text_kind, text_lane, provider
):
    """Three hours without a provider (F-48)."""
    code = text(text_kind("code", Priority.URGENT, CODE, channels=(Channel.SMS,)))
    later = text(text_kind("other"))
    first = text(text_kind("normal", Priority.URGENT))
    nowhere = text_lane(SMS_URL="http://127.0.0.1:1")
    for number in range(36):
        deliver_due(nowhere, clock.now() + number * EVERY)

    late = clock.now() + timedelta(hours=3)
    deliver_due(text_lane("urgent texts"), late)
    deliver_due(text_lane(), late + EVERY)

    assert again(code).state in (State.EXPIRED, State.FAILED)
    order = [one["fields"] for one in provider.messages()]
    assert [later.reference in order[1], first.reference in order[0]] == [True, True]


def test_the_lane_for_codes_takes_nothing_else(text, text_kind, text_lane, provider):
    text(text_kind("bulk", Priority.BULK))
    code = text(text_kind("code", Priority.URGENT, CODE, channels=(Channel.SMS,)))

    deliver_due(text_lane("urgent texts"), clock.now())

    (sent,) = provider.messages()
    assert code.reference in sent["fields"]


def test_two_workers_whose_clocks_differ_send_once(text, text_lane, provider):
    """The lease of the one whose clock is behind has not ended for the other (F-46)."""
    message, ours = text(), text_lane(lease=timedelta(minutes=5))
    taken = take(ALL, clock.now() - 2 * MINUTE, timedelta(minutes=5), Channel.SMS)

    deliver_due(ours, clock.now())

    assert taken.id == message.id
    assert provider.messages() == []


def test_what_no_phone_shows_is_refused_before_it_is_sent(text, deliver, provider):
    message = text(values={"name": "김🐟", "link": "x"})

    deliver()

    assert (again(message).state, provider.messages()) == (State.FAILED, [])
    assert "signs that text messages do not have" in again(message).problem


@pytest.mark.parametrize("to", ["+8225551234", "person@example.com", "+15551234567"])
def test_only_mobile_numbers_of_the_country_get_texts(text, deliver, provider, to):
    message = text(to=to)

    deliver()

    assert (again(message).state, provider.messages()) == (State.FAILED, [])


def test_a_code_is_not_kept_once_the_provider_has_it(text, text_kind, deliver):
    code = text(text_kind("code", Priority.URGENT, CODE, channels=(Channel.SMS,)))

    deliver()

    assert (again(code).content, again(code).recipient) == ("", "***-****-5678")


def test_the_log_says_neither_number_nor_text(text, text_kind, deliver, provider, log_lines):
    text(text_kind("code", Priority.URGENT, CODE, sms="{{ name }}"), values={"name": "482913"})
    text()
    provider.next("400")
    provider.next("402")

    deliver()

    said = str(log_lines())
    assert len(log_lines()) == 2
    assert not any(word in said for word in ("482913", "1012345678", "01012345678", "김보기"))


def test_the_lanes_of_texts_wait_no_longer_than_others():
    assert lanes.LANES["urgent texts"] == (Channel.SMS, (Priority.URGENT,))
    assert lanes.POLL < 1
