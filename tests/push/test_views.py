"""Turning notifications on and off: who may, where they lead, and when they end."""

import json

import pytest

from app.accounts.subscriptions import Subscription
from app.push import vapid
from tests import make
from tests.outbox import path as path_of

PAGE, ACTION = "/push/", "/push/subscriptions"
GOOGLE = "https://fcm.googleapis.com/fcm/send/abc"


def turn_on(client, given):
    return client.submit(PAGE, ACTION, answer=json.dumps(given))


def count(account):
    return Subscription.of(account.id).count()


def test_a_browser_is_subscribed_and_listed(signed_in, new_browser):
    answer = turn_on(signed_in, new_browser())

    assert (answer.status_code, answer.location) == (303, "/push/?done=on")
    page = signed_in.get("/push/?done=on").text
    assert "지금 이곳" in page
    assert "알림을 켰습니다" in page
    assert count(signed_in.account) == 1


def test_the_page_gives_the_script_our_public_key(app, signed_in):
    key = vapid.public(vapid.private(app.config))

    page = signed_in.get(PAGE).text

    assert f'data-key="{key}"' in page
    assert 'class="narrow push"' in page
    assert "hidden>" in page
    assert "이 브라우저에서는 알림을 켤 수 없습니다" in page


@pytest.mark.parametrize(
    "endpoint",
    [
        GOOGLE,
        "https://updates.push.services.mozilla.com/wpush/v2/x",
        "https://web.push.apple.com/x",
        "https://wns2-par02p.notify.windows.com/w/?token=x",
    ],
)
def test_the_services_of_browsers_are_taken(signed_in, new_browser, endpoint):
    answer = turn_on(signed_in, {**new_browser(), "endpoint": endpoint})

    assert (answer.status_code, count(signed_in.account)) == (303, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "https://evil.example/x"},
        {"endpoint": "http://fcm.googleapis.com/x"},
        {"endpoint": "https://fcm.googleapis.com:8443/x"},
        {"endpoint": "https://169.254.169.254/x"},
        {"endpoint": "https://push.apple.com.evil.example/x"},
        {"endpoint": f"{GOOGLE}{'x' * 700}"},
        {"endpoint": ""},
        {"endpoint": None},
        {"keys": {}},
        {"keys": None},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"keys": {"p256dh": "한글", "auth": "!"}},
    ],
    ids=str,
)
def test_anything_else_is_not(signed_in, new_browser, change):
    answer = turn_on(signed_in, {**new_browser(), **change})

    assert (answer.status_code, count(signed_in.account)) == (422, 0)


@pytest.mark.parametrize("answer", ["", "[]", "1", "null", "{", "[" * 5_000])
def test_what_no_browser_says_is_refused(signed_in, answer):
    sent = signed_in.submit(PAGE, ACTION, answer=answer)

    assert sent.status_code == 422


def test_in_production_nothing_on_this_machine_is_called(app, signed_in, new_browser, monkeypatch):
    given = new_browser()
    monkeypatch.setitem(app.config, "VAPID_KEY", vapid.new_key())
    monkeypatch.setitem(app.config, "MODE", "production")

    assert turn_on(signed_in, given).status_code == 422


def test_the_same_browser_is_kept_once_and_belongs_to_who_came_last(
    sign_in, signed_in, new_browser
):
    given, other = new_browser(), sign_in(make.account())
    turn_on(signed_in, given)
    turn_on(signed_in, given)
    once = count(signed_in.account)

    turn_on(other, given)

    assert (once, count(signed_in.account), count(other.account)) == (1, 0, 1)


def test_an_account_has_ten_browsers_at_most_and_the_oldest_give_way(signed_in, new_browser):
    given = [new_browser() for _ in range(12)]
    for one in given:
        turn_on(signed_in, one)

    kept = {one.keys.endpoint for one in Subscription.of(signed_in.account.id)}
    assert kept == {one["endpoint"] for one in given[2:]}


