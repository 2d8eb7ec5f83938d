"""내 정보: sessions, password, e-mail and person, and the mails that tell of changes (S-21)."""

from datetime import timedelta

import pytest

from app import clock
from app.accounts.models import Account, Device, Session
from tests import make
from tests.outbox import queued
from tests.owned import other_session

NEW = "seven blue kettles on a roof"
ADDRESS = "new@example.com"


def test_the_page_shows_who_one_is(signed_in):
    Account.update(phone="+821012345678", address="서울특별시 성북구 보기로 1").execute()
    make.home(account=signed_in.account, name="바닷가 집")

    text = signed_in.get("/profile/").text

    for shown in (signed_in.account.name, signed_in.account.email, "5678", "보기로 1", "바닷가 집"):
        assert shown in text
    assert "1234" not in text


def test_sessions_are_listed_with_their_browser(app, db):
    account = make.account()
    client = app.test_client()
    agent = "Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36"
    client.environ_base["HTTP_USER_AGENT"] = agent
    client.submit("/login", email=account.email, password=make.PASSPHRASE)
    Session.start(account, clock.now(), "Firefox · Windows")

    text = client.get("/profile/sessions").text

    assert "Chrome · Android" in text
    assert "Firefox · Windows" in text
    assert text.count("이곳의 로그인 끝내기") == 1


def test_one_session_is_ended_from_another(signed_in, sign_in):
    other = sign_in(signed_in.account)
    reference = Session.select().order_by(Session.id.desc()).get().reference

    answer = signed_in.submit("/profile/sessions", f"/profile/sessions/{reference}/end")

    assert answer.location == "/profile/sessions?done=ended"
    assert other.get("/bills/").status_code == 303
    assert signed_in.get("/bills/").status_code == 200


def test_all_others_are_ended_at_once(signed_in, sign_in):
    others = [sign_in(signed_in.account) for _ in range(3)]
    stranger = sign_in(make.account())

    signed_in.submit("/profile/sessions", "/profile/sessions/end")

    assert {client.get("/bills/").status_code for client in others} == {303}
    assert signed_in.get("/bills/").status_code == 200
    assert stranger.get("/bills/").status_code == 200


def test_a_session_that_was_quiet_for_long_is_not_listed(signed_in, clock_at):
    clock_at(clock.now())
    other_session(signed_in.account)
    clock_at(clock.now() + timedelta(minutes=20))
    signed_in.get("/bills/")
    clock_at(clock.now() + timedelta(minutes=20))

    assert "이곳의 로그인 끝내기" not in signed_in.get("/profile/sessions").text


def test_a_changed_password_ends_all_others_and_is_told(signed_in, sign_in):
    other = sign_in(signed_in.account)
    Device.note(signed_in.account, "a borrowed browser", clock.now())

    answer = signed_in.submit("/profile/password", "/profile/password", password=NEW)

    assert (answer.status_code, answer.location) == (303, "/profile/?done=password")
    assert signed_in.get("/bills/").status_code == 200
    assert other.get("/bills/").status_code == 303
    assert [mail.to for mail in queued("password_changed")] == [signed_in.account.email]
    assert not Device.knows(signed_in.account.email, "a borrowed browser")


@pytest.mark.parametrize(
    "password", ["too short", "passwordpassword1234", "김보기 김보기 김보기 김보기"]
)
def test_a_bad_new_password_is_refused(signed_in, password):
    before = Account.get_by_id(signed_in.account.id).password_hash

    answer = signed_in.submit("/profile/password", "/profile/password", password=password)

    assert answer.status_code == 422
    assert Account.get_by_id(signed_in.account.id).password_hash == before


def test_name_and_phone_change_and_are_told(signed_in):
    person = {"name": "이예시", "phone": "010 9876 5432", "language": "en"}

    answer = signed_in.submit("/profile/person", "/profile/person", **person)

    assert answer.location == "/profile/?done=person"
    account = Account.get_by_id(signed_in.account.id)
    assert (account.name, account.phone, account.language) == ("이예시", "+821098765432", "en")
    assert [mail.to for mail in queued("person_changed")] == [account.email]


def test_a_change_of_language_alone_is_not_told(signed_in):
    Account.update(phone="+821012345678").execute()
    name = signed_in.account.name

    signed_in.submit(
        "/profile/person", "/profile/person", name=name, phone="010-1234-5678", language="en"
    )

    assert Account.get_by_id(signed_in.account.id).language == "en"
    assert not queued("person_changed")


def test_the_phone_number_is_sealed_in_the_database(signed_in, db):
    person = {"name": "이예시", "phone": "010-9876-5432", "language": "ko"}
    signed_in.submit("/profile/person", "/profile/person", **person)

    ((stored,),) = db.execute_sql(f"SELECT phone FROM accounts WHERE id = {signed_in.account.id}")

    assert stored.startswith("k")
    assert "98765432" not in stored


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "가\u202e나"), ("phone", "12"), ("phone", "010-1234\r\n-5678x")],
)
def test_a_bad_name_or_phone_is_refused(signed_in, field, value):
    good = {"name": "이예시", "phone": "010-9876-5432", "language": "ko"}

    answer = signed_in.submit("/profile/person", "/profile/person", **{**good, field: value})

    assert answer.status_code == 422
    assert Account.get_by_id(signed_in.account.id).name == signed_in.account.name


def test_the_address_changes(signed_in):
    typed = {"district": "성북구", "street": "보기로", "detail": "12, 101호"}

    answer = signed_in.submit("/profile/address", "/profile/address", **typed)

    assert answer.location == "/profile/?done=person"
    assert Account.get_by_id(signed_in.account.id).address == "서울특별시 성북구 보기로 12, 101호"


def test_a_sign_in_from_a_new_browser_is_told_and_from_a_known_one_not(app, client):
    account = make.account()
    own, new = app.test_client(), app.test_client()
    own.submit("/login", email=account.email, password=make.PASSPHRASE)
    assert not queued("new_device")
    own.submit("/bills/", "/logout")
    own.submit("/login", email=account.email, password=make.PASSPHRASE)
    assert not queued("new_device")

    new.submit("/login", email=account.email, password=make.PASSPHRASE)

    (mail,) = queued("new_device")
    assert mail.to == account.email
    assert mail.values["link"] == "http://127.0.0.1:8000/profile/sessions"
