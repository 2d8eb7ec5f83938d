"""Proving once more who it is, before what a borrowed session must not do (S-18)."""

from datetime import timedelta

import pytest

from app import access, clock
from app.accounts.models import Account, Session
from app.accounts.tokens import Code
from tests import make, routes
from tests.outbox import queued

LATER = timedelta(minutes=6)
PASSWORD_PAGE = "/profile/password"


@pytest.fixture
def old_session(signed_in, clock_at):
    """A customer who signed in six minutes ago."""
    clock_at(clock.now() + LATER)
    return signed_in


def prove(client, password=make.PASSPHRASE, next_=PASSWORD_PAGE, how="any"):
    return client.submit(f"/login/again?next={next_}&how={how}", password=password)


def test_a_fresh_sign_in_need_not_prove_again(signed_in):
    assert signed_in.get(PASSWORD_PAGE).status_code == 200


def guarded(app):
    return [
        endpoint
        for endpoint in app.view_functions
        if access.proof_of(app, endpoint) and access.of(app, endpoint) == "customer"
    ]


def test_every_guarded_view_asks_an_old_session(app, old_session):
    home = routes.resident_home(old_session.account)
    wanted = set(guarded(app)) - {"accounts.code", "accounts.new_code"}
    token = old_session.get("/bills/").text.split('name="csrf_token" value="')[1].split('"')[0]

    for rule in app.url_map.iter_rules():
        if rule.endpoint in wanted:
            path = routes.address(rule, home=home.reference)
            for method in rule.methods & {"GET", "POST"}:
                answer = old_session.open(path, method=method, data={"csrf_token": token})
                assert answer.status_code == 303, path
                assert answer.location.startswith("/login/again?next="), path
    assert len(wanted) >= 5


def test_the_way_leads_back_to_what_was_asked(old_session):
    asked = old_session.get(PASSWORD_PAGE)
    assert asked.location == "/login/again?next=/profile/password&how=any"

    answer = prove(old_session)

    assert (answer.status_code, answer.location) == (303, PASSWORD_PAGE)
    assert old_session.get(PASSWORD_PAGE).status_code == 200


def test_a_sent_form_is_not_sent_again_after_the_proof(old_session):
    before = Account.get_by_id(old_session.account.id).password_hash
    token = old_session.get("/bills/").text.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"csrf_token": token, "password": "seven blue kettles on a roof"}
    referer = {"Referer": "http://localhost/profile/password"}

    answer = old_session.post(PASSWORD_PAGE, data=data, headers=referer)

    assert answer.location == "/login/again?next=/profile/password&how=any"
    prove(old_session)
    assert Account.get_by_id(old_session.account.id).password_hash == before


def test_a_wrong_password_proves_nothing(old_session):
    answer = prove(old_session, "not this one at all")

    assert answer.status_code == 422
    assert "비밀번호가 맞지 않습니다" in answer.text
    assert old_session.get(PASSWORD_PAGE).status_code == 303


def test_the_proofs_password_is_throttled_too(old_session):
    answers = [prove(old_session, "not this one at all").status_code for _ in range(7)]

    assert answers == [422] * 5 + [429] * 2


def test_the_session_has_a_new_token_after_the_proof(old_session):
    with old_session.session_transaction() as session:
        stolen = session["_user_id"]
    prove(old_session)

    with old_session.session_transaction() as session:
        assert session["_user_id"] != stolen
        session["_user_id"] = stolen
    assert old_session.get("/bills/").status_code == 303


def test_a_proof_holds_five_minutes(old_session, clock_at):
    prove(old_session)
    clock_at(clock.now() + timedelta(minutes=5))
    assert old_session.get(PASSWORD_PAGE).status_code == 200

    clock_at(clock.now() + timedelta(seconds=1))

    assert old_session.get(PASSWORD_PAGE).status_code == 303


def test_a_clock_set_back_makes_no_proof_fresh(old_session, clock_at):
    prove(old_session)

    clock_at(clock.now() - timedelta(minutes=1))

    assert old_session.get(PASSWORD_PAGE).status_code == 303


def test_a_strong_proof_takes_the_password_and_a_code_from_the_mail(old_session):
    answer = prove(old_session, next_="/passkeys/new", how="strong")
    assert answer.location == "/login/code?next=/passkeys/new"
    assert old_session.get("/passkeys/new").status_code == 303
    (mail,) = queued("proof_code")
    assert mail.to == old_session.account.email

    answer = old_session.submit("/login/code?next=/passkeys/new", code=mail.values["code"])

    assert (answer.status_code, answer.location) == (303, "/passkeys/new")
    assert old_session.get("/passkeys/new").status_code == 200


def test_a_wrong_code_is_told_and_five_are_enough(old_session):
    prove(old_session, next_="/passkeys/new", how="strong")
    right = queued("proof_code")[-1].values["code"]
    wrong = "000000" if right != "000000" else "111111"

    answers = [old_session.submit("/login/code", code=wrong) for _ in range(5)]

    assert {answer.status_code for answer in answers} == {422}
    assert "확인번호가 맞지 않거나" in answers[-1].text
    assert old_session.submit("/login/code", code=right).status_code == 422


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef"])
def test_what_is_no_code_is_told(signed_in, typed):
    assert "숫자 6자리" in signed_in.submit("/login/code", code=typed).text


def test_a_code_may_be_typed_in_any_digits(old_session):
    prove(old_session, next_="/passkeys/new", how="strong")
    right = queued("proof_code")[-1].values["code"]
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in right)

    assert old_session.submit("/login/code", code=f" {wide[:3]} {wide[3:]}").status_code == 303


def test_a_double_click_sends_one_code(old_session):
    for _ in range(2):
        answer = prove(old_session, next_="/passkeys/new", how="strong")

    assert answer.location == "/login/code?next=/passkeys/new"
    (mail,) = queued("proof_code")
    assert old_session.submit("/login/code", code=mail.values["code"]).status_code == 303


def test_a_new_code_ends_the_old_one_and_there_are_five_an_hour(old_session, clock_at):
    clock_at(clock.now().replace(minute=10))
    prove(old_session, next_="/passkeys/new", how="strong")
    again, answers = "/login/code/new?next=/passkeys/new", []

    for _ in range(5):
        clock_at(clock.now() + timedelta(seconds=40))
        answers.append(old_session.submit("/login/code?next=/passkeys/new", again).status_code)

    assert answers == [303] * 4 + [429]
    assert len(queued("proof_code")) == 5
    assert Code.select().count() == 1


def test_a_code_of_another_browser_proves_nothing(old_session, sign_in):
    prove(old_session, next_="/passkeys/new", how="strong")
    code = queued("proof_code")[-1].values["code"]
    other = sign_in(old_session.account)

    assert other.submit("/login/code", code=code).status_code == 422


def test_the_way_leads_nowhere_else(old_session):
    assert prove(old_session, next_="https://evil.example").location == "/bills/"


def test_htmx_is_led_to_the_proof_as_a_page(old_session):
    headers = {"HX-Request": "true", "HX-Target": "main"}

    answer = old_session.get(PASSWORD_PAGE, headers=headers)

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/login/again?next=")
    assert not answer.data


def test_a_session_that_ended_meanwhile_cannot_be_proved(old_session):
    Session.end_all(old_session.account, clock.now())

    assert old_session.get("/login/again").location.startswith("/login?next=")
