"""How many codes there are for an account, a source and a phone, and what they may cost."""

import pytest

from app import clock
from app.accounts.models import Account
from app.accounts.tokens import Code
from app.mobile import verify
from app.privacy import closing
from app.texts import spending
from tests import make
from tests.mobile.steps import CODE_PAGE, NUMBER, STORED, ask, codes, type_in

KEY = "a key of tests"


def test_no_account_asks_for_more_than_five_codes_in_an_hour(sign_in, clock_at):
    clock_at("2026-11-20 10:00")
    client = sign_in(make.account())

    answers = [ask(client, f"010-0000-000{number}") for number in range(6)]

    assert [one.status_code for one in answers] == [303] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "3600"
    assert len(codes()) == 5


def test_one_source_asks_for_ten_codes_in_an_hour(sign_in, clock_at):
    clock_at("2026-11-20 10:00")
    answers = [
        ask(sign_in(make.account()), f"010-0000-{number:04d}").status_code for number in range(12)
    ]

    assert answers == [303] * 10 + [429] * 2
    assert len(codes()) == 10


@pytest.fixture
def asks(sign_in, app):
    """asks(number) asks from an account and a source of its own each time."""
    sources = iter(range(1, 250))

    def start(number=NUMBER):
        client = sign_in(make.account())
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{next(sources)}"
        return ask(client, number)

    return start


def test_one_phone_gets_five_codes_in_an_hour_whoever_asks_and_all_are_answered_alike(
    asks, clock_at
):
    clock_at("2026-11-20 10:00")

    answers = [asks() for _ in range(7)]

    assert {(one.status_code, one.location) for one in answers} == {(303, CODE_PAGE)}
    assert len(codes()) == 5
    assert Code.select().where(Code.purpose == "phone").count() == 7


def test_one_phone_gets_ten_codes_in_a_day(asks, clock_at):
    for hour in range(9, 15):
        clock_at(f"2026-11-20 {hour:02d}:00")
        for _ in range(3):
            asks()
    today = len(codes())
    clock_at("2026-11-21 09:00")
    asks()

    assert (today, len(codes())) == (10, 11)


def test_a_code_that_was_not_sent_cannot_be_guessed(asks, sign_in, clock_at):
    """It is made, so that the same is done, but nobody gets it."""
    clock_at("2026-11-20 10:00")
    for _ in range(5):
        asks()
    client = sign_in(make.account())
    ask(client)

    for number in range(6):
        assert type_in(client, f"{number:06d}").status_code == 422


def test_when_texts_have_cost_too_much_nothing_is_asked_for(app, signed_in, monkeypatch):
    monkeypatch.setitem(app.config, "SMS_COST_CAP", 10)

    answer = ask(signed_in)

    assert answer.status_code == 503
    assert "지금은 문자를 보낼 수 없습니다" in answer.text
    assert codes() == []
    assert spending.is_used_up(app.config, clock.now())


def test_a_code_that_was_not_sent_opens_nothing_even_when_its_digits_are_known(
    asks, sign_in, clock_at, monkeypatch
):
    clock_at("2026-11-20 10:00")
    for _ in range(5):
        asks()
    monkeypatch.setattr("app.accounts.tokens.secrets.randbelow", lambda most: 123456)
    stranger = sign_in(make.account())
    ask(stranger)

    assert type_in(stranger, "123456").status_code == 422


def test_one_phone_is_guessed_at_thirty_times_a_day_whoever_does_it(sign_in, app, clock_at):
    clock_at("2026-11-20 10:00")
    asking = [verify.Asking(make.account(), f"browser {one}", "192.0.2.1") for one in range(8)]

    guesses = [
        verify.confirm(one, STORED, "000000", app.config, clock.now())
        for one in asking
        for _ in range(4)
    ]
    client = sign_in(make.account())
    ask(client)

    assert not any(guesses)
    assert type_in(client, codes()[-1][1]).status_code == 422


def test_an_account_that_was_closed_meanwhile_gets_no_phone(sign_in):
    account = make.account()
    client = sign_in(account)
    ask(client)
    asking = verify.Asking(account, "a browser", "192.0.2.1")
    code = Code.make(
        verify.PURPOSE, asking.browser, verify.subject(asking, STORED), KEY, clock.now()
    )
    closing.close(account.id, clock.now())

    assert not verify.confirm(asking, STORED, code, {"SECRET_KEY": KEY}, clock.now())
    assert Account.get_by_id(account.id).phone == ""