def test_nobody_subscribes_without_end(sign_in, new_browser, clock_at):
    clock_at("2026-11-20 10:00")
    client, given = sign_in(make.account()), new_browser()

    answers = [turn_on(client, given).status_code for _ in range(21)]

    assert answers == [303] * 20 + [429]


def test_a_browser_is_turned_off_by_its_owner_only(signed_in, sign_in, new_browser):
    turn_on(signed_in, new_browser())
    reference = Subscription.of(signed_in.account.id).get().reference
    stranger = sign_in(make.account())
    turn_on(stranger, new_browser())
    mine = Subscription.of(stranger.account.id).get().reference

    page = stranger.get(PAGE).text
    taken = stranger.submit(PAGE, f"/push/{mine}/end")
    answer = signed_in.submit(PAGE, f"/push/{reference}/end")

    assert reference not in page
    assert (taken.location, answer.location) == ("/push/?done=off",) * 2
    assert count(signed_in.account) == 0


@pytest.fixture
def two(app, db, new_browser):
    """Two browsers in which one person has signed in with the form, both subscribed."""
    account = make.account()
    clients = []
    for _ in range(2):
        client = app.test_client()
        client.account = account
        client.submit("/login", email=account.email, password=make.PASSPHRASE)
        turn_on(client, new_browser())
        clients.append(client)
    assert count(account) == 2
    return clients


def test_signing_out_turns_off_this_browser_and_no_other(two):
    here, there = two

    here.submit(PAGE, "/logout")

    assert count(here.account) == 1
    assert "지금 이곳" in there.get(PAGE).text


def test_a_session_that_has_just_ended_by_time_turns_nothing_off(two):
    """Otherwise nobody would get any notice half an hour after they signed in."""
    here, _ = two
    here.delete_cookie("sid")

    assert count(here.account) == 2
    here.submit("/login", email=here.account.email, password=make.PASSPHRASE)
    assert "지금 이곳" in here.get(PAGE).text


def test_signing_out_after_a_second_sign_in_turns_it_off_too(two):
    here, _ = two
    here.delete_cookie("sid")
    here.submit("/login", email=here.account.email, password=make.PASSPHRASE)

    here.submit(PAGE, "/logout")

    assert count(here.account) == 1


def test_a_browser_that_is_signed_out_from_elsewhere_is_turned_off(two):
    here, _ = two
    page = here.get("/profile/sessions").text
    action = page.split('action="/profile/sessions/')[1].split('"')[0]

    here.submit("/profile/sessions", f"/profile/sessions/{action}")

    assert count(here.account) == 1
    assert "지금 이곳" in here.get(PAGE).text


def test_signing_out_everywhere_else_leaves_this_browser(two):
    here, _ = two

    here.submit("/profile/sessions", "/profile/sessions/end")

    assert count(here.account) == 1
    assert "지금 이곳" in here.get(PAGE).text


def test_a_new_password_leaves_this_browser_only(two):
    here, _ = two

    here.submit("/profile/password", "/profile/password", password="seven blue kettles on a roof")

    assert count(here.account) == 1
    assert "지금 이곳" in here.get(PAGE).text


def test_a_password_that_was_lost_leaves_no_browser(two, client):
    client.submit("/recovery/", "/recovery/", email=two[0].account.email)
    client.submit(path_of("reset"), password="seven blue kettles on a roof")

    assert count(two[0].account) == 0


def test_the_worker_keeps_nothing_and_lies_at_the_top(client):
    answer = client.get("/push-worker.js")

    assert answer.mimetype == "text/javascript"
    assert "no-store" in answer.headers["Cache-Control"]
    assert '"fetch"' not in answer.text, "it stands between no page and its server"
    assert "caches" not in answer.text
    assert "caches" not in answer.text


@pytest.mark.parametrize("path", [PAGE, "/push-worker.js"])
def test_without_a_key_there_are_no_such_pages(app, signed_in, monkeypatch, path):
    monkeypatch.setitem(app.config, "MODE", "production")

    assert signed_in.get(path).status_code == 404
    assert "/push/" not in signed_in.get("/profile/").text
