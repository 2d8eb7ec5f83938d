"""What must hold for any set of reductions, any use and any days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clock import add_months, first_day, month_end
from app.tariff.engine import Grant, Terms, charge
from app.tariff.late import late_fee
from app.tariff.table import SEOUL, Period, parse, seoul, whole_months

CODES = sorted(seoul().reductions)
TEXT = SEOUL.read_text("utf-8")
grants_ = st.lists(st.builds(Grant, st.sampled_from(CODES), st.integers(1, 60)), max_size=6)
uses_ = st.integers(0, 1500)
months_ = st.sampled_from(["2021-08", "2024-06", "2025-06", "2026-02", "2026-05", "2026-11"])
places_ = st.builds(
    Terms,
    st.sampled_from(["household", "general", "bath"]),
    st.sampled_from(["household", "general"]),
    st.sampled_from([15, 25]),
    st.integers(1, 30),
    st.integers(0, 5),
)


def total(place, month, usage, grants, months=2, table=None):
    period = whole_months(month, months)
    return charge(table or seoul(), place, period, usage, tuple(grants))


@given(places_, months_, uses_, grants_, st.integers(1, 3))
def test_no_part_and_no_bill_falls_below_nothing(place, month, usage, grants, months):
    found = total(place, month, usage, grants, months)

    assert found.total >= 0
    for part in ("water", "sewer", "levy"):
        assert sum(line.amount for line in found.lines if line.part == part) >= 0
    assert sum(line.amount for line in found.lines) == found.total
    assert all(line.amount <= 0 for line in found.lines if line.kind == "discount")


@settings(max_examples=400)
@given(places_, months_, uses_, grants_, st.integers(1, 20))
def test_more_use_never_costs_less_whatever_is_taken_off(place, month, usage, grants, more):
    less = total(place, month, usage, grants).total

    assert less <= total(place, month, usage + more, grants).total


@given(places_, months_, uses_, st.data())
def test_the_order_of_grants_changes_nothing(place, month, usage, data):
    grants = data.draw(grants_)
    mixed = data.draw(st.permutations(grants))

    assert total(place, month, usage, grants) == total(place, month, usage, mixed)


@given(places_, months_, uses_, grants_, st.integers(1, 50))
def test_another_grant_never_makes_a_bill_dearer(place, month, usage, grants, value):
    more = [*grants, Grant("severely_disabled", value)]

    assert total(place, month, usage, more).total <= total(place, month, usage, grants).total


@pytest.mark.slow
@given(uses_, grants_, st.integers(1, 60), st.integers(1, 12))
def test_days_of_two_equal_rates_cost_what_one_rate_costs(usage, grants, day, households):
    """Each part may differ by what is cut off it, and by as much for each discount."""
    start = date(2026, 8, 31)
    change = start + timedelta(days=day)
    again = f"""  - key: water-household-2026
    part: water
    class: household
    from: {change}
    tiers: [[null, 580]]
    confidence: sample
    source: the same once more
  - key: water-general-2012
"""
    two = parse(TEXT.replace("  - key: water-general-2012\n", again))
    place = Terms("household", "household", 15, households)
    period = Period("2026-11", start, date(2026, 10, 31), 2)

    split = charge(two, place, period, usage, tuple(grants))
    whole = charge(seoul(), place, period, usage, tuple(grants))

    assert (split.water, split.sewer, split.levy) == (whole.water, whole.sewer, whole.levy)
    assert abs(split.total - whole.total) <= 10 * (len(grants) + 1)


@given(st.integers(0, 10**7), st.integers(0, 200), st.integers(1, 5000))
def test_a_late_fee_grows_with_days_and_amount_up_to_three_percent(unpaid, days, more):
    month = add_months("2024-01", days % 30)
    due_on = month_end(first_day(month))
    rule = seoul().rules.late_fee

    def fee(won, late):
        return late_fee(rule, won, month, due_on, due_on + timedelta(days=late)).amount

    assert 0 <= fee(unpaid, days) <= fee(unpaid, days + 1) <= unpaid * 3 // 100
    assert fee(unpaid, days) <= fee(unpaid + more, days)
    assert fee(unpaid, 31) == fee(unpaid, 31 + days)
