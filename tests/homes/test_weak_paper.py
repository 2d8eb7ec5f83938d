"""Papers that prove nothing to who holds them: issued after somebody left, or used up by them."""

from datetime import date

import pytest

from app.supply.models import Home
from tests import make
from tests.homes.conftest import CODE, by_contact, by_paper, last_code, send
from tests.homes.test_paper import without_token


def refusal(client, code):
    """The answer to a code, without the code."""
    status, text = without_token(by_paper(client, code=code))
    return status, text.replace(code, "")


def test_the_final_bill_of_who_left_opens_nothing_to_who_lives_there_now(sign_in, place, former):
    """It was issued after they had left, and lay in the next one's letter box."""
    window = {"from_on": date(2026, 6, 28), "to_on": date(2026, 8, 29)}
    make.bill(premises=place, month="2026-09", code=CODE, **window, issued_on=date(2026, 8, 30))
    answers = [refusal(sign_in(make.account()), code) for code in (CODE, "2222222222")]

    assert answers[0] == answers[1]
    assert (answers[0][0], Home.select().count()) == (422, 0)


def test_a_bill_of_the_last_day_still_came_to_who_left(signed_in, place, former):
    make.bill(premises=place, month="2026-07", code=CODE, issued_on=date(2026, 8, 29))

    assert by_paper(signed_in).status_code == 303


@pytest.fixture
def ended(sign_in, bill):
    """Somebody who linked with a bill, and whose link the holder then ended."""
    holder, guest = sign_in(make.account()), sign_in(make.account())
    mine = make.home(account=holder.account, premises=bill.premises, level=2)
    by_paper(guest)
    theirs = Home.get(Home.account == guest.account)
    send(holder, f"/homes/{mine.reference}/people/{theirs.reference}/ending")
    return guest


def test_whose_link_the_holder_ended_does_not_come_back_with_the_same_paper(ended, sign_in):
    assert refusal(ended, CODE) == refusal(ended, "2222222222")
    assert Home.select().where(Home.account == ended.account).count() == 0
    assert by_paper(sign_in(make.account())).status_code == 303


def test_a_newer_bill_or_a_code_brings_them_back(ended, bill, clock_at, sign_in):
    for issued_on, month in ((date(2026, 11, 20), "2026-12"), (date(2026, 11, 21), "2027-01")):
        code = month.replace("-", "").replace("0", "Z").replace("1", "Y") + "2222"
        make.bill(premises=bill.premises, month=month, code=code, issued_on=issued_on)
    clock_at("2026-11-21 10:00")
    guest = sign_in(ended.account)

    assert by_paper(guest, code="2Z26Y22222").status_code == 422
    assert by_paper(guest, code="2Z27ZY2222").status_code == 303


def test_whose_link_the_holder_ended_may_prove_to_be_the_holder(ended):
    by_contact(ended)

    assert (
        send(ended, "/homes/new/contact/code", code=last_code(), home="우리집").status_code == 303
    )


def test_who_ended_an_own_link_may_come_back_with_the_same_paper(signed_in, bill):
    by_paper(signed_in)
    send(signed_in, f"/homes/{Home.get().reference}/ending")

    assert by_paper(signed_in).status_code == 303


def test_an_account_is_linked_to_a_home_five_times_a_day(signed_in, bill):
    statuses = []
    for _ in range(6):
        statuses.append(by_paper(signed_in).status_code)
        Home.delete().execute()

    assert statuses == [303] * 5 + [422]
