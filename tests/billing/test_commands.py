"""`flask bills run` and `flask bills explain`."""

from datetime import date

from app import clock
from app.billing.run import run
from app.bills.models import Bill
from app.tariff.table import seoul
from tests import make

KEY = b"tests-only-bill-code-key-of-many-signs"


def supplied(number="012345678", **values):
    """Premises with a meter that showed 100 on 28 August."""
    premises = make.premises(number=number, **values)
    make.meter(premises=premises, installed_on=date(2026, 8, 28), start_m3=100)
    return premises


def read(premises, day, m3):
    make.reading(premises=premises, read_on=date.fromisoformat(day), reading_m3=m3)


def test_the_command_tells_how_many_and_what_in_all(runner, db, clock_at):
    clock_at("2026-11-12 09:00")
    read(supplied(), "2026-10-28", 124)

    found = runner.invoke(args=["bills", "run", "2026-11"])

    assert found.exit_code == 0
    assert "1 bills made, 31,680 won in all; 0 were there already" in found.output
    assert Bill.get().issued_on == clock.today()


def test_the_command_exits_1_for_what_it_could_not_bill_and_2_for_nonsense(runner, db):
    read(supplied(), "2026-10-28", 90)

    found = runner.invoke(args=["bills", "run", "2026-11"])

    assert found.exit_code == 1
    assert "012345678: the readings contradict the meter" in found.output
    assert runner.invoke(args=["bills", "run", "November"]).exit_code == 2
    assert runner.invoke(args=["bills", "run", "2026-13"]).exit_code == 2


def test_explain_shows_an_operator_each_rate_and_marks_samples(runner, db):
    home = supplied(diameter_mm=20)
    read(home, "2026-10-28", 124)
    run("2026-11", seoul(), KEY, date(2026, 11, 12))

    found = runner.invoke(args=["bills", "explain", "012345678", "2026-11"])

    assert found.exit_code == 0
    base, usage = found.output.splitlines()[2], found.output.splitlines()[4]
    assert "SAMPLE" in base
    assert "SAMPLE" not in usage
    assert runner.invoke(args=["bills", "explain", "999999999", "2026-11"]).exit_code == 1
    assert runner.invoke(args=["bills", "explain", "012345678", "2026-10"]).exit_code == 1


def test_the_command_names_what_was_there_and_who_was_not_read(runner, db, clock_at):
    clock_at("2026-11-12 09:00")
    make.bill(premises=supplied("000000001"), month="2026-09")
    read(supplied("000000002"), "2026-10-28", 124)
    first = runner.invoke(args=["bills", "run", "2026-11"])

    again = runner.invoke(args=["bills", "run", "2026-11"])

    assert (first.exit_code, again.exit_code) == (1, 1)
    assert "without a reading in this cycle: 1 premises" in first.output
    assert "0 bills made, 0 won in all; 1 were there already" in again.output


def test_a_month_that_has_not_begun_is_refused(runner, db, clock_at):
    clock_at("2026-11-12 09:00")

    assert runner.invoke(args=["bills", "run", "2027-05"]).exit_code == 2
