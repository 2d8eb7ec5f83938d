"""News as advertising: each channel by its own consent, at night by one more."""

import pytest

from app import clock
from app.accounts import consents
from app.accounts.models import Account
from app.messages import kinds
from app.messages.kinds import Waiting
from app.messages.models import Channel, Message
from app.reminders import news
from tests import make

PAGE = "/notices/winter-meter-frost"
PHONE = "+821012345678"


@pytest.fixture
def account(db):
    """Somebody who is reached by every channel."""
    found = make.account(**Account.with_phone(PHONE, clock.now()))
    make.push_subscription(account=found)
    return found


@pytest.fixture
def tell(app, runner, monkeypatch):
    """tell() queues the news; the ways on which they go."""
    monkeypatch.setitem(app.config, "SMS_REFUSAL", "0808880000")

    def start():
        assert runner.invoke(args=["content", "mail", PAGE]).exit_code == 0
        found = Message.select().where(Message.kind == "news").order_by(Message.id)
        return [one.channel for one in found]

    return start


def waiting(account, channel, to):
    return Waiting({}, to, account.id, clock.now(), channel)


def test_the_consents_have_their_texts():
    assert set(news.CODES.values()) | {news.NIGHT} <= set(consents.register())
    assert all(consents.register()[code].advertising for code in news.CODES.values())


@pytest.mark.parametrize(
    ("codes", "ways"),
    [
        ([], []),
        (["news"], ["mail"]),
        (["news_sms"], ["sms"]),
        (["news_push"], ["push"]),
        (["news_night"], []),
        (["news", "news_sms", "news_push"], ["mail", "sms", "push"]),
    ],
)
def test_news_go_by_the_channels_that_were_agreed_to(account, tell, codes, ways):
    for code in codes:
        make.consent(account=account, code=code)

    assert tell() == ways
    assert tell() == ways


def test_no_other_channel_stands_in_for_one_that_was_not_agreed_to(account, tell):
    for code in ("news_sms", "news_push"):
        make.consent(account=account, code=code)
    Account.update(phone_verified_at=None).execute()
    account_rows = Message.select().count()

    assert tell() == ["push"]
    assert account_rows == 0
    assert Message.get(Message.kind == "news").otherwise == ""


def test_without_a_toll_free_number_no_texts_are_queued(app, account, tell, monkeypatch):
    make.consent(account=account, code="news_sms")
    monkeypatch.setitem(app.config, "SMS_REFUSAL", "")

    assert tell() == []


@pytest.mark.parametrize(("channel", "to"), [("sms", PHONE), ("push", None)])
def test_a_consent_or_a_recipient_that_is_gone_is_asked_for_right_before(app, account, channel, to):
    kind, to = kinds.find("news"), to or str(account.id)
    make.consent(account=account, code=f"news_{channel}")
    with app.app_context():
        assert kind.wanted(waiting(account, channel, to))
        assert not kind.wanted(waiting(account, channel, "+821087654321"))
        make.consent(account=account, code=f"news_{channel}", decision="withdrawn")
        assert not kind.wanted(waiting(account, channel, to))


def test_the_night_wants_a_consent_of_its_own_but_for_mails(account):
    kind, one = kinds.find("news"), waiting(account, "sms", PHONE)

    before = kind.rests(lambda: one)
    make.consent(account=account, code="news_night")

    assert (before, kind.rests(lambda: one)) == (True, False)
    assert kind.rests(lambda: waiting(account, Channel.MAIL, account.email))
