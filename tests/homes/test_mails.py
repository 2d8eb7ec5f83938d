"""Who is told of a link, once each: the holders, the contact on file, and the person (S-21)."""

from datetime import date, timedelta

import pytest

from app import clock
from app.db import rows
from app.messages.kinds import Priority
from app.messages.leases import finish, take
from app.messages.models import Cause, Message, State
from app.supply.models import Home, Occupancy
from tests import make
from tests.homes.conftest import CODE, by_paper, queued, send
from tests.homes.test_contact import by_contact, enter, last_code


@pytest.fixture
def newcomer(sign_in):
    return sign_in(make.account(name="이손님", email="guest@example.com"))


def told():
    return [(kind, channel, to) for kind, channel, to, _, _ in queued() if kind != "home_code"]


def test_the_person_and_the_contact_on_file_are_told(newcomer, bill):
    by_paper(newcomer)

    assert told() == [
        ("home_own", "mail", "guest@example.com"),
        ("home_linked", "mail", "user@example.com"),
    ]


def test_every_holder_is_told_in_their_language_with_the_way_to_end_it(newcomer, bill):
    holder = make.account(email="holder@example.com", language="en")
    make.home(account=holder, premises=bill.premises, level=2)
    make.home(premises=bill.premises, role="payer")
    make.home(account=make.account(disabled_at=make.LONG_AGO), premises=bill.premises)
    by_paper(newcomer)

    (found,) = [one for one in queued("home_linked") if one[2] == "holder@example.com"]
    assert found[4] == "en"
    assert found[3]["role"] == "Bill payer"
    assert found[3]["link"].endswith("/homes/")
    assert len(told()) == 3


def test_the_new_one_is_named_masked(newcomer, bill):
    by_paper(newcomer)

    values = queued("home_linked")[0][3]
    assert values["who"] == "이*님"
    assert values["email"].startswith("gu*")
    assert values["number"] == "***-***-678"
    assert "guest@example.com" not in str(values)


def test_without_an_email_on_file_a_letter_goes_to_name_and_billing_address(newcomer, bill):
    Occupancy.update(email="").where(Occupancy.role == "user").execute()
    by_paper(newcomer)

    letter = queued("home_linked")[0]
    assert letter[1:3] == ("letter", "서울특별시 성북구 보기로 1 (가상 주소) 김보기")
    assert letter[3]["link"] == ""


def test_no_letter_about_a_former_tenant_goes_to_the_home_of_the_next(newcomer, place, former):
    Occupancy.update(email="").execute()
    make.bill(premises=place, month="2026-07", code=CODE)
    by_paper(newcomer)

    assert told() == [("home_own", "mail", "guest@example.com")]


def test_nobody_is_told_twice_at_one_address(newcomer, sign_in, bill):
    Occupancy.update(email="Guest@example.com").where(Occupancy.role == "user").execute()
    by_contact(newcomer)
    enter(newcomer, last_code())
    assert told() == [("home_own", "mail", "guest@example.com")]

    by_paper(sign_in(make.account(email="other@example.com")))
    assert [to for _, _, to in told()[1:]] == ["other@example.com", "guest@example.com"]


def test_becoming_the_holder_is_told_too(newcomer, bill):
    by_paper(newcomer)
    by_contact(newcomer)
    enter(newcomer, last_code())

    assert [one[3]["role"] for one in queued("home_linked")] == ["요금을 내는 사람", "명의자"]


def test_the_holder_of_another_time_is_not_told(newcomer, place, former):
    old = make.account(email="old-holder@example.com")
    make.home(account=old, premises=place, until_on=date(2026, 8, 29))
    make.bill(premises=place, month="2026-11", code=CODE, from_on=date(2026, 8, 29))
    by_paper(newcomer)

    assert "old-holder@example.com" not in str(told())


def test_a_tenant_is_told_when_the_owner_is_linked(sign_in, newcomer, place):
    tenant = make.account(email="holder@example.com")
    make.home(account=tenant, premises=place, level=2)
    by_contact(newcomer, name="박주인")
    enter(newcomer, last_code())

    assert ("home_linked", "mail", "holder@example.com") in told()
    assert Home.select().where(Home.tenancy == "owner").count() == 1


def test_no_message_holds_a_whole_number_in_readable_form(newcomer, bill):
    by_paper(newcomer)

    assert "012345678" not in str(rows("SELECT recipient, content, dedupe_key FROM messages"))
    assert "012345678" not in str(queued())


def test_linking_and_unlinking_tells_the_household_once_a_day(newcomer, bill):
    holder = make.account(email="holder@example.com")
    make.home(account=holder, premises=bill.premises, level=2)
    for role in ("payer", "payer", "viewer", "payer"):
        by_paper(newcomer, role=role)
        send(newcomer, f"/homes/{Home.get(Home.account == newcomer.account).reference}/ending")

    household = [to for kind, _, to in told() if kind == "home_linked"]
    assert sorted(household) == ["holder@example.com"] * 2 + ["user@example.com"] * 2


def test_one_letter_a_day_goes_to_a_home_whoever_is_linked(sign_in, bill, clock_at):
    Occupancy.update(email="").execute()
    for moment in ("2026-11-20 10:00", "2026-11-20 23:00", "2026-11-21 00:00"):
        clock_at(moment)
        by_paper(sign_in(make.account()))

    assert [channel for kind, channel, _ in told() if kind == "home_linked"] == ["letter"] * 2


@pytest.mark.parametrize(("account", "language", "role"), [
    (None, "ko", "요금을 내는 사람"),
    ("en", "en", "Bill payer"),
])  # fmt: skip
def test_the_contact_is_written_to_in_its_own_language_not_that_of_who_links(
    sign_in, bill, account, language, role
):
    if account:
        make.account(email="user@example.com", language=account)
    stranger = sign_in(make.account(language="en" if language == "ko" else "ko"))
    by_paper(stranger)
    by_contact(stranger)

    assert [one[4] for one in queued("home_code")] == [language]
    (linked,) = queued("home_linked")
    assert (linked[4], linked[3]["role"]) == (language, role)


def test_a_name_that_is_a_sentence_with_an_address_tells_nothing(sign_in, bill):
    name = "당첨 www.visit-evil.example"
    by_paper(sign_in(make.account(name=name, email="ab@visit-evil.example")))

    values = queued("home_linked")[0][3]
    assert (values["who"], values["email"]) == ("당첨*****", "ab******")
    assert "evil" not in str(values)


def test_a_mail_to_the_contact_that_does_not_arrive_is_followed_by_a_letter(newcomer, bill):
    """The address on file was wrong, or is not read any more."""
    by_paper(newcomer)
    mails = [one for one in Message.select() if one.recipient == "user@example.com"]
    moment = clock.now()
    Message.update(run_after=moment + timedelta(days=1)).where(Message.id != mails[0].id).execute()

    taken = take((Priority.NORMAL,), moment, timedelta(minutes=1))
    finish(taken, State.FAILED, "550 5.1.1", moment, Cause.PERMANENT)

    (letter,) = Message.select().where(Message.channel == "letter")
    assert (taken.id, letter.kind) == (mails[0].id, "home_linked")
    assert "보기로" in letter.recipient
