"""The invented city: the same for the same seed, made by the same import and run as real files."""

import json
from datetime import date, timedelta

import pytest

from app.accounts.models import Account
from app.bills.models import Bill, State
from app.bills.seen import seen_by, state
from app.complaints.models import Complaint
from app.db import rows
from app.demo import load as loading
from app.demo.city import City
from app.messages.models import Message
from app.supply.models import Home, Occupancy, Premises, Reading
from app.supply.offices import offices
from tests import make
from tests.test_security import production

KEY = b"tests-only-bill-code-key-of-many-signs"
NUMBERS = """
SELECT p.number, b.month, b.code, b.usage_m3, b.total, b.due_on, b.paid_at
FROM bills b JOIN premises p ON p.id = b.premises_id ORDER BY p.number, b.month
"""

DAYS = """
SELECT p.number, d.day, d.night_litres
FROM daily_uses d JOIN premises p ON p.id = d.premises_id ORDER BY p.number, d.day
"""


@pytest.fixture
def city(db, clock_at, tmp_path):
    clock_at("2026-11-22 12:00")
    return loading.load(60, 1, tmp_path, KEY, make.CHEAP)


def test_the_city_has_all_districts_and_three_years_of_bills(city):
    districts = {name for office in offices().values() for name in office.districts}
    months = sorted({bill.month for bill in Bill.select()})

    assert {home.district for home in Premises.select()} == districts
    assert (months[0], months[-1], len(months)) == ("2023-12", "2026-11", 36)
    assert Bill.select().count() - 1 == Reading.select().count() == 60 * 18  # one was corrected
    assert all("가상" in home.road_address for home in Premises.select())


def test_movers_have_a_history_of_two_users(city):
    moved = [one for one in city.dwellings() if one.moved_in]
    first = rows("SELECT id FROM premises WHERE number = ?", (moved[0].number,))[0][0]

    users = Occupancy.select().where(Occupancy.premises == first, Occupancy.role == "user")
    now, before = users.order_by(Occupancy.started_on.desc())

    assert moved
    assert before.ended_on < now.started_on
    assert now.ended_on is None


def test_the_demo_accounts_see_their_homes_and_the_neighbour_only_since_the_move(city):
    resident, neighbour = (
        Home.select().where(Home.name == name).order_by(Home.id).first().account
        for name in ("부모님 댁", "우리집")
    )
    neighbour = Home.select().order_by(Home.id.desc()).first().account

    homes = Home.select().where(Home.account == resident).order_by(Home.id)
    assert [home.name for home in homes] == ["우리집", "부모님 댁"]
    assert len(seen_by(resident)) == 36
    assert 0 < len(seen_by(neighbour)) < 18
    assert state(seen_by(resident)[0], date(2026, 11, 22)) is State.OPEN


def test_the_same_seed_makes_the_same_city_and_another_seed_another(city):
    again, other = City(60, 1, "2026-11"), City(60, 2, "2026-11")

    assert list(city.dwellings()) == list(again.dwellings())
    assert list(city.dwellings()) != list(other.dwellings())


def test_a_city_is_not_loaded_over_another(city, tmp_path, runner):
    with pytest.raises(loading.NotEmptyError):
        loading.load(60, 1, tmp_path, KEY, make.CHEAP)

    assert runner.invoke(args=["demo", "load", "--premises", "60"]).exit_code == 2
    assert runner.invoke(args=["demo", "load", "--if-empty"]).exit_code == 0
    assert len(rows(NUMBERS)) == 60 * 18 + 1


def test_who_names_the_sign_ins_and_a_bill_to_pay(city, runner):
    found = json.loads(runner.invoke(args=["demo", "who", "--json"]).output)

    assert {person["email"] for person in found["sign_ins"]} >= {
        "resident@demo.invalid",
        "neighbour@demo.invalid",
    }
    unpaid = found["unpaid"]
    bill = Bill.get(Bill.code == unpaid["bill_code"])
    assert (bill.total, bill.paid_at) == (unpaid["amount"], None)
    assert {"unpaid", "leak", "movers"} < set(found)
    said = runner.invoke(args=["demo", "who"]).output
    assert f"{unpaid['customer_number']}, {unpaid['month']}" in said
    assert unpaid["bill_code"] in said


def test_the_leaking_home_uses_far_more_than_before(city):
    used = [city.usage(3, month) for month in city.months if city.billed(3, month)]

    assert min(used[-3:]) > 1.5 * max(used[:6])


def test_remote_meters_tell_of_the_last_days_and_one_home_leaks(city):
    days = rows(DAYS)

    assert {number for number, *_ in days} == {
        city.dwelling(index).number for index in (0, 1, 3, 40)
    }
    assert {str(day) for _, day, _ in days} <= {
        str(date(2026, 11, 22) - timedelta(n)) for n in range(1, 63)
    }
    last = [night for number, _, night in days if number == city.dwelling(1).number][-7:]
    assert min(last) > 0
    assert {night for number, _, night in days if number == city.dwelling(0).number} == {0}


def test_production_refuses_the_demo(make_app):
    runner = production(make_app).test_cli_runner()

    assert runner.invoke(args=["demo", "load"]).exit_code == 2
    assert runner.invoke(args=["demo", "who"]).exit_code == 2


def test_the_resident_has_complaints_and_some_of_the_street_are_public(city):
    mine = Complaint.of(Account.get(Account.email == "resident@demo.invalid"))

    assert [one.state for one in mine] == ["done", "working"]
    assert Complaint.select().where(Complaint.released_at.is_null(False)).count() == 3
    assert Message.select().count() == 0
