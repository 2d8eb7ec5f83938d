"""계정 없애기: told before what it means, strongly proved, one button, and everything ends."""

from pathlib import Path

import pytest

from app.accounts.models import Account, Session
from app.privacy.models import KeptRecord
from app.privacy.register import AtClose, blocks
from app.supply.models import Home
from tests import make
from tests.outbox import queued

BEFORE, CHECK = "/profile/data/closing", "/profile/data/closing/check"


def close(client):
    return client.submit(CHECK, CHECK)


def test_it_says_before_what_ends_and_what_stays_for_how_long(me):
    page = me.get(BEFORE).text

    for block in blocks().values():
        if block.topic and block.at_close is AtClose.DELETE:
            assert block.title["ko"] in page
        if block.topic and block.because:
            assert block.said(block.because) in page
    assert "3년 동안 따로 보관합니다(민법 제766조)" in page
    assert "내지 않은 요금은 계정이 아니라 집에 남습니다" in page
    assert "답을 기다리는 요청이 1건" in page
    assert f'href="{CHECK}"' in page


def test_it_speaks_english(me):
    page = me.get(f"{BEFORE}?lang=en").text

    assert "kept apart for 3 years (Civil Act, article 766)" in page
    assert "Unpaid bills belong to the home" in page


def test_closing_ends_everything_at_once(me, sign_in):
    elsewhere = sign_in(me.account)

    answer = close(me)

    assert (answer.status_code, answer.location) == (303, "/profile/data/closed")
    assert "계정을 없앴습니다" in me.get(answer.location).text
    for client in (me, elsewhere):
        assert client.get("/bills/").status_code == 303
    assert not Session.select().where(Session.account == me.account).exists()
    assert not Home.select().where(Home.account == me.account).exists()
    assert Account.get_by_id(me.account.id).name == ""
    assert {record.what for record in KeptRecord.select()} == {
        "consents",
        "home_events",
        "rights_requests",
    }


def test_a_last_mail_says_so(me):
    close(me)

    (mail,) = queued("account_closed")
    assert (mail.to, mail.values["when"]) == ("narae@example.com", "2026. 11. 26. 12:00")


def test_bills_readings_and_the_office_s_record_stay_with_the_home(me):
    before = {
        table: make_count(table) for table in ("bills", "readings", "daily_uses", "occupancies")
    }

    close(me)

    assert {table: make_count(table) for table in before} == before
    assert all(before.values())


def make_count(table):
    from app.privacy.register import models

    return models()[table].select().count()


def test_others_of_the_same_home_keep_their_links(me):
    others = Home.select().where(Home.account != me.account).count()

    close(me)

    assert Home.select().count() == others == 1


def test_papers_go_from_the_disk_too(app, me):
    folder = Path(app.config["DATA_DIR"], "pdf")
    folder.mkdir(exist_ok=True)
    file = folder / "DCMNT2345678-ko-0123456789abcdef.pdf"
    file.write_bytes(b"%PDF %%EOF")

    close(me)

    assert not file.exists()


def test_looking_changes_nothing(me):
    for path in (BEFORE, CHECK, "/profile/data/closed"):
        assert me.get(path).status_code == 200

    assert Account.get_by_id(me.account.id).closed_at is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_password_alone_closes_nothing(sign_in, now, method):
    client = sign_in(make.account())
    token = client.get("/profile/").text.split('name="csrf_token" value="')[1].split('"')[0]

    answer = getattr(client, method)(CHECK, data={"csrf_token": token})

    assert answer.location.startswith("/login/again?")
    assert Account.get_by_id(client.account.id).closed_at is None


def test_a_proof_of_some_minutes_ago_closes_nothing(me, clock_at):
    token = me.get(CHECK).text.split('name="csrf_token" value="')[1].split('"')[0]
    clock_at("2026-11-26 12:06")

    answer = me.post(CHECK, data={"csrf_token": token})

    assert answer.location.startswith("/login/again?")
    assert Account.get_by_id(me.account.id).closed_at is None


def test_somebody_who_closed_can_neither_sign_in_nor_get_a_new_password(client, me):
    close(me)

    fields = {"email": "narae@example.com", "password": make.PASSPHRASE}
    assert client.submit("/login", **fields).status_code == 422
    client.submit("/recovery/", "/recovery/", email="narae@example.com")
    assert not queued("reset")


def test_the_number_of_a_closed_account_is_nobody_to_sign_in_with(client, me):
    close(me)

    fields = {"email": f"closed-{me.account.id}@closed.invalid", "password": "-" * 15}
    assert client.submit("/login", **fields).status_code == 422
