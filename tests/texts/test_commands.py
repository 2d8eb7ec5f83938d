"""What operators do: look at the balance, send a test, end advertising for who called."""

import pytest

from app import clock
from app.accounts import consents
from app.accounts.models import Account
from app.messages.models import Message
from tests import make
from tests.messages.conftest import deliver_due

PHONE = "+821012345678"


@pytest.fixture
def configured(text_lane):
    """The app's settings lead to the emulator."""
    return text_lane()


def test_the_balance_shows_that_the_settings_are_right(runner, configured, provider, log_lines):
    provider.turn(money=12_345)

    answer = runner.invoke(args=["texts", "balance"])

    assert (answer.exit_code, answer.stdout) == (0, "12345\n")


def test_a_wrong_clock_or_key_is_said(runner, text_lane, provider):
    text_lane()
    provider.turn(skew=-960)
    late = runner.invoke(args=["texts", "balance"])
    provider.turn(skew=0)
    text_lane(SMS_KEY="another-key")
    key = runner.invoke(args=["texts", "balance"])

    assert (late.exit_code, "the clock of this machine is wrong" in late.stderr) == (1, True)
    assert (key.exit_code, "403 InvalidAPIKey" in key.stderr) == (1, True)


def test_without_texts_the_commands_say_so(runner, app, monkeypatch):
    monkeypatch.setitem(app.config, "SMS_URL", "")

    for command in (["texts", "balance"], ["messages", "test", "010-1234-5678"]):
        answer = runner.invoke(args=command)
        assert (answer.exit_code, "switched off" in answer.stderr) == (2, True)


def test_a_test_text_goes_to_a_number(runner, configured, provider):
    answer = runner.invoke(args=["messages", "test", "010-1234-5678", "--lang", "en"])
    deliver_due(configured, clock.now())

    assert answer.stdout == "queued\n"
    (sent,) = provider.messages()
    assert sent["receiver"] == "01012345678"
    assert sent["text"].startswith("[Arisu customer centre] A test message")


def test_waiting_texts_are_listed_with_half_a_number(runner, db):
    make.message(channel="sms", recipient=PHONE)

    answer = runner.invoke(args=["messages", "list"])

    assert "***-****-5678" in answer.stdout
    assert "1012345678" not in answer.stdout
    assert "waiting (sms): 1" in answer.stderr


@pytest.fixture
def account(db):
    found = make.account(**Account.with_phone(PHONE, clock.now()))
    make.consent(account=found, code="news_sms")
    make.consent(account=found, code="news")
    return found


def given(account):
    return {code for code, standing in consents.current(account).items() if standing.given}


@pytest.mark.parametrize("by_input", [True, False])
def test_who_called_the_toll_free_number_gets_no_more_advertising(runner, account, by_input):
    numbers = ["010-1234-5678", "010-9999-9999"]
    given_to = {"input": "\n".join(numbers)} if by_input else {}
    arguments = [] if by_input else numbers

    answer = runner.invoke(args=["reminders", "refuse", *arguments], **given_to)

    assert (answer.exit_code, answer.stdout) == (0, "ended: 1\n")
    assert given(account) == {"news"}
    assert Message.select().count() == 0


def test_what_is_no_number_is_said_half(runner, account):
    answer = runner.invoke(args=["reminders", "refuse", "12345678", "01012345678"])

    assert (answer.exit_code, answer.stdout) == (1, "ended: 1\n")
    assert answer.stderr == "not a number: ****5678\n"
