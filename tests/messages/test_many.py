"""Queueing for very many at once: the same rows as one by one, and the same refusals."""

import os

import pytest

from app import clock
from app.messages import worker
from app.messages.commands import TEST
from app.messages.lanes import AT_ONCE, LANES, LEFT_OVER, POLITE
from app.messages.many import NEAR, Addressed, queue_many
from app.messages.models import Message
from app.messages.outbox import queue
from app.messages.worker import CALM, HURRY, SHARE, SHARE_FOR, give_way
from app.sealed import seal

TO = "person@example.com"
VALUES = {"time": "12:00"}


def addressed(**changes):
    given = {"channel": "mail", "sealed_to": seal(TO), "values": VALUES, "key": "test:1"}
    return Addressed(**{**given, "language": "ko", "account_id": None, **changes})


def row(key):
    found = Message.get(Message.dedupe_key == key).__data__
    return {name: found[name] for name in found if name not in ("id", "reference", "dedupe_key")}


def test_many_make_the_same_row_as_one(db, clock_at):
    clock_at("2026-11-26 12:00")
    now = clock.now()
    queue(TEST, to=TO, values=VALUES, key="test:1", language="ko", now=now)

    queue_many(TEST, [addressed(key="test:2")], now)

    assert row("test:2") == row("test:1")


def test_who_has_a_message_under_a_key_gets_no_second_one(db):
    twice = [addressed(), addressed(), addressed(key="test:2")]

    queue_many(TEST, twice, clock.now())

    assert Message.select().count() == 2


def test_the_references_of_one_batch_stand_together(db):
    for first in (0, 3):
        queue_many(TEST, [addressed(key=f"test:{first + one}") for one in range(3)], clock.now())

    found = [one.reference for one in Message.select().order_by(Message.id)]
    places = [reference[:NEAR] for reference in found]
    assert len(set(found)) == 6
    assert places == [places[0]] * 3 + [places[3]] * 3
    assert places[0] != places[3]


@pytest.mark.parametrize(
    "changes", [{"values": {"time": "a\nb"}}, {"channel": "push"}, {"sealed_to": ""}]
)
def test_what_one_would_refuse_many_refuse(db, changes):
    with pytest.raises(ValueError, match=r"control|do not go by"):
        queue_many(TEST, [addressed(**changes)], clock.now())


def test_lanes_that_give_way_are_lanes():
    assert {*POLITE, *LEFT_OVER} <= set(LANES)


@pytest.mark.parametrize(
    ("lane", "idle"), [("telling", True), ("many", True), ("rest", False), ("urgent", False)]
)
def test_what_concerns_very_many_takes_only_what_the_processor_has_left(lane, idle):
    process = os.fork()
    if not process:
        give_way(lane)
        os._exit(os.sched_getscheduler(0))
    _, status = os.waitpid(process, 0)

    assert (os.waitstatus_to_exitcode(status) == os.SCHED_IDLE) is idle


class Working:
    """A lane with work for ever, each step of which takes so many seconds of this clock."""

    def __init__(self, name, seconds):
        self.name, self.adapter, self.time, self.seconds = name, self, 0.0, seconds

    def step(self, now):
        self.time += self.seconds
        return AT_ONCE

    def rest(self):
        pass


@pytest.mark.parametrize(
    ("name", "seconds", "pauses"),
    [("telling", 1.0, [1.5] * 3), ("telling", 60.0, [2.0]), ("many", 1.0, [])],
)
def test_telling_very_many_rests_longer_than_it_works(monkeypatch, name, seconds, pauses):
    lane, waited = Working(name, seconds), []
    for name in ("monotonic", "process_time"):
        monkeypatch.setattr(worker, name, lambda: lane.time)
    monkeypatch.setattr(worker.signal, "signal", lambda *_: None)
    child = worker.Child(lane)
    monkeypatch.setattr(child, "wait", waited.append)
    monkeypatch.setattr(child.stop, "is_set", lambda: lane.time >= 3)

    child.run()

    assert waited == pauses


def test_the_lane_of_money_stands_behind_pages_and_that_of_codes_does_not():
    def niceness(lane):
        process = os.fork()
        if not process:
            before = os.nice(0)
            give_way(lane)
            os._exit(os.nice(0) - before)
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])

    assert (niceness("money"), niceness("urgent")) == (POLITE["money"], 0)


@pytest.mark.parametrize(
    ("name", "took", "computed", "status"),
    [
        ("telling", 4.0, 0.1, HURRY),
        ("telling", 4.0, 3.9, 0),  # it worked all the time
        ("telling", 0.2, 0.001, 0),  # it looked, and nothing was there
        ("rest", 4.0, 0.1, 0),  # has its share at all times
    ],
)
def test_what_gets_no_turn_on_a_busy_machine_asks_for_a_share(
    monkeypatch, name, took, computed, status
):
    monkeypatch.setattr(worker.signal, "signal", lambda *_: None)

    assert worker.Child(Working(name, 1.0)).change(took, computed) == status


def test_a_share_is_given_back_after_a_while(monkeypatch):
    lane = Working("telling", SHARE_FOR / 3)
    monkeypatch.setattr(worker.signal, "signal", lambda *_: None)
    for name in ("monotonic", "process_time"):
        monkeypatch.setattr(worker, name, lambda: lane.time)
    child = worker.Child(lane, hurried=True)
    monkeypatch.setattr(child, "wait", lambda _: None)

    assert (child.run(), lane.time) == (CALM, SHARE_FOR * 4 / 3)


def test_a_lane_begins_again_with_a_share_and_later_without(monkeypatch):
    """Three processes, one after the other, and no word of an error."""
    monkeypatch.setattr(worker.signal, "signal", lambda *_: None)
    told = []
    monkeypatch.setattr(worker.log, "error", lambda *_, **__: told.append("error"))

    def start(name, hurried):
        told.append((name, hurried))
        if len(told) == 3:
            parent.stop.set()
        process = os.fork()
        return process or os._exit(CALM if hurried else HURRY)

    parent = worker.Parent(["telling"], start)
    parent.run()

    assert told == [("telling", False), ("telling", True), ("telling", False)]


def test_a_share_is_one_that_pages_hardly_notice():
    process = os.fork()
    if not process:
        before = os.nice(0)
        give_way("telling", hurried=True)
        os._exit(os.sched_getscheduler(0) * 100 + os.nice(0) - before)

    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == os.SCHED_OTHER * 100 + SHARE
