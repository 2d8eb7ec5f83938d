"""The charge of a period: published and derived vectors, and what must hold for every use."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import add_months, first_day
from app.tariff.engine import Terms, charge, tier_volumes
from app.tariff.table import Period, TariffError, parse, seoul

HOUSEHOLD = Terms("household", "household", 15, 1)


def period(month, months):
    """The whole calendar months before a billing month."""
    before = timedelta(days=1)
    first, last = first_day(add_months(month, -months)), first_day(month)
    return Period(month, first - before, last - before, months)


def household(month, months, usage, households=1):
    return charge(seoul(), HOUSEHOLD._replace(households=households), period(month, months), usage)


@pytest.mark.parametrize(
    ("month", "months", "households", "usage", "water", "sewer", "levy", "total"),
    [
        ("2026-11", 2, 1, 0, 2160, 0, 0, 2160),  # D0
        ("2026-11", 2, 1, 24, 16080, 11520, 4080, 31680),  # D1
        ("2026-11", 2, 3, 70, 42520, 33400, 11900, 87820),  # D4, each part cut
        ("2026-11", 1, 1, 12, 8040, 5760, 2040, 15840),  # D5
        ("2010-06", 2, 1, 100, 42960, 24800, 16000, 83760),  # P4
    ],
)
def test_bills_of_the_reference_come_out_to_the_won(
    month, months, households, usage, water, sewer, levy, total
):
    found = household(month, months, usage, households)

    assert (found.water, found.sewer, found.levy, found.total) == (water, sewer, levy, total)


@pytest.mark.parametrize(
    ("month", "usage", "sewer"),
    [
        ("2014-03", 31, 9700),  # P1; 21,700 would be the whole use at the top tier
        ("2014-02", 31, 8410),  # P1, the rates before
        ("2025-06", 6, 2400),  # P2
        ("2026-06", 6, 2880),  # P2
        ("2014-06", 30, 9000),
        ("2014-06", 50, 23000),
        ("2014-06", 51, 24070),
        ("2014-06", 60, 33700),
        ("2025-06", 30, 12000),
        ("2025-06", 31, 12930),
        ("2025-06", 50, 30600),
    ],
)
def test_sewer_tiers_apply_to_what_lies_in_them(month, usage, sewer):
    assert household(month, 1, usage).sewer == sewer


@pytest.mark.parametrize(("usage", "more"), [(6, 180), (12, 360), (24, 720)])  # P8
def test_the_change_of_july_2021_costs_what_was_announced(usage, more):
    before, after = household("2021-07", 1, usage), household("2021-09", 1, usage)

    assert after.water - before.water == more


def test_a_month_at_the_rate_of_2012_costs_what_was_published():  # P7
    lines = household("2021-06", 1, 24).lines

    assert [line.amount for line in lines if line.kind == "usage" and line.part == "water"] == [
        8640
    ]


OTHER_CITY = Path(__file__).with_name("other_city.yaml").read_text("utf-8")


def test_another_citys_tiers_need_only_another_table():  # P9
    table = parse(OTHER_CITY)

    found = charge(table, Terms("household", "household", 13, 1), period("2020-05", 1), 50)

    assert (found.water - 570, found.sewer, found.levy) == (29300, 22200, 8500)
    assert found.total == 60570


def test_the_table_decides_whether_parts_or_the_total_are_cut():
    terms = Terms("household", "household", 15, 3)
    by_part = charge(parse(OTHER_CITY), terms, period("2020-05", 2), 71)
    at_the_end = charge(
        parse(OTHER_CITY.replace("each: part", "each: total")), terms, period("2020-05", 2), 71
    )

    assert by_part.total % 10 == at_the_end.total % 10 == 0
    assert at_the_end.total - by_part.total in (0, 10, 20)
    assert [line.part for line in at_the_end.lines if line.kind == "cut"] == ["total"]


def test_use_before_a_change_of_rate_counts_by_days():
    """W-ORD addendum 7997 art. 2: 16 of 61 days at 400 won, 45 at 480."""
    lines = charge(
        seoul(), HOUSEHOLD, Period("2026-03", date(2025, 12, 15), date(2026, 2, 14), 2), 24
    ).lines

    sewer = [line for line in lines if line.part == "sewer" and line.kind == "usage"]
    assert [(line.rate, line.days, line.of_days) for line in sewer] == [
        (400, 16, 61),
        (480, 45, 61),
    ]
    assert sum(line.amount for line in sewer) == (24 * 400 * 16 + 24 * 480 * 45) // 61


def test_a_day_without_a_rate_is_refused_not_guessed():
    with pytest.raises(TariffError, match="sewer"):
        household("2018-06", 2, 24)  # between two known tables
    with pytest.raises(TariffError, match="base"):
        charge(seoul(), HOUSEHOLD._replace(diameter_mm=17), period("2026-11", 2), 24)
    with pytest.raises(TariffError, match="water"):
        charge(seoul(), HOUSEHOLD._replace(water_class="ship"), period("2026-11", 2), 24)


@pytest.mark.parametrize(("usage", "months", "households"), [(-1, 2, 1), (1, 0, 1), (1, 2, 0)])
def test_impossible_input_is_refused(usage, months, households):
    terms = HOUSEHOLD._replace(households=households)

    with pytest.raises(ValueError, match="must not be below"):
        charge(seoul(), terms, period("2026-11", 2)._replace(months=months), usage)


def test_tiers_split_a_volume_without_losing_any():
    assert tier_volumes(505, ((30, 1), (50, 2), (None, 3))) == [(300, 1), (200, 2), (5, 3)]
    assert tier_volumes(0, ((30, 1), (None, 3))) == [(0, 1)]
    assert tier_volumes(300, ((30, 1), (None, 3))) == [(300, 1)]


uses = st.integers(0, 3000)
months_ = st.sampled_from(["2010-06", "2014-06", "2021-08", "2025-06", "2026-02", "2026-11"])
households_ = st.integers(1, 40)


@given(months_, uses, households_)
def test_lines_add_up_to_their_parts_and_the_parts_to_the_total(month, usage, households):
    found = household(month, 2, usage, households)

    for part in ("water", "sewer", "levy"):
        assert sum(line.amount for line in found.lines if line.part == part) == getattr(found, part)
    assert found.water + found.sewer + found.levy == found.total
    assert found.total % 10 == 0


@given(months_, uses, households_)
def test_no_charge_is_negative_and_more_use_never_costs_less(month, usage, households):
    less, more = household(month, 2, usage, households), household(month, 2, usage + 1, households)

    assert 0 <= less.water <= more.water
    assert 0 <= less.sewer <= more.sewer
    assert 0 <= less.levy < more.levy
    assert all(line.amount >= 0 for line in less.lines if line.kind != "cut")
    assert all(-10 < line.amount < 0 for line in less.lines if line.kind == "cut")


@given(uses, st.integers(1, 61))
def test_days_of_two_rates_cost_no_more_and_no_less_than_each_rate_alone(usage, day):
    start = date(2025, 12, 31) - timedelta(days=day)
    end = start + timedelta(days=62)
    mixed = charge(seoul(), HOUSEHOLD, Period("2026-03", start, end, 2), usage)
    old, new = household("2025-11", 2, usage), household("2026-11", 2, usage)

    low, high = sorted((old.sewer, new.sewer))
    assert low - 10 <= mixed.sewer <= high + 10
