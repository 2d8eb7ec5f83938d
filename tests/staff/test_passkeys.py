"""Passkeys of staff: both factors at once, by the same checks as those of customers (S-20)."""

import pytest

from app.staff.keys import StaffPasskey
from tests import make, outbox
from tests.authenticator import Authenticator
from tests.markup import Page
from tests.passkeys.steps import with_passkey


def token(client, path="/staff/login"):
    page = Page(client.get(path).text)
    return (page.form() or page.form("/staff/logout") or page.form("/staff/passkeys/add"))[
        "csrf_token"
    ]


def ask(client, use, path):
    data = {"csrf_token": token(client, path)}
    return client.post(f"/staff/passkeys/{use}/challenge", data=data).json


def add(client, device):
    answer = device.add(ask(client, "add", "/staff/passkeys/add"))
    data = {"csrf_token": token(client, "/staff/passkeys/add"), "answer": answer, "name": "보안키"}
    return client.post("/staff/passkeys/add", data=data)


def enter(client, device, use="sign_in", path="/staff/login"):
    answer = device.sign(ask(client, use, path))
    data = {"csrf_token": token(client, path), "answer": answer}
    return client.post(f"/staff/passkeys/{use}", data=data)


@pytest.fixture
def device(at_desk):
    client = at_desk("clerk")
    found = Authenticator()
    assert add(client, found).location == "/staff/me/?done=passkey"
    found.owner = client.member
    return found


def test_a_passkey_signs_in_with_both_factors(app, device):
    browser = app.test_client()

    assert enter(browser, device).location == "/staff/"
    assert browser.get("/staff/customers/").status_code == 200
    assert "staff_changed" in [one.kind for one in outbox.queued()]


def test_a_customers_passkey_opens_no_desk(app, signed_in):
    customer, _row = with_passkey(signed_in)

    assert enter(app.test_client(), customer).status_code == 422


def test_a_staff_passkey_opens_no_customers_page(app, device):
    from tests.passkeys.steps import sign_in_with

    assert sign_in_with(app.test_client(), device).status_code == 422


@pytest.mark.parametrize("wrong", ["origin", "rp_id", "flags", "count"])
def test_a_wrong_answer_opens_nothing(app, device, wrong):
    enter(app.test_client(), device)
    changes = {"origin": "https://evil.example", "rp_id": "evil.example", "flags": 1, "count": 0}
    setattr(device, wrong, changes[wrong])
    browser = app.test_client()

    assert enter(browser, device).status_code == 422
    assert browser.get("/staff/").status_code == 303


def test_an_answer_is_good_once(app, device):
    browser = app.test_client()
    answer = device.sign(ask(browser, "sign_in", "/staff/login"))
    data = {"csrf_token": token(browser), "answer": answer}
    browser.post("/staff/passkeys/sign_in", data=data)

    other = app.test_client()
    replayed = {"csrf_token": token(other), "answer": answer}
    assert other.post("/staff/passkeys/sign_in", data=replayed).status_code == 422


def test_another_members_passkey_is_no_second_factor(client, app, device, clock_at):
    member = make.member("clerk")
    client.submit("/staff/login", email=member.email, password=make.PASSPHRASE)

    assert enter(client, device, "proof", "/staff/second").status_code == 422


def test_who_has_gone_does_not_come_in_by_passkey(app, device):
    device.owner.disabled_at = make.LONG_AGO
    device.owner.save()

    assert enter(app.test_client(), device).status_code == 422


def test_the_only_second_factor_cannot_be_removed(at_desk):
    member = make.member("clerk", totp_secret="")
    key = make.staff_passkey(member=member)
    client = at_desk(member=member)

    answer = client.submit("/staff/me/", f"/staff/me/passkeys/{key.reference}/removal")

    assert answer.location == "/staff/me/?done=last"
    assert StaffPasskey.of(member.id).count() == 1
    make.staff_passkey(member=member)
    client.submit("/staff/me/", f"/staff/me/passkeys/{key.reference}/removal")
    assert StaffPasskey.of(member.id).count() == 1
