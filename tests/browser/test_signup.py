"""회원가입 on a phone: every step to the mail and the account, with scripts and without them."""

import re
from itertools import count

import pytest
from playwright.sync_api import expect

from tests.browser.checks import check_page, check_tab_walk
from tests.browser.steps import arrived, button, headed, link, mail_to, tab_to

PASSWORD = "seven blue kettles on a roof"
numbers = count(1)


def check(page):
    if page.has_scripts:
        check_page(page)
        check_tab_walk(page)


def fresh_address():
    """An address that no test has used."""
    return f"phone{next(numbers)}@example.com"


def go_on(page, path):
    button(page, "계속").click()
    arrived(page, path)
    check(page)


def fill_in(page, email):
    """All steps to the check page."""
    page.goto("/login")
    link(page, "회원가입").click()
    arrived(page, "/signup/")
    check(page)
    page.get_by_label("생년월일").fill("1990. 1. 31.")
    go_on(page, "/signup/consents")
    page.get_by_label("이용약관에 동의합니다").check()
    page.get_by_label("개인정보 수집·이용에 동의합니다").check()
    go_on(page, "/signup/person")
    page.get_by_label("이름").fill("김보기")
    page.get_by_label("전화번호").fill("010-1234-5678")
    go_on(page, "/signup/address")
    page.get_by_label("구", exact=True).select_option("성북구")
    page.get_by_label("도로명이나 동").fill("보기로")
    page.get_by_label("건물 번호와 상세 주소").fill("12, 101호")
    go_on(page, "/signup/access")
    page.get_by_label("이메일").fill(email)
    page.get_by_label("비밀번호", exact=True).fill(PASSWORD)
    go_on(page, "/signup/check")


def test_a_person_signs_up_confirms_the_mail_and_signs_in(any_page):
    page, email = any_page, fresh_address()
    fill_in(page, email)
    headed(page, re.compile("가입 내용 확인"))
    button(page, "가입하기").click()
    arrived(page, "/signup/sent")
    expect(page.locator("main")).to_contain_text(email)
    check(page)

    page.goto("/mailbox/")
    mail_to(page, email).click()
    page.locator('a[href*="/signup/verify/"]').click()
    headed(page, "이메일 확인")
    check(page)
    button(page, "이메일 확인하기").click()
    arrived(page, "/login")
    expect(page.get_by_text("가입이 끝났습니다. 로그인해 주십시오.")).to_be_visible()

    page.get_by_label("이메일").fill(email)
    page.get_by_label("비밀번호", exact=True).fill(PASSWORD)
    button(page, "로그인").click()
    arrived(page, "/bills/")
    page.goto("/profile/consents")
    check(page)
    page.locator('form[action$="/news/given"] button').click()
    expect(page.locator('form[action$="/news/withdrawn"]')).to_be_visible()
    assert page.complaints == []


def test_the_whole_sign_up_works_by_keyboard_alone(page):
    def type_in(name, text):
        tab_to(page, name)
        page.keyboard.type(text)

    def press(name, path):
        tab_to(page, name)
        page.keyboard.press("Enter")
        arrived(page, path)

    page.goto("/signup/")
    type_in("born", "19900131")
    press("계속", "/signup/consents")
    for name in ("consent_terms", "consent_privacy"):
        tab_to(page, name)
        page.keyboard.press("Space")
    press("계속", "/signup/person")
    type_in("name", "김보기")
    type_in("phone", "01012345678")
    press("계속", "/signup/address")
    tab_to(page, "district")
    while page.locator("#district").input_value() != "성북구":
        page.keyboard.press("ArrowDown")
    type_in("street", "보기로")
    type_in("detail", "12")
    press("계속", "/signup/access")
    type_in("email", fresh_address())
    type_in("password", PASSWORD)
    press("계속", "/signup/check")
    press("가입하기", "/signup/sent")
    headed(page, "메일을 보냈습니다")


def test_a_street_that_is_not_found_is_chosen_among_near_ones(any_page):
    page = any_page
    fill_in(page, fresh_address())
    page.locator('a[href="/signup/address"]').click()
    page.get_by_label("도로명이나 동").fill("성붕로")
    button(page, "계속").click()
    page.locator("#chosen").wait_for()
    check(page)

    page.get_by_label("성북로", exact=True).check()
    button(page, "계속").click()
    arrived(page, "/signup/check")
    expect(page.locator("main")).to_contain_text("서울특별시 성북구 성북로 12, 101호")


def test_a_child_is_told_what_to_do(any_page):
    page = any_page
    page.goto("/signup/")
    page.get_by_label("생년월일").fill("2020 1 1")
    button(page, "계속").click()
    arrived(page, "/signup/under-14")
    check(page)
    headed(page, "보호자와 함께 이용해 주세요")


@pytest.mark.parametrize("path", ["/signup/", "/signup/consents"])
def test_what_is_missing_is_told_on_top_and_at_the_field(any_page, path):
    page = any_page
    page.goto("/signup/")
    if path != "/signup/":
        page.get_by_label("생년월일").fill("1990 1 31")
        button(page, "계속").click()
        arrived(page, path)
    button(page, "계속").click()
    page.locator("#problems").wait_for()
    check(page)
    expect(page).to_have_title(re.compile("^오류:"))


def test_the_password_is_shown_only_with_scripts(any_page):
    page = any_page
    fill_in(page, fresh_address())
    page.locator('a[href="/signup/access"]').first.click()
    page.get_by_label("비밀번호", exact=True).wait_for()
    box = page.get_by_label("비밀번호 보기")
    expect(box).to_be_visible(visible=page.has_scripts)
    if page.has_scripts:
        page.get_by_label("비밀번호", exact=True).fill("something")
        box.check()
        expect(page.locator("#password")).to_have_attribute("type", "text")
        box.uncheck()
        expect(page.locator("#password")).to_have_attribute("type", "password")
