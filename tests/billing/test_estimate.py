"""A faulty meter: use is estimated from normal months, at most twice in a row."""

import pytest

from app.supply.models import Meter, MeterFault, Premises
from tests import make
from tests.billing.supply import bill_all, bills, day, lines, only, read, supplied


def faulty(*used, found_on="2026-08-30"):
    """A premises with bills of these uses, the last of 2026-09, whose meter then broke."""
    home = supplied(installed_on=day("2025-06-28"), start_m3=0)
    shown = 0
    months = ["2026-03", "2026-05", "2026-07", "2026-09"][-len(used) :]
    for month, m3 in zip(months, used, strict=True):
        make.bill(
            premises=home,
            month=month,
            usage_m3=m3,
            previous_m3=shown,
            current_m3=shown + m3,
            paid=True,
        )
        shown += m3
    make.meter_fault(premises=home, found_on=day(found_on))
    return home


def test_a_meter_that_cannot_be_read_is_billed_by_the_last_four_normal_months(db):
    faulty(90, 30, 20)

    assert bill_all().bills == 1

    bill = only()
    assert (bill.reading_kind, bill.usage_m3, bill.months) == ("estimated", 25, 2)
    assert bill.current_m3 == bill.previous_m3


def test_what_a_faulty_meter_shows_is_not_believed(db):
    home = faulty(30, 20)
    read(home, "2026-10-28", 51)

    bill_all()

    assert (only().reading_kind, only().usage_m3, only().current_m3) == ("estimated", 25, 51)


def test_an_estimate_is_made_at_most_twice_in_a_row(db):
    faulty(30, 20)
    bill_all("2026-11")
    bill_all("2027-01")

    outcome = bill_all("2027-03")

    assert [bill.usage_m3 for bill in bills()[2:]] == [25, 25]
    assert outcome.refused == [
        ("012345678", "use was estimated 2 times in a row: the meter must be mended")
    ]


def test_without_earlier_use_nothing_is_estimated(db):
    home = supplied(installed_on=day("2026-08-28"))
    make.meter_fault(premises=home, found_on=day("2026-09-01"))
    read(home, "2026-10-28", 124)

    assert "no earlier use" in bill_all().refused[0][1]


def replaced(home, on, m3):
    """The faulty meter gives way to a new one, which begins at 0."""
    old = Meter.premises == home
    Meter.update(removed_on=day(on), final_m3=m3).where(old).execute()
    make.meter(premises=home, installed_on=day(on), serial="가상-2")
    MeterFault.update(mended_on=day(on)).execute()


def test_what_a_faulty_meter_counted_before_it_was_replaced_is_not_believed(db):
    home = faulty(30, 20)
    read(home, "2026-10-28", 600)
    bill_all("2026-11")
    replaced(home, "2026-11-20", 700)
    read(home, "2026-12-28", 15)

    bill_all("2027-01")

    days = (day("2026-11-20") - day("2026-10-28")).days
    assert only("2027-01").usage_m3 == 15 + 25 * days // 61
    assert only("2027-01").reading_kind == "regular"


def test_a_fault_within_one_period_is_estimated_for_its_days(db):
    home = faulty(30, 20)
    replaced(home, "2026-10-01", 700)
    read(home, "2026-10-28", 12)

    bill_all()

    begun = only().from_on
    days, of_days = (day("2026-10-01") - begun).days, (day("2026-10-28") - begun).days
    assert only().usage_m3 == 12 + 25 * days // of_days


def test_a_meter_that_was_mended_in_its_place_counts_from_the_next_reading(db):
    home = faulty(30, 20)
    read(home, "2026-10-28", 51)
    MeterFault.update(mended_on=day("2026-10-28")).execute()
    bill_all("2026-11")
    read(home, "2026-12-28", 71)

    bill_all("2027-01")

    assert (only("2027-01").usage_m3, only("2027-01").reading_kind) == (20, "regular")


