"""Queueing: in the transaction of what a message tells, once for each key, sealed."""

from datetime import timedelta

import pytest

from app import clock
from app.db import database, rows
from app.messages import kinds
from app.messages.kinds import Kind, Priority, register
from app.messages.lanes import LANES
from app.messages.leases import finish, give_back, take
from app.messages.models import Channel, Message, State
from app.messages.outbox import queue
from app.messages.sweep import wake
from tests.messages.conftest import LEASE, VALUES, deliver_due

ALL = tuple(Priority)


def taken(now, priorities=ALL):
    return take(priorities, now, LEASE)


def test_the_same_key_is_queued_once(queued, kind):
    first = queued(key="bill:2026-11")

    again = queue(
        kind(), to="b@b.kr", values={}, key="bill:2026-11", language="en", now=clock.now()
    )

    assert again is False
    assert [row.recipient for row in Message.select()] == [first.recipient]


def test_a_message_of_a_transaction_that_fails_was_never_there(db, queued):
    with db.atomic() as transaction:
        queued()
        transaction.rollback()

    assert Message.select().count() == 0


def test_a_message_outside_of_a_transaction_is_refused(app, kind):
    assert not database.in_transaction()

    with pytest.raises(RuntimeError, match="transaction"):
        queue(kind(), to="a@b.kr", values={}, key="k", language="ko", now=clock.now())


def test_the_database_reads_neither_recipient_nor_values(queued):
    queued()

    stored = str(rows("SELECT * FROM messages"))

    assert not any(word in stored for word in ("person@", "김보기", "verify/abc"))


@pytest.mark.parametrize("wrong", ["\r", "\n", "\0", "\x1b", "\u2028"])
def test_a_line_break_is_refused_wherever_it_could_add_a_header(queued, wrong):
    with pytest.raises(ValueError, match="control character"):
        queued(to=f"a@b.kr{wrong}Bcc: c@d.kr")
    with pytest.raises(ValueError, match="control character"):
        queued(values={**VALUES, "name": f"김{wrong}Bcc: c@d.kr"})


def test_two_kinds_of_one_name_are_refused(kind):
    kind("sample")

    with pytest.raises(ValueError, match="two kinds"):
        register(Kind("sample", Priority.BULK, timedelta(days=1)))


def test_a_kind_may_be_registered_again(kind):
    assert register(kind("sample")) is kinds.find("sample")


@pytest.mark.parametrize(
    ("lane", "first", "second"),
    [("rest", "urgent", "normal"), ("many", "alert", "bulk"), ("many texts", "alert", "bulk")],
)
def test_codes_and_alerts_go_first_and_no_receipt_waits_behind_an_alert(
    queued, kind, lane, first, second
):
    now, (channel, priorities) = clock.now(), LANES[lane]
    for priority in reversed(Priority):
        made = kind(priority.name.lower(), priority, channels=(channel,))
        to = {"to": "+821012345678"} if channel is Channel.SMS else {}
        queued(made, now=now, channel=channel, **to)

    found = [take(priorities, now, LEASE, channel) for _ in Priority]

    assert [one and one.kind for one in found] == [first, second, None, None]


def test_the_lane_for_codes_takes_nothing_else(queued, kind, lane, sink):
    queued(kind("bulk", Priority.BULK))
    queued(kind("code", Priority.URGENT))

    deliver_due(lane(sink.settings, "urgent"), clock.now())

    assert {row.kind: row.state for row in Message.select()} == {"bulk": "created", "code": "sent"}


def test_a_leased_message_belongs_to_one_worker(queued):
    queued()
    now = clock.now()

    assert taken(now) is not None
    assert taken(now + LEASE - timedelta(milliseconds=1)) is None


def test_a_message_whose_worker_died_is_taken_when_the_lease_ends(queued):
    queued()
    now = clock.now()
    first = taken(now)

    second = taken(now + LEASE)

    assert (second.id, second.problem, second.attempts) == (first.id, "interrupted", 2)
    assert second.lease != first.lease


def test_a_worker_that_lost_its_lease_writes_no_result(queued):
    message = queued()
    now = clock.now()
    late = taken(now)
    current = taken(now + LEASE)

    written = finish(late, State.FAILED, "late", now), give_back(late, "late", now)

    assert written == (False, False)
    assert finish(current, State.SENT, "", now) is True
    assert Message.get_by_id(message.id).state == State.SENT


def test_a_finished_message_is_not_taken_again(queued):
    queued()
    now = clock.now()
    finish(taken(now), State.SENT, "", now)

    assert taken(now + timedelta(days=1)) is None


def test_a_worker_whose_clock_is_behind_sends_at_once(queued, lane, sink):
    now = clock.now()
    queued(now=now)

    deliver_due(lane(sink.settings), now - timedelta(minutes=2))

    assert len(sink.mails) == 1


def test_a_clock_that_was_a_day_ahead_holds_nothing_up(queued, lane, sink):
    now = clock.now()
    queued(now=now + timedelta(days=1))
    wake(now)

    deliver_due(lane(sink.settings), now)

    assert len(sink.mails) == 1


@pytest.mark.parametrize("urgent", [True, False])
def test_what_a_clock_that_was_a_month_ahead_has_ended_is_brought_back(
    queued, kind, lane, sink, urgent
):
    now = clock.now()
    link = kind("link", Priority.URGENT if urgent else Priority.NORMAL, timedelta(days=3))
    message = queued(link, now=now)
    deliver_due(lane(sink.settings), now + timedelta(days=30))
    ended = Message.get_by_id(message.id).state

    wake(now)
    deliver_due(lane(sink.settings), now)

    assert (ended, Message.get_by_id(message.id).state) == (State.EXPIRED, State.SENT)
    assert len(sink.mails) == 1


@pytest.mark.parametrize("days", [0, 30])
def test_what_has_expired_rightly_stays_so(queued, lane, sink, days):
    message = queued()
    deliver_due(lane(sink.settings), message.expires_at + timedelta(days=days))

    wake(message.expires_at + timedelta(seconds=1))

    assert Message.get_by_id(message.id).state == State.EXPIRED


def test_a_message_that_was_just_put_off_is_left_alone(queued):
    message = queued()
    now = clock.now()
    give_back(taken(now), "later", now + timedelta(minutes=5))

    wake(now)

    assert Message.get_by_id(message.id).run_after == now + timedelta(minutes=5)
