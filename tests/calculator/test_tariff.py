"""요금표: all rates with their sources, sorted into now, later and before."""

from datetime import date

import pytest

from app.calculator.prices import prices, sorted_out, to_follow
from app.calculator.rules import discounts, rules
from app.tariff.table import seoul
from tests.markup import Page


@pytest.fixture(autouse=True)
def today(clock_at):
    clock_at("2026-11-20 10:00")


@pytest.fixture
def text(client):
    return client.get("/tariff/").text


def folded(text):
    """What stands in the folded parts."""
    return "".join(text[e.start : e.end] for e in Page(text).tagged("details"))


def of(part, use_class):
    rates = seoul().rates.values()
    return [rate for rate in rates if (rate.part, rate.use_class) == (part, use_class)]


def test_every_rate_rule_and_reduction_of_the_table_is_on_the_page(text):
    known = [*seoul().rates.values(), *seoul().reductions.values()]

    assert [row.source for row in known if row.source not in text] == []
    assert [row.code for row in seoul().reductions.values() if row.name["ko"] not in text] == []


def test_rates_in_force_stand_open_and_earlier_ones_are_folded(text):
    assert "2026년 요율표" in text
    assert "2026년 요율표" not in folded(text)
    assert "2014년 요율표" in folded(text)


def test_every_sample_is_marked_and_nothing_else(text):
    known = [*seoul().rates.values(), *seoul().reductions.values(), seoul().rules.late_fee]

    assert text.count("확인 전 견본") == sum(not row.verified for row in known)


def test_a_rate_of_the_future_is_neither_in_force_nor_past():
    rates = of("water", "household")

    now, then, before = sorted_out(rates, date(2021, 12, 31))

    assert [rate.key for rate in now] == ["water-household-2021"]
    assert [rate.key for rate in then] == ["water-household-2022", "water-household-2023"]
    assert [rate.key for rate in before] == ["water-household-2001", "water-household-2012"]


def test_a_rate_from_a_billing_month_begins_with_that_month():
    rates = of("water", "household")

    assert sorted_out(rates, date(2012, 2, 29))[0][0].key == "water-household-2001"
    assert sorted_out(rates, date(2012, 3, 1))[0][0].key == "water-household-2012"


def test_a_rate_that_has_ended_is_not_in_force():
    now, _, before = sorted_out(of("sewer", "household"), date(2012, 6, 1))

    assert now == []
    assert [rate.key for rate in before] == ["sewer-household-2005"]


def test_rates_to_come_are_shown_with_their_day(client, clock_at):
    clock_at("2022-12-20 10:00")

    text = client.get("/tariff/").text

    assert "앞으로 바뀌는 단가" in text
    assert "2023. 1. 1.부터" in text


def test_a_price_to_come_that_is_not_known_yet_is_not_shown_as_a_change():
    sewer = next(one for one in prices(seoul(), date(2026, 11, 20)) if one.part == "sewer")

    [row] = [row for row in sewer.then if row.name == "가정용"]
    assert row.tiers == [("", "확인 전")]
    assert row.sample


def test_a_confirmed_price_that_stays_the_same_is_no_change():
    [old] = [rate for rate in of("sewer", "household") if rate.key == "sewer-household-2026"]
    same = old._replace(start=date(2027, 1, 1))
    other = same._replace(tiers=((None, 500),))

    assert to_follow([old], [same]) == []
    assert [row.tiers for row in to_follow([old], [other])] == [[("", "500원")]]


def test_base_charges_are_shown_by_diameter():
    base = prices(seoul(), date(2026, 11, 20))[-1]

    assert base.now[0].name == "15mm"
    assert base.now[0].tiers == [("", "1,080원")]
    assert base.common.source == base.now[0].source


def test_the_rules_say_the_numbers_of_the_table(app):
    table = seoul()

    changed = table.rules._replace(cut_to=100, cut_each="total", mixed_m3=99, instalments=11)
    said = " ".join(rule.text for rule in rules(type(table)(changed, [], {})))

    assert "합계에서 100원 미만을 버립니다." in said
    assert "99㎥" in said
    assert "11달" in said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("basic_livelihood", "수도, 하수도: 한 세대가 한 달에 10㎥까지 무료"),
        ("two_children", "하수도: 금액의 30% 할인"),
        ("ebill", "수도: 금액의 1%, 200원에서 1,000원까지 할인"),
        ("self_reading", "수도: 600원 할인"),
        ("disabled_facility", "수도, 하수도: 쓴 양의 20%를 뺌"),
    ],
)
def test_a_reduction_says_what_it_takes_off(code, said):
    row = seoul().reductions[code]

    assert said in [rule.text for rule in discounts(seoul()) if rule.name == row.name["ko"]]


def test_the_tariff_page_speaks_english(client):
    text = client.get("/tariff/?lang=en").text

    assert "Base charge by diameter" in text
    assert "Up to 50\u00a0m³:" in text


def test_the_tariff_page_fits_into_the_first_round_trip(client):
    answer = client.get("/tariff/", headers={"Accept-Encoding": "br"})

    assert len(answer.data) <= 14_000
