"""The secret address of a home's calendar: it ends with the account, and can be renewed."""

import pytest

from app import clock
from app.accounts.models import Account
from tests import make

MINE = "/outages/mine"


@pytest.fixture
def home(signed_in):
    return make.home(account=signed_in.account, name="우리집")


def address(client):
    """Of the first home on the page."""
    page = client.get(MINE).text
    return "/outages/home/" + page.split("/outages/home/")[1].split('"')[0]


def test_a_calendar_ends_when_its_account_is_disabled(client, signed_in, home):
    link = address(signed_in)
    assert client.get(link).status_code == 200

    mine = Account.id == signed_in.account.id
    Account.update(disabled_at=clock.now()).where(mine).execute()

    assert client.get(link).status_code == 404


def test_who_renews_the_address_shuts_out_whoever_knew_it(client, signed_in, home):
    before = address(signed_in)

    for _ in range(2):
        answer = signed_in.submit(MINE, f"{MINE}/{home.reference}/calendar")
    after = address(signed_in)

    assert "전 주소는 이제 쓸 수 없으니" in signed_in.get(answer.location).text
    assert client.get(after).status_code == 200
    assert client.get(before).status_code == 404
