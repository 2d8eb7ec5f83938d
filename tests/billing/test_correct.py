"""A correction is a new document beside the old one; money is not moved."""

import pytest

from app.billing.correct import CorrectionError, Signed, Wanted, correct
from app.billing.instalments import PlanError, agree
from app.bills.models import Bill
from app.supply.models import Meter
from app.tariff.reductions import Grant
from app.tariff.table import seoul
from tests import make
from tests.billing.supply import KEY, TODAY, begun, bill_all, bills, day, only, read

SIGNED = Signed("지침을 잘못 읽음", "보기 담당", make.noon(TODAY))


def billed(paid=False, **values):
    """A premises whose bill of 2026-11 is for 24 m3, 31,680 won."""
    home = begun(**values)
    read(home, "2026-10-28", 124)
    bill_all()
    if paid:
        Bill.settle("2026-11", [home.id], make.noon(day("2026-11-20")))
    return home


def put_right(number="012345678", month="2026-11", signed=SIGNED, **wanted):
    return correct(number, month, Wanted(**wanted), signed, seoul(), KEY, TODAY)


def documents():
    return [bill for bill in bills() if bill.month == "2026-11"]


def test_a_correction_is_a_new_document_and_the_old_one_stays_as_it_was(db):
    billed()
    before = only()

    found = put_right(usage_m3=14)

    old, new = documents()
    assert (old.__data__, new.revision) == (before.__data__, 1)
    assert (new.usage_m3, new.total) == (14, 2160 + 14 * (580 + 480 + 170) // 10 * 10)
    assert (found.difference, found.reason, found.made_by) == (
        new.total - 31_680,
        "지침을 잘못 읽음",
        "보기 담당",
    )
    assert new.code != old.code


def test_a_wrong_reading_is_put_right_and_the_next_bill_begins_there(db):
    home = billed()

    put_right(current_m3=120)
    read(home, "2026-12-28", 140)
    bill_all("2027-01")

    assert (documents()[1].usage_m3, only("2027-01").usage_m3) == (20, 20)


def test_a_reading_that_a_later_bill_begins_with_stays(db):
    home = billed()
    read(home, "2026-12-28", 140)
    bill_all("2027-01")

    with pytest.raises(CorrectionError, match="give the use"):
        put_right(current_m3=120)


@pytest.mark.parametrize(
    ("paid", "usage_m3", "proposed"),
    [(False, 14, "none"), (True, 14, "refund"), (True, 34, "collect")],
)
def test_what_to_do_about_the_difference_is_proposed(db, paid, usage_m3, proposed):
    billed(paid)

    assert put_right(usage_m3=usage_m3).proposal == proposed


def test_too_much_paid_is_set_off_against_other_arrears_first(db):  # W-RULE art. 38
    billed(paid=True)
    Bill.update(paid_at=None).where(Bill.month == "2026-09").execute()

    assert put_right(usage_m3=14).proposal == "set_off"


def test_what_was_paid_counts_for_the_new_document(db):
    billed(paid=True)

    put_right(usage_m3=34)
    put_right(usage_m3=44)

    assert [bill.paid_before for bill in documents()] == [0, 31_680, 31_680]
    assert all(bill.paid_at is None for bill in documents()[1:])


def test_only_the_newest_document_can_be_paid(db):
    home = billed()
    put_right(usage_m3=14)

    Bill.settle("2026-11", [home.id], make.noon(day("2026-11-20")))

    assert [bill.paid_at is not None for bill in documents()] == [False, True]


def test_a_correction_keeps_grants_pauses_and_late_fees(db):
    home = begun()
    Bill.update(paid_at=None).execute()
    make.reduction(premises=home, code="ebill")
    make.pause(premises=home, started_on=day("2026-09-01"), ended_on=day("2026-09-30"))
    read(home, "2026-10-28", 124)
    bill_all()

    put_right(usage_m3=14)

    old, new = documents()
    assert (new.discount, new.late_fee) == (old.discount, old.late_fee) == (200, 950)
    assert new.water - old.water == -5800


def test_a_reduction_that_was_forgotten_is_granted(db):
    billed()

    put_right(grants=(Grant("leak", 10),))

    new = documents()[1]
    assert new.usage_m3 == 24
    assert new.discount == 2900 + 4800 + 850


def test_a_leak_reduction_may_come_with_the_waiver_of_the_late_fee(db):
    home = begun()
    Bill.update(paid_at=None).execute()
    read(home, "2026-10-28", 124)
    bill_all()

    put_right(waive_late_fee=True)

    assert documents()[1].late_fee == 0


@pytest.mark.parametrize(
    ("signed", "wanted", "message"),
    [
        (SIGNED._replace(reason=" "), {"usage_m3": 1}, "needs a reason"),
        (SIGNED._replace(made_by=""), {"usage_m3": 1}, "needs a reason"),
        (SIGNED, {}, "the same as the one before"),
        (SIGNED, {"usage_m3": 1, "current_m3": 101}, "either the use or the reading"),
        (SIGNED, {"current_m3": 90}, "contradict"),
        (SIGNED._replace(reason="거꾸로 \u202e"), {"usage_m3": 1}, "cannot be shown"),
        (SIGNED._replace(reason="가" * 201), {"usage_m3": 1}, "at most 200"),
    ],
)
def test_a_correction_that_says_nothing_is_refused(db, signed, wanted, message):
    billed()

    with pytest.raises(CorrectionError, match=message):
        put_right(signed=signed, **wanted)

    assert len(documents()) == 1


def test_a_second_correction_keeps_what_the_first_one_changed(db):
    billed()
    put_right(households=3, grants=(Grant("leak", 10),))

    put_right(usage_m3=23)

    first, second = documents()[1:]
    assert (second.households, second.usage_m3) == (3, 23)
    assert second.discount == first.discount > 0


def test_a_reading_is_put_right_across_a_new_meter(db):
    home = begun()
    make.meter(premises=home, installed_on=day("2026-10-01"), serial="가상-2")
    old = (Meter.premises == home) & (Meter.installed_on == day("2026-06-28"))
    Meter.update(removed_on=day("2026-10-01"), final_m3=108).where(old).execute()
    read(home, "2026-10-28", 17)
    bill_all()

    put_right(current_m3=16)

    assert documents()[1].usage_m3 == 8 + 16


def test_a_true_reading_ends_an_estimate(db):
    home = begun()
    make.meter_fault(premises=home, found_on=day("2026-09-10"))
    bill_all()

    put_right(usage_m3=10)

    assert [bill.reading_kind for bill in documents()] == ["estimated", "regular"]
    assert home.id


def test_a_bill_that_is_paid_in_parts_is_not_corrected(db):
    billed()
    agree("012345678", "2026-11", 2, "보기 담당", make.noon(TODAY), seoul())

    with pytest.raises(CorrectionError, match="instalments"):
        put_right(usage_m3=1)


def test_the_bill_of_a_joined_meter_is_not_corrected_by_itself(db):
    main, tap = begun("000000001"), begun("000000002")
    make.joined_meter(premises=tap, main=main, kind="tap")
    read(main, "2026-10-28", 110)
    read(tap, "2026-10-28", 114)
    bill_all()

    with pytest.raises(CorrectionError, match="another number"):
        put_right("000000002", usage_m3=1)
    put_right("000000001", current_m3=111)

    new = Bill.get((Bill.premises == main) & (Bill.month == "2026-11") & (Bill.revision == 1))
    assert new.usage_m3 == 11 + 14


def test_a_first_bill_of_whole_months_keeps_its_base_charge(db):
    home = begun()

    put_right(month="2026-09", usage_m3=20)

    new = Bill.get((Bill.premises == home) & (Bill.revision == 1))
    assert new.water == 2160 + 20 * 580


def test_a_paid_bill_that_was_corrected_downwards_does_not_stop_the_run(db):
    home = billed(paid=True)
    put_right(usage_m3=14)
    read(home, "2026-12-28", 150)

    assert bill_all("2027-01").refused == []

    assert only("2027-01").arrears == 0


def test_a_bill_that_does_not_exist_cannot_be_corrected(db):
    with pytest.raises(CorrectionError, match="no such bill"):
        put_right(usage_m3=1)


def test_the_correction_of_a_joined_meters_bill_keeps_the_other_meters(db):
    main = begun("000000001")
    tap = begun("000000002")
    make.joined_meter(premises=tap, main=main, kind="tap")
    read(main, "2026-10-28", 110)
    read(tap, "2026-10-28", 114)
    bill_all()

    put_right("000000001", usage_m3=14)

    new = Bill.get((Bill.premises == main) & (Bill.month == "2026-11") & (Bill.revision == 1))
    assert new.water == 2160 * 2 + 14 * 580
    assert [line.key for line in new.read_lines() if line.part == "joined"] == ["000000002"]


def test_a_bill_can_be_paid_in_up_to_six_parts(db):  # W-ORD art. 28(3)
    billed()

    plan = agree("012345678", "2026-11", 6, "보기 담당", make.noon(TODAY), seoul())

    assert [part.amount for part in plan] == [5_280] * 6
    assert [part.due_on for part in plan][:2] == [day("2026-12-31"), day("2027-02-01")]


@pytest.mark.parametrize("parts", [1, 7])
def test_other_numbers_of_parts_are_refused(db, parts):
    billed()

    with pytest.raises(PlanError, match="2 to 6"):
        agree("012345678", "2026-11", parts, "보기 담당", make.noon(TODAY), seoul())


def test_what_is_paid_or_planned_cannot_be_divided(db):
    home = billed()
    agree("012345678", "2026-11", 2, "보기 담당", make.noon(TODAY), seoul())
    with pytest.raises(PlanError, match="already"):
        agree("012345678", "2026-11", 2, "보기 담당", make.noon(TODAY), seoul())
    Bill.settle("2026-09", [home.id], make.noon(TODAY))
    with pytest.raises(PlanError, match="nothing to divide"):
        agree("012345678", "2026-09", 2, "보기 담당", make.noon(TODAY), seoul())


def test_parts_that_do_not_come_out_even_put_the_rest_on_the_first(db):
    billed()

    plan = agree("012345678", "2026-11", 5, "보기 담당", make.noon(TODAY), seoul())

    assert [part.amount for part in plan] == [6_360, 6_330, 6_330, 6_330, 6_330]
    assert sum(part.amount for part in plan) == 31_680
