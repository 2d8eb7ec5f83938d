"""Browsers of an emulated push service, and a lane that sends to them."""

import json
from datetime import timedelta

import pytest

from app import clock
from app.accounts.subscriptions import Keys, Place, Subscription
from app.messages.lanes import Lane
from app.messages.models import Channel
from app.push.channel import Pushes
from tests.alerts.conftest import outage_file, watch  # noqa: F401 fixtures
from tests.messages.conftest import deliver_due, kind, queued  # noqa: F401 fixtures
from tests.texts.conftest import provider, shared_provider  # noqa: F401 fixtures

LEASE = timedelta(seconds=60)
TEXT = "새 안내가 있습니다\n로그인해서 확인해 주십시오."


@pytest.fixture
def service(provider):  # noqa: F811
    """The emulated push service."""
    return provider


@pytest.fixture
def new_browser(service):
    """new_browser() is the subscription of a new browser, as its script gets it."""
    return lambda: service.post("control/browsers")


@pytest.fixture
def subscribed(new_browser, db):
    """subscribed(account) is a browser that an account has subscribed."""

    def make(account, device="device", session="SESSION", given=None):
        given = given or new_browser()
        keys = Keys(given["endpoint"], given["keys"]["p256dh"], given["keys"]["auth"])
        place = Place("Chrome · Android", device, session)
        Subscription.keep(account, keys, place, clock.now(), most=10)
        return given

    return make


@pytest.fixture
def push_kind(kind):  # noqa: F811
    """push_kind(name, priority, …) is a kind that goes by push; `push` is its text."""

    def make(name="notice", *given, push=TEXT, **values):
        ways = {"channels": (Channel.PUSH, Channel.SMS, Channel.MAIL), **values}
        found = kind(name, *given, **ways)
        kind.texts.update({f"messages/{name}.push.{code}.txt": push for code in ("ko", "en")})
        return found

    return make


@pytest.fixture
def notice(queued, push_kind):  # noqa: F811
    """notice(account, kind) is a push message to an account that was queued now."""

    def make(account, of=None, **values):
        ways = {"channel": "push", "to": str(account.id), "otherwise": [("mail", account.email)]}
        return queued(of or push_kind(), **{**ways, **values})

    return make


@pytest.fixture
def deliver(app, db, service):
    """deliver(after) sends what is due."""
    lane = Lane(app, "push", Pushes(app, LEASE.total_seconds()), LEASE)
    lane.timetable = None
    yield lambda after=timedelta(0): deliver_due(lane, clock.now() + after)
    lane.adapter.rest()


@pytest.fixture
def shown(service):
    """shown() are the messages that browsers have opened, as dicts."""
    return lambda: [json.loads(one["text"]) for one in service.read("pushes")]
