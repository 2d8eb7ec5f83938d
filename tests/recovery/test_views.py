"""비밀번호 찾기: a link by mail, used once; everything of the old password ends (S-15, S-17)."""

import secrets
from datetime import timedelta
from statistics import median
from time import process_time

import pytest

from app import clock
from app.accounts import passwords
from app.accounts.models import Account, Device, Session
from app.accounts.tokens import Token
from tests import make
from tests.client import TOKEN
from tests.outbox import path, queued

NEW = "seven blue kettles on a roof"


def ask(client, email):
    return client.submit("/recovery/", "/recovery/", email=email)


def test_a_lost_password_is_replaced_by_the_link_from_the_mail(client, app):
    account = make.account(email="kim@example.com")
    assert ask(client, " Kim@Example.com ").location == "/recovery/sent"
    (mail,) = queued("reset")
    assert mail.to == "kim@example.com"

    answer = client.submit(path("reset"), password=NEW)

    assert (answer.status_code, answer.location) == (303, "/login?renewed=")
    assert "새 비밀번호로 로그인" in client.get(answer.location).text
    assert client.get("/bills/").status_code == 303  # nobody is signed in by it
    assert client.submit("/login", email=account.email, password=NEW).status_code == 303
    assert [mail.to for mail in queued("password_changed")] == ["kim@example.com"]


def test_the_old_password_and_all_sessions_end(client, sign_in):
    account = make.account()
    thief = sign_in(account)
    ask(client, account.email)

    client.submit(path("reset"), password=NEW)

    assert thief.get("/bills/").status_code == 303
    old = {"email": account.email, "password": make.PASSPHRASE}
    assert client.submit("/login", **old).status_code == 422


def test_looking_at_the_link_changes_nothing(client):
    account = make.account()
    ask(client, account.email)
    link = path("reset")

    for _ in range(2):
        assert client.get(link).status_code == 200
        client.head(link)

    assert client.get(link).headers["Referrer-Policy"] == "no-referrer"
    assert client.submit(link, password=NEW).status_code == 303


def test_a_link_is_used_once(client):
    ask(client, make.account().email)
    link = path("reset")
    client.submit(link, password=NEW)

    answer = client.get(link)

    assert answer.status_code == 404
    assert "링크 다시 받기" in answer.text


def test_a_refused_password_does_not_use_up_the_link(client):
    ask(client, make.account().email)

    answer = client.submit(path("reset"), password="too short")

    assert (answer.status_code, "15자 이상" in answer.text) == (422, True)
    assert client.submit(path("reset"), password=NEW).status_code == 303


def test_a_link_is_too_old_after_half_an_hour(client, clock_at):
    clock_at(clock.now())
    ask(client, make.account().email)

    clock_at(clock.now() + timedelta(minutes=30))

    assert client.get(path("reset")).status_code == 404


def test_a_newer_link_ends_the_older(client, clock_at):
    account = make.account()
    clock_at(clock.now())
    ask(client, account.email)
    older = path("reset")
    clock_at(clock.now() + timedelta(minutes=1))
    ask(client, account.email)

    assert client.get(older).status_code == 404
    assert client.get(path("reset")).status_code == 200


def test_an_address_without_an_account_is_told_so_by_mail_only(client):
    answer = ask(client, "nobody@example.com")

    assert answer.location == "/recovery/sent"
    assert [(mail.kind, mail.to) for mail in queued()] == [("reset_unknown", "nobody@example.com")]
    token = Token.get().token_hash
    assert client.get(f"/recovery/{token}").status_code == 404


def test_a_disabled_account_gets_no_link(client):
    account = make.account(disabled_at=clock.now())

    ask(client, account.email)

    assert [mail.kind for mail in queued()] == ["reset_unknown"]


def test_a_forged_host_does_not_change_the_link(client):
    account = make.account()
    page = client.get("/recovery/", headers={"Host": "evil.example"})
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"email": account.email, "csrf_token": token}

    client.post("/recovery/", data=data, headers={"Host": "evil.example"})

    assert all("evil.example" not in str(mail.values) for mail in queued())


def test_a_double_click_sends_one_mail(client, clock_at):
    account = make.account()
    clock_at(clock.now())

    answers = [ask(client, account.email).location for _ in range(2)]

    assert answers == ["/recovery/sent"] * 2
    assert len(queued("reset")) == 1
    assert client.get(path("reset")).status_code == 200


def test_an_address_gets_five_mails_an_hour(client, clock_at):
    account, answers = make.account(), set()
    for minute in range(8):
        clock_at(f"2026-11-20 12:{minute:02}")
        answers.add(ask(client, account.email).location)

    assert answers == {"/recovery/sent"}
    assert len(queued("reset")) == 5


def test_spellings_of_an_address_share_its_limit(client, clock_at):
    account = make.account(email="kim@example.com")
    for minute, email in enumerate(
        ["KIM@example.com", "Kim@ＥＸＡＭＰＬＥ.com", "kim@EXAMPLE.com"] * 3
    ):
        clock_at(f"2026-11-20 12:{minute:02}")
        ask(client, email)

    assert [mail.to for mail in queued("reset")] == [account.email] * 5


def test_a_network_asks_twenty_times_an_hour(client):
    answers = [ask(client, f"p{number}@example.com").status_code for number in range(22)]

    assert answers == [303] * 20 + [429] * 2


def test_the_browser_that_used_the_link_is_known_and_others_are_not(client, app):
    account = make.account()
    Device.note(account, "another browser", clock.now())
    ask(client, account.email)

    client.submit(path("reset"), password=NEW)

    assert Device.select().count() == 1
    assert Device.knows(account.email, client.get_cookie("device").value)


@pytest.mark.parametrize("email", ["", "kim", "kim@localhost", "kim@example.com\r\nBcc: x@y.kr"])
def test_what_is_no_address_is_told(client, email):
    assert ask(client, email).status_code == 422
    assert not queued()


def test_known_and_unknown_addresses_get_the_same_answer(client):
    account = make.account(email="kim@example.com")

    known, unknown = ask(client, account.email), ask(client, "lee@example.com")

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert TOKEN.sub("", known.text) == TOKEN.sub("", unknown.text)


@pytest.mark.slow
def test_both_take_the_same_time(client, monkeypatch, clock_at):
    """Medians of 200 calls each, taken in turns, differ by less than a tenth (S-11)."""
    monkeypatch.setattr("app.limits.may", lambda *arguments: True)
    page = client.get("/recovery/").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    known = [make.account(password="").email for _ in range(200)]
    times = {"known": [], "unknown": []}

    for email in known:
        for which, address in (("known", email), ("unknown", secrets.token_hex(8) + "@e.kr")):
            began = process_time()
            client.post("/recovery/", data={"email": address, "csrf_token": token})
            times[which].append(process_time() - began)

    first, second = (median(found) for found in times.values())
    assert abs(first - second) / max(first, second) < 0.1


def test_a_password_is_hashed_outside_of_the_write_lock(client, monkeypatch, app):
    inside = []
    from app.db import database

    hashed = passwords.hashed
    depth = database.transaction_depth()

    def watching(*arguments):
        inside.append(database.transaction_depth() - depth)
        return hashed(*arguments)

    monkeypatch.setattr(passwords, "hashed", watching)
    ask(client, make.account().email)
    client.submit(path("reset"), password=NEW)

    assert inside == [0]
    assert Account.select().count() == 1
    assert not Session.select().exists()
