"""회원가입 from the first page to the account, and the link in the mail."""

import re
from datetime import UTC, datetime

import pytest

from app import db as app_db
from app.accounts import consents
from app.accounts.consents import Consent
from app.accounts.models import Account, digest
from app.accounts.passwords import is_right
from app.accounts.tokens import Token
from app.messages.models import Message
from app.signup.models import Signup, forget
from tests import make
from tests.signup.steps import ANSWERS, EMAIL, PASSWORD, REQUIRED, fill, link, mails, sign_up

BROWSER = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}


@pytest.fixture(autouse=True)
def now(clock_at):
    clock_at("2026-11-22 10:30")


def confirm(client):
    """Open the newest link and press its button."""
    return client.submit(link(), headers=BROWSER)


def test_a_person_signs_up_and_confirms_and_can_sign_in(client):
    asked = sign_up(client)
    confirmed = confirm(client)
    notice = client.get(confirmed.location).text
    welcome = client.submit("/login", email=EMAIL, password=PASSWORD)

    assert (asked.status_code, asked.location) == (303, "/signup/sent")
    assert "가입이 끝났습니다. 로그인해 주십시오." in notice
    assert (welcome.status_code, welcome.location) == (303, "/bills/")


def test_the_account_holds_what_was_typed_and_its_phone_sealed(client):
    sign_up(client)
    confirm(client)

    account = Account.get(Account.email == EMAIL)
    stored = app_db.rows("SELECT phone FROM accounts WHERE email = ?", (EMAIL,))[0][0]
    assert (account.name, account.phone, account.language) == ("김보기", "+821012345678", "ko")
    assert account.address == "서울특별시 성북구 보기로 12, 101호"
    assert is_right(account.password_hash, PASSWORD, make.CHEAP)
    assert stored.startswith("k")
    assert "1012345678" not in stored


def test_the_account_speaks_the_language_of_the_sign_up(client):
    client.get("/signup/?lang=en")
    sign_up(client)
    confirm(client)

    assert Account.get(Account.email == EMAIL).language == "en"
    assert Message.get().language == "en"


def test_the_address_of_the_mail_is_kept_in_small_letters(client):
    sign_up(client, email="Person@Example.COM")

    assert mails()[0][1] == EMAIL


def test_all_optional_consents_may_be_refused_and_versions_are_kept(client, clock_at):
    sign_up(client)
    clock_at("2026-11-22 12:00")
    confirm(client)

    kept = [(c.code, c.version, c.decision, c.channel) for c in Consent.select()]
    times = {consent.decided_at for consent in Consent.select()}
    versions = {text.code: text.version for text in consents.register().values()}
    assert kept == [(code, versions[code], "given", "web") for code in ("terms", "privacy")]
    assert times == {datetime(2026, 11, 22, 1, 30, tzinfo=UTC)}


def test_a_given_optional_consent_is_kept(client):
    sign_up(client, consents={**REQUIRED, "consent_news": "y"})
    confirm(client)

    standing = consents.current(Account.get(Account.email == EMAIL))
    assert standing["news"].given
    assert set(standing) == {"terms", "privacy", "news"}


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_the_link_changes_nothing(client, method):
    sign_up(client)
    path = link()

    answers = [getattr(client, method)(path) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].headers["Referrer-Policy"] == "no-referrer"
    assert (Account.select().count(), Token.select().count()) == (0, 1)
    assert confirm(client).status_code == 303


def test_a_used_link_is_over_and_shows_the_way_on(client):
    sign_up(client)
    path = link()
    form = client.get(path).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)[1]
    first, second = (client.post(path, data={"csrf_token": token}) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 404)
    assert 'href="/login"' in second.text
    assert 'href="/signup/"' in client.get(path).text
    assert Account.select().count() == 1


def test_a_link_is_over_after_a_day(client, clock_at):
    sign_up(client)
    path = link()

    clock_at("2026-11-23 10:29:59")
    assert client.get(path).status_code == 200
    clock_at("2026-11-23 10:30")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "한글"])
def test_an_unknown_link_is_over(client, token):
    assert client.get(f"/signup/verify/{token}").status_code == 404


