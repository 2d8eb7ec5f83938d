"""Mails about bills: to who wants them, once, by day, and no reminder of what was paid."""

from datetime import date

import pytest

from app import clock
from app.bills.models import Bill
from app.messages import kinds
from app.reminders import mails
from app.reminders.models import NoticeChoice
from tests import make
from tests.outbox import queued

TODAY = "2026-11-20 10:00"


@pytest.fixture
def home(db, clock_at):
    """The home of a customer who wants both kinds of mail, with a new bill that is due in days."""
    clock_at(TODAY)
    found = make.home(level=2, name="바닷가 집")
    for topic in ("bill", "due"):
        make.notice_choice(account=found.account, topic=topic)
    make.bill(
        premises=found.premises,
        month="2026-11",
        issued_on=date(2026, 11, 18),
        due_on=date(2026, 11, 23),
    )
    return found


@pytest.fixture
def sent(app):
    """sent() queues what is due, and is the kinds of all that has been queued."""

    def queue():
        with app.app_context():
            mails.queue_due(clock.now())
        return [mail.kind for mail in queued()]

    return queue


def test_a_new_bill_and_one_that_is_due_soon_are_told_once(home, sent):
    assert sent() == ["bill_ready", "bill_due"]
    assert sent() == ["bill_ready", "bill_due"]
    mail = queued()[0]
    assert mail.to == home.account.email
    assert mail.values["home"] == "바닷가 집"
    assert mail.values["number"].startswith("***-***-")
    assert home.premises.number not in str(mail.values)


def test_who_chose_nothing_is_told_nothing(home, sent):
    NoticeChoice.delete().execute()

    assert sent() == []


@pytest.mark.parametrize("hour", ["07:59", "21:00", "02:00"])
def test_nothing_is_told_at_night(home, sent, clock_at, hour):
    clock_at(f"2026-11-20 {hour}")

    assert sent() == []


def test_a_paid_bill_is_no_reminder_and_one_paid_meanwhile_is_dropped(home, sent):
    assert sent() == ["bill_ready", "bill_due"]
    reminder = queued("bill_due")[0]
    assert kinds.find("bill_due").wanted(reminder.values)

    Bill.settle("2026-11", [home.premises.id], clock.now())

    assert not kinds.find("bill_due").wanted(reminder.values)


def test_who_moved_out_is_told_of_no_newer_bill(home, sent):
    home.until_on = date(2026, 8, 1)
    home.save()

    assert sent() == []


def test_a_disabled_account_is_told_nothing(home, sent):
    home.account.disabled_at = clock.now()
    home.account.save()

    assert sent() == []


def test_an_old_bill_is_not_told(home, sent, clock_at):
    clock_at("2026-11-27 10:00")

    assert sent() == []


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
    signed_in.submit("/reminders/", "/reminders/bill/on")
    assert NoticeChoice.of(signed_in.account.id) == {"bill"}
    signed_in.submit("/reminders/", "/reminders/bill/off")

    assert NoticeChoice.of(signed_in.account.id) == set()


def test_a_topic_that_is_not_there_is_not_found(signed_in):
    token = signed_in.get("/reminders/").text.split('name="csrf_token" value="')[1].split('"')[0]

    answer = signed_in.post("/reminders/other/on", data={"csrf_token": token})

    assert answer.status_code == 404


def test_news_go_to_those_who_agreed_and_begin_as_the_law_wants(runner, client):
    agreed, withdrawn = make.account(), make.account()
    make.account()
    for account in (agreed, withdrawn):
        make.consent(account=account)
    make.consent(account=withdrawn, decision="withdrawn")
    command = ["reminders", "news", "/notices/winter", "--title", "겨울", "--summary", "따뜻하게."]

    assert "queued: 1" in runner.invoke(args=command).output
    assert "queued: 0" in runner.invoke(args=command).output
    (mail,) = queued("news")
    assert mail.to == agreed.email
    client.post("/" + mail.values["unsubscribe"].split("/", 3)[3])
    command[2] = "/notices/spring"
    assert "queued: 0" in runner.invoke(args=command).output


@pytest.mark.parametrize(("path", "title"), [("notices/winter", "a"), ("/notices/winter", "a\nb")])
def test_news_that_cannot_be_sent_are_refused(runner, path, title):
    command = ["reminders", "news", path, "--title", title, "--summary", "-"]

    assert runner.invoke(args=command).exit_code == 2
