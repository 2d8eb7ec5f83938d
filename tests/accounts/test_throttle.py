"""Slower and slower for who guesses, never shut for the owner (S-12, S-68)."""

from datetime import timedelta

import pytest

from app import clock
from app.accounts import passwords
from app.accounts.throttle import NETWORK, PAIR, STRANGERS, Tries, Visitor, begin
from tests import make

NOON = "2026-11-20 12:00"


@pytest.fixture
def hashed(monkeypatch):
    """Counts the passwords that reach the hasher."""
    seen = []
    check = passwords.is_right

    def counting(known, password, cost):
        seen.append(password)
        return check(known, password, cost)

    monkeypatch.setattr(passwords, "is_right", counting)
    return seen


def guess(client, account, password="wrong wrong wrong", address="192.0.2.1"):
    email = account if isinstance(account, str) else account.email
    client.environ_base["REMOTE_ADDR"] = address
    return client.submit("/login", email=email, password=password)


@pytest.mark.slow
def test_of_a_hundred_guesses_only_the_free_ones_reach_the_hasher(client, hashed, clock_at):
    clock_at(NOON)
    account = make.account()

    answers = [guess(client, account).status_code for _ in range(100)]

    assert len(hashed) == PAIR.free
    assert answers == [422] * PAIR.free + [429] * (100 - PAIR.free)


def test_each_further_guess_waits_twice_as_long(client, hashed, clock_at):
    clock_at(NOON)
    account, now, waits = make.account(), clock.now(), []
    for _ in range(PAIR.free):
        guess(client, account)
    for _ in range(8):
        refused = guess(client, account)
        wait = int(refused.headers["Retry-After"])
        waits.append(wait)
        now += timedelta(seconds=wait)
        clock_at(now)
        assert guess(client, account).status_code == 422

    assert waits == [60, 120, 240, 480, 960, 1800, 1800, 1800]


def test_a_right_password_in_its_time_lets_in_and_begins_anew(client, hashed, clock_at):
    clock_at(NOON)
    account = make.account()
    for _ in range(PAIR.free - 1):
        guess(client, account)

    assert guess(client, account, make.PASSPHRASE).status_code == 303
    assert not Tries.select().where(Tries.kind == PAIR.kind).exists()


def test_even_the_right_password_waits_while_it_must(client, clock_at):
    clock_at(NOON)
    account = make.account()
    for _ in range(PAIR.free):
        guess(client, account)

    assert guess(client, account, make.PASSPHRASE).status_code == 429


def test_an_address_that_nobody_has_is_slowed_down_alike(client, clock_at):
    clock_at(NOON)

    answers = [guess(client, "nobody@example.com").status_code for _ in range(PAIR.free + 1)]

    assert answers == [422] * PAIR.free + [429]


def test_the_owners_browser_gets_in_while_strangers_guess(app, clock_at, client):
    clock_at(NOON)
    account, own = make.account(), app.test_client()
    assert guess(own, account, make.PASSPHRASE, "198.51.100.7").status_code == 303
    own.submit("/bills/", "/logout")
    for number in range(STRANGERS.free + 5):
        guess(client, account, address=f"192.0.2.{number}")
    assert guess(client, account, make.PASSPHRASE, "192.0.2.99").status_code == 429

    assert guess(own, account, make.PASSPHRASE, "198.51.100.7").status_code == 303


@pytest.mark.slow
def test_the_owners_browser_gets_in_although_others_of_its_network_guess(app, clock_at, client):
    clock_at(NOON)
    account, own = make.account(), app.test_client()
    assert guess(own, account, make.PASSPHRASE).status_code == 303
    own.submit("/bills/", "/logout")
    for number in range(NETWORK.free + 1):
        guess(client, f"person{number}@example.com")
    assert guess(client, account, make.PASSPHRASE).status_code == 429

    assert guess(own, account, make.PASSPHRASE).status_code == 303


@pytest.mark.slow
def test_many_networks_together_are_slowed_down_too(client, hashed, clock_at):
    clock_at(NOON)
    account = make.account()

    for number in range(100):
        guess(client, account, address=f"192.0.2.{number}")

    assert len(hashed) == STRANGERS.free


def test_one_network_that_tries_many_accounts_is_slowed_down(client, hashed, clock_at):
    clock_at(NOON)

    for number in range(100):
        guess(client, f"person{number}@example.com")

    assert len(hashed) == NETWORK.free


def test_a_neighbours_success_does_not_reset_the_networks_counter(client, app, clock_at):
    clock_at(NOON)
    for number in range(NETWORK.free - 1):
        guess(client, f"person{number}@example.com")
    assert guess(app.test_client(), make.account(), make.PASSPHRASE).status_code == 303

    assert guess(client, "one@example.com").status_code == 422
    assert guess(client, "two@example.com").status_code == 429


def test_a_counter_is_forgotten_after_a_quiet_day(client, clock_at):
    clock_at(NOON)
    account = make.account()
    for _ in range(PAIR.free):
        guess(client, account)

    clock_at("2026-11-21 12:01")

    assert [guess(client, account).status_code for _ in range(5)] == [422] * 5


def test_a_clock_that_is_set_back_shuts_nobody_out(client, clock_at):
    clock_at(NOON)
    account = make.account()
    for _ in range(PAIR.free):
        guess(client, account)

    clock_at("2026-11-19 12:00")

    assert guess(client, account, make.PASSPHRASE).status_code == 303


def test_tries_at_the_same_moment_in_any_order_are_free(db):
    """Two requests take the time before they wait for the lock; the second may be the earlier."""
    visitor, later = Visitor("kim@example.com", "192.0.2.1", ""), clock.now()
    earlier = later - timedelta(milliseconds=5)

    assert begin(visitor, "key", later) is None
    assert begin(visitor, "key", earlier) is None


def test_the_counters_hold_no_address(client):
    account = make.account(email="kim@example.com")
    guess(client, account)

    assert "kim" not in str(list(Tries.select().dicts()))
    assert "192.0.2.1" not in str(list(Tries.select().dicts()))


def test_without_its_counters_nobody_is_let_in(client, monkeypatch):
    def broken(*arguments):
        raise ArithmeticError("fault injected by a test")

    account = make.account()
    monkeypatch.setattr("app.accounts.throttle.state", broken)

    assert guess(client, account, make.PASSPHRASE).status_code == 500
    assert client.get("/bills/").status_code == 303


def test_many_wrong_passwords_of_an_hour_are_an_error_in_the_log(make_app, clock_at, log_lines):
    clock_at(NOON)
    client = make_app(FAILURE_ALARM=3).test_client()

    for number in range(4):
        guess(client, f"person{number}@example.com")

    lines = [line for line in log_lines() if line["event"] == "many failures"]
    assert [(line["door"], line["failures"]) for line in lines] == [("sign in", 3)]


def test_too_many_passwords_at_once_are_told_to_come_back(client):
    places = passwords.places
    taken = [places.acquire(blocking=False) for _ in range(passwords.MOST_WAITING)]
    try:
        answer = guess(client, make.account(), make.PASSPHRASE)
    finally:
        for _ in taken:
            places.release()

    assert not Tries.select().where(Tries.count > 0).exists()
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
