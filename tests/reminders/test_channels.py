"""Notices by text message and push: chosen for each topic, by mail when they do not arrive."""

import pytest

from app import clock
from app.accounts.models import Account
from app.messages import kinds
from app.messages.kinds import Priority, Waiting
from app.messages.leases import finish, take
from app.messages.models import Cause, Channel, Message, State
from app.reminders import mails
from app.reminders.models import NoticeChoice
from tests import make
from tests.outbox import queued

PHONE = "+821012345678"
WAYS = ("mail", "sms", "push")


@pytest.fixture
def chosen(home):
    """chosen("sms", "push") has the customer of the home choose these ways, and no others."""

    def choose(*ways):
        NoticeChoice.delete().execute()
        for way in ways:
            for topic in ("bill", "due"):
                make.notice_choice(account=home.account, topic=topic, channel=way)
        return home.account

    return choose


def verify(account, phone=PHONE):
    Account.update(**Account.with_phone(phone, clock.now())).where(
        Account.id == account.id
    ).execute()


def sent_ways():
    found = Message.select().order_by(Message.id)
    return [(one.kind, one.channel, one.recipient) for one in found]


def is_wanted(row):
    mail = next(one for one in queued() if one.to == row.recipient and one.kind == row.kind)
    one = Waiting(mail.values, row.recipient, row.account_id, clock.now(), row.channel)
    return kinds.find(row.kind).wanted(one)


def rows_of(kind="bill_ready"):
    return list(Message.select().where(Message.kind == kind).order_by(Message.id))


def fail(channel):
    taken = take((Priority.BULK,), clock.now(), mails.KINDS[mails.READY].lifetime, channel)
    finish(taken, State.FAILED, "3104", clock.now(), Cause.PERMANENT)


def test_each_chosen_way_is_told_once(chosen, sent):
    account = chosen(*WAYS)
    verify(account)
    make.push_subscription(account=account)

    sent()
    sent()

    assert sent_ways() == [
        ("bill_ready", "mail", account.email),
        ("bill_ready", "sms", PHONE),
        ("bill_ready", "push", str(account.id)),
        ("bill_due", "mail", account.email),
        ("bill_due", "sms", PHONE),
        ("bill_due", "push", str(account.id)),
    ]


def test_a_text_that_does_not_arrive_is_followed_by_a_mail(chosen, sent):
    account = chosen("sms")
    verify(account)
    sent()
    fail(Channel.SMS)

    text, mail = rows_of()

    assert (text.channel, mail.channel, mail.recipient) == ("sms", "mail", account.email)
    assert is_wanted(mail)
    assert "문자" not in mail.content


def test_who_chose_mail_as_well_gets_one_mail(chosen, sent):
    account = chosen("mail", "sms")
    verify(account)
    sent()
    fail(Channel.SMS)

    assert [one.channel for one in rows_of()] == ["mail", "sms"]


@pytest.mark.parametrize("way", ["sms", "push"])
def test_without_a_phone_or_a_browser_the_mail_comes_at_once(chosen, sent, way):
    account = chosen(way)

    sent()
    sent()

    assert sent_ways() == [
        ("bill_ready", "mail", account.email),
        ("bill_due", "mail", account.email),
    ]
    assert all(map(is_wanted, rows_of()))


def forget_phone(account):
    Account.update(phone_verified_at=None).where(Account.id == account.id).execute()


@pytest.mark.parametrize(
    "happens",
    [
        lambda account: NoticeChoice.delete().execute(),
        forget_phone,
        lambda account: verify(account, "+821087654321"),
        lambda account: Account.update(disabled_at=clock.now()).execute(),
    ],
    ids=["not chosen any more", "not verified any more", "another number", "account disabled"],
)
def test_a_text_that_would_go_to_the_wrong_place_is_not_sent(chosen, sent, happens):
    account = chosen("sms")
    verify(account)
    sent()
    (text,) = rows_of()
    assert is_wanted(text)

    happens(account)

    assert not is_wanted(text)


def test_the_mail_that_stands_in_ends_what_it_stands_for(chosen, sent, client):
    account = chosen("mail", "sms")
    forget = queued
    NoticeChoice.delete().where(NoticeChoice.channel == "mail").execute()
    sent()
    link = "/" + forget("bill_ready")[0].values["unsubscribe"].split("/", 3)[3]
    make.notice_choice(account=account, topic="bill", channel="mail")

    client.post(link)

    assert NoticeChoice.of(account.id, "sms") == {"due"}
    assert NoticeChoice.of(account.id, "mail") == {"bill"}


def test_the_page_offers_each_way_for_each_topic(app, signed_in, monkeypatch):
    page = signed_in.get("/reminders/").text

    assert page.count("휴대전화 확인하기") == 2
    assert page.count('href="/push/"') == 2
    assert page.count("/mail/on") == 2

    monkeypatch.setitem(app.config, "SMS_URL", "")
    monkeypatch.setitem(app.config, "MODE", "production")
    assert signed_in.get("/reminders/").text.count("<form") == 3  # two, and the one to sign out


@pytest.mark.parametrize(("way", "page"), [("sms", "/profile/phone"), ("push", "/push/")])
def test_who_is_not_ready_is_led_to_where_one_gets_ready(signed_in, way, page):
    token = signed_in.get("/reminders/").text.split('name="csrf_token" value="')[1].split('"')[0]

    answer = signed_in.post(f"/reminders/bill/{way}/on", data={"csrf_token": token})

    assert (answer.location, NoticeChoice.of(signed_in.account.id, way)) == (page, set())


@pytest.mark.parametrize("way", WAYS)
def test_a_way_is_chosen_and_ended(signed_in, way):
    verify(signed_in.account)
    make.push_subscription(account=signed_in.account)

    signed_in.submit("/reminders/", f"/reminders/due/{way}/on")
    chosen = NoticeChoice.of(signed_in.account.id, way)
    signed_in.submit("/reminders/", f"/reminders/due/{way}/off")

    assert (chosen, NoticeChoice.of(signed_in.account.id, way)) == ({"due"}, set())


def test_a_way_that_the_service_does_not_have_is_not_there(app, signed_in, monkeypatch):
    monkeypatch.setitem(app.config, "SMS_URL", "")
    token = signed_in.get("/reminders/").text.split('name="csrf_token" value="')[1].split('"')[0]

    answer = signed_in.post("/reminders/bill/sms/on", data={"csrf_token": token})

    assert answer.status_code == 404
