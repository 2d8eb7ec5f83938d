"""문서: issued to whom they belong, and unchanged for ever."""

import json
import re
from datetime import UTC, date, datetime

import pytest

from app.bills.models import Bill
from app.documents import contents
from app.documents.models import Document, Kind
from app.supply.models import Home
from tests import make
from tests.papers import issue, issue_bill, only_document, token_of, words

PAID = datetime(2026, 9, 20, 15, 30, tzinfo=UTC)


def test_a_bill_becomes_a_document_with_every_line_its_rule_and_its_source(signed_in, home):
    said = words(signed_in.get(issue_bill(signed_in, home).location))

    for text in (
        "수도요금 고지서",
        "012-345-678",
        home.premises.road_address,
        "김보기",
        "31,680원",
        "2026. 11. 30.",
        "계량기 15mm, 1,080원 × 2달",
        "24㎥ × 580원",
        "24㎥ × 480원",
        "24㎥ × 170원",
        "한 달 12㎥로 계산합니다",
        "하수도 사용 조례",
        "납부 전",
        "발급한 날 2026. 11. 20.",
    ):
        assert text in said


def test_a_payment_certificate_says_what_was_paid_and_when(signed_in, home):
    said = words(signed_in.get(issue(signed_in, "payment").location))

    amount = Bill.get(Bill.month == "2026-09").total
    assert "납부확인서" in said
    assert f"2026년 9월 2026. 9. 21. {amount}원 합계 {amount}원" in said
    assert "2026년 9월 – 2026년 11월" in said
    assert "31,680원" not in said


def test_a_corrected_bill_is_paid_in_two_parts(signed_in, home):
    first = Bill.get(Bill.month == "2026-09").total
    make.bill(
        premises=home.premises, month="2026-09", revision=1, usage_m3=40, code="CRRECTED22",
        paid_before=first, paid_at=datetime(2026, 10, 5, 3, tzinfo=UTC),
    )  # fmt: skip

    said = words(signed_in.get(issue(signed_in, "payment").location))

    rest = Bill.get((Bill.month == "2026-09") & (Bill.revision == 1)).total - first
    assert f"2026. 9. 21. {first}원 2026년 9월 2026. 10. 5. {rest:,}원" in said


def test_a_bill_in_instalments_is_certified_by_its_paid_parts(signed_in, home):
    whole = {"premises": home.premises, "month": "2026-11"}
    make.instalment(**whole, position=1, amount=20_000, paid_at=datetime(2026, 11, 3, tzinfo=UTC))
    make.instalment(**whole, position=2, amount=11_680, paid_at=None)

    said = words(signed_in.get(issue(signed_in, "payment", first="2026-11").location))

    assert "2026년 11월 2026. 11. 3. 20,000원 합계 20,000원" in said


def test_a_usage_statement_says_how_much_by_month(signed_in, home):
    said = words(signed_in.get(issue(signed_in, "usage").location))

    assert "사용량 확인서" in said
    assert "2026년 9월 2026. 6. 29. – 2026. 8. 29. 30㎥" in said
    assert "합계 54㎥" in said


def test_a_usage_statement_counts_the_corrected_bill_alone(signed_in, home):
    make.bill(premises=home.premises, month="2026-09", revision=1, usage_m3=20)

    assert "합계 44㎥" in words(signed_in.get(issue(signed_in, "usage").location))


def test_a_document_speaks_english_too(signed_in, home):
    address = issue_bill(signed_in, home).location

    said = words(signed_in.get(f"{address}?lang=en"))

    assert "24 m³ × ₩580" in said.replace("\u00a0", " ")
    assert "Document number" in said


def test_a_document_never_changes(signed_in, home):
    address = issue_bill(signed_in, home).location
    before = words(signed_in.get(address))

    Bill.update(paid_at=PAID, usage_m3=99).execute()
    home.premises.road_address = "다른 주소"
    home.premises.save()

    assert words(signed_in.get(address)) == before


def test_a_document_of_an_older_program_that_lacks_a_text_still_opens(signed_in, home):
    address = issue_bill(signed_in, home).location
    document = only_document()
    content = document.content
    for texts in content["texts"].values():
        texts["lines"] = [{"name": line["name"]} for line in texts["lines"]]
        del texts["mix"]
    Document.update(shown=json.dumps(content)).execute()

    assert "수도 사용요금" in words(signed_in.get(address))


