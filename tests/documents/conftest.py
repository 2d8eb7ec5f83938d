"""A customer whose home has a bill to pay and one that was paid."""

from datetime import UTC, date, datetime

import pytest

from tests import make

PAID = datetime(2026, 9, 20, 15, 30, tzinfo=UTC)  # the 21st in Seoul


@pytest.fixture(autouse=True)
def today(clock_at):
    clock_at("2026-11-20 10:30")


@pytest.fixture
def home(signed_in):
    """A home with two bills of the signed-in customer: 31,680 won open, and an older one paid."""
    place = make.premises(number="012345678")
    found = make.home(account=signed_in.account, premises=place, reference="HOME234567")
    make.bill(premises=place, month="2026-11", usage_m3=24, due_on=date(2026, 11, 30))
    make.bill(premises=place, month="2026-09", usage_m3=30, paid_at=PAID)
    return found
