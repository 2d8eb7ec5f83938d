"""Mails that customers choose and end, and news for who agreed to them."""

import pytest

from app import clock
from app.accounts.models import Account
from app.reminders import mails
from app.reminders.models import NoticeChoice
from tests import make
from tests.outbox import queued

PAGE = "/notices/winter-meter-frost"


def test_a_link_from_the_mail_ends_it_with_a_post_only(home, sent, client):
    sent()
    link = "/" + queued("bill_ready")[0].values["unsubscribe"].split("/", 3)[3]

    assert client.get(link).status_code == 200
    assert NoticeChoice.of(home.account.id) == {"bill", "due"}

    answer = client.post(link, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert NoticeChoice.of(home.account.id) == {"due"}


@pytest.mark.parametrize("change", [lambda t: t + "x", lambda t: "x" + t, lambda t: "x"])
def test_a_link_that_we_did_not_make_ends_nothing(app, home, client, change):
    with app.app_context():
        link = mails.stop_link(home.account.id, "bill")
    token = link.rsplit("/", 1)[1]

    assert client.post(f"/reminders/stop/{change(token)}").status_code == 404
    assert NoticeChoice.of(home.account.id) == {"bill", "due"}


def test_a_customer_chooses_and_ends_mails(signed_in):
    signed_in.submit("/reminders/", "/reminders/bill/mail/on")
    assert NoticeChoice.of(signed_in.account.id) == {"bill"}
    signed_in.submit("/reminders/", "/reminders/bill/mail/off")

    assert NoticeChoice.of(signed_in.account.id) == set()


def test_a_topic_that_is_not_there_is_not_found(signed_in):
    token = signed_in.get("/reminders/").text.split('name="csrf_token" value="')[1].split('"')[0]

    answer = signed_in.post("/reminders/other/mail/on", data={"csrf_token": token})

    assert answer.status_code == 404


def test_news_go_to_those_who_agreed_and_begin_as_the_law_wants(runner, client):
    agreed, withdrawn = make.account(), make.account()
    make.account()
    for account in (agreed, withdrawn):
        make.consent(account=account)
    make.consent(account=withdrawn, decision="withdrawn")
    command = ["content", "mail", PAGE]
    assert (
        "mail 1명, sms 0명, push 0명이 동의했습니다"
        in runner.invoke(args=[*command, "--dry-run"]).output
    )
    assert not queued("news")

    assert "queued: 1" in runner.invoke(args=command).output
    assert "queued: 0" in runner.invoke(args=command).output
    (mail,) = queued("news")
    assert mail.to == agreed.email
    client.post("/" + mail.values["unsubscribe"].split("/", 3)[3])
    command[2] = "/notices/e-bill-autopay-discount"
    assert "queued: 0" in runner.invoke(args=command).output


@pytest.mark.parametrize(
    "happens",
    [
        lambda account: make.consent(account=account, decision="withdrawn"),
        lambda account: Account.update(disabled_at=clock.now()).execute(),
        lambda account: Account.update(email="new@example.com").execute(),
    ],
    ids=["withdrawn", "account disabled", "address changed"],
)
def test_news_that_nobody_wants_any_more_are_not_sent(runner, wanted, happens):
    account = make.account()
    make.consent(account=account)
    runner.invoke(args=["content", "mail", PAGE])
    assert wanted() == ["news"]

    happens(account)

    assert wanted() == []


@pytest.mark.parametrize("address", ["/notices/nothing", "nothing", "/bills/", "", "/notices/"])
def test_only_a_page_that_is_there_is_told(runner, address):
    make.consent()

    assert runner.invoke(args=["content", "mail", address]).exit_code == 2
    assert not queued("news")


def test_the_english_page_is_about_every_way_and_not_about_mail_alone(sign_in):
    account = make.account(phone="+821012345678", phone_verified_at=clock.now())

    page = sign_in(account).get("/reminders/?lang=en").text

    assert '>Turn on<span class="unseen"> When a bill is out, Text message</span>' in page
    assert "<h1>Your notices</h1>" in page
