"""`flask tariff check`, `diff` and `activate`; a new rate and a new discount need only data."""

import json

import pytest

from app.billing.run import run
from app.tariff import active
from tests import make
from tests.adoption.test_risks import GROWN, TEXT
from tests.billing.supply import KEY, begun, bills, day, read

NEIGHBOURS = """  - code: neighbours
    name: {ko: 이웃 할인, en: Neighbours' discount}
    kind: fixed
    of: [levy]
    won: 500
    asked: true
    confidence: verified
    source: an ordinance of the tests
"""
WITH_DISCOUNT = GROWN + NEIGHBOURS


@pytest.fixture
def tariff(make_app, tmp_path):
    """tariff("check", …) runs a command of an app with a data folder of its own."""
    app = make_app(DATA_DIR=str(tmp_path), CONTENT_CHECK_SECONDS=0)
    runner = app.test_cli_runner()

    def start(*args):
        return runner.invoke(args=["tariff", *map(str, args)])

    start.app = app
    yield start
    (tmp_path / "tariff.yaml").unlink(missing_ok=True)


@pytest.fixture
def file(tmp_path):
    """file(text) is a tariff file."""

    def start(text, name="new.yaml"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return start


def test_check_tells_what_a_file_holds(tariff, file):
    found = tariff("check", file(WITH_DISCOUNT), "--json")

    said = json.loads(found.stdout)
    assert found.exit_code == 0
    assert (said["errors"], said["warnings"]) == (0, 0)
    assert said["rates"]["water"]["household"][-1] == "water-household-2027"
    assert "base-2001-20" in said["samples"]
    assert "neighbours" in said["reductions"]


def test_check_tells_file_row_what_and_mend_and_exits_1(tariff, file):
    path = file(TEXT.replace("tiers: [[null, 580]]", "tiers: [[30, 580]]"))

    found, as_json = tariff("check", path), tariff("check", path, "--json")

    assert (found.exit_code, as_json.exit_code) == (1, 1)
    rows = TEXT.splitlines()
    line = next(n for n, row in enumerate(rows, 1) if "key: water-household-2023" in row)
    assert f"new.yaml:{line}: error: water-household-2023: tiers must rise" in found.output
    (problem,) = json.loads(as_json.stdout)["problems"]
    assert {"file", "line", "row", "what", "mend", "error"} == problem.keys()
    assert problem["file"] == str(path)
    path.write_bytes("rules: 요금".encode("cp949"))
    assert tariff("check", path).exit_code == 1
    assert tariff("check", path.with_name("none.yaml")).exit_code == 2


def test_diff_shows_typical_homes_by_both_tables(tariff, file):
    said = json.loads(tariff("diff", "active", file(WITH_DISCOUNT), "--json").stdout)

    assert said["month"] == "2027-04"
    assert said["city"] is None
    homes = said["typical"]
    plain = [row for row in homes if not row["reductions"]]
    (home,) = [
        row
        for row in plain
        if (row["class"], row["diameter_mm"], row["usage_m3"]) == ("household", 15, 24)
    ]
    assert (home["old"], home["new"], home["difference"]) == (31_680, 33_120, 1_440)
    assert home["percent"] == "+4.5"
    assert {row["households"] for row in homes} == {1, 3, 10}
    assert {row["diameter_mm"] for row in homes} == {15, 20, 25}
    assert {row["class"] for row in homes} == {"household", "general", "bath"}
    (both, _) = [row for row in homes if row["reductions"] == ["neighbours"]]
    assert (both["old"], both["new"]) == (31_680, 33_120 - 500)


def test_diff_without_bills_says_so(tariff, file):
    found = tariff("diff", "active", file(GROWN))

    assert found.exit_code == 0
    assert "no bills are loaded" in found.output


def test_diff_charges_the_last_bills_of_the_city_once_more(tariff, file):
    for month in ("2026-09", "2026-10", "2026-11"):
        make.bill(month=month)
    shop = make.premises(water_class="general", sewer_class="general", diameter_mm=25)
    make.bill(premises=shop, usage_m3=60)
    helped = make.premises()
    make.reduction(premises=helped, code="basic_livelihood")
    make.bill(premises=helped)

    city = json.loads(tariff("diff", "active", file(GROWN), "--json").stdout)["city"]

    assert city["billing_months"] == ["2026-11", "2026-10"]
    assert (city["bills"], city["every"], city["without_rate"]) == (4, 1, 0)
    water, discounts = city["parts"]["water"], city["parts"]["discounts"]
    assert water["old"] == 3 * 16_080 + 2 * 5_200 + 60 * 1_270
    assert water["difference"] == 3 * 24 * 60
    assert discounts["old"] == 20 * 580 + 20 * 480
    assert discounts["new"] == 20 * 640 + 20 * 480
    total = city["parts"]["total"]
    assert total["difference"] == water["difference"] - discounts["difference"]


def test_diff_moves_the_bills_own_days_to_the_month(tariff, file):
    """Of the days after 28 November up to 28 January, 33 lie in 2026 and 28 in 2027."""
    make.bill(month="2026-11", from_on=day("2026-08-28"), to_on=day("2026-10-28"))

    options = ["--month=2027-02", "--json"]
    city = json.loads(tariff("diff", "active", file(GROWN), *options).stdout)["city"]

    exact = 24 * (580 * 33 + 640 * 28) // 61
    assert city["parts"]["water"]["new"] == (2160 + exact) // 10 * 10


def test_diff_of_a_sample_is_scaled_up_and_says_so(tariff, file, monkeypatch):
    from app.adoption import city

    monkeypatch.setattr(city, "SAMPLE", 2)
    first = make.premises()
    homes = [first, *(make.premises() for _ in range(5))]
    for home in homes:
        make.bill(premises=home)

    whole = tariff("diff", "active", file(GROWN), "--json")
    found = tariff("diff", "active", file(GROWN), "--sample", "--json")

    parts = json.loads(found.stdout)["city"]["parts"]
    assert json.loads(found.stdout)["city"]["every"] == 3
    assert parts == json.loads(whole.stdout)["city"]["parts"]
    said = tariff("diff", "active", file(GROWN), "--sample").output
    assert "a sample: one premises of 3, sums times 3" in said


def test_diff_counts_bills_for_which_a_table_has_no_rate(tariff, file):
    make.bill()
    make.bill(premises=make.premises(water_class="bath", sewer_class="bath"))
    path = file(TEXT.replace("class: bath", "class: sauna"))

    city = json.loads(tariff("diff", "active", path, "--json").stdout)["city"]

    assert (city["bills"], city["without_rate"]) == (1, 1)


def test_diff_exits_2_for_what_is_no_table(tariff, file):
    assert tariff("diff", "active", file("rates: [")).exit_code == 2
    assert tariff("diff", "active", "none.yaml").exit_code == 2
    assert tariff("diff", "active", file(GROWN), "--month=2027").exit_code == 2


def test_activate_puts_a_checked_table_into_force_for_commands_and_pages(tariff, file, tmp_path):
    found = tariff("activate", file(GROWN), "--by", "kim")

    assert found.exit_code == 0
    assert (tmp_path / "tariff.yaml").read_text("utf-8") == GROWN
    assert json.loads((tmp_path / "tariff.log").read_text("utf-8"))["by"] == "kim"
    with tariff.app.app_context():
        assert "water-household-2027" in active.table().rates


def test_activate_refuses_a_changed_rate_that_bills_have_used(tariff, file, tmp_path):
    make.bill()

    found = tariff("activate", file(TEXT.replace("[[null, 580]]", "[[null, 590]]")), "--by", "kim")

    assert found.exit_code == 1
    assert "bills have used this rate" in found.output
    assert not (tmp_path / "tariff.yaml").exists()
    assert not (tmp_path / "tariff.log").exists()


def test_activate_keeps_the_table_before_and_says_so(tariff, file, tmp_path):
    first = tariff("activate", file(GROWN), "--by", "kim")
    second = tariff("activate", file(WITH_DISCOUNT, "more.yaml"), "--by", "kim")

    assert "the table before" not in first.output
    assert f"the table before is kept: {tmp_path / 'tariff.yaml.before'}" in second.output
    assert (tmp_path / "tariff.yaml.before").read_text("utf-8") == GROWN
    notes = (tmp_path / "tariff.log").read_text("utf-8").splitlines()
    assert [json.loads(note)["file"] for note in notes] == ["new.yaml", "more.yaml"]


def test_activate_refuses_a_table_with_warnings_unless_told_to(tariff, file, tmp_path):
    make.premises()
    path = file(GROWN.replace("[[20, 640], [null, 1100]]", "[[20, 6400], [null, 1100]]"))

    refused = tariff("activate", path, "--by", "kim")
    there = (tmp_path / "tariff.yaml").exists()
    taken = tariff("activate", path, "--by", "kim", "--despite-warnings")

    assert (refused.exit_code, there, taken.exit_code) == (1, False, 0)
    assert "6400 won at 1 m3 is more than double" in refused.output
    assert "--despite-warnings" in refused.output
    assert "6400 won at 1 m3 is more than double" in taken.output


def test_check_of_a_day_that_does_not_exist_has_line_and_mend(tariff, file):
    text = TEXT.replace("from: 2023-01-01", "from: 2023-13-01", 1)
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "2023-13-01" in row)

    found = tariff("check", file(text)).output

    assert f"new.yaml:{line}: error: there is no day 2023-13-01\n" in found
    assert "write a day of the calendar" in found


