"""Finished bills of another system: a bill comes whole or not at all, and only once."""

import csv
import gzip

import pytest

from app import clock
from app.billing import imported
from app.billing.delivered import COLUMNS, OPTIONAL
from app.bills.models import Bill
from app.supply.files import FileError
from app.tariff.lines import Line
from tests import make
from tests.billing.delivery import LATE, LINES, delivered, july, write
from tests.billing.supply import KEY, bill_all, bills, day, read, supplied


def rejects(progress):
    """(line, reason) of what was refused."""
    with progress.rejects.open(encoding="utf-8") as file:
        return [(int(row["line"]), row["reason"]) for row in csv.DictReader(file)]


def test_a_bill_is_stored_with_its_own_lines_and_sums(bring):
    home = supplied(start_m3=76)

    progress = bring(delivered())

    (bill,) = bills()
    assert progress[:4] == (6, 6, 0, 0)
    assert (bill.premises_id, bill.month, bill.from_on) == (home.id, "2026-09", day("2026-06-28"))
    assert (bill.water, bill.sewer, bill.levy, bill.discount) == (16080, 11520, 4080, 200)
    assert (bill.total, bill.late_fee, bill.arrears, bill.usage_m3) == (31480, 0, 0, 24)
    assert bill.read_lines()[0] == Line("water", "base", 2, 1080, 61, 61, 2160, "base-old")
    assert bill.read_lines()[3].quantity == 240
    assert bill.paid_at == make.noon(day("2026-09-28")).replace(hour=9)


def test_its_code_is_the_one_that_the_run_would_print(bring):
    home = supplied(start_m3=76)
    read(home, "2026-08-28", 100)
    bill_all("2026-09")
    made = bills()[0].code
    Bill.delete().execute()

    bring(delivered())

    assert bills()[0].code == made


def test_the_same_file_and_the_same_bill_in_another_file_change_nothing(bring):
    supplied(start_m3=76)
    bring(delivered())

    again = bring(delivered())
    with_more = bring(delivered(), july(), name="more.csv")

    assert again[:4] == (6, 0, 6, 0)
    assert with_more[:4] == (12, 6, 6, 0)
    assert [bill.month for bill in bills()] == ["2026-07", "2026-09"]


def test_a_bill_may_come_in_a_zipped_file_of_korean_windows_without_the_optional_columns(
    db, tmp_path
):
    supplied(start_m3=76)
    columns = [name for name in COLUMNS if name not in OPTIONAL]
    kept = [[*line[:16], *line[17:-1]] for line in delivered()]
    plain = write(tmp_path / "x.csv", kept, columns=columns).read_text("utf-8")
    path = tmp_path / "bills.csv.gz"
    path.write_bytes(gzip.compress(plain.replace("amount", "amount,비고", 1).encode("cp949")))

    progress = imported.import_file(KEY, path, day("2026-11-22"), clock.now())

    assert progress.accepted == 6
    assert bills()[0].paid_at is None
    assert progress.ignored_columns == ["비고"]


WRONG = [
    ({"total": "31490"}, "the lines come to 31480 won, the bill says 31490"),
    ({"customer_number": "12345678"}, "nine digits"),
    ({"customer_number": "999999999"}, "no premises has this customer number"),
    ({"month": "2026-13"}, "the month must be written YYYY-MM"),
    ({"from_on": "28.6.2026"}, "from_on must be written YYYY-MM-DD"),
    ({"to_on": "2026-06-28"}, "must follow each other"),
    ({"due_on": "2026-09-01"}, "must follow each other"),
    ({"issued_on": "2026-11-23", "due_on": "2026-11-30"}, "issued_on lies in the future"),
    ({"usage_m3": "-1"}, "usage_m3 must be a whole number"),
    ({"usage_m3": "24.5"}, "usage_m3 must be a whole number"),
    ({"months": "0"}, "months must be a whole number from 1"),
    ({"households": "0"}, "households must be a whole number from 1"),
    ({"water_class": "palace"}, "water_class must be one of household"),
    ({"kind": "guess"}, "kind must be one of regular"),
    ({"paid_at": "2026-09-28T09:00:00"}, "with its offset"),
    ({"paid_at": "2026-11-24T09:00:00+09:00"}, "paid_at lies in the future"),
    ({"paid_at": "9999-12-31T23:59-09:00"}, "paid_at lies in the future"),
    ({"paid_at": "0001-01-01T00:00+09:00"}, "paid_at lies before 1900"),
    ({"from_on": "0001-01-01"}, "from_on must be written YYYY-MM-DD, from 1900 on"),
    ({"due_on": "9999-12-31"}, "due_on lies more than two years ahead"),
    ({"month": "2099-12"}, "the month lies more than two years ahead"),
]


