"""Notifications of outages in a browser without an account: from its yes to the tap that stops."""

import json

import pytest

from app.accounts.subscriptions import GuestBrowser, Subscription
from app.alerts.models import MOST, Alert
from app.messages import channels
from tests import make
from tests.alerts.conftest import EXTENDED
from tests.outages.test_views import BURST

PAGE = "/outages/alerts/browser"
WISH = {"district": "강남구", "dong": "역삼동", "house": ""}


@pytest.fixture(autouse=True)
def afternoon(clock_at, db):
    clock_at("2026-11-26 16:30")


def ask(client, given, **changes):
    return client.submit(PAGE, answer=json.dumps(given), **{**WISH, **changes})


def test_a_browser_is_told_and_stopped_with_one_tap(
    client,
    new_browser,
    outage_file,
    watch,
    deliver,
    shown,
):
    answer = ask(client, new_browser())
    assert "이제 이 브라우저에 알려 드립니다: 강남구 역삼동" in client.get(answer.location).text

    outage_file("burst", **BURST)
    watch()
    deliver()
    (said,) = shown()
    assert said["title"].startswith("강남구 역삼동 긴급 단수")
    assert said["url"] == "/outages/burst"

    assert client.post(said["stop"]).status_code == 200  # as the browser's worker does
    outage_file("burst", **EXTENDED)
    watch()
    deliver()
    assert len(shown()) == 1
    assert not GuestBrowser.select().exists()


def test_one_browser_may_have_several_places_and_is_told_once_of_one_outage(
    client,
    new_browser,
    outage_file,
    watch,
    deliver,
    shown,
):
    given = new_browser()
    for house in ("", "테헤란로 5", "테헤란로 5"):
        ask(client, given, house=house)
    outage_file("burst", **BURST)

    watch()
    deliver()

    assert (Alert.select().count(), GuestBrowser.select().count()) == (2, 1)
    assert len(shown()) == 1
    Alert.stop(Alert.select().first().reference)
    assert GuestBrowser.select().exists(), "it is told of the other place"


def test_a_browser_that_is_gone_is_forgotten_with_its_wishes(
    client,
    new_browser,
    service,
    outage_file,
    watch,
    deliver,
):
    given = new_browser()
    ask(client, given)
    service.next("gone", door="push")
    outage_file("burst", **BURST)

    watch()
    deliver()

    assert not GuestBrowser.select().exists()
    assert not Alert.select().exists()


def test_a_browser_ends_everything_by_giving_up_its_address(client, new_browser):
    given = new_browser()
    ask(client, given)
    ask(client, given, dong="삼성동")

    answer = client.submit(PAGE, f"{PAGE}/end", answer=json.dumps(given))

    assert "이제 보내지 않습니다" in answer.text
    assert not Alert.select().exists()
    assert client.submit(PAGE, f"{PAGE}/end", answer="x").status_code == 422


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"answer": ""}, "답하지 않았습니다"),
        ({"answer": '{"endpoint": "https://evil.example/x", "keys": {}}'}, "답하지 않았습니다"),
        ({"dong": "역삼"}, "혹시 역삼동"),
    ],
)
def test_what_cannot_be_told_is_refused_in_words(client, new_browser, fields, why):
    found = {"answer": json.dumps(new_browser()), **WISH, **fields}

    answer = client.submit(PAGE, **found)

    assert answer.status_code == 422
    assert why in answer.text
    assert not GuestBrowser.select().exists()


def test_one_source_may_ask_so_often_in_an_hour(client, new_browser):
    given = new_browser()
    for _ in range(10):
        assert ask(client, given).status_code == 303

    assert ask(client, given).status_code == 429


def test_there_are_so_many_places_and_no_more(client, new_browser):
    given = new_browser()
    ask(client, given)
    (own,) = GuestBrowser.select()
    for number in range(MOST - 1):
        make.outage_alert(recipient=own.reference, browser=own, channel="push", number=number)

    answer = ask(client, given, dong="삼성동")

    assert answer.status_code == 422
    assert f'href="{PAGE}"' in answer.text


def test_an_accounts_browsers_are_no_guests(client, new_browser, db):
    make.push_subscription(reference="PSH000000001")

    ask(client, new_browser())

    assert Subscription.select().count() == 1
    assert not GuestBrowser.get().reference.isdecimal()


def test_without_a_key_there_is_no_such_page_and_no_link(app, client, monkeypatch):
    assert PAGE in client.get("/outages/alerts/").text

    monkeypatch.setattr(channels, "is_on", lambda name, _: name == "mail")

    assert client.get(PAGE).status_code == 404
    assert PAGE not in client.get("/outages/alerts/").text
