"""Signing in and out, and how long a session lasts."""

from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time

import pytest

from app.accounts.models import Account, Session
from app.accounts.passkeys import Challenge, Use
from app.accounts.sweep import sweep
from app.limits import Limit
from tests import make


def token(client, path="/login"):
    client.get(path)
    with client.session_transaction() as session:
        raw = session["csrf_token"]
    from flask_wtf.csrf import generate_csrf

    with client.application.test_request_context():
        from flask import session as current

        current["csrf_token"] = raw
        return generate_csrf()


def sign_in_by_form(client, email, password, path="/login"):
    form = {"email": email, "password": password, "csrf_token": token(client)}
    return client.post(path, data=form)


def test_a_customer_signs_in_and_sees_the_bills(client):
    account = make.account(email="kim@example.com")

    answer = sign_in_by_form(client, "Kim@Example.com ", make.PASSPHRASE)

    assert (answer.status_code, answer.location) == (303, "/bills/")
    assert client.get("/bills/").status_code == 200
    assert Session.select().where(Session.account == account).count() == 1


@pytest.mark.parametrize(
    ("email", "password", "message"),
    [
        ("", "x", "이메일 주소를 넣어 주십시오."),
        ("kim@example.com", "", "비밀번호를 넣어 주십시오."),
        ("kim", "x", "name@example.com"),
        ("kim@example.com", "wrong", "이메일이나 비밀번호가 맞지 않습니다."),
        ("nobody@example.com", make.PASSPHRASE, "이메일이나 비밀번호가 맞지 않습니다."),
        ("kim@example.com\u202e", "x", "쓸 수 없는 글자"),
        ("kim@" + "x" * 300 + ".com", "x", "너무 깁니다"),
        ("kim@example.com", "x" * 300, "너무 깁니다"),
    ],
)
def test_wrong_input_is_answered_with_words_and_kept(client, email, password, message):
    make.account(email="kim@example.com")

    answer = sign_in_by_form(client, email, password)
    text = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert message in text
    assert "<title>오류: 로그인" in text
    assert "문제가 있습니다" in text
    assert f'value="{email}"' in text or not email
    assert not Session.select().exists()


def test_unknown_and_known_addresses_get_the_same_page(client):
    make.account(email="kim@example.com")

    known = sign_in_by_form(client, "kim@example.com", "wrong").get_data(as_text=True)
    unknown = sign_in_by_form(client, "lee@example.com", "wrong").get_data(as_text=True)

    def same(text, email):
        return [line for line in text.replace(email, "").splitlines() if "csrf" not in line]

    def without_numbers(text):
        return [line for line in text if "오류 번호" not in line]

    assert without_numbers(same(known, "kim@example.com")) == without_numbers(
        same(unknown, "lee@example.com")
    )


def test_a_hangul_passphrase_works_however_it_was_typed(client):
    import unicodedata

    make.account(email="kim@example.com", password="한강에서 만난 물고기 스물")

    decomposed = unicodedata.normalize("NFD", "한강에서 만난 물고기 스물")

    assert sign_in_by_form(client, "kim@example.com", decomposed).status_code == 303


def test_hashes_are_argon2id_and_are_renewed_when_the_cost_changes(make_app):
    account = make.account()
    assert account.password_hash.startswith("$argon2id$")
    app = make_app(PASSWORD_MEMORY_KIB=128, PASSWORD_ROUNDS=2)

    answer = sign_in_by_form(app.test_client(), account.email, make.PASSPHRASE)

    assert answer.status_code == 303
    assert "m=128,t=2" in Account.get_by_id(account.id).password_hash
    answer = sign_in_by_form(app.test_client(), account.email, make.PASSPHRASE)
    assert answer.status_code == 303


