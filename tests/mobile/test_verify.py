"""Verifying a phone: a code by text message, typed within five minutes and in five tries."""

import pytest

from app import clock
from app.accounts.models import Account
from app.accounts.tokens import Code
from app.db import rows
from app.messages.models import Message
from app.sealed import lookup_hash
from tests import make
from tests.mobile.steps import (
    CODE_PAGE,
    MINUTE,
    NUMBER,
    PAGE,
    STORED,
    WRONG,
    account_of,
    ask,
    codes,
    other_than,
    type_in,
)
from tests.outbox import queued


def test_a_phone_is_verified_with_the_code_that_was_sent_to_it(signed_in):
    asked = ask(signed_in)
    ((to, code),) = codes()
    answer = type_in(signed_in, code)

    account = account_of(signed_in)
    assert (asked.location, answer.location) == (CODE_PAGE, "/profile/?done=phone")
    assert (to, account.phone, account.phone_hash) == (STORED, STORED, lookup_hash(STORED))
    assert account.phone_verified_at is not None
    assert queued("phone_verified")[0].values["phone"] == "***-****-5678"
    page = signed_in.get("/profile/").text
    assert "확인함" in page
    assert "1234-5678" not in page


def test_a_verified_number_is_masked_and_in_no_field_and_a_typed_one_is_there(sign_in):
    verified = make.account(phone=STORED, phone_verified_at=clock.now())
    typed = make.account(phone=STORED)

    assert "1234-5678" not in sign_in(verified).get(PAGE).text
    assert 'value="010-1234-5678"' in sign_in(typed).get(PAGE).text


def test_a_wrong_code_marks_the_field_and_the_list_leads_there(signed_in):
    ask(signed_in)
    ((_, code),) = codes()

    page = type_in(signed_in, other_than(code)).text

    assert f'<a href="#code">{WRONG}' in page
    assert 'aria-invalid="true"' in page


def test_the_code_is_urgent_short_lived_and_nowhere_in_clear(signed_in):
    ask(signed_in)

    (message,) = Message.select().where(Message.kind == "phone_code")
    ((_, code),) = codes()
    stored = f"{rows('SELECT * FROM messages')}{rows('SELECT * FROM codes')}"
    assert (message.priority, message.channel) == (0, "sms")
    assert message.expires_at - message.created_at == 5 * MINUTE
    assert code not in stored
    assert "1012345678" not in stored


@pytest.mark.parametrize(
    "number",
    ["02-123-4567", "010-123-456", "+1 555 123 4567", "01012345678901", "abc", "070-1234-5678"],
)
def test_only_a_mobile_number_gets_a_code(signed_in, number):
    answer = ask(signed_in, number)

    assert answer.status_code == 422
    assert "010으로 시작하는" in answer.text
    assert codes() == []


def test_without_a_number_there_is_nothing_to_type_in(signed_in):
    assert signed_in.get(CODE_PAGE).location == PAGE


@pytest.mark.parametrize("minutes", [5, 20])
def test_a_code_holds_five_minutes(signed_in, clock_at, minutes):
    ask(signed_in)
    ((_, code),) = codes()
    clock_at(clock.now() + minutes * MINUTE)
    signed_in = fresh(signed_in)

    answer = type_in(signed_in, code)

    assert (answer.status_code, WRONG in answer.text) == (422, True)
    assert account_of(signed_in).phone_verified_at is None


def fresh(client):
    """The client has just given the password again."""
    client.submit(f"/login/again?next={PAGE}", password=make.PASSPHRASE)
    return client


def test_after_five_wrong_tries_the_right_one_is_wrong_too(signed_in):
    ask(signed_in)
    ((_, code),) = codes()
    for _ in range(5):
        assert type_in(signed_in, other_than(code)).status_code == 422

    assert type_in(signed_in, code).status_code == 422


def test_a_code_is_used_once(signed_in):
    ask(signed_in)
    ((_, code),) = codes()
    type_in(signed_in, code)
    ask(signed_in, "010-8765-4321")

    assert type_in(signed_in, code).status_code == 422


