"""Choosing alerts, confirming them, and stopping them with one tap."""

import pytest

from app import clock
from app.accounts.models import Account
from app.alerts import sending
from app.alerts.models import MOST, UNCONFIRMED, Alert
from app.messages.models import Message
from tests import make
from tests.outbox import path, queued

WISH = {"district": "강남구", "dong": "역삼동", "house": "", "channel": "mail"}
MAIL = {**WISH, "email": "Person@example.com"}


def test_a_visitor_is_told_only_after_the_address_has_confirmed(client):
    answer = client.submit("/outages/alerts/", **MAIL)
    assert answer.location == "/outages/alerts/sent"
    assert Alert.get().confirmed_at is None
    link = path("alert_confirm")

    assert "누르셔야" in client.get("/outages/alerts/sent").text
    client.get(link)
    assert Alert.get().confirmed_at is None
    client.submit(link)

    assert Alert.get().confirmed_at is not None
    assert Alert.get().recipient == "person@example.com"


def test_a_phone_confirms_by_text_message(client):
    client.submit("/outages/alerts/", **{**WISH, "channel": "sms", "phone": "010-1234-5678"})

    assert (Message.get().channel, queued()[0].to) == ("sms", "+821012345678")


def test_one_tap_stops_it_and_forgets_the_address(client):
    alert = make.outage_alert(recipient="here@example.com")
    link = f"/outages/alerts/stop/{alert.reference}"

    assert "강남구 역삼동" in client.get(link).text
    assert Alert.select().exists()
    assert client.post(link).status_code == 200  # as a mail program does, without a token

    assert not Alert.select().exists()
    assert "보내지 않습니다" in client.get(link).text


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"dong": ""}, "목록에 있는 동 이름"),
        ({"dong": "역삼"}, "혹시 역삼동"),
        ({"district": ""}, "구를 골라 주십시오."),
        ({"dong": "테헤란로"}, "목록에 있는 동 이름"),
        ({"district": "분당구"}, "Not a valid choice|올바르지|선택"),
        ({"house": "테헤란로"}, "길 이름과 번호를 함께"),
        ({"email": "nobody"}, "이메일 주소를"),
        ({"channel": "sms", "phone": "02-123-4567"}, "010으로 시작하는"),
        ({"channel": "push"}, ""),
    ],
)
def test_what_cannot_be_told_is_refused_in_words(client, fields, why):
    answer = client.submit("/outages/alerts/", **{**MAIL, **fields})

    assert answer.status_code == 422
    assert not Alert.select().exists()
    assert any(part in answer.text for part in why.split("|"))


def test_the_same_wish_twice_is_one_and_asks_again_only_until_it_is_confirmed(client):
    client.submit("/outages/alerts/", **MAIL)
    client.submit(path("alert_confirm"))
    client.submit("/outages/alerts/", **MAIL)

    assert Alert.select().count() == 1
    assert len(queued("alert_confirm")) == 1


def test_a_stranger_cannot_fill_anothers_mailbox(client):
    for dong in ("역삼동", "삼성동", "대치동", "도곡동"):
        answer = client.submit("/outages/alerts/", **{**MAIL, "dong": dong})
        assert answer.location == "/outages/alerts/sent"

    assert len(queued("alert_confirm")) == 3


def test_one_source_may_ask_so_often_in_an_hour(client):
    for number in range(10):
        client.submit("/outages/alerts/", **{**MAIL, "email": f"{number}@example.com"})

    answer = client.submit("/outages/alerts/", **{**MAIL, "email": "eleven@example.com"})

    assert answer.status_code == 429
    assert len(queued("alert_confirm")) == 10


def test_a_link_that_is_not_ours_is_nothing(client):
    assert client.get("/outages/alerts/confirm/x").status_code == 404


def test_an_account_chooses_its_homes_and_other_places(signed_in):
    home = make.home(account=signed_in.account, name="우리집")
    signed_in.submit("/outages/alerts/mine", "/outages/alerts/mine/homes/mail")
    answer = signed_in.submit("/outages/alerts/mine", **WISH)

    found = list(Alert.of(signed_in.account.id))
    assert answer.status_code == 303
    assert [one.premises_id for one in found] == [home.premises_id, None]
    assert all(one.confirmed_at for one in found)
    page = signed_in.get("/outages/alerts/mine").text
    assert "우리집, 이메일" in page
    assert "강남구 역삼동, 이메일" in page


def test_a_channel_that_is_not_ready_is_made_ready_first(signed_in):
    answer = signed_in.submit("/outages/alerts/mine", **{**WISH, "channel": "sms"})
    assert answer.location == "/profile/phone"

    Account.update(**Account.with_phone("+821012345678", clock.now())).where(
        Account.id == signed_in.account.id
    ).execute()
    signed_in.submit("/outages/alerts/mine", **{**WISH, "channel": "sms"})

    assert Alert.get().channel == "sms"


def test_an_account_ends_its_own_alerts_only(signed_in):
    own, other = make.outage_alert(account=signed_in.account), make.outage_alert()
    page = "/outages/alerts/mine"

    signed_in.submit(page, f"{page}/{own.reference}/end")
    assert list(Alert.select()) == [other]


def test_there_are_so_many_places_and_no_more(signed_in):
    for _ in range(MOST):
        make.outage_alert(account=signed_in.account, dong="삼성동")

    answer = signed_in.submit("/outages/alerts/mine", **WISH)

    assert answer.status_code == 422
    assert "20곳까지" in answer.text


def test_what_nobody_confirms_is_forgotten(app, db):
    fresh = make.outage_alert(recipient="a@example.com", confirmed_at=None, created_at=clock.now())
    make.outage_alert(
        recipient="b@example.com",
        confirmed_at=None,
        created_at=clock.now() - UNCONFIRMED - UNCONFIRMED,
    )

    sending.sweep(clock.now())

    assert list(Alert.select()) == [fresh]