@pytest.mark.slow
def test_known_and_unknown_addresses_take_the_same_time(client, monkeypatch):
    """Medians of 200 calls each, taken in turns, differ by less than a tenth (S-11)."""
    monkeypatch.setattr("app.accounts.throttle.begin", lambda *arguments: None)
    form = {"password": "not this one at all", "csrf_token": token(client)}
    times = {"known": [], "unknown": []}

    for number in range(200):
        known = make.account(email=f"somebo{number}@example.com").email
        for which, email in (("known", known), ("unknown", f"nobody{number}@example.com")):
            began = process_time()
            answer = client.post("/login", data={**form, "email": email})
            times[which].append(process_time() - began)
            assert answer.status_code == 422

    first, second = (median(found) for found in times.values())
    assert abs(first - second) / max(first, second) < 0.1


def test_what_has_ended_is_deleted(db, clock_at):
    account = make.account()
    Session.start(account, datetime(2026, 11, 20, 3, tzinfo=UTC))
    Challenge.make(Use.SIGN_IN, "browser", datetime(2026, 11, 20, 3, tzinfo=UTC))
    make.limit(ends_at=datetime(2026, 11, 20, 4, tzinfo=UTC))

    sweep(datetime(2026, 11, 20, 3, 1, tzinfo=UTC))
    assert [model.select().count() for model in (Session, Challenge, Limit)] == [1, 1, 1]
    sweep(datetime(2026, 11, 21, 3, 1, tzinfo=UTC))

    assert [model.select().count() for model in (Session, Challenge, Limit)] == [0, 0, 0]


def test_a_disabled_account_cannot_sign_in_and_is_out_at_once(client, sign_in):
    account = make.account()
    inside = sign_in(account)
    assert inside.get("/bills/").status_code == 200

    account.disabled_at = datetime(2026, 11, 1, tzinfo=UTC)
    account.save()

    assert inside.get("/bills/").status_code == 303
    assert sign_in_by_form(client, account.email, make.PASSPHRASE).status_code == 422


def test_signing_in_begins_a_new_session_and_signing_out_ends_it(client):
    account = make.account()
    sign_in_by_form(client, account.email, make.PASSPHRASE)
    with client.session_transaction() as session:
        stolen = dict(session)
    answer = client.post("/logout", data={"csrf_token": token(client, "/bills/")})
    assert (answer.status_code, answer.location) == (303, "/")

    with client.session_transaction() as session:
        session.update(stolen)

    assert client.get("/bills/").status_code == 303


def test_signing_in_again_drops_what_the_browser_held_before(client):
    account = make.account()
    with client.session_transaction() as session:
        session["_user_id"] = "planted"
        session["other"] = "planted"

    sign_in_by_form(client, account.email, make.PASSPHRASE)

    with client.session_transaction() as session:
        assert "other" not in session
        assert session["_user_id"] != "planted"


def test_the_database_does_not_hold_the_token(sign_in):
    client = sign_in(make.account())

    with client.session_transaction() as session:
        assert session["_user_id"] not in str(list(Session.select().dicts()))


@pytest.mark.parametrize(
    ("pauses", "inside"),
    [
        ([timedelta(minutes=29)], True),
        ([timedelta(minutes=31)], False),
        ([timedelta(minutes=25)] * 28, True),  # 11 h 40 min of use
        ([timedelta(minutes=25)] * 29, False),  # past 12 h, however busy
    ],
)
def test_a_session_ends_after_half_an_hour_of_quiet_and_after_twelve_hours(
    sign_in, clock_at, pauses, inside
):
    now = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
    clock_at(now)
    client = sign_in(make.account())

    for pause in pauses:
        now += pause
        clock_at(now)
        answer = client.get("/bills/")

    assert (answer.status_code == 200) is inside


def test_who_is_signed_in_does_not_see_the_form_again(signed_in):
    assert signed_in.get("/login").location == "/bills/"
    assert signed_in.get("/login?next=/learn/").location == "/learn/"


def test_a_fragment_without_a_session_leads_the_browser_to_the_sign_in(client):
    answer = client.get("/bills/", headers={"HX-Request": "true", "HX-Target": "bill_list"})

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=/bills/"
    assert answer.get_data() == b""
