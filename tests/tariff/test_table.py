"""A tariff file is refused with the row that is wrong."""

import re

import pytest

from app.tariff.table import SEOUL, TariffError, parse, seoul

TEXT = SEOUL.read_text("utf-8")


def test_the_shipped_table_loads_and_marks_what_is_not_verified():
    rates = seoul().rates

    assert rates["water-household-2023"].verified
    assert rates["base-2001-15"].verified
    assert not rates["base-2001-20"].verified
    assert not rates["sewer-household-2019"].verified
    assert all(rate.source for rate in rates.values())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("tiers: [[null, 580]]", "tiers: [[30, 580]]", "water-household-2023: tiers must rise"),
        ("[[30, 400], [50, 930]", "[[50, 400], [30, 930]", "sewer-household-2019: tiers must rise"),
        ("tiers: [[null, 580]]", "tiers: [[null, -580]]", "not below 0"),
        ("tiers: [[null, 580]]", "tiers: [[null, 580.5]]", "whole won"),
        ("part: levy", "part: tax", "unknown part tax"),
        ("from: 2023-01-01", "form: 2023-01-01", "either from or billed_from"),
        ("confidence: sample", "confidence: maybe", "verified or sample"),
        ("key: levy-2011", "key: levy-2010", "share a key"),
        ("each: part", "each: line", "part or total"),
        ("from: 2023-01-01", "from: 2020-01-01", "oldest first"),
        ("base_charges:", "base:", "gap"),
        ("rates:", "rates: [", "gap"),
        ("rates:", "more: " + "[" * 20_000 + "\nrates:", "gap"),
        ("rates:\n", "rates:\n  - 5\n", "a rate: "),
        ("reductions:\n", "reductions:\n  - 5\n", "a reduction without code: "),
        ("reading: self", "reading: [x]", "self_reading: reading is regular or self"),
        ("source: 서울특별시 수도 조례 23조 (2023년 요율표)", "tax: 1", "2023: source is missing"),
    ],
)
def test_a_wrong_table_is_refused_with_the_reason(old, new, message):
    assert old in TEXT

    with pytest.raises(TariffError, match=re.escape(message)):
        parse(TEXT.replace(old, new))
