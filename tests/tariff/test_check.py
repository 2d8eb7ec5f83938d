"""A tariff file's editor is told the row, its line, what is wrong and how to mend it."""

import pytest

from app.tariff.check import problems
from app.tariff.table import SEOUL

TEXT = SEOUL.read_text("utf-8")


def line_of(text):
    return next(n for n, line in enumerate(TEXT.splitlines(), 1) if text in line)


def test_the_shipped_table_has_nothing_wrong():
    assert problems(TEXT) == []


WRONG = [
    ("tiers: [[null, 580]]", "tiers: [[30, 580]]", "water-household-2023", "must rise"),
    ("tiers: [[null, 580]]", "tiers: []", "water-household-2023", "must rise"),
    ("tiers: [[null, 580]]", "tiers: [[x, 580], [null, 5]]", "water-household-2023", ""),
    ("tiers: [[null, 580]]", "tiers: [[null, 5.8]]", "water-household-2023", "whole won"),
    ("tiers: [[null, 580]]", "tears: [[null, 580]]", "water-household-2023", "tiers is missing"),
    ("from: 2023-01-01\n    tiers: [[null, 580]]", "from: '2023'\n    tiers: [[null, 580]]",
     "water-household-2023", "from is a day"),
    ("to: 2012-02-29", "to: 2002-02-28", "sewer-household-2005", "to lies before from"),
    ("billed_from: 2014-03\n    to:", "billed_from: 2014-3\n    to:", "sewer-household-2014",
     "billed_from is a month"),
    ("part: levy", "part: tax", "levy-2010", "unknown part tax"),
    ("key: levy-2011", "key: levy-2010", "levy-2010", "share a key"),
    ("key: levy-2011", "key: 'levy\"2011'", 'levy"2011', "a key has letters"),
    ("from: 2022-01-01", "from: 2020-01-01", "water-household-2022", "oldest first"),
    ("15: {won: 1080,", "15: {won: 10.8,", "base-2001", "whole won"),
    ("won: 3000\n", "won: '3000'\n", "ebill_autopay", "won is a whole number"),
    ("most: 1000", "most: -1", "ebill", "most is a whole number"),
    ("code: factory", "code: leak", "leak", "a code is used once"),
    ("kind: fixed\n    of: [water]\n    won: 600", "kind: gift\n    of: [water]\n    won: 600",
     "self_reading", "kind is one of"),
    ("    percent: 1\n", "    percent: 1.5\n", "ebill", "percent is 1 to 100"),
    ("source: 수도 조례 34조\n", "surce: 수도 조례 34조\n", "rules", "source is missing"),
    ("    to: 10\n", "    to: 0\n", "rules", "to is a whole number from 1"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "row", "what"), WRONG, ids=lambda text: text[:30])
def test_a_wrong_row_is_named_with_what_is_wrong(old, new, row, what):
    assert TEXT.count(old) >= 1

    found = problems(TEXT.replace(old, new, 1))

    assert found[0].row == row
    assert any(what in one.what for one in found)
    assert all(one.error and one.mend and one.line >= 1 for one in found)


def test_the_line_is_that_of_the_row():
    found = problems(TEXT.replace("tiers: [[null, 580]]", "tiers: [[30, 580]]"))

    assert found[0].line == line_of("key: water-household-2023")


def test_all_rows_are_looked_at_not_only_the_first_wrong_one():
    text = TEXT.replace("tiers: [[null, 580]]", "tiers: [[30, 580]]").replace("won: 600", "won: x")

    assert [one.row for one in problems(text)] == ["water-household-2023", "self_reading"]


def test_an_unknown_field_is_answered_with_the_nearest_one():
    (found,) = problems(TEXT.replace("applied_until", "aplied_until"))

    assert (found.row, found.what) == ("ebill_autopay", "unknown field aplied_until")
    assert found.mend == "write applied_until"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("rates: [", "this is no YAML"),
        ("", "no sections"),
        ("- 1", "no sections"),
        ("rates: []", "the section rules is missing"),
        (TEXT.replace("base_charges:", "base:"), "the section base_charges is missing"),
        (TEXT.replace("from: 2023-01-01", "from: 2023-13-01"), "this is no YAML"),
        ("rules: {}\nrates: [5]\nbase_charges: []\nreductions: []", "late_fee is missing"),
    ],
)
def test_a_file_that_is_no_table_is_told_so(text, what):
    assert what in problems(text)[0].what
