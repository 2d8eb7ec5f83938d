"""Somebody with something under every topic."""

from datetime import date

import pytest

from app.audit import trail
from app.audit.trail import About, Actor
from app.supply.models import Occupancy
from tests import make
from tests.passkeys.steps import strong

PHONE = "+821098765432"


@pytest.fixture
def now(clock_at):
    clock_at("2026-11-26 12:00")


@pytest.fixture
def me(sign_in, now):
    """The client of a holder whose home, bills, papers and messages are all there."""
    account = make.account(name="한나래", email="narae@example.com", phone="+821012345678")
    client = strong(sign_in(account))
    place = make.premises(number="012345678", meter_place="뒷마당")
    client.place = place
    client.home = make.home(account=account, premises=place, level=2, name="바닷가 집")
    contact = Occupancy.with_phone(PHONE)
    make.occupancy(
        premises=place,
        name="한나래",
        email="file@example.com",
        billing_address="청구지 7",
        **contact,
    )
    make.home(premises=place, account=make.account(name="김철수"), role="viewer")
    make.bill(premises=place, month="2026-11", usage_m3=31)
    make.reading(premises=place, read_on=date(2026, 10, 28), reading_m3=1031)
    make.reduction(premises=place, code="basic_livelihood")
    make.daily_use(premises=place, day=date(2026, 11, 18), litres=777)
    make.document(account=account, premises=place, number="DCMNT2345678")
    make.home_event(account=account, premises=place, actor="account 1, bill 2026-11/0, HOMEREF234")
    make.home_request(account=account, reason="집을 샀다고 썼습니다.")
    make.rights_request(account=account, about="청구지를 고쳐 주십시오.")
    make.consent(account=account, code="news", version="2026-11-22", channel="mail")
    make.notice_choice(account=account)
    make.outage_alert(account=account)
    payer = {"account_id": account.id, "name": account.name, "email": account.email}
    make.payment(attempt=make.attempt(state="paid", **payer), card="4330****123*")
    reported = make.complaint(account=account, name="한나래")
    make.complaint_event(complaint=reported)
    make.complaint_photo(complaint=reported)
    make.push_subscription(account=account, agent="Safari · iPhone")
    make.passkey(account=account, name="내 열쇠")
    make.device(account=account)
    make.message(account_id=account.id, recipient="narae@example.com", state="sent")
    return client


@pytest.fixture
def clerk(db):
    return make.member("clerk", name="박비밀", office="093")


def looked(member, action="customer.seen", **about):
    """A member of staff looks at somebody."""
    from app import clock

    details = {"reason": about.pop("reason")} if "reason" in about else {}
    actor = Actor("staff", member.id, member.name, "093")
    return trail.record(actor, action, About(**about), now=clock.now(), details=details)
