"""Answers that are not ours, not of this moment, not of this person, or not of this key (S-20)."""

import json
from datetime import timedelta

import pytest

from app import clock
from tests import make
from tests.authenticator import PRESENT, Authenticator, raw, text
from tests.outbox import queued
from tests.passkeys.steps import ask, send, sign_in_with, with_passkey


def test_an_answer_from_another_origin_is_refused(signed_in, client):
    device, _ = with_passkey(signed_in)
    device.origin = "https://evil.example"

    assert sign_in_with(client, device).status_code == 422


def test_an_answer_for_another_site_is_refused(signed_in, client):
    device, _ = with_passkey(signed_in)
    device.rp_id = "evil.example"

    assert sign_in_with(client, device).status_code == 422


def test_an_answer_without_the_person_being_verified_is_refused(signed_in, client):
    device, _ = with_passkey(signed_in)
    device.flags = PRESENT

    assert sign_in_with(client, device).status_code == 422


def test_an_answer_is_taken_once(signed_in, app):
    device, _ = with_passkey(signed_in)
    browser = app.test_client()
    answer = device.sign(ask(browser, "sign_in"))
    assert send(browser, "sign_in", answer).status_code == 303
    browser.submit("/bills/", "/logout")

    assert send(browser, "sign_in", answer).status_code == 422


def test_an_answer_to_another_browsers_challenge_is_refused(signed_in, app):
    device, _ = with_passkey(signed_in)
    one, other = app.test_client(), app.test_client()
    answer = device.sign(ask(one, "sign_in"))
    ask(other, "sign_in")

    assert send(other, "sign_in", answer).status_code == 422


def test_an_answer_to_another_question_is_refused(signed_in, app, sign_in):
    device, _ = with_passkey(signed_in)
    answer = device.sign(ask(signed_in, "proof"))

    assert send(signed_in, "add", answer, name="전화").status_code == 422


def test_a_challenge_holds_five_minutes(signed_in, client, clock_at):
    device, _ = with_passkey(signed_in)
    clock_at(clock.now())
    answer = device.sign(ask(client, "sign_in"))

    clock_at(clock.now() + timedelta(minutes=5))

    assert send(client, "sign_in", answer).status_code == 422


def test_another_persons_key_under_this_ones_name_is_refused(signed_in, sign_in, client):
    mine, _ = with_passkey(signed_in)
    theirs, _ = with_passkey(sign_in(make.account()))
    theirs.credential = mine.credential

    assert sign_in_with(client, theirs).status_code == 422


def test_an_answer_that_names_another_person_is_refused(signed_in, sign_in, client):
    mine, _ = with_passkey(signed_in)
    theirs, _ = with_passkey(sign_in(make.account()))
    mine.user = theirs.user

    assert sign_in_with(client, mine).status_code == 422


def test_a_changed_signature_is_refused(signed_in, client):
    device, _ = with_passkey(signed_in)

    def change(answer):
        found = json.loads(answer)
        signature = bytearray(raw(found["response"]["signature"]))
        signature[-1] ^= 1
        found["response"]["signature"] = text(bytes(signature))
        return json.dumps(found)

    assert sign_in_with(client, device, change).status_code == 422


def test_a_counter_that_goes_back_is_refused_and_told(signed_in, app, log_lines):
    device, _ = with_passkey(signed_in)
    assert sign_in_with(app.test_client(), device).status_code == 303
    device.count -= 2

    assert sign_in_with(app.test_client(), device).status_code == 422
    assert [mail.to for mail in queued("passkey_copied")] == [signed_in.account.email]
    assert "a passkey's counter went back" in [line["event"] for line in log_lines()]


@pytest.mark.parametrize("credential", ["\ud800", 7, None, ["x"]])
def test_an_answer_with_an_odd_name_is_refused(client, credential):
    answer = json.loads(Authenticator().sign(ask(client, "sign_in")))

    assert send(client, "sign_in", json.dumps({**answer, "id": credential})).status_code == 422


def test_client_data_that_is_nested_without_end_is_refused(client):
    answer = json.loads(Authenticator().sign(ask(client, "sign_in")))
    answer["response"]["clientDataJSON"] = text(b"[" * 8000)

    assert send(client, "sign_in", json.dumps(answer)).status_code == 422