def test_a_fault_that_is_found_after_the_day_of_the_estimate_is_estimated_too(db):
    home = faulty(30, 20, found_on="2026-11-05")

    bill_all()

    assert (only().usage_m3, only().premises_id) == (25, home.id)


@pytest.mark.parametrize("gone", ["removed", "paused"])
def test_a_home_without_supply_is_not_estimated(db, gone):
    home = faulty(30, 20)
    if gone == "removed":
        Premises.update(removed_on=day("2026-08-29")).execute()
    else:
        make.pause(premises=home, started_on=day("2026-08-29"))

    assert bill_all() == (0, 0, [])


def test_two_faults_of_one_meter_make_one_bill(db):
    home = faulty(30, 20)
    make.meter_fault(premises=home, found_on=day("2026-09-15"))

    assert bill_all().bills == 1


def test_a_final_reading_of_a_faulty_meter_stays_final(db):
    home = faulty(30, 20)
    read(home, "2026-10-10", 500, "final")

    bill_all()

    final = only("2026-10")
    assert (final.reading_kind, final.usage_m3) == ("final", 12)


def test_meters_of_one_premises_are_billed_together(db):  # W-ORD art. 26(2)
    main, tap, well = (supplied(f"{n:09d}", installed_on=day("2026-08-28")) for n in range(3))
    for home in (main, tap, well):
        make.bill(
            premises=home,
            month="2026-09",
            from_on=day("2026-06-28"),
            to_on=day("2026-08-28"),
            current_m3=100,
            paid=True,
        )
    make.joined_meter(premises=tap, main=main, kind="tap")
    make.joined_meter(premises=well, main=main, kind="ground")
    for home, m3 in ((main, 110), (tap, 114), (well, 130)):
        read(home, "2026-10-28", m3)

    outcome = bill_all()

    found = {bill.premises_id: bill for bill in bills() if bill.month == "2026-11"}
    assert outcome.refused == []
    together = found[main.id]
    assert outcome.refused == []
    assert together.usage_m3 == 24
    assert (together.water, together.sewer) == (2160 * 2 + 24 * 580, 54 * 480)
    assert [x[-1] for x in lines(together, "tap", "ground")] == [tap.number, well.number]
    assert (found[tap.id].total, found[well.id].total) == (0, 0)
    assert lines(found[tap.id], "main")[0][-1] == main.number
    assert bill_all() == (0, 0, [])


def test_drained_groundwater_is_free_below_its_limit(db):  # S-ORD art. 23(1)
    main, drain = (supplied(f"{n:09d}", installed_on=day("2026-08-28")) for n in range(2))
    for home in (main, drain):
        make.bill(
            premises=home,
            month="2026-09",
            from_on=day("2026-06-28"),
            to_on=day("2026-08-28"),
            current_m3=100,
            paid=True,
        )
    make.joined_meter(premises=drain, main=main, kind="drained")
    read(main, "2026-10-28", 110)
    read(drain, "2026-10-28", 219)

    bill_all()

    assert bills()[1].sewer == 10 * 480


def test_a_joined_meter_that_was_not_read_stops_the_bill(db):
    main, tap = (supplied(f"{n:09d}", installed_on=day("2026-08-28")) for n in range(2))
    make.bill(premises=main, month="2026-09", to_on=day("2026-08-28"), current_m3=100)
    make.joined_meter(premises=tap, main=main, kind="tap")
    read(main, "2026-10-28", 110)

    (refused,) = bill_all().refused

    assert refused == (
        main.number,
        f"the meter {tap.number}, which is billed with it, was not read",
    )


def test_a_delivered_estimate_of_no_use_is_taken_as_it_is(db):
    home = faulty(30, 20)
    MeterFault.delete().execute()
    make.pause(premises=home, started_on=day("2026-09-10"), ended_on=day("2026-09-12"))
    read(home, "2026-10-28", 50, "estimated")

    bill_all()

    assert (only().reading_kind, only().usage_m3) == ("estimated", 0)