def test_a_new_code_kills_the_old_one(signed_in, clock_at):
    ask(signed_in)
    clock_at(clock.now() + MINUTE)
    signed_in.submit(CODE_PAGE, f"{CODE_PAGE}/new")
    (_, old), (_, new) = codes()

    assert old == new or type_in(signed_in, old).status_code == 422
    assert type_in(signed_in, new).location == "/profile/?done=phone"


def test_a_new_code_in_another_browser_kills_the_old_one(signed_in, sign_in, clock_at):
    ask(signed_in)
    clock_at(clock.now() + MINUTE)
    ask(sign_in(signed_in.account))
    (_, old), (_, _) = codes()

    assert type_in(signed_in, old).status_code == 422
    assert Code.select().where(Code.purpose == "phone").count() == 1


def test_a_double_click_sends_one_code(signed_in):
    ask(signed_in)
    ask(signed_in)

    assert len(codes()) == 1


def test_a_code_is_good_for_the_number_that_it_was_sent_to(signed_in):
    ask(signed_in)
    ((_, code),) = codes()
    ask(signed_in, "010-8765-4321")

    assert type_in(signed_in, code).status_code == 422
    assert account_of(signed_in).phone_verified_at is None


def test_a_code_is_good_in_its_own_browser_only(signed_in, sign_in):
    ask(signed_in)
    ((_, code),) = codes()
    thief = sign_in(make.account())
    with thief.session_transaction() as session, signed_in.session_transaction() as owner:
        session["phone"] = owner["phone"]

    assert type_in(thief, code).status_code == 422


@pytest.mark.parametrize("known", [True, False])
def test_the_same_is_said_of_a_number_that_somebody_has(signed_in, known):
    if known:
        make.account(**Account.with_phone(STORED, clock.now()))

    answer = ask(signed_in)

    assert (answer.status_code, answer.location, len(codes())) == (303, CODE_PAGE, 1)


def test_one_phone_has_one_account_and_the_other_one_is_told(signed_in):
    before = make.account(**Account.with_phone(STORED, clock.now()))
    ask(signed_in)
    type_in(signed_in, codes()[0][1])

    assert Account.get_by_id(before.id).phone_verified_at is None
    assert account_of(signed_in).phone_verified_at is not None
    assert queued("phone_taken")[0].to == before.email


def test_without_text_messages_there_are_no_such_pages(app, signed_in, monkeypatch):
    monkeypatch.setitem(app.config, "SMS_URL", "")

    assert signed_in.get(PAGE).status_code == 404
    assert "/profile/phone" not in signed_in.get("/profile/").text
    assert "문자" not in signed_in.get("/reminders/").text.split("<main")[1].split("</h1>")[1][200:]


def test_who_changes_the_number_has_to_verify_it_anew(signed_in):
    Account.update(**Account.with_phone(STORED, clock.now())).execute()

    signed_in.submit(
        "/profile/person", "/profile/person", name="김보기", phone="010-8765-4321", language="ko"
    )

    account = account_of(signed_in)
    assert (account.phone, account.phone_verified_at) == ("+821087654321", None)
    assert account.phone_hash == lookup_hash("+821087654321")


def test_who_keeps_the_number_keeps_it_verified(signed_in):
    Account.update(**Account.with_phone(STORED, clock.now())).execute()

    signed_in.submit(
        "/profile/person", "/profile/person", name="김다른", phone=NUMBER, language="ko"
    )

    assert account_of(signed_in).phone_verified_at is not None


def test_a_verified_phone_can_be_given_up(signed_in):
    Account.update(**Account.with_phone(STORED, clock.now())).execute()

    answer = signed_in.submit(PAGE, f"{PAGE}/removal")

    assert answer.location == "/profile/?done=no_phone"
    assert account_of(signed_in).phone_verified_at is None
    assert account_of(signed_in).phone == STORED


def test_somebody_new_is_found_by_their_phone(client):
    from tests.signup.steps import link, sign_up

    sign_up(client)
    client.submit(link())

    account = Account.select().order_by(Account.id.desc()).get()
    assert (account.phone_hash, account.phone_verified_at) == (lookup_hash(account.phone), None)


def test_the_log_says_neither_number_nor_code(signed_in, log_lines):
    ask(signed_in)
    ((_, code),) = codes()
    type_in(signed_in, other_than(code))
    type_in(signed_in, code)

    assert not any(word in str(log_lines()) for word in (code, "1234-5678", "1012345678"))
