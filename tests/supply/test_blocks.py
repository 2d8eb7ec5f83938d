"""Importing supply blocks: what is taken, and what is refused."""

import csv

import pytest

from app.supply.models import Premises
from tests import make

FILE = """customer_number,supply_block
012345678,GN-03
999999999,GN-03
12345678,GN-03
012345679,
012345679,강남-4
"""


@pytest.fixture
def homes(db):
    return [make.premises(number=number) for number in ("012345678", "012345679")]


def test_each_premises_gets_its_block_and_bad_lines_come_back(runner, homes, tmp_path):
    path = tmp_path / "blocks.csv"
    path.write_text(FILE, "utf-8")

    answer = runner.invoke(args=["readings", "blocks", str(path)])

    assert answer.exit_code == 1
    assert "5 lines: 2 imported, 0 already there, 3 rejected" in answer.output
    blocks = {one.number: one.supply_block for one in Premises.select()}
    assert (blocks["012345678"], blocks["012345679"]) == ("GN-03", "강남-4")
    with (tmp_path / "blocks.csv.rejects.csv").open(encoding="utf-8", newline="") as file:
        reasons = {row["line"]: row["reason"] for row in csv.DictReader(file)}
    assert reasons == {
        "3": "no premises has this customer number",
        "4": "the customer number must have nine digits (leading zeros count)",
        "5": "a block has up to 12 letters, digits and hyphens",
    }


def test_a_changed_file_changes_only_what_is_new(runner, homes, tmp_path):
    path = tmp_path / "blocks.csv"
    path.write_text("customer_number,supply_block\n012345678,GN-03\n", "utf-8")
    runner.invoke(args=["readings", "blocks", str(path)])
    path.write_text("customer_number,supply_block\n012345678,GN-03\n012345679,GN-03\n", "utf-8")

    answer = runner.invoke(args=["readings", "blocks", str(path)])

    assert "2 lines: 1 imported, 1 already there, 0 rejected" in answer.output
