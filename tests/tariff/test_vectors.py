"""The published and derived vectors of arisu.md 2.8, through `flask tariff calculate --json`."""

import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent
OTHER_CITY, GIMHAE = HERE / "other_city.yaml", HERE / "gimhae.yaml"


@pytest.fixture
def calculate(runner):
    """calculate("--month=2026-11", …) is the answer as scripts read it."""

    def start(*options):
        found = runner.invoke(args=["tariff", "calculate", "--json", *map(str, options)])
        assert found.exit_code == 0, found.output
        return json.loads(found.output)

    return start


def household(calculate, month, months, usage, *options):
    return calculate(f"--month={month}", f"--months={months}", f"--usage={usage}", *options)


def used(found, part):
    """Won of a part's usage lines."""
    rows = found["lines"]
    return sum(row["amount"] for row in rows if (row["part"], row["kind"]) == (part, "usage"))


@pytest.mark.parametrize(
    ("month", "months", "usage", "households", "parts"),
    [
        ("2026-11", 2, 0, 1, (2160, 0, 0, 2160)),  # D0
        ("2026-11", 2, 24, 1, (16080, 11520, 4080, 31680)),  # D1
        ("2026-11", 2, 70, 3, (42520, 33400, 11900, 87820)),  # D4, each part cut
        ("2026-11", 1, 12, 1, (8040, 5760, 2040, 15840)),  # D5
        ("2010-06", 2, 100, 1, (42960, 24800, 16000, 83760)),  # P4
    ],
)
def test_whole_bills(calculate, month, months, usage, households, parts):
    found = household(calculate, month, months, usage, f"--households={households}")

    assert (found["water"], found["sewer"], found["levy"], found["total"]) == parts


@pytest.mark.parametrize(
    ("month", "usage", "won"),
    [
        ("2014-03", 31, 9700),  # P1; P1n, the whole use at the top tier, would be 21,700
        ("2014-02", 31, 8410),  # P1; P1n 18,910
        ("2025-06", 6, 2400),  # P2
        ("2026-06", 6, 2880),  # P2
        ("2014-06", 30, 9000),
        ("2014-06", 31, 9700),
        ("2014-06", 50, 23000),
        ("2014-06", 51, 24070),
        ("2014-06", 60, 33700),
        ("2025-06", 30, 12000),
        ("2025-06", 31, 12930),
        ("2025-06", 50, 30600),
    ],
)
def test_the_sewer_charge_of_a_month(calculate, month, usage, won):
    assert household(calculate, month, 1, usage)["sewer"] == won


def test_the_water_of_a_month_in_2021(calculate):  # P7
    assert used(household(calculate, "2021-06", 1, 24), "water") == 8640


@pytest.mark.parametrize(("usage", "more"), [(6, 180), (12, 360), (24, 720)])
def test_the_change_of_july_2021(calculate, usage, more):  # P8
    before = household(calculate, "2021-07", 1, usage)

    assert household(calculate, "2021-09", 1, usage)["water"] - before["water"] == more


def test_a_bill_of_ansan(calculate):  # P9
    found = household(calculate, "2020-05", 1, 50, "--diameter=13", "--tariff", OTHER_CITY)

    assert (used(found, "water"), found["sewer"], found["levy"]) == (29300, 22200, 8500)
    assert found["total"] == 60570


def test_a_bill_of_gimhae_with_homes_and_a_shop_on_one_meter(calculate):  # P11
    place = ["--class=general", "--dwellings=2", "--tariff", GIMHAE]

    found = household(calculate, "2026-05", 1, 97, *place)

    assert (used(found, "water"), found["sewer"], found["levy"]) == (138220, 91200, 16490)
    assert found["total"] == 247010


@pytest.mark.parametrize(("usage", "off"), [(100, 420), (20, 200)])  # P4, P6
def test_the_e_bill_discount_of_published_bills(calculate, usage, off):
    found = household(calculate, "2010-06", 2, usage, "--reduction=ebill")

    assert found["discounts"] == [
        {"code": "ebill", "name": "E-bill", "part": "water", "amount": off}
    ]
    assert found["total"] == found["water"] + found["sewer"] + found["levy"] - off


@pytest.fixture
def won_by_won(tmp_path):
    """A tariff in which a m3 of water costs one won, so that the water part can be any amount."""
    text = OTHER_CITY.read_text("utf-8")
    for old, new in (
        ("each: part", "each: total"),
        ("[[20, 410], [40, 610], [null, 890]]", "[[null, 1]]"),
        ("won: 570", "won: 0"),
    ):
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "won.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("water", "off"),
    [
        (5_960, 200),
        (20_000, 200),
        (20_001, 200),
        (21_000, 210),
        (42_960, 420),
        (99_999, 990),
        (100_000, 1_000),
        (121_960, 1_000),
    ],
)
def test_the_e_bill_discount_by_the_water_part(calculate, won_by_won, water, off):
    place = ["--diameter=13", "--reduction=ebill", "--tariff", won_by_won]

    found = household(calculate, "2026-05", 1, water, *place)

    assert found["water"] == water
    assert [row["amount"] for row in found["discounts"]] == [off]


@pytest.mark.parametrize(
    ("month", "unpaid", "days", "fee"),
    [
        ("2026-03", 31_680, 10, 330),  # 339.43, due on 31 January, cut below 10 won
        ("2026-03", 31_680, 28, 950),
        ("2026-03", 31_680, 40, 950),  # capped after a month
        ("2026-11", 100_000, 15, 1_450),  # 1,451.61, due on 30 September
        ("2026-11", 100_000, 0, 0),
    ],
)
def test_late_fees(calculate, month, unpaid, days, fee):
    found = household(calculate, month, 2, 24, f"--unpaid={unpaid}", f"--days-late={days}")

    assert found["late_fee"] == fee
    assert found["total"] == found["water"] + found["sewer"] + found["levy"] + fee
    assert sum(row["amount"] for row in found["lines"]) == found["total"]
