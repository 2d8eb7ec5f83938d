"""Bills from readings: one for each premises of the cycle, each won explained, nothing twice."""

from datetime import date

import pytest

from app.billing import run as billing
from app.billing.periods import cycle, due_date
from app.billing.run import run
from app.bills.models import Bill
from app.supply.models import Premises
from app.tariff.table import parse, seoul
from tests import make

KEY = b"tests-only-bill-code-key-of-many-signs"
TODAY = date(2026, 11, 12)


def supplied(number="012345678", installed_on=date(2026, 8, 28), start_m3=100, **values):
    premises = make.premises(number=number, **values)
    make.meter(premises=premises, installed_on=installed_on, start_m3=start_m3)
    return premises


def read(premises, day, m3, kind="regular"):
    make.reading(premises=premises, read_on=date.fromisoformat(day), reading_m3=m3, kind=kind)


def bill_all(month="2026-11", table=None):
    return run(month, table or seoul(), KEY, TODAY)


def bills():
    return list(Bill.select().order_by(Bill.premises, Bill.month))


def everything():
    """All bills and lines as plain values."""
    return list(Bill.select().order_by(Bill.premises, Bill.month).tuples())


def test_a_reading_becomes_a_bill_with_its_lines(db):
    home = supplied()
    read(home, "2026-10-28", 124)

    outcome = bill_all()

    (bill,) = bills()
    assert outcome == (1, 31680, [])
    assert (bill.premises_id, bill.month, bill.revision) == (home.id, "2026-11", 0)
    assert (bill.from_on, bill.to_on) == (date(2026, 8, 28), date(2026, 10, 28))
    assert (bill.previous_m3, bill.current_m3, bill.usage_m3, bill.months) == (100, 124, 24, 2)
    assert (bill.water, bill.sewer, bill.levy, bill.total) == (16080, 11520, 4080, 31680)
    assert (bill.due_on, bill.issued_on, bill.paid_at) == (date(2026, 11, 30), TODAY, None)
    lines = bill.read_lines()
    assert [(x.part, x.kind, x.quantity, x.rate, x.amount, x.key) for x in lines] == [
        ("water", "base", 2, 1080, 2160, "base-2001-15"),
        ("water", "usage", 240, 580, 13920, "water-household-2023"),
        ("sewer", "usage", 240, 480, 11520, "sewer-household-2026"),
        ("levy", "usage", 240, 170, 4080, "levy-2026"),
    ]


def test_running_again_changes_nothing(db):
    read(supplied(), "2026-10-28", 124)
    bill_all()
    before = everything()

    assert bill_all() == (0, 0, [])
    assert everything() == before


def test_a_run_in_small_batches_gives_the_same_as_in_one(db, monkeypatch):
    for number in range(7):
        read(supplied(f"{number:09d}"), "2026-10-28", 110 + number)
    bill_all()
    together = everything()
    Bill.delete().execute()
    monkeypatch.setattr(billing, "BATCH", 2)

    bill_all()

    assert everything() == together


def test_the_next_bill_begins_where_the_last_one_ended(db):
    home = supplied(installed_on=date(2026, 6, 28))
    read(home, "2026-08-28", 130)
    read(home, "2026-10-28", 150)

    bill_all("2026-09")
    bill_all("2026-11")

    first, second = bills()
    assert (first.previous_m3, first.current_m3, first.usage_m3) == (100, 130, 30)
    assert (second.previous_m3, second.current_m3, second.usage_m3) == (130, 150, 20)
    assert second.from_on == first.to_on


def test_a_month_before_the_newest_bill_is_refused_not_billed_twice(db):
    home = supplied(installed_on=date(2026, 6, 28))
    read(home, "2026-08-28", 130)
    read(home, "2026-10-28", 150)
    bill_all("2026-11")

    outcome = bill_all("2026-09")

    assert outcome.refused == [("012345678", "a later month is billed already")]
    assert [(bill.month, bill.usage_m3) for bill in bills()] == [("2026-11", 50)]


def test_a_missed_reading_makes_a_bill_over_more_months(db):
    home = supplied(installed_on=date(2026, 4, 28))
    read(home, "2026-06-28", 120)
    bill_all("2026-07")
    read(home, "2026-10-28", 168)

    bill_all("2026-11")

    assert (bills()[1].months, bills()[1].usage_m3) == (4, 48)


def test_a_late_first_run_leaves_nothing_out(db):
    home = supplied(installed_on=date(2026, 6, 28))
    read(home, "2026-08-28", 130)
    read(home, "2026-10-28", 150)

    bill_all("2026-11")

    (bill,) = bills()
    assert (bill.from_on, bill.previous_m3, bill.usage_m3) == (date(2026, 6, 28), 100, 50)
    assert bill.months == 4


def test_a_bill_made_late_is_due_a_week_later(db):
    read(supplied(), "2026-10-28", 124)

    run("2026-11", seoul(), KEY, date(2026, 11, 27))

    assert bills()[0].due_on == date(2026, 12, 4)


@pytest.mark.parametrize(("installed_on", "months"), [("2026-10-01", 1), ("2026-06-28", 4)])
def test_a_first_bill_covers_the_months_that_its_days_come_to(db, installed_on, months):
    read(supplied(installed_on=date.fromisoformat(installed_on)), "2026-10-28", 124)

    bill_all()

    assert bills()[0].months == months