def test_activate_wants_to_know_who(tariff, file):
    assert tariff("activate", file(GROWN)).exit_code == 2
    assert tariff("activate", file(GROWN), "--by", " ").exit_code == 2


@pytest.mark.slow
def test_a_new_rate_and_a_new_discount_need_only_data(tariff, file):
    text = WITH_DISCOUNT.replace("from: 2027-01-01", "from: 2026-08-29")
    assert tariff("activate", file(text), "--by", "kim").exit_code == 0
    home = begun()
    make.reduction(premises=home, code="neighbours", started_on=day("2026-09-01"))
    read(home, "2026-10-28", 124)

    asked = ["--month=2026-11", "--usage=24", "--reduction=neighbours", "--json"]
    counted = json.loads(tariff("calculate", *asked).stdout)
    with tariff.app.app_context():
        run("2026-11", active.sound_table(), KEY, day("2026-11-12"))
    client = tariff.app.test_client()
    page = client.get("/calculator/?usage=24&month=2026-11&reductions=neighbours")

    assert [row["name"] for row in counted["discounts"]] == ["Neighbours' discount"]
    assert counted["total"] == 31_680 + 24 * 60 - 500
    keys = {line.key for line in bills()[-1].read_lines()}
    assert {"water-household-2027", "neighbours"} <= keys
    assert bills()[-1].total == counted["total"]
    assert "이웃 할인" in page.get_data(as_text=True)
    assert "32,620" in page.get_data(as_text=True)
