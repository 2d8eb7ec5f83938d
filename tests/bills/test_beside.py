"""What few bills have: corrections, instalments, arrears, late fees, reductions."""

from datetime import date

import pytest

from app import clock
from app.billing.correct import Signed, Wanted, correct
from app.bills.models import Bill
from app.tariff.table import seoul
from tests import make

KEY = b"tests-only-bill-code-key-of-many-signs"


@pytest.fixture(autouse=True)
def today(clock_at):
    clock_at("2026-11-22T10:00")


@pytest.fixture
def home(signed_in):
    """A home of the signed-in account, with a meter that its bills fit."""
    found = make.home(account=signed_in.account)
    make.meter(premises=found.premises)
    return found


def put_right(home, usage_m3, reason="지침을 잘못 읽음"):
    signed = Signed(reason, "보기 담당", clock.now())
    wanted = Wanted(usage_m3=usage_m3)
    number = home.premises.number
    return correct(number, "2026-11", wanted, signed, seoul(), KEY, clock.today())


def shown(client, home, rest=""):
    return client.get(f"/bills/{home.reference}/2026-11{rest}").text


def test_a_corrected_bill_says_what_changed_and_why(signed_in, home):
    make.bill(premises=home.premises)
    put_right(home, 14)

    text = shown(signed_in, home)

    assert "2026. 11. 22.에 바로잡은 고지서입니다" in text
    assert "31,680원에서 19,380원으로 12,300원 줄었습니다." in text
    assert "까닭: 지침을 잘못 읽음" in text
    assert f'href="/bills/{home.reference}/2026-11/0"' in text


def test_the_document_before_the_correction_can_still_be_seen(signed_in, home):
    make.bill(premises=home.premises)
    put_right(home, 14)

    text = shown(signed_in, home, "/0")

    assert "이 고지서는 나중에 바로잡았습니다." in text
    assert "31,680원" in text
    assert "내는 방법 보기" not in text


@pytest.mark.parametrize("revision", [1, 2])
def test_the_document_that_holds_has_no_address_of_its_own(signed_in, home, revision):
    make.bill(premises=home.premises)
    put_right(home, 14)

    answer = signed_in.get(f"/bills/{home.reference}/2026-11/{revision}")

    assert answer.status_code == 404


def test_lists_show_a_corrected_bill_once_with_its_new_amount(signed_in, home):
    make.bill(premises=home.premises)
    put_right(home, 14)

    text = signed_in.get("/bills/").text

    assert "고지서 1건" in text
    assert "바로잡음" in text
    assert "19,380원" in text
    assert "31,680원" not in text


def test_what_was_paid_is_taken_off_what_is_asked(signed_in, home):
    make.bill(premises=home.premises, paid=True)
    put_right(home, 34)

    bill, listed = shown(signed_in, home), signed_in.get("/bills/").text

    assert "이미 낸 금액: 31,680원" in bill
    assert '<p class="big">12,300원</p>' in bill
    assert "이미 낸 금액을 빼고 나머지만 내면 됩니다." in bill
    assert '<p class="big">12,300원</p>' in listed


def test_a_bill_that_is_paid_too_much_asks_for_nothing(signed_in, home):
    make.bill(premises=home.premises, paid=True)
    put_right(home, 14)

    text = shown(signed_in, home)

    assert "납부 완료" in text
    assert "더 낸 금액은 돌려드리는 것으로 제안했습니다." in text
    assert "지금 낼 요금이 없습니다." in signed_in.get("/bills/").text


def test_a_reason_is_shown_as_text(signed_in, home):
    make.bill(premises=home.premises)
    put_right(home, 14, "<b>{{ 7*7 }}</b>")

    assert "&lt;b&gt;{{ 7*7 }}&lt;/b&gt;" in shown(signed_in, home)


def test_instalments_are_shown_with_their_days(signed_in, home):
    make.bill(premises=home.premises)
    for position, month in ((1, 12), (2, 1)):
        make.instalment(
            premises=home.premises,
            month="2026-11",
            position=position,
            due_on=date(2026 + (month == 1), month, 31),
            amount=15_840,
            paid_at=clock.now() if position == 1 else None,
        )

    text = shown(signed_in, home)

    assert "31,680원을 나누어 내는 가운데 다음 몫입니다. 1월 31일(일)까지 내면 됩니다." in text
    assert '<p class="big">15,840원</p>' in text
    assert '2026. 12. 31.</th><td class="n">15,840원</td><td>납부 완료' in text
    assert '2027. 1. 31.</th><td class="n">15,840원</td><td>납부 전' in text
    assert "분할 납부" in signed_in.get("/bills/").text


def test_arrears_are_told_beside_the_amount_and_not_in_it(signed_in, home):
    make.bill(premises=home.premises, arrears=63_360)

    text = shown(signed_in, home)

    assert "지난 요금 63,360원이 미납이었습니다." in text
    assert '<p class="big">31,680원</p>' in text


def test_an_estimated_bill_says_so(signed_in, home):
    make.bill(premises=home.premises, reading_kind="estimated")

    assert "쓴 물(추정)" in shown(signed_in, home)


def test_the_paper_names_the_code_and_the_source_of_every_line(signed_in, home):
    make.bill(premises=home.premises, code="ABCDEFGHJK")

    text = shown(signed_in, home, "/paper")

    assert "ABCDE-FGHJK" in text
    assert "<details open>" in text
    assert '<li>수도 사용요금: <span lang="ko">서울특별시 수도 조례 23조 (2023년 요율표)' in text


def test_lines_on_sample_rates_say_so(signed_in, home):
    Bill.delete().execute()
    make.bill(premises=home.premises, diameter_mm=20)

    text = shown(signed_in, home)

    assert text.count("확인 전 견본 단가") == 1
