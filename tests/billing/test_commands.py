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


SHOWN = ("base charge", "use  ")


def test_explain_names_reductions_and_tells_of_the_correction(runner, db):
    home = supplied()
    make.reduction(premises=home, code="basic_livelihood")
    read(home, "2026-10-28", 1324)
    run("2026-11", seoul(), KEY, date(2026, 11, 12))
    signed = ["--reason=misread", "--by=Kim"]
    done = runner.invoke(args=["bills", "correct", "012345678", "2026-11", "--usage=24", *signed])

    said = runner.invoke(args=["bills", "explain", "012345678", "2026-11"]).output

    assert "nothing to pay back or collect" in done.output
    assert seoul().reductions["basic_livelihood"].name["en"] in said
    assert "document 1, corrected by Kim on" in said
    assert "misread (difference -" in said
    Bill.update(paid_at=make.noon(date(2026, 11, 20))).where(Bill.revision == 1).execute()
    again = runner.invoke(args=["bills", "explain", "012345678", "2026-11"]).output
    assert "paid on 2026-11-20" in again


def test_a_correction_without_a_change_names_the_options(runner, db):
    make.bill(premises=supplied())

    asked = ["bills", "correct", "012345678", "2026-11", "--reason=misread", "--by=Kim"]
    found = runner.invoke(args=asked)

    assert found.exit_code == 2
    assert "--usage, --reading" in found.output
    assert runner.invoke(args=[*asked, "--usage=0"]).exit_code == 0


def test_explain_shows_an_operator_each_rate_and_marks_samples(runner, db):
    home = supplied(diameter_mm=20)
    read(home, "2026-10-28", 124)
    run("2026-11", seoul(), KEY, date(2026, 11, 12))

    found = runner.invoke(args=["bills", "explain", "012345678", "2026-11"])

    assert found.exit_code == 0
    lines = found.output.splitlines()
    base, usage = (next(n for n, line in enumerate(lines) if name in line) for name in SHOWN)
    assert "SAMPLE" in lines[base + 1]
    assert "SAMPLE" not in lines[usage + 1]
    assert "24.0 m3 x 580 won" in lines[usage]
    assert "readings 100 and 124 m3, regular" in found.output
    assert "not paid" in lines[-1]
    assert runner.invoke(args=["bills", "explain", "999999999", "2026-11"]).exit_code == 1
    assert runner.invoke(args=["bills", "explain", "012345678", "2026-10"]).exit_code == 1


def test_the_command_names_what_was_there_and_who_was_not_read(runner, db, clock_at):
    clock_at("2026-11-12 09:00")
    make.bill(premises=supplied("000000001"), month="2026-09")
    read(supplied("000000002"), "2026-10-28", 124)
    first = runner.invoke(args=["bills", "run", "2026-11"])

    again = runner.invoke(args=["bills", "run", "2026-11"])

    assert (first.exit_code, again.exit_code) == (1, 1)
    assert "without a reading in this cycle: 1 premises\n  000000001" in first.output
    assert "0 bills made, 0 won in all; 1 were there already" in again.output


def test_a_month_that_has_not_begun_is_refused(runner, db, clock_at):
    clock_at("2026-11-12 09:00")

    assert runner.invoke(args=["bills", "run", "2027-05"]).exit_code == 2
