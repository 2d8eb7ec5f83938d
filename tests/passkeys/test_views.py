"""Passkeys: sign in without typing; what does not fit is refused (S-20)."""

from datetime import timedelta

import pytest

from app import clock
from app.accounts.passkeys import MOST, Challenge, Passkey
from tests import make
from tests.authenticator import PRESENT, Authenticator
from tests.outbox import queued
from tests.passkeys.steps import ask, send, sign_in_with, strong, token, with_passkey


def test_a_passkey_is_added_and_signs_in_without_typing(signed_in, app):
    device, passkey = with_passkey(signed_in)
    browser = app.test_client()

    answer = send(browser, "sign_in", device.sign(ask(browser, "sign_in")), "/bills/")

    assert (answer.status_code, answer.location) == (303, "/bills/")
    assert browser.get("/bills/").status_code == 200
    assert Passkey.get().used_at
    assert Passkey.get().sign_count == device.count
    added = queued("passkey_added")
    assert [(mail.to, mail.values["passkey"]) for mail in added] == [
        (signed_in.account.email, passkey.name)
    ]


def test_several_are_listed_named_and_removed(signed_in):
    _, first = with_passkey(signed_in, name="전화")
    _, second = with_passkey(signed_in, name="노트북")
    assert [text in signed_in.get("/passkeys/").text for text in ("전화", "노트북")] == [True] * 2

    signed_in.submit(f"/passkeys/{first.reference}", name="새 이름")
    removal = f"/passkeys/{second.reference}/removal"
    answer = signed_in.submit(f"/passkeys/{second.reference}", removal)

    assert answer.status_code == 303
    assert [one.name for one in Passkey.of(signed_in.account)] == ["새 이름"]
    assert [mail.values["passkey"] for mail in queued("passkey_removed")] == ["노트북"]


def test_a_removed_passkey_signs_in_no_more(signed_in, app):
    device, passkey = with_passkey(signed_in)
    passkey.delete_instance()
    browser = app.test_client()

    assert send(browser, "sign_in", device.sign(ask(browser, "sign_in"))).status_code == 422
    assert browser.get("/bills/").status_code == 303


def test_adding_one_takes_a_fresh_and_strong_proof(signed_in):
    answer = signed_in.get("/passkeys/new")

    assert (answer.status_code, answer.location) == (
        303,
        "/login/again?next=/passkeys/new&how=strong",
    )
    data = {"csrf_token": token(signed_in, "/passkeys/")}
    for path in ("/passkeys/new", "/passkeys/add/challenge"):
        assert signed_in.post(path, data=data).location.startswith("/login/again?next=")
    assert not Challenge.select().exists()


def refused_to_add(signed_in, device, change=lambda answer: answer):
    options = ask(strong(signed_in), "add")
    answer = send(signed_in, "add", change(device.add(options)), name="전화")
    assert answer.status_code == 422
    assert not Passkey.select().exists()


def test_a_new_key_from_another_origin_is_refused(signed_in):
    refused_to_add(signed_in, Authenticator(origin="https://evil.example"))


def test_a_new_key_without_the_person_being_verified_is_refused(signed_in):
    device = Authenticator()
    device.flags = PRESENT

    refused_to_add(signed_in, device)


def test_a_new_key_for_another_site_is_refused(signed_in):
    device = Authenticator()
    device.rp_id = "evil.example"

    refused_to_add(signed_in, device)


@pytest.mark.parametrize("rubbish", ["", "{", "[]", "1", '{"id": 1}', "x" * 30_000, "[" * 9000])
def test_rubbish_is_no_answer(signed_in, app, rubbish):
    refused_to_add(signed_in, Authenticator(), lambda answer: rubbish)

    browser = app.test_client()
    ask(browser, "sign_in")
    assert send(browser, "sign_in", rubbish).status_code == 422


def test_a_device_without_a_counter_signs_in_again_and_again(signed_in, app):
    device, _ = with_passkey(signed_in, Authenticator(counts=False))

    answers = [sign_in_with(app.test_client(), device).status_code for _ in range(2)]

    assert answers == [303, 303]


def test_a_passkey_of_another_proves_nothing(signed_in, sign_in):
    with_passkey(signed_in)
    theirs, _ = with_passkey(sign_in(make.account()))

    answer = send(signed_in, "proof", theirs.sign(ask(signed_in, "proof")))

    assert answer.status_code == 422


def test_a_passkey_is_a_strong_proof(signed_in, clock_at):
    device, _ = with_passkey(signed_in)
    clock_at(clock.now() + timedelta(minutes=10))
    assert signed_in.get("/passkeys/new").status_code == 303

    answer = send(signed_in, "proof", device.sign(ask(signed_in, "proof")), "/passkeys/new")

    assert (answer.status_code, answer.location) == (303, "/passkeys/new")
    assert signed_in.get("/passkeys/new").status_code == 200


def test_a_disabled_account_is_not_let_in(signed_in, client):
    device, _ = with_passkey(signed_in)
    account = signed_in.account
    account.disabled_at = clock.now()
    account.save()

    assert sign_in_with(client, device).status_code == 422


def test_anothers_passkey_is_not_there(signed_in, sign_in):
    _, theirs = with_passkey(sign_in(make.account()))
    strong(signed_in)

    none = signed_in.get("/passkeys/ZZZZZZZZZZ")
    assert signed_in.get(f"/passkeys/{theirs.reference}").status_code == 404
    data = {"csrf_token": token(signed_in, "/passkeys/")}
    removal = signed_in.post(f"/passkeys/{theirs.reference}/removal", data=data)
    assert (none.status_code, removal.status_code) == (404, 404)
    assert Passkey.of(theirs.account).count() == 1


def test_an_account_has_ten_at_most(signed_in):
    for number in range(MOST):
        Passkey.create(
            account=signed_in.account,
            credential_id=f"c{number}",
            public_key="-",
            sign_count=0,
            name="-",
            created_at=clock.now(),
        )
    strong(signed_in)

    assert signed_in.get("/passkeys/new").location == "/passkeys/"
    assert "패스키 등록하기" not in signed_in.get("/passkeys/").text


def test_a_key_longer_than_any_device_makes_is_refused(signed_in):
    device = Authenticator()
    device.credential = b"x" * 1024

    refused_to_add(signed_in, device)


def test_the_database_holds_no_challenge(client):
    options = ask(client, "sign_in")

    assert options["challenge"] not in str(list(Challenge.select().dicts()))


def test_the_question_for_who_it_is_names_nobody(client):
    assert not ask(client, "sign_in").get("allowCredentials")


def test_the_owner_gets_in_with_a_passkey_while_passwords_are_refused(signed_in, client, app):
    device, _ = with_passkey(signed_in)
    for _ in range(6):
        answer = client.submit("/login", email=signed_in.account.email, password="wrong wrong")
    assert answer.status_code == 429

    assert sign_in_with(client, device).status_code == 303
