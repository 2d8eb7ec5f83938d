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
from tests.alerts.test_sending import PHONE
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
