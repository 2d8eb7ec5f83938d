"""A period in which something changed: class, households, meter, supply, rate."""

from datetime import date

import pytest

from app.billing.due import counted
from app.supply.models import Meter
from tests import make
from tests.billing.supply import begun, bill_all, bills, day, lines, only, read, supplied


def change(premises, what, on, before):
    make.supply_change(premises=premises, what=what, changed_on=day(on), before=before)


def test_a_pause_takes_its_days_off_the_base_charge(db):  # W-ORD art. 25
    home = begun()
    make.pause(premises=home, started_on=day("2026-09-01"), ended_on=day("2026-09-30"))
    read(home, "2026-10-28", 110)

    bill_all()

    assert lines(only(), "base") == [
        ("base", 2, 1080, 3, 100, "base-2001-15"),
        ("base", 2, 1080, 28, 990, "base-2001-15"),
    ]
    assert only().water == 100 + 990 + 5800


def test_a_pause_over_the_whole_period_leaves_no_base_charge(db):
    home = begun()
    make.pause(premises=home, started_on=day("2026-08-01"), ended_on=None)
    read(home, "2026-10-28", 100)

    bill_all()

    assert (only().total, lines(only(), "base")) == (0, [])


def test_a_premises_without_supply_is_not_reported_as_unread(db):
    begun("000000001")
    paused = begun("000000002")
    make.pause(premises=paused, started_on=day("2026-10-01"), ended_on=None)

    assert counted("2026-11").unread == 1


def test_the_first_bill_charges_the_base_by_days(db):
    read(supplied(installed_on=day("2026-10-01")), "2026-10-28", 110)

    bill_all()

    assert lines(only(), "base") == [("base", 1, 1080, 27, 940, "base-2001-15")]


def test_a_first_bill_of_whole_months_charges_whole_months(db):
    read(supplied(installed_on=day("2026-08-28")), "2026-10-28", 110)

    bill_all()

    assert lines(only(), "base") == [("base", 2, 1080, 61, 2160, "base-2001-15")]


def test_a_larger_meter_counts_from_the_day_of_its_change(db):
    home = begun(diameter_mm=20)
    change(home, "diameter_mm", "2026-09-28", "15")
    read(home, "2026-10-28", 110)

    bill_all()

    assert lines(only(), "base") == [
        ("base", 2, 1080, 30, 1060, "base-2001-15"),
        ("base", 2, 3000, 31, 3040, "base-2001-20"),
    ]


@pytest.mark.parametrize(
    ("on", "charged"),
    [("2026-09-10", "general"), ("2026-10-20", "household"), ("2026-11-10", "household")],
)
def test_of_two_classes_the_one_with_more_days_counts(db, on, charged):  # W-ORD art. 24(2)
    shop = begun(water_class="general", sewer_class="general")
    for what in ("water_class", "sewer_class"):
        change(shop, what, on, "household")
    read(shop, "2026-10-28", 110)

    bill_all()

    assert (only().water_class, only().sewer_class) == (charged, charged)


@pytest.mark.parametrize(("before", "now"), [("household", "general"), ("general", "household")])
def test_of_two_classes_with_equal_days_the_dearer_counts(db, before, now):
    shop = supplied(installed_on=day("2026-08-28"), water_class=now)
    change(shop, "water_class", "2026-09-28", before)
    read(shop, "2026-10-27", 110)

    bill_all()

    assert only().water_class == "general"


@pytest.mark.parametrize(
    ("before", "now", "on", "counted"),
    [
        (1, 3, "2026-10-20", 3),  # more: from the first reading after the report
        (1, 3, "2026-11-01", 1),
        (3, 1, "2026-10-20", 3),  # fewer: from the second
        (3, 1, "2026-08-20", 1),
    ],
)
def test_more_households_count_at_once_and_fewer_one_reading_later(db, before, now, on, counted):
    home = begun(households=now)
    change(home, "households", on, str(before))
    read(home, "2026-10-28", 130)

    bill_all()

    assert only().households == counted


def test_mixed_use_charges_seventeen_m3_of_each_dwelling_as_household(db):  # W-ORD art. 29(4)
    shop = begun(water_class="general", sewer_class="general", dwellings=2)
    read(shop, "2026-10-28", 197)

    bill_all()

    water = [x for x in only().read_lines() if (x.part, x.kind) == ("water", "usage")]
    assert [(x.quantity, x.rate) for x in water] == [(680, 580), (290, 1270)]


def test_a_rollover_and_a_new_meter_in_one_period(db):
    home = begun()
    make.meter(premises=home, installed_on=day("2026-10-01"), start_m3=0, serial="가상-2")
    Meter.update(removed_on=day("2026-10-01"), final_m3=108).where(
        (Meter.premises == home) & (Meter.installed_on == day("2026-06-28"))
    ).execute()
    read(home, "2026-10-28", 7)

    bill_all()

    assert only().usage_m3 == 8 + 7


