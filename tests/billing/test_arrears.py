"""What is unpaid or was paid late shows on the next bill, once, and not for ever."""

from datetime import date, timedelta

import pytest

from app.billing.models import LateFee
from app.bills.models import Bill
from app.tariff.late import late_fee
from app.tariff.table import seoul
from tests import make
from tests.billing.supply import TODAY, begun, bill_all, bills, day, lines, only, read

RULE = seoul().rules.late_fee


def owing(paid_on=None, month="2026-09", **values):
    """A premises whose bill of 2026-09 (31,680 won, due 30 September) was not paid in time."""
    home = begun(**values)
    paid_at = make.noon(day(paid_on)) if paid_on else None
    Bill.update(paid_at=paid_at).where(Bill.month == month).execute()
    return home


def planned(home, agreed_on, due_on):
    """The first part, 20,000 won, of a plan for the bill of 2026-09."""
    make.instalment(
        premises=home,
        month="2026-09",
        due_on=due_on,
        amount=20_000,
        agreed_at=make.noon(agreed_on),
    )


@pytest.mark.parametrize(
    ("unpaid", "month", "due_on", "days_late", "won"),
    [
        (31_680, "2026-01", "2026-01-31", 10, 330),  # 339.43, cut below 10 won
        (31_680, "2026-01", "2026-01-31", 28, 950),
        (31_680, "2026-01", "2026-01-31", 40, 950),
        (100_000, "2026-09", "2026-09-30", 15, 1_450),
        (100_000, "2026-09", "2026-09-30", 0, 0),
        (100_000, "2026-09", "2026-09-30", -3, 0),
    ],
)
def test_a_late_fee_grows_by_days_to_three_percent(unpaid, month, due_on, days_late, won):
    due = day(due_on)

    assert late_fee(RULE, unpaid, month, due, due + timedelta(days=days_late)).amount == won


def test_what_is_unpaid_after_a_month_brings_the_whole_fee(db):
    home = owing()
    read(home, "2026-10-28", 124)

    bill_all()

    assert lines(only(), "late") == [("late", 31_680, 3, 31, 950, "2026-09")]
    assert (only().late_fee, only().total, only().arrears) == (950, 31_680 + 950, 31_680)


def test_what_was_paid_late_brings_the_fee_of_its_days_and_no_arrears(db):
    home = owing(paid_on="2026-10-15")
    read(home, "2026-10-28", 124)

    bill_all()

    assert lines(only(), "late") == [("late", 31_680, 3, 15, 450, "2026-09")]
    assert only().arrears == 0


def test_what_was_paid_on_the_due_date_brings_no_fee(db):
    home = owing(paid_on="2026-09-30")
    read(home, "2026-10-28", 124)

    bill_all()

    assert (only().late_fee, only().arrears) == (0, 0)


def test_a_fee_is_charged_once_and_not_on_a_fee(db):
    home = owing()
    read(home, "2026-10-28", 124)
    read(home, "2026-12-28", 148)

    bill_all()
    bill_all("2027-01")

    fees = [(fee.month, fee.charged_in, fee.amount) for fee in LateFee.select()]
    assert sorted(fees) == [("2026-09", "2026-11", 950), ("2026-11", "2027-01", 950)]
    assert only("2027-01").arrears == 31_680 + only("2026-11").total


def test_a_fee_that_still_grows_waits_for_the_bill_after_the_next(db):
    home = owing(billing_months=1)
    Bill.update(months=1).execute()
    read(home, "2026-09-28", 110)
    read(home, "2026-10-28", 120)

    bill_all("2026-10")
    bill_all("2026-11")

    assert [(bill.month, bill.late_fee) for bill in bills()[1:]] == [
        ("2026-10", 0),
        ("2026-11", 950),
    ]
    assert only("2026-10").arrears == 31_680


def test_a_due_date_that_moved_over_holidays_moves_the_beginning_of_the_fee():
    fee = late_fee(RULE, 100_000, "2017-09", date(2017, 10, 10), date(2017, 10, 20))

    assert (fee.days, fee.of_days) == (10, 31)


def test_a_bill_that_was_made_late_counts_the_days_of_the_month_after_its_due_date():
    fee = late_fee(RULE, 100_000, "2026-10", date(2026, 11, 19), date(2026, 12, 30))

    assert (fee.days, fee.of_days) == (31, 31)