def test_the_same_document_on_the_same_day_is_issued_once(app, signed_in, home):
    with app.test_request_context():
        found = contents.bill(signed_in.account, contents.Asked("HOME234567", "2026-11", "2026-11"))

    def issued(hour):
        at = datetime(2026, 11, 20, hour, tzinfo=UTC)
        return Document.issue(Kind.BILL, signed_in.account, *found, at).number

    assert issued(1) == issued(14)
    assert issued(1) != issued(15)  # midnight in Seoul


def test_number_and_code_cannot_be_guessed(signed_in, home):
    issue_bill(signed_in, home)

    document = only_document()
    assert re.fullmatch("[2-9A-Z]{12}", document.number)
    assert re.fullmatch("[2-9A-Z]{10}", document.code)
    assert home.premises.number not in document.number


def test_a_document_names_its_number_its_code_and_where_to_check_them(signed_in, home):
    said = words(signed_in.get(issue_bill(signed_in, home).location))

    number, code = only_document().number, only_document().code
    assert f"문서번호 {number[:4]}-{number[4:8]}-{number[8:]}" in said
    assert f"확인 코드 {code[:5]}-{code[5:]}" in said
    assert "http://127.0.0.1:8000/verify/" in said


def test_another_account_finds_no_document_and_issues_none(sign_in, signed_in, home):
    address = issue_bill(signed_in, home).location
    stranger = sign_in(make.account())
    make.bill(premises=make.home(account=stranger.account, reference="OTHERS2345").premises)
    token = {"csrf_token": token_of(stranger, "/documents/")}

    answers = [stranger.get(path).status_code for path in (address, f"{address}/pdf")]
    posted = stranger.post("/documents/bills/HOME234567/2026-11", data=token)
    stated = issue(stranger, "usage", "2026-11", "2026-11", home="HOME234567")

    assert answers == [404, 404]
    assert (posted.status_code, stated.status_code) == (404, 422)
    assert "아직 없습니다" in stranger.get("/documents/").text
    assert Document.select().count() == 1


@pytest.mark.parametrize("gone", [["last"], ["home"], ["first", "last"], ["kind", "home", "last"]])
def test_a_request_without_its_fields_is_told_so(signed_in, home, gone):
    fields = {"kind": "usage", "first": "2026-09", "last": "2026-11", "home": "HOME234567"}
    kept = {name: value for name, value in fields.items() if name not in gone}
    kept["csrf_token"] = token_of(signed_in, "/documents/")

    answer = signed_in.post("/documents/", data=kept)

    assert answer.status_code == 422
    assert "올바르지 않은 선택값입니다" in words(answer)


def test_visitors_are_led_to_the_sign_in(client):
    for path in ("/documents/", "/documents/DCMNT2345678", "/documents/DCMNT2345678/pdf"):
        assert client.get(path).location.startswith("/login?next=")


def test_after_a_move_the_documents_stay_and_newer_bills_are_not_issued(signed_in, home):
    address = issue(signed_in, "usage").location

    Home.update(until_on=date(2026, 8, 29)).execute()

    assert signed_in.get(address).status_code == 200
    assert only_document().number in signed_in.get("/documents/").text
    said = words(signed_in.get(issue(signed_in, "usage", "2026-09", "2026-09").location))
    assert "30㎥" in said
    assert contents.bill(signed_in.account, contents.Asked("HOME234567", "2026-11", "")) is None
    assert issue(signed_in, "usage", "2026-11", "2026-11").status_code == 422


def test_a_period_that_ends_before_it_begins_is_told_at_the_field(signed_in, home):
    answer = issue(signed_in, "usage", first="2026-11", last="2026-09")

    assert answer.status_code == 422
    assert 'id="last_error"' in answer.text


def test_a_period_without_payments_makes_no_certificate(signed_in, home):
    answer = issue(signed_in, "payment", first="2026-11")

    assert answer.status_code == 422
    assert "문서에 쓸 내용이 없습니다" in answer.text


@pytest.mark.parametrize(
    "wrong", [{"kind": "bill"}, {"first": "\x00"}, {"last": "2026-10"}, {"home": "x"}]
)
def test_what_is_not_offered_is_not_issued(signed_in, home, wrong):
    answer = issue(signed_in, **{"kind": "usage", **wrong})

    assert answer.status_code == 422
    assert Document.select().count() == 0


def test_a_person_without_bills_has_nothing_to_issue(signed_in):
    assert "아직 문서로 받을 요금이 없습니다" in signed_in.get("/documents/").text


def test_the_newest_document_stands_first(signed_in, home):
    issue_bill(signed_in, home)
    issue(signed_in, "usage")

    said = words(signed_in.get("/documents/"))
    assert said.index("사용량 확인서, ") < said.index("수도요금 고지서, ")
