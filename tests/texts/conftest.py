"""Text messages of kinds that a test makes, lanes that send them, and an emulated provider."""

from datetime import timedelta

import pytest

from app import clock
from app.messages.kinds import Kind
from app.messages.lanes import Lane
from app.messages.models import Channel, Message
from app.texts.channel import Texts
from tests.messages.conftest import deliver_due, kind, queued  # noqa: F401 fixtures
from tests.texts.emulator import serving

LEASE = timedelta(seconds=60)
PHONE = "+821012345678"
TEXT = "[아리수] {{ name }} 님께 알립니다."
CODE = timedelta(minutes=5)
DAY = "2026-11-20 10:00"


@pytest.fixture(scope="session")
def shared_provider():
    with serving() as found:
        yield found


@pytest.fixture
def provider(shared_provider):
    """An emulated provider that remembers nothing of other tests, and ends messages at once."""
    shared_provider.store.reset()
    shared_provider.turn(final_after=0)
    return shared_provider


@pytest.fixture
def text_kind(kind):  # noqa: F811
    """text_kind(name, priority, …) is a kind that goes by text message; `sms` is its text."""

    def make(name="sample", *given, sms=TEXT, **values):
        ways = {"channels": (Channel.SMS, Channel.MAIL, Channel.LETTER), **values}
        found = kind(name, *given, **ways)
        kind.texts.update({f"messages/{name}.sms.{code}.txt": sms for code in ("ko", "en")})
        return found

    return make


@pytest.fixture
def text(queued, text_kind):  # noqa: F811
    """text(kind, …) is the row of a text message that was queued now."""

    def make(of=None, **values):
        of = of if isinstance(of, Kind) else text_kind()
        return queued(of, **{"to": PHONE, "channel": "sms", **values})

    return make


@pytest.fixture
def text_lane(app, db, provider, monkeypatch):
    """text_lane(settings) is a lane that sends to the emulator, and has nothing else to do."""
    made = []

    def make(name="texts", lease=LEASE, **settings):
        for key, value in {**provider.settings, **settings}.items():
            monkeypatch.setitem(app.config, key, value)
        made.append(Lane(app, name, Texts(app, lease.total_seconds()), lease))
        made[-1].timetable = None
        return made[-1]

    yield make
    for one in made:
        one.adapter.rest()


@pytest.fixture
def deliver(text_lane, clock_at):
    """deliver(after=…) sends what is due at a moment with a lane of the test's."""
    ours = text_lane()

    def send(after=timedelta(0), lane=None):
        deliver_due(lane or ours, clock.now() + after)

    return send


def again(message):
    return Message.get_by_id(message.id)
