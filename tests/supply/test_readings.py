"""Importing reading files: what is taken, what is refused and why, nothing half done."""

import csv
import gzip
from datetime import date

import pytest

from app import clock
from app.supply import imports, readings
from app.supply.files import FileError
from app.supply.models import FileImport, Reading
from app.supply.readings import COLUMNS, import_file
from tests import make

HEADER = ",".join(COLUMNS)
TODAY = date(2026, 11, 22)


@pytest.fixture
def deliver(db, tmp_path):
    """deliver(lines…) imports a file of these lines and gives what happened."""

    def start(*lines, header=HEADER, name="readings.csv", raw=None):
        path = tmp_path / name
        path.write_bytes(raw or "\n".join([header, *lines, ""]).encode())
        return import_file(path, TODAY, clock.now())

    return start


def supplied(number="012345678", installed_on=date(2026, 1, 1), **values):
    found = make.premises(number=number, started_on=installed_on)
    make.meter(premises=found, installed_on=installed_on, **values)
    return found


def stored(premises):
    found = Reading.select().where(Reading.premises == premises).order_by(Reading.read_on)
    return [(str(r.read_on), r.reading_m3, r.kind) for r in found]


def reasons(progress):
    with progress.rejects.open(encoding="utf-8", newline="") as file:
        return [(row["line"], row["reason"]) for row in csv.DictReader(file)]


def test_good_lines_become_readings(deliver):
    home = supplied()

    found = deliver("012345678,2026-03-01,20,regular", "012345678,2026-05-01,44,self")

    assert found[:4] == (2, 2, 0, 0)
    assert stored(home) == [("2026-03-01", 20, "regular"), ("2026-05-01", 44, "self")]
    assert not found.rejects.exists()


def test_columns_may_stand_in_any_order_and_others_are_named(deliver):
    home = supplied()

    found = deliver(
        "regular,비고,2026-03-01,20,012345678",
        header="kind,note,read_on,reading_m3,customer_number",
    )

    assert stored(home) == [("2026-03-01", 20, "regular")]
    assert found.ignored_columns == ["note"]


@pytest.mark.parametrize(
    "pack",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("cp949"),
        lambda text: gzip.compress(text.encode(), mtime=0),
        lambda text: gzip.compress(text.encode("cp949")),
        lambda text: text.replace("\n", "\r\n").encode(),
    ],
    ids=["bom", "cp949", "gzip", "gzip of cp949", "crlf"],
)
def test_files_come_as_offices_write_them(deliver, pack):
    home = supplied()

    deliver(raw=pack(f"{HEADER},메모\n012345678,2026-03-01,20,regular,옥내 누수\n"))

    assert stored(home) == [("2026-03-01", 20, "regular")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("999999999,2026-03-01,20,regular", "no premises has this customer number"),
        ("12345678,2026-03-01,20,regular", "nine digits"),
        ("０１２３４５６７８,2026-03-01,20,regular", "nine digits"),
        ("012345678,2026-02-30,20,regular", "there is no such day"),
        ("012345678,20260301,20,regular", "YYYY-MM-DD"),
        ("012345678,0001-01-01,20,regular", "from 1900 on"),
        (" 012345678 , 0001-01-01 ,20,regular", "from 1900 on"),
        ("012345678,2026-11-23,20,regular", "in the future"),
        ("012345678,2026-03-01,20.5,regular", "whole number"),
        ("012345678,2026-03-01,-3,regular", "whole number"),
        ("012345678,2026-03-01,²,regular", "whole number"),
        ("012345678,2026-03-01,,regular", "whole number"),
        ("012345678,2026-03-01,20,guessed", "the kind must be one of"),
        ("012345678,2026-03-01,20", "a column is missing"),
        ("012345678,2025-12-31,20,regular", "no supply on this day"),
        ("012345678,2026-01-02,5,regular", "below the meter's start (10)"),
        ("012345678,2026-04-01,99,regular", "below the last reading (100 on 2026-03-15)"),
        ("012345678,2026-04-01,12345,regular", "below the last reading (100"),
        ("012345678,2026-11-01,12345,regular", "the meter has only 4 digits"),
        ("012345678,2026-03-15,99,regular", "another reading of this day"),
        ("012345678,2026-03-01,101,regular", "above the next reading (100 on 2026-03-15)"),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_the_reason(deliver, line, reason):
    home = supplied(start_m3=10)
    deliver("012345678,2026-03-15,100,regular", name="before.csv")

    found = deliver("012345678,2026-10-01,200,regular", line)

    assert (found.accepted, found.rejected) == (1, 1)
    ((number, why),) = reasons(found)
    assert number == "3"
    assert reason in why
    assert len(stored(home)) == 2


def test_the_reject_file_can_be_corrected_and_imported(deliver, tmp_path):
    home = supplied()
    found = deliver("012345678,2026-03-01,2O,regular", "012345678,2026-05-01,44,regular")

    corrected = found.rejects.read_text("utf-8").replace("2O", "20")
    again = deliver(raw=corrected.encode(), name="corrected.csv")

    assert (again.accepted, again.rejected, again.ignored_columns) == (1, 0, [])
    assert stored(home) == [("2026-03-01", 20, "regular"), ("2026-05-01", 44, "regular")]


def test_a_rollover_and_a_new_meter_explain_a_smaller_reading(deliver):
    rolled = supplied("000000001", start_m3=9990)
    changed = supplied("000000002", start_m3=100, removed_on=date(2026, 2, 10), final_m3=125)
    make.meter(premises=changed, installed_on=date(2026, 2, 10), start_m3=2)

    found = deliver("000000001,2026-03-01,12,regular", "000000002,2026-03-01,9,regular")

    assert found.rejected == 0
    found = deliver(
        "000000001,2026-02-01,9995,regular",
        "000000001,2026-04-01,15,regular",
        "000000002,2026-02-01,120,regular",
        name="second.csv",
    )
    assert found.rejected == 0
    assert [m3 for _, m3, _ in stored(rolled)] == [9995, 12, 15]
    assert [m3 for _, m3, _ in stored(changed)] == [120, 9]


def test_the_same_file_again_changes_nothing(deliver):
    home = supplied()
    lines = ("012345678,2026-03-01,20,regular", "012345678,2026-05-01,44,regular")
    deliver(*lines)
    before = stored(home)

    same_bytes = deliver(*lines, name="copy.csv")
    same_rows = deliver(*lines, "012345678,2026-07-01,60,regular", name="more.csv")

    assert (same_bytes.accepted, same_bytes.unchanged) == (0, 2)
    assert (same_rows.accepted, same_rows.unchanged) == (1, 2)
    assert stored(home)[:2] == before


def test_a_premises_with_all_its_history_in_one_batch_is_read_in_order(deliver):
    home = supplied()

    found = deliver(*(f"012345678,2026-{m:02d}-01,{m * 10},regular" for m in (2, 3, 4, 5, 4)))

    assert (found.accepted, found.unchanged) == (4, 1)
    assert [m3 for _, m3, _ in stored(home)] == [20, 30, 40, 50]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "column missing"),
        (b"customer_number,read_on\n1,2\n", "column missing: reading_m3, kind"),
        (b"customer_number;read_on;reading_m3;kind\n", "separate columns with commas"),
        (b"\x1f\x8bnot gzip at all", "cannot be read to its end"),
        (gzip.compress(HEADER.encode() * 99, mtime=0)[:40], "cannot be read to its end"),
    ],
)
def test_a_file_that_is_no_reading_file_is_refused_as_a_whole(deliver, raw, message):
    with pytest.raises(FileError, match=message):
        deliver(raw=raw or b"\n")


