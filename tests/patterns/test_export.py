"""The use of a home as a table for spreadsheets."""

import csv
import io

import pytest

from tests.patterns.homes import HOME, bills, week


def test_the_table_for_spreadsheets_holds_bills_and_days_newest_first(signed_in, home):
    bills(home, 20, 24)
    week(home, 0, None)

    answer = signed_in.get(f"{HOME}.csv")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="water-use.csv"'
    assert "no-store" in answer.headers["Cache-Control"]
    _, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert [line[2] for line in lines] == ["2026-11", "2026-09", "2026-11-19", "2026-11-18"]
    assert lines[0] == [
        "우리집", "고지서", "2026-11", "2026-08-29", "2026-10-29", "24", "", "", "31680"
    ]  # fmt: skip
    assert lines[2] == ["우리집", "날", "2026-11-19", "", "", "", "400", "", ""]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM", "\t=1"])
def test_no_cell_of_the_table_is_a_formula(signed_in, home, name):
    home.name = name
    home.save()
    bills(home, 24)

    text = signed_in.get(f"{HOME}.csv").data.decode("utf-8-sig")

    assert next(csv.reader(io.StringIO(text.split("\n", 1)[1])))[0] == f"'{name}"