def test_a_reading_on_the_day_of_the_installation_is_no_period(db):
    read(supplied(installed_on=date(2026, 10, 28)), "2026-10-28", 100)

    assert bill_all() == (0, 0, [])


def test_only_readings_of_the_cycle_count_and_the_last_of_them(db):
    early, late, twice, final = (supplied(f"{number:09d}") for number in range(4))
    read(early, "2026-10-15", 120)
    read(late, "2026-11-14", 120)
    read(twice, "2026-10-21", 120, "self")
    read(twice, "2026-11-03", 125)
    read(final, "2026-10-25", 120, "final")

    bill_all()

    made = [(b.premises_id, b.current_m3, b.reading_kind) for b in bills()]
    assert made == [(twice.id, 125, "regular"), (final.id, 120, "final")]


@pytest.mark.parametrize(
    ("month", "first", "last"),
    [
        ("2026-11", "2026-10-16", "2026-11-13"),
        ("2026-01", "2025-12-16", "2026-01-13"),
        ("2026-03", "2026-02-16", "2026-03-13"),
    ],
)
def test_the_cycle_runs_from_the_21st_to_the_8th_give_or_take_five_days(month, first, last):
    assert cycle(month) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("month", "due"),
    [
        ("2017-09", "2017-10-10"),  # Saturday, an extra holiday, Chuseok, Hangul Day
        ("2026-11", "2026-11-30"),
        ("2026-05", "2026-06-01"),  # Sunday
        ("2026-01", "2026-02-02"),  # Saturday
        ("2024-02", "2024-02-29"),
    ],
)
def test_the_due_date_moves_over_weekends_and_holidays(month, due):
    assert due_date(month) == date.fromisoformat(due)


def test_what_cannot_be_billed_is_named_and_the_others_are_billed(db):
    good, unknown, backwards = supplied("000000001"), supplied("000000002"), supplied("000000003")
    unknown.update(diameter_mm=17).where(type(unknown).id == unknown.id).execute()
    for home, m3 in ((good, 124), (unknown, 124), (backwards, 90)):
        read(home, "2026-10-28", m3)

    outcome = bill_all()

    assert outcome.bills == 1
    assert outcome.refused == [
        ("000000002", "no base rate for 17 on every day of 2026-11"),
        ("000000003", "the readings contradict the meter"),
    ]


def test_every_code_is_different_and_follows_from_the_key(db):
    for number in range(40):
        read(supplied(f"{number:09d}"), "2026-10-28", 124)

    bill_all()

    codes = [bill.code for bill in bills()]
    assert len(set(codes)) == 40
    assert all(len(code) == 10 for code in codes)
    Bill.delete().execute()
    run("2026-11", seoul(), b"another key", TODAY)
    assert not set(codes) & {bill.code for bill in bills()}


def test_a_new_rate_needs_no_code(db):
    from app.tariff.table import SEOUL

    dearer = "tiers: [[null, 580]]", "tiers: [[5, 100], [null, 1000]]"
    read(supplied(), "2026-10-28", 124)

    bill_all(table=parse(SEOUL.read_text("utf-8").replace(*dearer)))

    lines = [x for x in bills()[0].read_lines() if (x.part, x.kind) == ("water", "usage")]
    assert [(line.quantity, line.rate) for line in lines] == [
        (100, 100),
        (140, 1000),
    ]


def test_a_stray_reading_between_two_cycles_makes_no_bill(db):
    home = supplied()
    read(home, "2026-10-28", 124)
    bill_all("2026-11")
    read(home, "2026-11-20", 140, "self")

    outcome = run("2026-12", seoul(), KEY, date(2026, 12, 12))

    assert outcome == (0, 0, [])
    assert [bill.month for bill in bills()] == ["2026-11"]


def test_a_premises_that_the_database_refuses_stops_only_itself(db, monkeypatch):
    """A bill that breaks a rule of the table is named; the others of its batch are made."""
    for number in range(5):
        read(supplied(f"{number:09d}"), "2026-10-28", 110 + number)
    plain = billing.Run.plain

    def odd(self, row, facts):
        done = plain(self, row, facts)
        if row[1] == "000000002":
            self.bills[-1] = (*self.bills[-1][:20], -1, *self.bills[-1][21:])
        return done

    for home in Premises.select():
        make.bill(
            premises=home,
            month="2026-09",
            from_on=date(2026, 6, 28),
            to_on=date(2026, 8, 29),
            current_m3=100,
            paid=True,
        )
    monkeypatch.setattr(billing.Run, "plain", odd)

    outcome = bill_all()

    assert outcome.bills == 4
    assert [number for number, _ in outcome.refused] == ["000000002"]
    assert Bill.select().where(Bill.month == "2026-11").count() == 4


def test_odd_facts_of_one_premises_stop_only_itself(db):
    good, odd = supplied("000000001"), supplied("000000002")
    make.supply_change(
        premises=odd, what="diameter_mm", changed_on=date(2026, 9, 10), before="15mm"
    )
    for home in (good, odd):
        read(home, "2026-10-28", 124)

    outcome = bill_all()

    assert outcome.bills == 1
    assert outcome.refused[0][0] == "000000002"
    assert "cannot be worked out" in outcome.refused[0][1]
