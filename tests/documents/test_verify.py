"""문서 확인: whoever holds a paper learns whether it is genuine, and nothing about its person."""

import json
import re

import pytest

from app.bills.models import Bill, encoded
from app.documents.models import Document
from app.tariff.lines import Line
from tests import make
from tests.papers import issue, issue_bill, only_document, verify, words


def test_anybody_with_number_and_code_sees_that_a_paper_is_genuine(signed_in, client, home):
    issue_bill(signed_in, home)
    document = only_document()
    typed = f"{document.number[:4]}-{document.number[4:]}".lower()

    said = words(verify(client, document, number=typed))

    assert "진짜 문서입니다" in said
    assert "31,680원" in said
    assert "24㎥ × 580원" in said
    assert "2026. 11. 20." in said


def test_the_check_hides_name_number_and_address(signed_in, client, home):
    issue_bill(signed_in, home)

    text = verify(client, only_document()).text

    assert "김*기" in text
    assert "***-***-678" in text
    assert "서울특별시 성북구 ******" in text
    for hidden in ("김보기", "012-345-678", "012345678", "보기로"):
        assert hidden not in text


def test_the_check_hides_the_numbers_of_other_meters_in_the_lines(signed_in, client, home):
    issue_bill(signed_in, home)
    document = only_document()
    content = document.content
    content["texts"]["ko"]["lines"][0]["arithmetic"] = "고객번호 987-654-321, 3㎥"
    Document.update(shown=json.dumps(content)).execute()

    text = verify(client, document).text

    assert "고객번호 ***-***-321, 3㎥" in text


@pytest.fixture
def helped(signed_in, home):
    """A bill of a home with two reductions, one of which tells what its person lives on."""
    base = Line("water", "base", 2, 1080, 61, 61, 2160, "base-2001-15")
    off = [
        Line("water", "discount", 100, 0, 0, 0, -1000, "basic_livelihood"),
        Line("water", "discount", 0, 0, 0, 0, -100, "ebill"),
        Line("water", "cut", 0, 0, 0, 0, -3, ""),
    ]
    Bill.update(lines=encoded([base, *off])).where(Bill.month == "2026-11").execute()
    issue_bill(signed_in, home)
    return only_document()


@pytest.mark.parametrize("older", [False, True])
def test_the_check_does_not_tell_which_reductions_a_person_has(signed_in, client, helped, older):
    if older:
        content = helped.content
        for line in content["texts"]["ko"]["lines"]:
            del line["kind"]
        Document.update(shown=json.dumps(content)).execute()

    said = words(verify(client, helped))

    for hidden in ("기초생활", "10㎥", "31조", "전자고지"):
        assert hidden not in said
    assert "감면 −1,000원 감면 −100원" in said
    assert "계량기 15mm" in said
    assert ("10원 미만 버림" in said) is not older
    assert "23조" in said


def test_the_paper_itself_names_its_reductions(signed_in, helped):
    said = words(signed_in.get(f"/documents/{helped.number}"))

    assert "기초생활수급자 (수도) 10㎥" in said
    assert "31조" in said


def test_an_address_without_city_shows_nothing_of_itself(client, db):
    shown = json.loads(make.document().shown) | {"address": "보기로 1, 101호"}
    document = make.document(number="DCMNT2345678", shown=json.dumps(shown))

    text = verify(client, document).text

    assert "******" in text
    assert "보기로" not in text


def test_a_document_whose_bill_was_corrected_is_genuine_but_superseded(signed_in, client, home):
    address = issue(signed_in, "usage").location
    document = only_document()
    assert "진짜 문서입니다" in words(verify(client, document))

    make.bill(premises=home.premises, month="2026-09", revision=1, usage_m3=20)

    assert "진짜 문서이지만 내용이 바뀌었습니다" in words(verify(client, document))
    assert "2026년 9월 고지서가 고쳐졌습니다" in words(verify(client, document))
    assert "고쳐졌습니다" in words(signed_in.get(address))


def test_a_newer_bill_of_another_month_supersedes_nothing(signed_in, client, home):
    issue(signed_in, "usage")

    make.bill(premises=home.premises, month="2026-12", revision=1)

    assert "진짜 문서입니다" in words(verify(client, only_document()))


def test_an_unknown_number_and_a_wrong_code_get_the_same_answer(signed_in, client, home):
    issue_bill(signed_in, home)
    document = only_document()

    def answer(number):
        found = verify(client, document, code="2222222222", number=number)
        text = re.sub(r'name="csrf_token" value="[^"]+"', "", found.text)
        return found.status_code, text.replace(number, "")

    assert answer(document.number) == answer("222222222222")
    assert answer(document.number)[0] == 422


def test_a_paper_can_be_tried_five_times_a_day_and_a_source_twenty_times_an_hour(client, db):
    document = make.document(number="DCMNT2345678")
    codes = ["2222222222"] * 5

    first = [verify(client, document, code).status_code for code in codes]
    sixth = verify(client, document, address="192.0.2.2")
    others = [
        verify(client, document, number=f"{n:012d}".replace("0", "2").replace("1", "3"))
        for n in range(20)
    ]

    assert first == [422] * 5
    assert (sixth.status_code, "여러 번" in sixth.text) == (422, True)
    assert others[-1].status_code == 429
