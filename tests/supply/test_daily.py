"""Importing daily use: what is taken, what is refused and why."""

import csv
from datetime import date

import pytest

from app import clock
from app.supply import daily
from app.supply.daily import COLUMNS, DailyUse
from tests import make

HEADER = ",".join(COLUMNS)
TODAY = date(2026, 11, 22)
NUMBER = "012345678"


@pytest.fixture
def deliver(db, tmp_path):
    """deliver(lines…) imports a file of these lines and gives what happened."""

    def start(*lines, name="daily.csv", header=HEADER, encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
        return daily.import_file(path, TODAY, clock.now())

    return start


@pytest.fixture
def home(db):
    return make.premises(number=NUMBER, started_on=date(2026, 1, 1), removed_on=date(2026, 12, 31))


def stored():
    found = DailyUse.select().order_by(DailyUse.premises, DailyUse.day)
    return [(str(d.day), d.litres, d.night_litres) for d in found]


def reasons(progress):
    with progress.rejects.open(encoding="utf-8", newline="") as file:
        return [(row["line"], row["reason"]) for row in csv.DictReader(file)]


def test_good_lines_become_days(deliver, home):
    found = deliver(f"{NUMBER},2026-11-20,412,0", f"{NUMBER},2026-11-21,398,")

    assert found[:4] == (2, 2, 0, 0)
    assert stored() == [("2026-11-20", 412, 0), ("2026-11-21", 398, None)]


def test_columns_in_any_order_and_korean_encoding(deliver, home):
    found = deliver(
        f"2,비고,412,{NUMBER},2026-11-20",
        header="night_litres,메모,litres,customer_number,day",
        encoding="cp949",
    )

    assert stored() == [("2026-11-20", 412, 2)]
    assert found.ignored_columns == ["메모"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("999999999,2026-11-20,412,0", "no premises has this customer number"),
        ("12345678,2026-11-20,412,0", "nine digits"),
        ("０１２３４５６７８,2026-11-20,412,0", "nine digits"),
        (f"{NUMBER},2026-11-31,412,0", "there is no such day"),
        (f"{NUMBER},20261120,412,0", "YYYY-MM-DD"),
        (f"{NUMBER},1899-12-31,412,0", "from 1900 on"),
        (f"{NUMBER},2026-11-23,412,0", "in the future"),
        (f"{NUMBER},2026-11-22,412,0", "not over yet"),
        (f"{NUMBER},2026-11-20,-1,0", "whole numbers"),
        (f"{NUMBER},2026-11-20,41.2,0", "whole numbers"),
        (f"{NUMBER},2026-11-20,,0", "whole numbers"),
        (f"{NUMBER},2026-11-20,412,-1", "whole numbers"),
        (f"{NUMBER},2026-11-20,412,413", "cannot use more than the day"),
        (f"{NUMBER},2026-11-20,412", "a column is missing"),
        (f"{NUMBER},2025-12-31,412,0", "no supply on this day"),
        (f"{NUMBER},2026-11-20,76501,0", "more than a pipe of 15 mm"),
        (f"{NUMBER},2026-11-19,401,0", "another value of this day"),
        (f"{NUMBER},2026-11-19,400,1", "another value of this day"),
        (f"{NUMBER},2026-11-21,401,0", "another value of this day"),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_the_reason(deliver, home, line, reason):
    deliver(f"{NUMBER},2026-11-19,400,0", name="before.csv")

    found = deliver(f"{NUMBER},2026-11-21,400,0", line)

    assert (found.accepted, found.rejected) == (1, 1)
    ((number, why),) = reasons(found)
    assert number == "3"
    assert reason in why
    assert stored() == [("2026-11-19", 400, 0), ("2026-11-21", 400, 0)]


def test_the_most_that_a_pipe_lets_through_is_taken(deliver, home):
    assert deliver(f"{NUMBER},2026-11-20,76500,3187").accepted == 1


def test_what_is_there_already_is_unchanged_and_gaps_are_filled(deliver, home):
    lines = [f"{NUMBER},2026-11-{day},400,0" for day in (18, 20)]
    deliver(*lines)

    again = deliver(*lines, name="copy.csv")
    more = deliver(*lines, f"{NUMBER},2026-11-19,380,", lines[0], name="more.csv")

    assert (again.accepted, again.unchanged) == (0, 2)
    assert (more.accepted, more.unchanged, more.rejected) == (1, 3, 0)
    assert [litres for _, litres, _ in stored()] == [400, 380, 400]


def test_a_removed_supply_uses_nothing_afterwards(deliver, home):
    home.removed_on = date(2026, 11, 19)
    home.save()

    found = deliver(f"{NUMBER},2026-11-19,400,0", f"{NUMBER},2026-11-20,400,0")

    assert (found.accepted, found.rejected) == (1, 1)


def test_the_command_sums_up_and_exits_1_when_lines_were_rejected(runner, home, tmp_path, clock_at):
    clock_at("2026-11-22 10:00")
    path = tmp_path / "d.csv"
    path.write_text(f"{HEADER}\n{NUMBER},2026-11-20,400,0\n{NUMBER},2026-11-20,400,x\n")

    found = runner.invoke(args=["readings", "daily", str(path)])

    assert found.exit_code == 1
    assert "2 lines: 1 imported, 0 already there, 1 rejected" in found.output
