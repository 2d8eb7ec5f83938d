"""What follows from bills that another system delivered: the next bill, late fees, their page."""

from app.billing.models import LateFee
from tests import make
from tests.billing.delivery import LATE, LINES, delivered, july
from tests.billing.supply import bill_all, day, lines, only, read, supplied


def test_the_run_goes_on_from_an_imported_bill(bring):
    home = supplied(start_m3=52)
    bring(july(), delivered())
    read(home, "2026-10-28", 130)

    outcome = bill_all("2026-11")

    bill = only()
    assert outcome.bills == 1
    assert (bill.from_on, bill.previous_m3, bill.usage_m3, bill.months) == (
        day("2026-08-28"), 100, 30, 2
    )  # fmt: skip
    assert (bill.arrears, bill.late_fee) == (0, 0)


def test_an_imported_bill_that_is_unpaid_is_in_arrears_and_brings_its_late_fee(bring):
    home = supplied(start_m3=76)
    bring(delivered(paid_at=""))
    read(home, "2026-10-28", 124)

    bill_all("2026-11")

    assert only().arrears == 31480
    assert lines(only(), "late") == [("late", 31480, 3, 31, 940, "2026-09")]


def test_a_late_fee_that_the_other_system_charged_is_not_charged_again(bring):
    home = supplied(start_m3=52)
    late_july = july(paid_at="2026-09-05T09:00:00+09:00")
    late_september = delivered([*LINES, LATE], total="32380", paid_at="2026-10-05T09:00:00+09:00")
    bring(late_july, late_september)
    read(home, "2026-10-28", 124)

    bill_all("2026-11")

    assert only("2026-09").late_fee == 900
    assert lines(only(), "late") == []
    fees = LateFee.select().order_by(LateFee.month)
    assert [(fee.month, fee.charged_in, fee.amount) for fee in fees] == [
        ("2026-07", "2026-09", 900),
        ("2026-09", "2026-09", 0),
    ]


def test_the_bill_page_says_that_its_lines_come_from_the_delivered_bill(bring, signed_in):
    home = supplied(start_m3=76)
    bring(july(), delivered([*LINES, LATE], total="32380"))
    make.home(
        account=signed_in.account, premises=home, reference="HOME", since_on=day("2026-01-01")
    )

    text = signed_in.get("/bills/HOME/2026-09").get_data(as_text=True)

    assert "넘겨받은 고지서" in text
    assert "?mm" not in text