@pytest.mark.parametrize(("changes", "reason"), WRONG)
def test_a_bill_with_a_wrong_value_is_refused_in_all_its_lines(bring, changes, reason):
    supplied(start_m3=76)

    progress = bring(delivered(**changes))

    found = rejects(progress)
    assert [line for line, _ in found] == [2, 3, 4, 5, 6, 7]
    assert all(reason in said for _, said in found)
    assert bills() == []


WRONG_LINES = [
    ("water", "base", "2", "1080", "61", "61", "-2160", ""),
    ("water", "usage", "24", "580", "61", "61", "-5", ""),
    ("water", "usage", "24.55", "580", "61", "61", "5", ""),
    ("water", "usage", "24", "580", "62", "61", "5", ""),
    ("water", "usage", "24", "5.8", "61", "61", "5", ""),
    ("water", "usage", "24", "580", "61", "61", "5", "a rule"),
    ("water", "usage", "24", "580", "61", "61", "5", 'a"b'),
    ("water", "usage", "24", "580", "61", "61", "", ""),
    ("water", "discount", "0", "1", "0", "0", "200", ""),
    ("water", "cut", "0", "0", "0", "0", "3", ""),
    ("sewer", "base", "2", "1080", "61", "61", "2160", ""),
    ("tax", "usage", "2", "1080", "61", "61", "2160", ""),
    ("late", "late", "30000", "3", "31", "31", "900", ""),
    ("late", "late", "30000", "3", "31", "31", "900", "2026-09"),
    ("late", "late", "30000", "3", "31", "31", "-900", "2026-07"),
]


@pytest.mark.parametrize("line", WRONG_LINES, ids=lambda line: "-".join(line))
def test_a_wrong_line_takes_its_bill_along_and_no_other(bring, line):
    supplied(start_m3=76)
    wrong = [*LINES, line]
    total = sum(int(one[6] or 0) for one in wrong)

    progress = bring(july(), delivered(wrong, total=str(total)))

    found = rejects(progress)
    assert [number for number, _ in found] == [8, 9, 10, 11, 12, 13, 14]
    assert found[0][1] == "another line of this bill is wrong (line 14)"
    assert "another line" not in found[-1][1]
    assert [bill.month for bill in bills()] == ["2026-07"]


def test_a_line_that_ends_too_early_takes_its_bill_along(bring):
    supplied(start_m3=76)

    progress = bring([*delivered()[:5], delivered()[5][:20]])

    assert [number for number, _ in rejects(progress)] == [2, 3, 4, 5, 6, 7]
    assert rejects(progress)[-1][1] == "a column is missing on this line"


def test_lines_that_disagree_on_their_bill_are_refused(bring):
    supplied(start_m3=76)
    mixed = [*delivered(LINES[:3]), *delivered(LINES[3:], usage_m3="25")]

    progress = bring(mixed)

    assert {reason for _, reason in rejects(progress)} == {
        "the lines of this bill do not agree on what it says as a whole"
    }


def test_a_discount_above_its_part_is_refused(bring):
    supplied(start_m3=76)
    off = ("levy", "discount", "0", "0", "", "", "-4090", "")

    progress = bring(delivered([*LINES, off], total="27390"))

    assert rejects(progress)[0][1] == "the discounts of part levy are more than the part"


@pytest.mark.parametrize(
    "other",
    [
        {"month": "2026-08", "from_on": "2026-06-27"},
        {"month": "2026-10", "from_on": "2026-08-27", "to_on": "2026-08-30"},
        {"month": "2026-10", "from_on": "2026-04-28", "to_on": "2026-06-28"},
    ],
)
def test_a_period_that_overlaps_another_bill_is_refused(bring, other):
    supplied(start_m3=76)

    progress = bring(delivered(), delivered(**other))

    assert {reason for _, reason in rejects(progress)} == {
        "the period overlaps, or is out of order with, the bill of 2026-09"
    }
    assert len(bills()) == 1