def test_army_units_pay_no_fee(db):
    home = owing()
    make.reduction(premises=home, code="military")
    read(home, "2026-10-28", 124)

    bill_all()

    assert (only().late_fee, only().arrears) == (0, 31_680)


def test_after_three_years_nothing_is_asked_any_more(db):  # W-ORD art. 34
    home = begun()
    make.bill(premises=home, month="2023-09")
    make.bill(premises=home, month="2024-01")
    Bill.update(paid_at=None).where(Bill.month == "2026-09").execute()
    Bill.update(arrears=1).where(Bill.month == "2026-09").execute()
    read(home, "2026-10-28", 124)

    bill_all()

    asked = {x.key for x in only().read_lines() if x.kind == "late"}
    newer = Bill.get((Bill.premises == home) & (Bill.month == "2024-01"))
    assert asked == {"2024-01", "2026-09"}
    assert only().arrears == newer.total + 31_680


def test_what_is_paid_by_instalments_is_neither_late_nor_in_arrears(db):
    home = owing()
    planned(home, day("2026-09-20"), day("2026-11-30"))
    read(home, "2026-10-28", 124)

    bill_all()

    assert (only().late_fee, only().arrears) == (0, 0)


def test_a_plan_of_which_a_part_is_late_puts_the_rest_in_arrears(db):
    home = owing()
    planned(home, day("2026-09-20"), day("2026-10-31"))
    make.instalment(
        premises=home, month="2026-09", position=2, amount=11_680, paid_at=make.noon(TODAY)
    )
    read(home, "2026-10-28", 124)

    bill_all()

    assert only().arrears == 20_000


def test_a_plan_that_came_late_leaves_the_fee_of_the_days_before_it(db):
    home = owing()
    planned(home, day("2026-10-10"), day("2026-11-30"))
    read(home, "2026-10-28", 124)

    bill_all()

    assert lines(only(), "late") == [("late", 31_680, 3, 10, 300, "2026-09")]


def test_the_next_user_hears_nothing_of_the_debts_before(db):
    home = owing()
    make.occupancy(premises=home, started_on=day("2026-09-01"))
    read(home, "2026-10-28", 124)

    bill_all()

    assert (only().late_fee, only().arrears) == (0, 0)


def test_after_a_settlement_the_next_bills_say_nothing_of_what_it_left(db):
    home = begun()
    read(home, "2026-10-10", 112, "final")
    read(home, "2026-10-28", 115)
    read(home, "2026-12-28", 125)

    bill_all()
    bill_all("2027-01")

    newest = only("2027-01")
    assert {line.key for line in newest.read_lines() if line.kind == "late"} == {"2026-11"}
    assert newest.arrears == only("2026-11").total


def test_an_old_debt_is_not_forgotten_because_the_last_bill_was_paid(db):
    home = begun()
    make.bill(premises=home, month="2026-07", to_on=day("2026-06-28"))
    read(home, "2026-10-28", 124)

    bill_all()

    assert (only().arrears, only().late_fee) == (31_680, 950)


def test_what_is_not_due_yet_is_not_in_arrears(db):
    home = begun(billing_months=1)
    Bill.update(months=1, due_on=TODAY, paid_at=None).execute()
    read(home, "2026-09-28", 110)

    bill_all("2026-10", today=TODAY)

    assert only("2026-10").arrears == 0


def test_a_bill_that_was_paid_too_much_stops_nobody(db):
    home = begun()
    Bill.update(paid_at=None, paid_before=50_000).execute()
    read(home, "2026-10-28", 124)

    assert bill_all().refused == []

    assert only().arrears == 0


def test_of_a_corrected_bill_only_the_newest_document_is_in_arrears(db):
    home = owing()
    first = only("2026-09")
    period = {"from_on": first.from_on, "to_on": first.to_on, "current_m3": 100}
    make.bill(premises=home, month="2026-09", revision=1, usage_m3=12, **period)
    read(home, "2026-10-28", 124)

    bill_all()

    corrected = Bill.get((Bill.month == "2026-09") & (Bill.revision == 1))
    assert only().arrears == corrected.total < 31_680
