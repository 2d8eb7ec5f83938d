"""문서 확인: whoever holds a paper learns whether it is genuine, and nothing about its person."""

import json
import re

from app.documents.models import Document
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
