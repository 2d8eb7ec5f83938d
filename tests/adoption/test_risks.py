"""What a new tariff would do to the loaded data."""

from datetime import date

import pytest

from app.adoption.facts import facts
from app.adoption.risks import risks
from app.tariff.table import SEOUL, parse, seoul
from tests import make

TEXT = SEOUL.read_text("utf-8")
TODAY = date(2026, 11, 22)
NEXT_YEAR = """  - key: water-household-2027
    part: water
    class: household
    from: 2027-01-01
    tiers: [[20, 640], [null, 1100]]
    confidence: verified
    source: an ordinance of the tests
  - key: water-general-2012
"""
GROWN = TEXT.replace("  - key: water-general-2012\n", NEXT_YEAR)


def found(text):
    return risks(parse(text), seoul(), facts(), TODAY)


def changed(old, new, text=GROWN):
    assert old in text
    return found(text.replace(old, new, 1))


def test_a_new_rate_from_next_year_is_no_risk(db):
    make.bill()

    assert found(TEXT) == found(GROWN) == []


@pytest.mark.parametrize(
    ("old", "new", "row", "what"),
    [
        ("tiers: [[null, 580]]", "tiers: [[null, 590]]", "water-household-2023", "tiers"),
        ("key: water-household-2023", "key: water-2023", "water-household-2023", "missing"),
        ("billed_from: 2014-03\n    tiers: [[500", "billed_from: 2014-04\n    tiers: [[500",
         "sewer-bath-2014", "billed_from"),
        ("15: {won: 1080", "15: {won: 1090", "base-2001-15", "tiers"),
    ],
)  # fmt: skip
def test_a_rate_that_bills_have_used_is_never_edited(db, old, new, row, what):
    make.bill()
    make.bill(premises=make.premises(water_class="bath", sewer_class="bath"))

    errors = [one for one in changed(old, new) if one.error]

    assert [one.row for one in errors] == [row]
    assert what in errors[0].what


def test_a_rate_that_no_bill_has_used_may_be_edited(db):
    make.bill()

    assert changed("tiers: [[500, 300], [null, 500]]", "tiers: [[500, 310], [null, 500]]") == []


def test_a_used_rate_may_be_ended_after_the_billed_days_and_get_a_better_source(db):
    make.bill()
    levy = "from: 2026-01-01\n    tiers: [[null, 170]]"

    assert changed(levy, levy.replace("tiers", "to: 2027-12-31\n    tiers")) == []
    ended = changed(levy, levy.replace("tiers", "to: 2026-09-30\n    tiers"))
    assert [one.what for one in ended if one.error] == [
        "bills have used this rate, and it changed: to"
    ]
    assert changed("source: 서울특별시 수도 조례 23조 (2023년 요율표)", "source: 관보") == []


def test_a_used_reduction_may_end_but_not_change(db):
    line = '["water","discount",0,1,0,0,-200,"ebill"]'
    make.bill(lines=f"[{line}]")

    assert changed("percent: 1\n", "percent: 1\n    billed_until: 2026-12\n") == []
    for old, new in (("most: 1000", "most: 2000"), ("code: ebill\n", "code: e-bill\n")):
        assert [one.row for one in changed(old, new) if one.error] == ["ebill"]


def test_a_premises_without_a_rate_in_the_next_or_last_months_is_a_risk(db):
    make.premises(diameter_mm=17, water_class="bath", sewer_class="bath")

    gaps = changed("from: 2023-01-01\n    tiers: [[null, 620]]", "from: 2023-01-01\n"
                   "    to: 2027-05-31\n    tiers: [[null, 620]]")  # fmt: skip

    assert [(one.row, one.error) for one in gaps] == [("base 17", False), ("water bath", False)]
    assert "2023-11 to 2027-11" in gaps[0].what
    assert "2027-06 to 2027-11" in gaps[1].what


def test_a_home_over_a_shop_needs_the_household_rate_too(db):
    make.premises(water_class="general", sewer_class="general", dwellings=2)

    assert ("water", "household") in facts().needed


@pytest.mark.parametrize(
    ("tiers", "says"),
    [
        ("[[20, 6400], [null, 1100]]", "6400 won at 1 m3 is more than double of 580 won"),
        ("[[20, 64], [null, 1100]]", "64 won at 1 m3 is less than half of 580 won"),
        ("[[20, 640], [null, 11000]]", "11000 won at 35 m3 is more than double"),
    ],
)
def test_a_rate_far_from_the_one_before_is_perhaps_a_slip(db, tiers, says):
    (warning,) = changed("[[20, 640], [null, 1100]]", tiers)

    assert (warning.row, warning.error) == ("water-household-2027", False)
    assert says in warning.what


def test_a_new_rate_for_billed_days_and_changed_rules_are_told(db):
    make.bill()

    (back,) = changed("from: 2027-01-01", "from: 2026-10-01")
    (rule,) = changed("household_m3: 17", "household_m3: 18")

    assert (back.row, back.error) == ("water-household-2027", False)
    assert (rule.row, rule.what) == ("rules", "mixed_m3 is 18, in the table in force 17")


def test_an_imported_rule_that_no_table_knows_is_no_risk(db):
    make.bill(lines='[["water","usage",240,580,61,61,13920,"rule-of-old"]]')

    assert found(GROWN) == []
