"""The vectors of the reference, from readings through a real run."""

from datetime import date, timedelta

import pytest

from app.clock import add_months, first_day
from app.supply.models import Premises
from tests import make
from tests.billing.supply import bill_all, bills, only, read


def used(month, m3, months=2, **values):
    """A premises that used m3 in the whole months before a billing month, after a bill before."""
    last, first = first_day(month), first_day(add_months(month, -months))
    one = timedelta(days=1)
    home = make.premises(number="012345678", billing_months=months, **values)
    make.meter(premises=home, installed_on=date(2000, 1, 1))
    make.bill(
        premises=home,
        month="2026-09",
        from_on=first - timedelta(days=62),
        to_on=first - one,
        previous_m3=0,
        current_m3=100,
        paid=True,
    )
    bills()[0].update(month=add_months(month, -months)).execute()
    read(home, (last - one).isoformat(), 100 + m3)
    return home


@pytest.mark.parametrize(
    ("month", "m3", "months", "households", "water", "sewer", "levy"),
    [
        ("2026-11", 0, 2, 1, 2160, 0, 0),  # D0
        ("2026-11", 24, 2, 1, 16080, 11520, 4080),  # D1
        ("2026-11", 70, 2, 3, 42520, 33400, 11900),  # D4, each part cut
        ("2026-11", 12, 1, 1, 8040, 5760, 2040),  # D5
        ("2010-06", 100, 2, 1, 42960, 24800, 16000),  # P4
        ("2014-05", 31, 1, 1, 360 * 30 + 550 + 1080, 9700, 5270),  # P1
        ("2025-11", 12, 2, 1, 2160 + 12 * 580, 4800, 2040),  # P2 before
        ("2026-05", 12, 2, 1, 2160 + 12 * 580, 5760, 2040),  # P2 after
        ("2021-06", 24, 1, 1, 1080 + 8640, 9600, 4080),  # P7, P8 before
        ("2021-09", 24, 1, 1, 1080 + 8640 + 720, 9600, 4080),  # P8 after
    ],
)
def test_a_bill_of_the_reference_comes_out_of_its_readings(
    db, month, m3, months, households, water, sewer, levy
):
    used(month, m3, months, households=households)

    assert bill_all(month).refused == []

    found = only(month)
    assert (found.water, found.sewer, found.levy) == (water, sewer, levy)
    assert found.total == water + sewer + levy


@pytest.mark.parametrize(("m3", "discount"), [(20, 200), (100, 420)])
def test_the_e_bill_discount_comes_out_of_the_run(db, m3, discount):  # P6, P4
    home = used("2010-06", m3)
    make.reduction(premises=home, code="ebill", started_on=date(2009, 1, 1))

    bill_all("2010-06")

    assert only("2010-06").discount == discount


def test_the_wrong_method_of_one_newspaper_is_not_used(db):  # P1n
    used("2014-05", 31, 1)

    bill_all("2014-05")

    assert only("2014-05").sewer != 21_700
    assert Premises.select().count() == 1