def test_a_final_reading_is_billed_by_itself_and_the_next_bill_begins_there(db):
    home = begun()
    read(home, "2026-10-10", 112, "final")
    read(home, "2026-10-28", 115)

    assert bill_all().bills == 2

    final, rest = bills()[1:]
    assert (final.month, final.reading_kind, final.usage_m3) == ("2026-10", "final", 12)
    assert (final.from_on, final.to_on) == (day("2026-08-28"), day("2026-10-10"))
    assert (rest.month, rest.usage_m3, rest.from_on) == ("2026-11", 3, day("2026-10-10"))
    assert lines(rest, "base") == [("base", 1, 1080, 18, 620, "base-2001-15")]
    assert bill_all() == (0, 0, [])


def test_a_final_reading_without_another_is_billed_too(db):
    home = begun()
    read(home, "2026-11-02", 112, "final")

    bill_all()

    assert [(x.month, x.to_on) for x in bills()[1:]] == [("2026-10", day("2026-11-02"))]


def test_a_final_reading_that_comes_after_the_run_is_billed_under_the_next_month(db):
    home = begun()
    read(home, "2026-10-28", 110)
    bill_all()
    read(home, "2026-11-05", 112, "final")

    assert bill_all().bills == 1

    assert [(x.month, x.usage_m3) for x in bills()[1:]] == [("2026-11", 10), ("2026-12", 2)]


def test_a_regular_reading_before_a_final_one_is_billed_first(db):
    home = begun()
    read(home, "2026-10-28", 110)
    read(home, "2026-11-05", 112, "final")

    outcome = bill_all()

    assert (outcome.bills, outcome.refused) == (2, [])
    assert [(x.reading_kind, x.usage_m3) for x in bills()[1:]] == [("regular", 10), ("final", 2)]


def test_two_people_who_leave_in_one_period_have_a_bill_each(db):
    home = begun()
    read(home, "2026-09-10", 104, "final")
    read(home, "2026-10-10", 110, "final")
    read(home, "2026-10-28", 113)

    bill_all()

    assert [(x.month, x.usage_m3) for x in bills()[1:]] == [
        ("2026-10", 4),
        ("2026-11", 6),
    ]


def test_grants_count_from_the_reading_after_the_application(db):  # W-RULE art. 27(3)
    home = begun()
    make.reduction(premises=home, code="two_children", started_on=day("2026-10-28"))
    make.reduction(premises=home, code="basic_livelihood", started_on=day("2026-10-29"))
    read(home, "2026-10-28", 124)

    bill_all()

    assert [(x[-2], x[-1]) for x in lines(only(), "discount")] == [(-3450, "two_children")]
    assert (only().discount, only().total) == (3450, 28230)


@pytest.mark.parametrize(
    ("started_on", "ended_on", "discount"),
    [
        ("2026-11-08", None, 200),
        ("2026-11-09", None, 0),
        ("2026-01-01", "2026-11-08", 0),
        ("2026-01-01", "2026-11-09", 200),
    ],
)
def test_the_e_bill_counts_when_asked_for_until_the_eighth(db, started_on, ended_on, discount):
    home = begun()
    ended = ended_on and day(ended_on)
    make.reduction(premises=home, code="ebill", started_on=day(started_on), ended_on=ended)
    read(home, "2026-10-28", 124)

    bill_all()

    assert only().discount == discount


@pytest.mark.parametrize(
    ("ended_on", "discount"), [("2026-08-28", 0), ("2026-08-29", 3450), ("2026-10-30", 3450)]
)
def test_a_grant_that_ends_counts_for_one_more_reading(db, ended_on, discount):
    home = begun()
    make.reduction(premises=home, code="two_children", ended_on=day(ended_on))
    read(home, "2026-10-28", 124)

    bill_all()

    assert only().discount == discount


def test_a_self_reading_is_rewarded_without_an_application(db):
    home = begun()
    read(home, "2026-10-28", 124, "self")

    bill_all()

    assert [(x[-2], x[-1]) for x in lines(only(), "discount")] == [(-600, "self_reading")]


def test_what_counts_once_counts_on_the_first_bill_only(db):
    home = begun()
    make.reduction(premises=home, code="ebill_autopay", started_on=date(2026, 9, 3))
    read(home, "2026-10-28", 124)
    read(home, "2026-12-28", 148)

    bill_all()
    bill_all("2027-01")

    assert [bill.discount for bill in bills()[1:]] == [3000, 0]