def test_neither_link_nor_answers_stand_in_the_database(client):
    sign_up(client)
    token = link().rpartition("/")[2]

    dump = str(
        [app_db.rows(f"SELECT * FROM {table}") for table in ("signups", "tokens", "messages")]
    )
    assert digest(token) in dump
    for secret in (token, "김보기", "1012345678", "보기로", PASSWORD):
        assert secret not in dump


def test_the_link_leads_to_the_site_of_the_settings_whatever_host_is_asked(client):
    fill(client)
    token = re.search(r'csrf_token" value="([^"]+)"', client.get("/signup/check").text)[1]
    client.post("/signup/check", data={"csrf_token": token}, headers={"Host": "evil.example"})

    assert [m[2]["link"].startswith("http://127.0.0.1:8000/signup/verify/") for m in mails()] in (
        [],
        [True],
    )
    assert "evil" not in str(mails())


def test_the_finished_sign_up_is_gone(client):
    sign_up(client)
    confirm(client)

    assert (Signup.select().count(), Token.select().count()) == (0, 0)
    assert client.get("/signup/sent").location == "/signup/"


def test_of_two_sign_ups_with_one_address_neither_ends_the_other(client, app):
    """A stranger with my address must not make me confirm their account instead of mine."""
    sign_up(client)
    mine = link()
    sign_up(app.test_client(), person={"name": "김가상", "phone": "02-123-4567"})
    theirs = link()
    page = client.get(mine).text
    assert [text in page for text in ("김보기", "5678", "김가상")] == [True, True, False]
    assert "김가상" in client.get(theirs).text

    assert client.submit(mine).status_code == 303

    assert [account.name for account in Account.select()] == ["김보기"]
    assert client.submit(theirs, password=PASSWORD).status_code == 404


def test_another_browser_must_know_the_password_that_was_chosen(client, app):
    """Who reads the mail of a sign-up by somebody else does not make that account by a button."""
    sign_up(client)
    elsewhere = app.test_client()
    assert "가입할 때 정한 비밀번호" in elsewhere.get(link()).text
    assert "가입할 때 정한 비밀번호" not in client.get(link()).text

    wrong = elsewhere.submit(link(), password="some other long words")
    assert (wrong.status_code, Account.select().count()) == (422, 0)
    assert elsewhere.submit(link(), password=PASSWORD).status_code == 303
    assert Account.select().count() == 1


def test_the_password_at_the_link_is_not_guessed_for_long(client, app):
    sign_up(client)
    elsewhere = app.test_client()

    answers = [
        elsewhere.submit(link(), password="some other long words").status_code for _ in range(7)
    ]

    assert answers == [422] * 5 + [429] * 2


def test_who_is_faster_gets_the_account_and_the_other_link_is_over(client):
    sign_up(client)
    make.account(email=EMAIL, name="김먼저")

    assert confirm(client).status_code == 404
    assert [account.name for account in Account.select()] == ["김먼저"]


def test_a_sign_up_that_nobody_finished_is_forgotten_after_a_day(client, clock_at):
    fill(client, until="/signup/address")

    forget(datetime(2026, 11, 23, 1, 29, tzinfo=UTC))
    assert Signup.select().count() == 1
    clock_at("2026-11-23 10:30")
    assert client.get("/signup/person").location == "/signup/"
    forget(datetime(2026, 11, 23, 1, 30, tzinfo=UTC))
    assert Signup.select().count() == 0


def test_what_was_typed_stays_text(client):
    script = "<script>alert(1)</script>"
    sign_up(client, person={"name": script, "phone": "010-1234-5678"})
    confirm(client)

    assert Account.get(Account.email == EMAIL).name == script
    client.submit("/login", email=EMAIL, password=PASSWORD)
    assert script not in client.get("/profile/").text


def test_who_is_signed_in_does_not_sign_up(signed_in):
    for path in (*ANSWERS, "/signup/check", "/signup/sent", "/signup/under-14"):
        assert signed_in.get(path).location == "/bills/"


def test_the_ways_to_the_sign_up_and_to_a_new_password_exist(client):
    assert 'href="/signup/"' in client.get("/login").text
    assert client.get("/recovery/").status_code == 200
