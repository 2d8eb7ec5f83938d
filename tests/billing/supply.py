"""Premises with readings, and the run, as the tests of billing want them."""

from datetime import date

from app.billing.run import run
from app.bills.models import Bill
from app.tariff.table import seoul
from tests import make

KEY = b"tests-only-bill-code-key-of-many-signs"
TODAY = date(2026, 11, 12)


def day(text):
    return date.fromisoformat(text)


def supplied(number="012345678", installed_on=date(2026, 6, 28), start_m3=100, **values):
    """A premises with one meter."""
    premises = make.premises(number=number, **values)
    make.meter(premises=premises, installed_on=installed_on, start_m3=start_m3)
    return premises


def read(premises, on, m3, kind="regular"):
    make.reading(premises=premises, read_on=day(on), reading_m3=m3, kind=kind)


def bill_all(month="2026-11", table=None, today=None):
    """Run a month; on its twelfth day unless another is given."""
    return run(month, table or seoul(), KEY, today or day(f"{month}-12"))


def settled(premises, *months):
    """Bills of these months, paid in time, before anything is read."""
    for month in months:
        make.bill(premises=premises, month=month, paid=True, current_m3=100, previous_m3=76)


def bills():
    return list(Bill.select().order_by(Bill.premises, Bill.month, Bill.revision))


def begun(number="012345678", **values):
    """A premises whose bill of 2026-09 ended on 28 August at 100 m3 and is paid."""
    premises = supplied(number, start_m3=76, **values)
    make.bill(
        premises=premises,
        month="2026-09",
        paid=True,
        from_on=day("2026-06-28"),
        to_on=day("2026-08-28"),
        previous_m3=76,
        current_m3=100,
    )
    return premises


def only(month="2026-11"):
    """The one bill of a month."""
    (found,) = [bill for bill in bills() if bill.month == month]
    return found


def lines(bill, *kinds):
    """(kind, quantity, rate, days, amount, key) of a bill's lines of these kinds."""
    return [
        (x.kind, x.quantity, x.rate, x.days, x.amount, x.key)
        for x in bill.read_lines()
        if x.kind in kinds
    ]
