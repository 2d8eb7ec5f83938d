"""`flask tariff calculate`."""

import json


def calculate(runner, *options):
    found = runner.invoke(args=["tariff", "calculate", "--json", *options])
    assert found.exit_code == 0, found.output
    return json.loads(found.output)


def test_calculate_prints_the_lines_and_the_total_of_a_bill(runner):
    place = ["--class", "household", "--diameter", "15", "--households", "1"]
    found = calculate(runner, "--month", "2026-11", *place, "--months", "2", "--usage", "24")

    assert found["total"] == 31680
    assert (found["water"], found["sewer"], found["levy"]) == (16080, 11520, 4080)
    assert found["discounts"] == []
    assert sum(line["amount"] for line in found["lines"]) == 31680
    assert found["lines"][1]["quantity"] == 24


def test_calculate_knows_the_rates_of_their_time(runner):
    assert calculate(runner, "--month=2010-06", "--usage=100")["total"] == 83760
    assert calculate(runner, "--month=2014-03", "--months=1", "--usage=31")["sewer"] == 9700
    assert calculate(runner, "--month=2025-06", "--months=1", "--usage=6")["sewer"] == 2400


def test_calculate_without_json_is_for_people(runner):
    found = runner.invoke(args=["tariff", "calculate", "--month=2026-11", "--usage=24"])

    assert found.output.endswith("total 31680 won\n")


def test_calculate_says_what_is_wrong_and_exits_2(runner):
    for options in (
        ["--month=2026-13", "--usage=1"],
        ["--month=2026-11", "--usage=-1"],
        ["--month=2026-11", "--usage=1", "--diameter=17"],
        ["--month=2026-11", "--usage=1", "--class=palace"],
    ):
        assert runner.invoke(args=["tariff", "calculate", *options]).exit_code == 2


def test_calculate_takes_reductions_with_their_numbers_and_the_kind_of_reading(runner):
    asked = ["--month=2026-11", "--usage=60", "--households=3", "--reduction=basic_livelihood:2"]

    found = calculate(runner, *asked, "--kind=self", "--reduction=leak:10")

    discounts = [(row["code"], row["part"], row["amount"]) for row in found["discounts"]]
    assert ("self_reading", "water", 600) in discounts
    assert ("basic_livelihood", "sewer") in [(code, part) for code, part, _ in discounts]
    assert [code for code, _, _ in discounts].count("leak") == 3
    assert found["total"] == sum(found[part] for part in ("water", "sewer", "levy")) - sum(
        amount for _, _, amount in discounts
    )
    (freed,) = [
        line["quantity"]
        for line in found["lines"]
        if (line["part"], line["key"]) == ("levy", "leak")
    ]
    assert freed == 5


def test_calculate_refuses_an_unknown_reduction_and_lists_the_known_ones(runner):
    asked = ["tariff", "calculate", "--month=2026-11", "--usage=24"]

    unknown = runner.invoke(args=[*asked, "--reduction=gift"])

    assert unknown.exit_code == 2
    assert "There is no reduction gift. Known: leak" in unknown.output
    for value in ("leak:", "leak:0", "leak:-1", "leak:x"):
        assert runner.invoke(args=[*asked, f"--reduction={value}"]).exit_code == 2
    assert runner.invoke(args=[*asked, "--tariff=none.yaml"]).exit_code == 2
