"""Forgetting: what messages said is erased when nobody can need it any more."""

from datetime import timedelta

import pytest

from app import clock
from app.messages import sweep
from app.messages.kinds import Priority
from app.messages.leases import finish, take
from app.messages.models import Message, State
from tests.messages.conftest import LEASE, deliver_due

SECOND = timedelta(seconds=1)


def again(message):
    return Message.get_by_id(message.id)


def test_a_finished_code_is_not_kept(queued, kind, lane, sink):
    message = queued(kind("code", Priority.URGENT, timedelta(minutes=5)))

    deliver_due(lane(sink.settings), clock.now())

    assert (again(message).content, again(message).recipient) == ("", "pe******@example.com")


@pytest.mark.parametrize(
    ("minutes", "state", "kept"),
    [
        (5, State.SENT, False),
        (5, State.DROPPED, False),
        (5, State.EXPIRED, False),
        (5, State.FAILED, True),
        (30, State.SENT, False),
        (30, State.DROPPED, False),
        (30, State.FAILED, True),
    ],
)
def test_what_codes_and_links_said_is_kept_only_while_it_may_be_sent(
    queued, kind, minutes, state, kept
):
    message = queued(kind("link", Priority.URGENT, timedelta(minutes=minutes)))
    finish(take((Priority.URGENT,), clock.now(), LEASE), state, "", clock.now())

    assert bool(again(message).content) is kept
    assert (again(message).recipient == "person@example.com") is kept


@pytest.mark.parametrize("state", [State.FAILED, State.EXPIRED])
def test_a_link_that_cannot_be_sent_any_more_is_forgotten(queued, kind, state):
    message = queued(kind("link", Priority.URGENT, timedelta(minutes=30)))
    ends = message.expires_at
    finish(take((Priority.URGENT,), clock.now(), LEASE), state, "", ends)

    sweep.erase(ends - SECOND)
    sweep.erase(ends + timedelta(minutes=59))
    kept = again(message)
    sweep.erase(ends + timedelta(hours=1))

    assert (kept.recipient, bool(kept.content)) == ("person@example.com", True)
    assert (again(message).recipient, again(message).content) == ("pe******@example.com", "")


def test_a_letter_that_nobody_prints_expires_and_is_forgotten(queued):
    letter, mail = queued(channel="letter"), queued()
    ends = letter.expires_at

    sweep.erase(ends - SECOND)
    waiting = again(letter).state
    sweep.erase(ends)
    expired = again(letter)
    sweep.erase(ends + timedelta(days=90))

    assert (waiting, expired.state, again(mail).state) == ("created", "expired", "created")
    assert (again(letter).recipient, again(letter).content) == ("", "")


def test_what_a_message_said_is_forgotten_after_90_days(queued, lane, sink):
    message, now = queued(), clock.now()
    deliver_due(lane(sink.settings), now)

    sweep.erase(now + timedelta(days=89))
    kept = again(message)
    sweep.erase(now + timedelta(days=90, minutes=1))

    assert (kept.recipient, "김보기" in kept.content) == ("person@example.com", True)
    assert (again(message).recipient, again(message).content) == ("", "")


def test_a_waiting_message_is_never_forgotten(queued):
    message = queued()

    sweep.erase(clock.now() + timedelta(days=900))

    assert "김보기" in again(message).content
