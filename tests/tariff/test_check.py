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
    ("    years: 3\n", "    years: 3000\n", "rules", "limitation.years is a whole number"),
    ("    most: 6\n", "    most: true\n", "rules", "instalments.most is a whole number"),
    ("    percent: 3\n", "    percent: 101\n", "rules", "late_fee.percent is a whole number"),
    ("    months: 4\n", "    months: 9999\n", "rules", "estimate.months is a whole number"),
    ("household_m3: 17", "household_m3: 1e9", "rules", "mixed_use.household_m3 is a whole number"),
    ("waived_for: [military]", "waived_for: military", "rules", "waived_for is a list"),
    ("waived_for: [military]", "waived_for: [[x]]", "rules", "waived_for is a text"),
    ("    of: [water, sewer]  ", "    of: water  ", "rules", "per_household.of is a list"),
    ("source: 수도 조례 34조\n", "source: 34\n", "rules", "limitation.source is a text"),
    ("tiers: [[null, 580]]", "tiers: [[null, 100000001]]", "water-household-2023", "not above"),
    ("tiers: [[null, 580]]", "tiers: [[1000000001, 5], [null, 5]]", "water-household-2023", "rise"),
    ("tiers: [[null, 580]]", "tiers: &x [*x]", "water-household-2023", "tiers must be pairs"),
    ("from: 2023-01-01", "from: 0001-01-01", "water-household-2023", "from is a day"),
    ("billed_from: 2014-03\n    to:", "billed_from: 0000-01\n    to:", "sewer-household-2014",
     "billed_from is a month"),
    ("15: {won: 1080,", "99999: {won: 1080,", "base-2001", "a diameter in mm is a whole number"),
    ("(2023년 요율표)", "\u202e(2023년 요율표)", "water-household-2023", "cannot be shown"),
    ("ko: 누수 감면", 'ko: "\\0"', "leak", "name.ko has signs that cannot be shown"),
    ("en: Leak reduction", 'en: " "', "leak", "name.en is a text"),
    ("en: Leak reduction", "en: [x]", "leak", "name.en is a text"),
    ("ko: 누수 감면", "ko: \u0378", "leak", "name.ko has signs that cannot be shown"),
    ("code: leak", "code: 5", "reductions, row 1", "code is a text"),
    ("reading: self", "reading: [x]", "self_reading", "reading is regular or self"),
    ("reading: self", "reading: moon", "self_reading", "reading is regular or self"),
    ("asked: true", "asked: 'no'", "basic_livelihood", "asked is true or false"),
    ("unless: [disabled_facility]", "unless: disabled_facility", "basic_livelihood", "is a list"),
    ("    by_day: ", "    by_day: 3", "ebill", "by_day is a whole number from 1 to 28"),
    ("won: 3000\n", "won: 100000001\n", "ebill_autopay", "won is a whole number"),
    ("m3: 10\n", "m3: 1.5\n", "basic_livelihood", "m3 is a whole number"),
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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("rates: [", "this is no YAML"),
        ("", "no sections"),
        ("- 1", "no sections"),
        ("rates: []", "the section rules is missing"),
        (TEXT.replace("base_charges:", "base:"), "the section base_charges is missing"),
        (TEXT.replace("from: 2023-01-01", "from: 2023-13-01"), "there is no day 2023-13-01"),
        ("rules: !!int ''", "this is no YAML"),
        ("[" * 20_000, "lists stand in lists too deep"),
        (TEXT + "\nmore: " + "[" * 20_000, "lists stand in lists too deep"),
        ("rules: {}\nrates: [5]\nbase_charges: []\nreductions: []", "late_fee is missing"),
    ],
)
def test_a_file_that_is_no_table_is_told_so(text, what):
    assert what in problems(text)[0].what
