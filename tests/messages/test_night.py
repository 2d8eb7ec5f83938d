"""Nights: what can wait is sent in the morning, codes and links go at any hour."""

from datetime import datetime, timedelta

import pytest

from app import clock
from app.messages import sweep
from app.messages.kinds import Priority
from app.messages.models import Message, State
from app.messages.night import morning
from tests.messages.conftest import deliver_due

EVENING, NEXT = "2026-11-20 21:00", "2026-11-21 08:00"


def seoul(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.SEOUL)


@pytest.mark.parametrize(
    ("moment", "ends"),
    [
        ("2026-11-20 20:59:59", None),
        ("2026-11-20 21:00", "2026-11-21 08:00"),
        ("2026-12-31 23:59:59", "2027-01-01 08:00"),
        ("2026-11-21 00:00", "2026-11-21 08:00"),
        ("2026-11-21 07:59:59", "2026-11-21 08:00"),
        ("2026-11-21 08:00", None),
    ],
)
def test_the_night_is_from_21_to_8_in_seoul(moment, ends):
    assert morning(seoul(moment)) == (seoul(ends) if ends else None)


@pytest.mark.parametrize("values", [{"priority": Priority.BULK}, {"by_day": True}])
def test_what_can_wait_is_not_sent_at_night(queued, kind, lane, sink, clock_at, values):
    clock_at(EVENING)
    name = "many" if "priority" in values else "rest"
    message, ours = queued(kind("bill", **values)), lane(sink.settings, name)

    deliver_due(ours, clock.now())
    deliver_due(ours, seoul("2026-11-21 07:59"))
    put_off = Message.get_by_id(message.id)
    deliver_due(ours, seoul(NEXT))

    assert (put_off.state, put_off.attempts, put_off.run_after) == ("held", 0, seoul(NEXT))
    assert (Message.get_by_id(message.id).state, len(sink.mails)) == (State.SENT, 1)


@pytest.mark.parametrize("priority", [Priority.URGENT, Priority.NORMAL])
def test_codes_links_and_notices_go_at_any_hour(queued, kind, lane, sink, clock_at, priority):
    clock_at("2026-11-21 03:00")
    queued(kind("code", priority))

    deliver_due(lane(sink.settings), clock.now())

    assert len(sink.mails) == 1


def test_what_has_lost_its_reason_by_the_morning_is_dropped(queued, kind, lane, sink, clock_at):
    clock_at(EVENING)
    reasons = [True]
    bill = kind("bill", Priority.BULK, wanted=lambda one: reasons[0])
    message, ours = queued(bill), lane(sink.settings, "many")
    deliver_due(ours, clock.now())
    reasons[0] = False

    deliver_due(ours, seoul(NEXT))

    assert (Message.get_by_id(message.id).state, sink.mails) == (State.DROPPED, [])


def test_what_rests_at_night_is_not_taken_for_the_work_of_a_wrong_clock(
    queued, kind, lane, sink, clock_at
):
    clock_at(EVENING)
    message = queued(kind("bill", Priority.BULK))
    lost = queued(kind("other", Priority.BULK), now=clock.now() + timedelta(days=1))
    deliver_due(lane(sink.settings, "many"), clock.now())

    sweep.wake(clock.now())

    assert Message.get_by_id(message.id).run_after == seoul(NEXT)
    assert Message.get_by_id(lost.id).run_after == clock.now()
