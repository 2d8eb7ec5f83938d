"""When an answer was lost, the provider is asked for the message before it is sent again."""

from datetime import timedelta

import pytest

from app import clock
from app.messages.kinds import Priority
from app.messages.leases import take
from app.messages.models import Channel, State
from tests.messages.conftest import deliver_due
from tests.texts.conftest import DAY, LEASE, again

MINUTE = timedelta(minutes=1)
ALL = tuple(Priority)


@pytest.fixture(autouse=True)
def day(clock_at):
    clock_at(DAY)


@pytest.mark.parametrize("how", ["lost", "500 after", "hang", "rubbish"])
def test_what_was_accepted_without_an_answer_is_found_and_not_sent_again(
    text, text_lane, provider, how
):
    message, ours = text(), text_lane()
    ours.adapter.provider.caller.read = 0.3
    provider.next(how)

    deliver_due(ours, clock.now())
    unknown = again(message)
    deliver_due(ours, clock.now() + MINUTE)

    assert (unknown.state, unknown.problem) == (State.UNKNOWN, "no answer")
    assert again(message).state == State.ACCEPTED
    assert len(provider.messages()) == 1


@pytest.mark.parametrize("how", ["cut", "500", "503", "hang before"])
def test_what_did_not_arrive_is_sent_again_after_the_provider_was_asked(
    text, text_lane, provider, how
):
    message, ours = text(), text_lane()
    ours.adapter.provider.caller.read = 0.3
    provider.next(how)

    deliver_due(ours, clock.now())
    nothing = provider.messages()
    deliver_due(ours, clock.now() + MINUTE)

    assert nothing == []
    assert (again(message).state, again(message).attempts) == (State.ACCEPTED, 2)
    assert len(provider.messages()) == 1


def test_as_long_as_the_provider_cannot_be_asked_nothing_is_sent(text, deliver, provider):
    message = text()
    provider.next("lost")
    provider.turn(list="off")

    deliver()
    for number in range(1, 6):
        deliver(number * MINUTE)
    waiting = again(message)
    provider.turn(list="on")
    deliver(6 * MINUTE)

    assert (waiting.state, waiting.attempts) == (State.UNKNOWN, 1)
    assert again(message).state == State.ACCEPTED
    assert len(provider.messages()) == 1


def test_a_worker_that_died_after_the_provider_had_it_sends_no_second(text, deliver, provider):
    """The answer came, and the worker died before it wrote it down."""
    message, now = text(), clock.now()
    deliver()
    (sent,) = provider.messages()
    type(message).update(state=State.SENDING, provider_id="", run_after=now + LEASE).execute()

    deliver(LEASE)

    found = again(message)
    assert (found.state, found.provider_id, len(provider.messages())) == (
        State.ACCEPTED,
        sent["id"],
        1,
    )


def test_a_worker_that_died_before_it_sent_is_followed_by_one_that_does(text, deliver, provider):
    message = text()
    assert take(ALL, clock.now(), LEASE, Channel.SMS)

    deliver(LEASE)

    assert (again(message).state, len(provider.messages())) == (State.ACCEPTED, 1)


def test_another_message_to_the_same_phone_is_not_taken_for_it(text, deliver, provider):
    first, second = text(), text()
    deliver()
    lost = {"state": State.SENDING, "provider_id": "", "run_after": clock.now()}
    type(second).update(**lost).where(type(second).id == second.id).execute()
    provider.store.run("DELETE FROM messages WHERE fields LIKE ?", f"%{second.reference}%")

    deliver(LEASE)

    assert len(provider.messages()) == 2
    assert again(second).state == State.ACCEPTED
    assert again(first).provider_id != again(second).provider_id


def test_many_messages_to_one_phone_are_all_looked_through(text, deliver, provider):
    message = text()
    provider.next("lost")
    deliver()
    (sent,) = provider.messages()
    for number in range(250):
        row = ("id", "group_id", "receiver", "fields", "created", "final_at", "result")
        values = (f"M{number}", "G", sent["receiver"], "{}", *[sent["created"]] * 2, "4000")
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        provider.store.run(
            f"INSERT INTO messages (number, {names}) VALUES ({-number - 1}, {marks})", *values
        )

    deliver(MINUTE)

    assert again(message).provider_id == sent["id"]


def test_a_text_that_asks_in_vain_ends_after_three_days(text, deliver, provider):
    message = text()
    provider.next("lost")
    provider.turn(list="off")
    deliver()

    deliver(timedelta(days=3))
    unknown = again(message)
    deliver(timedelta(days=7))

    assert unknown.state == State.UNKNOWN
    assert (again(message).state, again(message).problem) == (State.FAILED, "no answer")


def test_what_was_not_sent_in_time_expires(text, deliver, provider):
    message = text()
    provider.next("cut")
    deliver()

    deliver(timedelta(days=3, minutes=1))

    assert (again(message).state, provider.messages()) == (State.EXPIRED, [])


def test_a_resent_text_is_not_taken_for_the_one_that_failed(text, deliver, provider, runner):
    message = text()
    deliver()
    old = again(message).provider_id
    type(message).update(state=State.FAILED, finished_at=clock.now()).execute()
    runner.invoke(args=["messages", "resend", message.reference])
    provider.next("cut")

    deliver()
    deliver(MINUTE)

    assert again(message).state == State.ACCEPTED
    assert again(message).provider_id != old
    assert len(provider.messages()) == 2
