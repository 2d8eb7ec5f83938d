"""Each line of a bill says how it came to its amount."""

from datetime import date

import pytest

from app.bills import line_texts
from app.tariff.engine import Grant, Terms, charge
from app.tariff.lines import Line
from app.tariff.table import Period, seoul

PERIOD = Period("2026-11", date(2026, 8, 28), date(2026, 10, 28), 2)
HOME = Terms("household", "household", 15, 1)


class Charged:
    def __init__(self, lines):
        self.found = lines

    def lines(self):
        return self.found


def texts(*lines):
    return line_texts.lines(Charged(lines), seoul())


def charged(usage, *grants):
    found = charge(seoul(), HOME, PERIOD, usage, tuple(Grant(*grant) for grant in grants))
    return {(line.part, line.name): line.arithmetic for line in texts(*found.lines)}


@pytest.fixture(autouse=True)
def speaking(app):
    with app.test_request_context():
        app.preprocess_request()
        yield


def test_use_is_volume_times_rate():
    assert charged(24)["water", "수도 사용요금"] == "24㎥ × 580원"


def test_a_volume_that_is_free_is_volume_times_rate():
    found = charged(24, ("basic_livelihood",))

    assert found["water", "기초생활수급자 (수도)"] == "20㎥ × 580원"


@pytest.mark.parametrize(
    ("usage", "text"),
    [
        (24, "16,080원의 1%, 적어도 200원"),
        (100, "60,160원의 1%, 10원 미만 버림"),
        (200, "118,160원의 1%, 많아도 1,000원"),
    ],
)
def test_the_e_bill_discount_says_which_limit_it_met(usage, text):
    assert charged(usage, ("ebill",))["water", "전자고지 (수도)"] == text


def test_a_share_says_of_what():
    assert charged(25, ("two_children",))["sewer", "두 자녀 이상 (하수도)"] == "12,000원의 30%"


def test_a_late_fee_says_of_which_bill_and_how_many_days():
    (line,) = texts(Line("late", "late", 31_680, 3, 10, 31, 300, "2026-09"))

    assert line.name == "연체금"
    assert line.arithmetic == "2026년 9월 요금 31,680원 × 3% × 31일 가운데 10일"
    assert line.sample == "확인 전 규칙"


def test_days_of_a_rate_are_told():
    (line,) = texts(Line("sewer", "usage", 240, 400, 16, 61, 2517, "sewer-household-2019"))

    assert line.arithmetic == "24㎥ × 400원 × 61일 가운데 16일"


def test_meters_that_are_billed_together_are_named():
    lines = texts(
        Line("joined", "tap", 140, 0, 0, 0, 0, "000000002"),
        Line("joined", "main", 140, 0, 0, 0, 0, "000000001"),
    )

    assert [line.name for line in lines] == ["함께 청구하는 계량기", "다른 고지서에 함께 청구"]
    assert lines[0].arithmetic == "고객번호 000-000-002, 14㎥"


def test_a_line_of_another_system_says_where_it_comes_from():
    (line,) = texts(Line("water", "discount", 0, 0, 0, 0, -100, "old-discount"))

    assert (line.name, line.arithmetic) == ("할인 (수도)", "")
    assert "넘겨받은 고지서" in line.source
