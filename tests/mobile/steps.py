"""Asking for a code and typing it in, as people do."""

from datetime import timedelta

from app.accounts.models import Account
from tests.outbox import queued

PAGE, CODE_PAGE = "/profile/phone", "/profile/phone/code"
NUMBER, STORED = "010-1234-5678", "+821012345678"
MINUTE = timedelta(minutes=1)
WRONG = "확인번호가 맞지 않거나 시간이 지났습니다"


def ask(client, number=NUMBER, **headers):
    return client.submit(PAGE, PAGE, phone=number, **headers)


def codes():
    """(recipient, code) of each code that was sent."""
    return [(one.to, one.values["code"]) for one in queued("phone_code")]


def type_in(client, code):
    return client.submit(CODE_PAGE, CODE_PAGE, code=code)


def account_of(client):
    return Account.get_by_id(client.account.id)


def other_than(code):
    return f"{(int(code) + 1) % 10**6:06d}"
