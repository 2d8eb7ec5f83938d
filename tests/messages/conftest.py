"""Kinds of messages with short texts, lanes, and a mail server."""

from datetime import timedelta

import pytest
from jinja2 import ChoiceLoader, DictLoader

from app import clock
from app.messages import kinds, smtp
from app.messages.kinds import Kind, Priority
from app.messages.lanes import AT_ONCE, Lane
from app.messages.models import Message
from app.messages.outbox import key_of, queue
from app.messages.render import environment
from tests.messages.sink import serving

LEASE = timedelta(seconds=8)
TEXTS = {
    "ko": "제목: {{ name }}\n\n{{ name }} 님, 안내합니다.\n\n{{ link }}\n",
    "en": "Subject: {{ name }}\n\nDear {{ name }}, a notice.\n\n{{ link }}\n",
}
VALUES = {"name": "김보기", "link": "http://127.0.0.1:8000/verify/abc"}


def deliver_due(lane, now):
    """All that is due at a moment; how many steps that took. Ends where the lane would wait."""
    steps = 0
    while lane.step(lambda: now) == AT_ONCE:
        steps += 1
    return steps


@pytest.fixture
def kind(app, monkeypatch):
    """kind("bill", Priority.BULK, …) is a kind that only this test knows."""
    texts = {}
    monkeypatch.setattr(
        environment(app), "loader", ChoiceLoader([DictLoader(texts), app.jinja_loader])
    )

    def make(name="sample", priority=Priority.NORMAL, lifetime=timedelta(days=3), **values):
        for language, text in values.pop("texts", TEXTS).items():
            texts[f"messages/{name}.{language}.txt"] = text
        environment(app).cache.clear()
        monkeypatch.setitem(kinds._kinds, name, Kind(name, priority, lifetime, **values))
        return kinds.find(name)

    make.texts = texts
    yield make
    environment(app).cache.clear()


@pytest.fixture
def queued(db, kind):
    """queued(kind, …) is the row of a message that was queued now."""
    count = iter(range(10**6))

    def make(of=None, **values):
        given = {
            "to": "person@example.com",
            "values": VALUES,
            "key": f"key:{next(count)}",
            "language": "ko",
            "now": clock.now(),
            **values,
        }
        assert queue(of or kind(), **given)
        key = key_of(given["key"], given.get("channel", "mail"))
        return Message.get(Message.dedupe_key == key)

    return make


@pytest.fixture
def lane(app, db):
    """lane(settings) is a lane that sends by these settings; it has nothing else to do."""
    made = []

    def make(settings=None, name="rest", lease=LEASE):
        adapter = smtp.adapter({**app.config, **(settings or {})}, lease.total_seconds())
        made.append(Lane(app, name, adapter, lease))
        made[-1].timetable = None
        return made[-1]

    yield make
    for one in made:
        one.adapter.rest()


@pytest.fixture
def sink():
    with serving() as found:
        yield found
