"""Who holds a paper: the bill without an account, the document that somebody shows."""

import hashlib
import re

from playwright.sync_api import expect

from app import clock, config
from app.demo.load import last_month
from app.references import keyed
from tests.browser.checks import check_page, check_tab_walk
from tests.browser.steps import button, headed, link, newest_bill, sign_in

NUMBER = "012-345-678"
LOOKED_UP, DOCUMENT = re.compile(r"/lookup/\w+$"), re.compile(r"/documents/\w+$")


def code():
    """The code on the newest bill of the demo's resident."""
    key = hashlib.sha256(config.BILL_CODE_KEY.encode()).digest()
    return keyed(key, f"012345678 {last_month(clock.today())} 0")


def look_up(page, number, typed):
    page.goto("/login")
    link(page, "계정 없이 이번 요금만 보기").click()
    page.get_by_label("고객번호").fill(number)
    page.get_by_label("조회 번호").fill(typed)
    button(page, "이번 요금 보기").click()


def test_a_guest_with_the_paper_sees_this_bill_in_this_browser_only(any_page, new_context):
    page = any_page
    look_up(page, NUMBER, code().lower())
    page.wait_for_url(LOOKED_UP)
    headed(page, re.compile("수도요금$"))
    expect(page.get_by_text("***-***-678")).to_be_visible()
    if page.has_scripts:
        check_page(page)
        check_tab_walk(page)

    page.reload()
    headed(page, re.compile("수도요금$"))
    other = new_context().new_page()
    other.goto(page.url)
    headed(other, "조회한 화면이 닫혔습니다")
    assert page.complaints == []


def test_a_wrong_code_is_told_without_saying_what_was_wrong(any_page):
    page = any_page
    look_up(page, NUMBER, "2222222222")

    problems = page.locator("#problems")
    expect(problems).to_contain_text("맞지 않습니다")
    expect(page.get_by_label("고객번호")).to_have_value("012345678")
    if page.has_scripts:
        check_page(page)


def test_a_bill_becomes_a_document_that_anybody_can_check(any_page, new_context):
    page = any_page
    sign_in(page)
    page.goto(newest_bill(page))
    button(page, "문서로 받기(PDF)").click()
    page.wait_for_url(DOCUMENT)
    headed(page, "수도요금 고지서")
    number, check = page.locator("main section dd").all_inner_texts()[-2:]
    if page.has_scripts:
        check_page(page)
        check_tab_walk(page)

    other = new_context().new_page()
    other.goto("/verify/")
    other.get_by_label("문서번호").fill(number)
    other.get_by_label("확인 코드").fill(check)
    button(other, "확인하기").click()
    headed(other, "진짜 문서입니다")
    expect(other.locator("main")).to_contain_text("김*상")


def test_a_resident_makes_a_certificate_and_finds_it_again(any_page):
    page = any_page
    sign_in(page)
    page.goto("/documents/")
    page.get_by_label("사용량 확인서").check()
    if page.has_scripts:
        check_page(page)
        check_tab_walk(page)

    button(page, "문서 만들기").click()
    page.wait_for_url(DOCUMENT)
    headed(page, "사용량 확인서")

    page.goto("/documents/")
    page.locator(".news a").first.click()
    headed(page, "사용량 확인서")
    assert page.complaints == []


def test_a_document_on_paper_is_one_sheet(page):
    sign_in(page)
    page.goto(newest_bill(page))
    button(page, "문서로 받기(PDF)").click()
    page.wait_for_url(DOCUMENT)

    edge = dict.fromkeys(("top", "right", "bottom", "left"), "10mm")
    document = page.pdf(format="A4", margin=edge)

    assert document.count(b"/Type /Page\n") == 1
