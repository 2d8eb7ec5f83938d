"""A premises with an owner and a user, a bill of theirs, and somebody who wants to link it."""

import json
from datetime import date

import pytest

from app.db import rows
from app.sealed import opened
from tests import make
from tests.markup import Page

NUMBER, CODE = "012345678", "7K2MQ9XD4F"


@pytest.fixture(autouse=True)
def today(clock_at):
    clock_at("2026-11-20 10:30")


@pytest.fixture
def place(db):
    """A premises: 박주인 owns it, 김보기 uses it and has an e-mail on file."""
    found = make.premises(number=NUMBER)
    make.occupancy(premises=found, role="owner", name="박주인", email="owner@example.com")
    make.occupancy(premises=found, name="김보기", email="user@example.com")
    return found


@pytest.fixture
def bill(place):
    """The newest bill: from 28 August to 29 October."""
    return make.bill(premises=place, month="2026-11", code=CODE)


@pytest.fixture
def former(place):
    """A former user of the same premises, who moved out on 29 August; 김보기 came after."""
    occupancies = type(make.occupancy())
    user = (occupancies.premises == place) & (occupancies.role == "user")
    occupancies.delete().where(user).execute()
    old = make.occupancy(
        premises=place, name="이옛날", email="old@example.com", ended_on=date(2026, 8, 29)
    )
    make.occupancy(
        premises=place, name="김보기", email="user@example.com", started_on=date(2026, 8, 30)
    )
    return old


def send(client, path, source="192.0.2.1", **fields):
    """Open a page and send its form from an address."""
    form = Page(client.get(path).text).form(path.split("?")[0])
    data = {**form, **fields}
    environ = {"REMOTE_ADDR": source}
    return client.post(path.split("?")[0], data=data, environ_base=environ)


def by_paper(client, number=NUMBER, code=CODE, role="payer", name="우리집", **values):
    return send(
        client, "/homes/new/paper", number=number, code=code, role=role, name=name, **values
    )


def by_contact(client, number=NUMBER, name="김보기", **values):
    return send(client, "/homes/new/contact", number=number, name=name, **values)


def queued(kind=None):
    """Queued messages, oldest first: kind, channel, recipient, values."""
    found = rows("SELECT kind, channel, recipient, content, language FROM messages ORDER BY id")
    return [
        (name, channel, opened(to), json.loads(opened(content)), language)
        for name, channel, to, content, language in found
        if kind in (None, name)
    ]


def last_code():
    return queued("home_code")[-1][3]["code"]
