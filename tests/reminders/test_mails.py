"""Mails about bills: to who wants them, once, by day, and only as long as they are true."""

from datetime import date

import pytest

from app import clock
from app.accounts.models import Account
from app.bills.models import Bill
from app.messages import kinds
from app.messages.samples import preview
from app.reminders import mails
from app.reminders.models import NoticeChoice
from tests import make
from tests.outbox import queued


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


def corrected(home, month="2026-11", **values):
    """A correction of today takes the place of a bill."""
    days = {"issued_on": date(2026, 11, 20), "due_on": date(2026, 12, 31)}
    return make.bill(premises=home.premises, month=month, revision=1, **days | values)


def pay(home):
    Bill.settle("2026-11", [home.premises.id], clock.now())


def plan(home, **values):
    months = {"month": "2026-11", "due_on": date(2026, 11, 22), **values}
    return make.instalment(premises=home.premises, **months)


def end_choices(home):
    NoticeChoice.delete().execute()


def end_bills(home):
    NoticeChoice.delete().where(NoticeChoice.topic == "bill").execute()


def change(model, values):
    return lambda home: model.update(values).execute()


def move_out(home):
    home.until_on = date(2026, 8, 1)
    home.save()


@pytest.mark.parametrize(
    ("happens", "left"),
    [
        (lambda home: None, ["bill_ready", "bill_due"]),
        (pay, []),
        (plan, ["bill_ready"]),
        (corrected, []),
        (end_choices, []),
        (move_out, []),
        (lambda home: home.delete_instance(), []),
        (change(Account, {"disabled_at": make.noon(date(2026, 11, 20))}), []),
        (change(Account, {"email": "new@example.com"}), []),
        (end_bills, ["bill_due"]),
        (change(Bill, {"due_on": date(2026, 11, 19)}), ["bill_ready"]),
        (change(Bill, {"paid_before": 10**6}), []),
    ],
    ids=[
        "nothing",
        "paid",
        "planned",
        "corrected",
        "not chosen any more",
        "moved out",
        "unlinked",
        "account disabled",
        "address changed",
        "one chosen still",
        "due day past",
        "nothing owed",
    ],
)
def test_what_is_not_true_any_more_is_not_sent(home, sent, wanted, happens, left):
    assert sent() == ["bill_ready", "bill_due"]
    assert wanted() == ["bill_ready", "bill_due"]

    happens(home)

    assert wanted() == left


def test_a_reminder_is_not_sent_after_the_due_day(home, sent, wanted, clock_at):
    sent()
    clock_at("2026-11-23 20:59")
    before = wanted()
    clock_at("2026-11-24 08:00")

    assert (before, wanted()) == (["bill_ready", "bill_due"], ["bill_ready"])


def test_a_bill_with_nothing_to_pay_is_not_told(home, sent):
    Bill.update(paid_before=Bill.total).execute()

    assert sent() == []


def test_a_planned_bill_is_not_asked_for_as_a_whole_but_its_part_is(home, sent, wanted):
    plan(home, position=1, amount=4_000, paid_at=clock.now())
    part = plan(home, position=2, amount=5_000)
    plan(home, position=3, amount=6_000, due_on=date(2026, 12, 31))

    assert sent() == ["bill_ready", "bill_part"]
    assert sent() == ["bill_ready", "bill_part"]
    assert queued("bill_part")[0].values["amount"] == "5,000원"
    assert queued("bill_part")[0].values["due"] == "2026. 11. 22."
    assert wanted() == ["bill_ready", "bill_part"]
    part.paid_at = clock.now()
    part.save()
    assert wanted() == ["bill_ready"]


@pytest.mark.parametrize("month", ["2026-11", "2025-01"])
def test_a_correction_is_told_in_its_own_words_however_old_the_bill(app, home, sent, month):
    if month != "2026-11":
        before = {"issued_on": date(2025, 1, 10), "due_on": date(2025, 1, 31)}
        home.since_on = date(2024, 1, 1)
        home.save()
        make.bill(premises=home.premises, month=month, **before)
    bill = corrected(home, month)

    others = [] if month == "2026-11" else ["bill_ready", "bill_due"]
    assert sorted(sent()) == sorted(["bill_corrected", *others])
    mail = queued("bill_corrected")[0]
    assert (mail.values["owes"], mail.values["amount"]) == (1, f"{bill.total:,}원")
    assert mail.values["link"].endswith(month)
    text = preview(app, kinds.find("bill_corrected"), "ko")
    assert text.subject.startswith("바로잡은")


def test_a_correction_after_which_nothing_is_owed_says_so(home, sent):
    corrected(home, paid_before=10**6)

    assert sent() == ["bill_corrected"]
    assert queued()[0].values["owes"] == 0


def test_a_mail_that_cannot_be_queued_keeps_no_other_from_being_queued(home, sent, log_lines):
    other = make.home(name="산\n집")
    make.notice_choice(account=other.account, topic="bill")
    make.bill(premises=other.premises, month="2026-11", issued_on=date(2026, 11, 18))
    last = make.home()
    make.notice_choice(account=last.account, topic="bill")
    make.bill(premises=last.premises, month="2026-11", issued_on=date(2026, 11, 18))

    assert sent() == ["bill_ready", "bill_ready", "bill_due"]
    assert queued()[1].to == last.account.email
    assert [line["event"] for line in log_lines()] == ["a message cannot be queued"]
    assert "산" not in str(log_lines())


def test_many_mails_are_queued_in_steps_and_each_is_found_once(app, home, monkeypatch):
    monkeypatch.setattr(mails, "BATCH", 2)
    for _ in range(4):
        other = make.home()
        make.notice_choice(account=other.account, topic="bill")
        make.bill(premises=other.premises, month="2026-11", issued_on=date(2026, 11, 18))

    with app.app_context():
        steps = [new for new in mails.queue_due(clock.now()) if new]
        again = sum(mails.queue_due(clock.now()))

    assert (steps, again) == ([2, 2, 1, 1], 0)


def test_what_was_queued_is_left_out_before_it_is_made_again(app, home, sent, monkeypatch):
    sent()
    monkeypatch.setattr(mails, "values_of", None)

    assert sent() == ["bill_ready", "bill_due"]


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
