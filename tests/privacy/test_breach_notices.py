"""Notices of an incident: to each person once, by mail or letter, with all that the law wants."""

from datetime import date

import pytest

from app.db import rows
from app.messages.models import Message
from app.privacy import breach, breach_notice
from tests import make
from tests.outbox import queued
from tests.privacy.incidents import DAY, NOW, SECRET, again, opened, people

LATER = NOW + DAY


@pytest.fixture(autouse=True)
def here(app, db):
    """Notices hold addresses of this site."""
    with app.app_context():
        yield


def told(incident, at=NOW):
    """Run the notices; who was told by what."""
    list(breach_notice.notify(incident, SECRET, at))
    return people(incident)


def listed(*tables, **values):
    incident = opened(*tables, **values)
    breach.affected(incident, NOW)
    return incident


def resident(**values):
    """Somebody who uses a home and has no account."""
    return make.occupancy(**values)


def test_the_notice_says_what_the_law_wants(app):
    account = make.account(language="ko")
    incident = listed("accounts", "consents")

    told(incident)

    (mail,) = queued("breach_notice")
    assert (mail.to, mail.language) == (account.email, "ko")
    assert "계정 (이메일, 이름, 전화번호" in mail.values["items"]
    assert mail.values["begin"] == "2026. 11. 24. 12:00"
    assert mail.values["possible"] == 1
    from app.messages import kinds
    from app.messages.render import render

    said = render(app, kinds.find("breach_notice"), "ko", mail.values)
    assert said.subject == "개인정보가 유출되었을 수 있습니다"
    for part in (breach.HOW, breach.ADVICE, breach.MEASURES):
        assert part["ko"] in said.text
    assert "120" in said.text
    assert "118" in said.text


def test_somebody_who_reads_english_is_told_in_english():
    make.account(language="en")

    told(listed("accounts"))

    (mail,) = queued("breach_notice")
    assert mail.language == "en"
    assert "e-mail address" in mail.values["items"]
    assert mail.values["advice"] == breach.ADVICE["en"]


def test_a_second_run_tells_nobody_again():
    make.account()
    incident = listed("accounts")

    assert told(incident) == told(incident, LATER)
    assert len(queued("breach_notice")) == 1


def test_a_run_that_breaks_off_loses_nobody_and_doubles_nobody(monkeypatch):
    """A batch is one transaction with its notes: half of it is none of it."""
    monkeypatch.setattr(breach_notice, "BATCH", 2)
    for _ in range(5):
        make.account()
    incident, sent = listed("accounts"), []
    send = breach_notice.send

    def breaks(*arguments):
        sent.append(1)
        if len(sent) == 4:
            raise ArithmeticError("fault injected by a test")
        send(*arguments)

    monkeypatch.setattr(breach_notice, "send", breaks)
    with pytest.raises(ArithmeticError):
        told(incident)
    assert len(queued("breach_notice")) == 2
    monkeypatch.setattr(breach_notice, "send", send)

    assert set(told(incident).values()) == {"mail"}
    assert len({mail.to for mail in queued("breach_notice")}) == 5
    assert len(queued("breach_notice")) == 5


def test_one_address_gets_one_notice_in_whatever_roles_it_is_known():
    account = make.account(email="same@example.com")
    resident(email="Same@example.com")

    found = told(listed("accounts", "occupancies"))

    assert set(found.values()) == {"mail"}
    assert len(found) == 2
    assert [mail.to.lower() for mail in queued("breach_notice")] == [account.email]


def test_without_a_mail_address_a_letter_goes_to_the_billing_address():
    resident(email="", name="김보기", billing_address="서울특별시 보기로 1")

    assert set(told(listed("occupancies")).values()) == {"letter"}

    letter = Message.get(Message.kind == "breach_notice")
    assert (letter.channel, letter.recipient) == ("letter", "서울특별시 보기로 1 김보기")


def test_the_holders_account_is_asked_for_an_address_before_a_letter_is_written():
    place = make.premises()
    occupancy = resident(premises=place, email="")
    since = date.fromordinal(occupancy.started_on.toordinal() - 1)
    home = make.home(premises=place, since_on=since, level=2)

    told(listed("occupancies"))

    assert [mail.to for mail in queued("breach_notice")] == [home.account.email]


def test_no_letter_goes_to_a_home_that_somebody_left():
    place = make.premises()
    ended = {"premises": place, "ended_on": date(2026, 1, 31), "email": ""}
    resident(**ended, billing_address=place.road_address)

    assert set(told(listed("occupancies")).values()) == {"none"}
    assert not queued("breach_notice")


def test_a_former_tenant_with_another_billing_address_gets_the_letter():
    resident(ended_on=date(2026, 1, 31), email="", billing_address="다른 곳 2")

    assert set(told(listed("occupancies")).values()) == {"letter"}


def test_who_has_closed_the_account_since_has_no_contact():
    make.account(closed_at=NOW - DAY / 2)

    assert set(told(listed("accounts")).values()) == {"none"}


def test_a_mail_that_failed_is_followed_by_a_letter_once():
    place = make.premises()
    resident(premises=place, email="gone@example.com", billing_address="보기로 3")
    incident = listed("occupancies")
    told(incident)
    Message.update(state="failed").execute()

    first, second = told(incident, LATER), told(incident, LATER)

    assert first == second
    assert set(first.values()) == {"letter"}
    assert [one.channel for one in Message.select().order_by(Message.id)] == ["mail", "letter"]


def test_a_mail_that_was_sent_is_followed_by_nothing():
    resident(email="there@example.com")
    incident = listed("occupancies")
    told(incident)
    Message.update(state="sent").execute()

    assert set(told(incident, LATER).values()) == {"mail"}
    assert Message.select().count() == 1


def test_when_it_is_certain_everybody_is_told_so_once():
    make.account()
    incident = listed("accounts")
    told(incident)

    breach.confirm(incident, LATER)
    told(again(incident), LATER)
    told(again(incident), LATER)

    assert [mail.values["possible"] for mail in queued("breach_notice")] == [1, 0]


def test_the_key_of_a_notice_says_nothing_of_its_address():
    make.account(email="bogi@example.com")

    told(listed("accounts"))

    ((key,),) = rows("SELECT dedupe_key FROM messages")
    assert "bogi" not in key
    assert len(key) <= 150
