"""How much ran between two readings."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.supply.usage import MeterSpan, between, dial

DAY = date(2026, 1, 1)
LATER = date(2026, 2, 1)


@pytest.mark.parametrize(
    ("previous", "current", "digits", "used"),
    [
        (100, 100, 4, 0),
        (100, 124, 4, 24),
        (9990, 14, 4, 24),  # past 9999
        (9000, 0, 4, 1000),  # the most that counts as a rollover
        (8999, 0, 4, None),
        (124, 100, 4, None),  # a misread digit
        (99990, 10, 5, 20),
        (9000, 10000, 4, None),  # more than the dial can show
    ],
)
def test_a_dial_counts_forwards_and_past_its_end(previous, current, digits, used):
    assert dial(previous, current, digits) == used


@given(st.integers(0, 9999), st.integers(0, 1000))
def test_every_plausible_use_is_read_back_from_the_dial(previous, used):
    assert dial(previous, (previous + used) % 10_000, 4) == used


def test_a_new_meter_adds_what_the_old_one_still_counted():
    old = MeterSpan(date(2020, 1, 1), 0, 4, 130)
    new = MeterSpan(date(2026, 1, 15), 3, 4, None)

    assert between(DAY, 100, 13, [old, new]) == 30 + 10


def test_two_new_meters_in_one_period_add_up():
    first = MeterSpan(date(2020, 1, 1), 0, 4, 130)
    second = MeterSpan(date(2026, 1, 10), 0, 4, 5)
    third = MeterSpan(date(2026, 1, 20), 0, 4, None)

    assert between(DAY, 100, 7, [first, second, third]) == 30 + 5 + 7


def test_a_removed_meter_without_its_last_reading_explains_nothing():
    old = MeterSpan(date(2020, 1, 1), 0, 4, None)
    new = MeterSpan(date(2026, 1, 15), 0, 4, None)

    assert between(DAY, 100, 13, [old, new]) is None
    assert between(DAY, 100, 13, []) is None