def test_a_bill_over_days_that_the_run_has_billed_is_refused(bring):
    home = supplied(start_m3=76)
    read(home, "2026-10-28", 124)
    bill_all("2026-11")

    progress = bring(delivered())

    assert "the bill of 2026-11" in rejects(progress)[0][1]


def test_another_bill_of_the_same_month_is_refused(bring):
    supplied(start_m3=76)
    bring(delivered())

    stored = bring(delivered(households="2"), name="other.csv")
    unpaid_then = bring(delivered(paid_at="2026-09-29T09:00+09:00"), name="paid.csv")
    twice = bring(july(), delivered(), july(households="2"), name="twice.csv")

    assert rejects(stored)[0] == (2, "another bill of this month is already there")
    assert "not paid at this moment" in rejects(unpaid_then)[0][1]
    assert rejects(twice)[0] == (14, "this file has another bill of this month")
    assert bills()[1].households == 1


def test_a_corrected_reject_file_can_be_imported(bring, tmp_path):
    supplied(start_m3=76)
    progress = bring(delivered(total="31490"))
    text = progress.rejects.read_text("utf-8").replace("31490", "31480")
    path = tmp_path / "corrected.csv"
    path.write_text(text, "utf-8")

    again = imported.import_file(KEY, path, day("2026-11-22"), clock.now())

    assert again[:5] == (6, 6, 0, 0, [])
    assert bills()[0].discount == 200


def test_a_formula_comes_back_harmless(bring):
    progress = bring(delivered(customer_number="=1+1", month="-2+3"))

    with progress.rejects.open(encoding="utf-8") as file:
        row = next(csv.DictReader(file))
    assert (row["customer_number"], row["month"]) == ("'=1+1", "'-2+3")


def test_a_file_without_a_column_is_refused(bring):
    with pytest.raises(FileError, match="column missing: total"):
        bring(delivered(), columns=["toatl" if name == "total" else name for name in COLUMNS])


def test_a_batch_is_as_good_as_many(bring, monkeypatch):
    numbers = [f"{number:09d}" for number in range(9)]
    for number in numbers:
        supplied(number, start_m3=76)
    both = [of(customer_number=number) for number in numbers for of in (july, delivered)]
    whole = bring(*both)
    before = list(Bill.select().order_by(Bill.premises, Bill.month).tuples())
    Bill.delete().execute()
    monkeypatch.setattr(imported, "BATCH", 7)

    parts = bring(*both, [], name="parts.csv", columns=[*COLUMNS, "note"])

    assert whole[:4] == parts[:4] == (108, 108, 0, 0)
    assert list(Bill.select().order_by(Bill.premises, Bill.month).tuples()) == before


def test_one_late_fee_is_not_on_two_bills(bring):
    supplied(start_m3=52)
    both = {"lines": [*LINES, LATE], "total": "32380"}
    october = {"from_on": "2026-08-28", "to_on": "2026-09-28", "due_on": "2026-10-31"}
    october |= {"month": "2026-10", "issued_on": "2026-10-12"}

    progress = bring(july(), delivered(**both), delivered(**both, **october))

    assert rejects(progress)[0][1] == "the late fee of 2026-07 is charged on another bill already"


def test_the_command_tells_what_it_did(runner, db, tmp_path, clock_at):
    clock_at("2026-11-22 09:00")
    supplied(start_m3=76)
    good = write(tmp_path / "bills.csv", delivered())
    bad = write(tmp_path / "bad.csv", delivered(total="1"))

    found = runner.invoke(args=["bills", "import", str(good)])
    refused = runner.invoke(args=["bills", "import", str(bad)])

    assert (found.exit_code, refused.exit_code) == (0, 1)
    assert "6 lines: 6 imported, 0 already there, 0 rejected" in found.output
    assert str(tmp_path / "bad.csv.rejects.csv") in refused.output
    (tmp_path / "none.csv").write_text("a,b\n")
    assert runner.invoke(args=["bills", "import", str(tmp_path / "none.csv")]).exit_code == 2