def test_an_interrupted_import_goes_on_after_its_last_batch(deliver, tmp_path, monkeypatch):
    home = supplied()
    lines = [f"012345678,2026-{m:02d}-01,{m * 10},regular" for m in range(2, 8)]
    lines[3] = "012345678,2026-05-01,x,regular"
    monkeypatch.setattr(readings, "BATCH", 2)
    take, taken = imports.take, []

    def stop_at_the_third(*batch):
        if len(taken) == 2:
            raise OSError("the power went")
        taken.append(batch)
        return take(*batch)

    monkeypatch.setattr(imports, "take", stop_at_the_third)
    with pytest.raises(OSError, match="power"):
        deliver(*lines)
    assert len(stored(home)) == 3
    assert FileImport.get().finished_at is None
    rejects = tmp_path / "readings.csv.rejects.csv"
    rejects.write_bytes(rejects.read_bytes() + b"a torn li")

    monkeypatch.setattr(imports, "take", take)
    found = deliver(*lines)

    assert (found.lines, found.accepted, found.rejected) == (6, 5, 1)
    assert [m3 for _, m3, _ in stored(home)] == [20, 30, 40, 60, 70]
    assert reasons(found) == [("5", "the reading must be a whole number of m3")]


def test_the_command_sums_up_and_exits_1_when_lines_were_rejected(runner, db, tmp_path):
    supplied()
    path = tmp_path / "r.csv"
    path.write_text(f"{HEADER}\n012345678,2026-03-01,20,regular\n1,2,3,4\n")

    found = runner.invoke(args=["readings", "import", str(path)])

    assert found.exit_code == 1
    assert "2 lines: 1 imported, 0 already there, 1 rejected" in found.output
    assert "r.csv.rejects.csv" in found.output


def test_the_command_exits_2_for_a_file_that_cannot_be_used(runner, db, tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("a,b\n")

    assert runner.invoke(args=["readings", "import", str(path)]).exit_code == 2
    assert runner.invoke(args=["readings", "import", "nowhere.csv"]).exit_code == 2


def test_a_file_with_rejects_is_tried_again_when_it_comes_again(deliver):
    lines = ("000000007,2026-03-01,20,regular", "012345678,2026-03-01,20,regular")
    supplied()
    first = deliver(*lines)
    home = supplied("000000007")

    again = deliver(*lines)

    assert (first.accepted, first.rejected) == (1, 1)
    assert (again.accepted, again.unchanged, again.rejected) == (1, 1, 0)
    assert stored(home) == [("2026-03-01", 20, "regular")]
    assert not again.rejects.exists()


def test_a_reject_keeps_what_was_delivered_and_runs_nothing(deliver):
    found = deliver("=HYPERLINK(1),2026-03-01", "x,2026-03-01,20,regular")

    text = found.rejects.read_text("utf-8").splitlines()
    assert text[1] == "'=HYPERLINK(1),2026-03-01,,,2,a column is missing on this line"
    assert text[2].startswith("x,2026-03-01,20,regular,3,")
