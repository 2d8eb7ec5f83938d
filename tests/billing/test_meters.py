"""Bills across a change of meter, at every edge of a period."""

from datetime import date

from app.billing.run import run
from app.bills.models import Bill
from app.tariff.table import seoul
from tests import make

KEY = b"tests-only-bill-code-key-of-many-signs"


def bill_all():
    return run("2026-11", seoul(), KEY, date(2026, 11, 12))


def bills():
    return list(Bill.select().order_by(Bill.premises, Bill.month))


def read(premises, day, m3):
    make.reading(premises=premises, read_on=date.fromisoformat(day), reading_m3=m3)


def replaced(on, final_m3, started=date(2026, 8, 28)):
    """Premises whose first meter counted from 100 to `final_m3` and was replaced by one at 0."""
    home = make.premises()
    make.meter(premises=home, installed_on=started, start_m3=100, removed_on=on, final_m3=final_m3)
    make.meter(premises=home, installed_on=on, start_m3=0, serial="가상-2")
    return home


def test_a_first_bill_counts_through_a_replacement(db):
    home = replaced(date(2026, 9, 20), 140)
    read(home, "2026-10-28", 8)

    bill_all()

    assert bills()[0].usage_m3 == 40 + 8


def test_a_replacement_on_the_day_of_the_last_bill_is_counted_through(db):
    home = replaced(date(2026, 8, 28), 110, started=date(2026, 1, 1))
    make.bill(premises=home, month="2026-09", to_on=date(2026, 8, 28), current_m3=110)
    read(home, "2026-10-28", 30)

    bill_all()

    assert bills()[-1].usage_m3 == 30


def test_a_reading_of_the_day_of_a_replacement_is_the_old_meters(db):
    home = replaced(date(2026, 10, 28), 130)
    read(home, "2026-10-28", 130)

    bill_all()

    assert bills()[0].usage_m3 == 30


def test_a_new_meter_within_the_period_is_counted_through(db):
    home = make.premises()
    make.meter(
        premises=home,
        installed_on=date(2026, 8, 28),
        start_m3=100,
        removed_on=date(2026, 9, 20),
        final_m3=110,
    )
    make.meter(premises=home, installed_on=date(2026, 9, 20), start_m3=3)
    read(home, "2026-10-28", 17)
    Bill.delete().execute()
    make.bill(premises=home, month="2026-09", to_on=date(2026, 8, 28), current_m3=100)

    bill_all()

    assert bills()[-1].usage_m3 == 10 + 14
