"""Guessing the code that went to the contact on file: however many accounts and browsers do it."""

from datetime import date

from app.accounts.models import digest
from app.accounts.tokens import Code
from app.homes.contact import Asking, Claim, subject
from app.limits import Limit
from app.supply.tenancies import running
from tests import make
from tests.homes.conftest import NUMBER, by_contact, last_code, queued
from tests.homes.test_contact import enter, other


def test_a_code_that_was_not_sent_because_there_were_enough_is_not_good(sign_in, place):
    """Else it could be guessed without anybody being told."""
    for n in range(5):
        by_contact(sign_in(make.account()), source=f"192.0.2.{n}")
    client = sign_in(make.account())
    by_contact(client, source="192.0.2.9")

    everything = Code.select().where(Code.browser_hash != "").order_by(Code.expires_at)
    subjects = [code.subject for code in everything]
    assert (len(queued("home_code")), len(subjects)) == (5, 6)
    asking = Asking(client.account, browser_of(client), client.application.config["SECRET_KEY"])
    sent_to = running(place.id, date(2026, 11, 20))[0]
    about = subject(asking, Claim(NUMBER, "김보기"), sent_to)
    assert digest(about) not in subjects


def browser_of(client):
    with client.session_transaction() as session:
        return session["browser"]


def test_twenty_wrong_codes_for_a_home_are_enough_for_a_day(sign_in, place, clock_at):
    """Whoever types them; the next day begins anew."""
    for n in range(4):
        client = sign_in(make.account())
        by_contact(client, source=f"192.0.2.{n}")
        for _ in range(5):
            enter(client, other(last_code()))
    late = sign_in(make.account())
    by_contact(late, source="192.0.2.9")

    assert enter(late, last_code()).status_code == 422
    clock_at("2026-11-21 00:00")
    again = sign_in(make.account())
    by_contact(again)
    assert enter(again, last_code()).status_code == 303


def test_right_codes_and_codes_that_nobody_sent_are_not_counted(sign_in, place):
    """Nobody without a code can keep a household from using theirs."""
    stranger = sign_in(make.account())
    by_contact(stranger, source="192.0.2.7")
    for _ in range(25):
        enter(stranger, "000000")
    assert Limit.get(Limit.kind == "home code wrong").count == 5

    guest = sign_in(make.account())
    by_contact(guest)
    assert enter(guest, last_code()).status_code == 303
    assert Limit.get(Limit.kind == "home code wrong").count == 5
