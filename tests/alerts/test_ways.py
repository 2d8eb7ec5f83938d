"""Who chose two ways is told by both; no address is told the same twice."""

from datetime import timedelta

import pytest

from app import clock
from app.accounts.models import Account
from app.alerts.models import Alert
from app.db import writing
from app.messages.kinds import Priority
from app.messages.leases import take
from app.messages.models import Channel, Message
from app.messages.outbox import follow
from tests import make
from tests.alerts.test_sending import PHONE, is_wanted
from tests.outages.test_views import BURST
from tests.outbox import queued


@pytest.fixture(autouse=True)
def afternoon(clock_at, db):
    clock_at("2026-11-26 16:30")


@pytest.fixture
def both(db):
    """An account that is told of one place by text and by mail."""
    account = make.account(email="both@example.com")
    with_phone = Account.with_phone(PHONE, clock.now())
    Account.update(**with_phone).where(Account.id == account.id).execute()
    for channel in ("sms", "mail"):
        make.outage_alert(account=account, channel=channel)
    return account


def sent():
    return sorted((row.channel, row.recipient) for row in Message.select())


def text_fails():
    """The text message fails for good; whether another message follows."""
    now = clock.now()
    with writing():
        return follow(take(list(Priority), now, timedelta(minutes=1), Channel.SMS), now)


def test_who_chose_text_and_mail_gets_both(watch, outage_file, both):
    outage_file("burst", **BURST)

    watch()
    watch()

    assert sent() == [("mail", "both@example.com"), ("sms", PHONE)]


def test_mail_stands_in_for_a_text_that_failed_unless_it_was_chosen_too(watch, outage_file, both):
    outage_file("burst", **BURST)
    watch()

    assert not text_fails()
    assert len(sent()) == 2


def test_mail_stands_in_for_a_text_of_who_chose_nothing_else(watch, outage_file, both):
    Alert.delete().where(Alert.channel == "mail").execute()
    outage_file("burst", **BURST)
    watch()

    assert text_fails()
    assert sent()[0] == ("mail", "both@example.com")


def test_a_second_place_brings_no_second_message_by_the_same_way(watch, outage_file, both):
    for channel in ("sms", "mail"):
        make.outage_alert(account=both, channel=channel, road="테헤란로", number=5)
    outage_file("burst", **BURST)

    watch()

    assert len(queued()) == 2


def test_an_address_is_told_once_with_and_without_an_account(watch, outage_file, both):
    make.outage_alert(recipient="both@example.com")
    make.outage_alert(recipient=PHONE, channel="sms")
    outage_file("burst", **BURST)

    watch()

    assert len(queued()) == 2


def test_browsers_without_a_subscription_are_one_mail_with_the_mails(watch, outage_file, both):
    make.outage_alert(account=both, channel="push")
    outage_file("burst", **BURST)

    watch()

    assert len(queued()) == 2


@pytest.mark.parametrize("own", [False, True])
def test_one_of_two_wishes_that_is_ended_takes_no_news_from_the_other(watch, outage_file, own):
    whose = {"account": make.account()} if own else {"recipient": "two@example.com"}
    first, second = (make.outage_alert(**whose, number=number) for number in (0, 1))
    outage_file("burst", **BURST)
    watch()
    assert len(sent()) == 1

    Alert.stop(first.reference)
    assert is_wanted()
    Alert.stop(second.reference)
    assert not is_wanted()


def test_a_wish_for_a_place_that_is_not_touched_keeps_no_news_alive(watch, outage_file):
    alert = make.outage_alert(recipient="two@example.com")
    make.outage_alert(recipient="two@example.com", district="은평구", dong="갈현동")
    outage_file("burst", **BURST)
    watch()

    Alert.stop(alert.reference)

    assert not is_wanted()


def test_who_ends_one_of_two_ways_gets_nothing_more_by_it(watch, outage_file, both):
    outage_file("burst", **BURST)
    watch()
    assert [row.channel for row in Message.select().order_by(Message.id)] == ["sms", "mail"]
    assert is_wanted(1)

    Alert.delete().where(Alert.channel == "mail").execute()

    assert not is_wanted(1)
    assert is_wanted(0)
