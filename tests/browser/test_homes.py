"""Somebody with a printed bill links its home, with keys alone, and sees its bills at once."""

import hashlib
import re

from playwright.sync_api import expect

from app import clock, config
from app.clock import add_months
from app.demo.city import NOBODYS, City
from app.demo.load import SIGN_INS, last_month
from app.references import keyed
from tests.browser.checks import check_page, check_tab_walk
from tests.browser.steps import arrived, button, headed, link, sign_in, tab_to

NEIGHBOUR = SIGN_INS["neighbour"][:2]


def paper():
    """Number and code as they are printed on the newest bill of a home that nobody has linked."""
    city = City(60, 1, last_month(clock.today()))
    month = add_months(city.months[-1], -city.parity(NOBODYS))
    number = city.dwelling(NOBODYS).number
    key = hashlib.sha256(config.BILL_CODE_KEY.encode()).digest()
    return number, keyed(key, f"{number} {month} 0"), f"{month[:4]}년 {int(month[5:])}월"


def check(page):
    if page.has_scripts:
        check_page(page)
        check_tab_walk(page)


def type_into(page, name, text):
    tab_to(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def press(page, name):
    tab_to(page, name)
    page.keyboard.press("Enter")


def end(page, name):
    """From the list of homes: end the link of this one."""
    link(page, name).click()
    link(page, "이 집 연결 끊기").click()
    check(page)
    button(page, "연결 끊기").click()
    arrived(page, "/homes/", "ended")
    expect(link(page, name)).to_have_count(0)


def test_a_printed_bill_links_its_home_by_keyboard_alone(any_page):
    page = any_page
    number, code, month = paper()
    sign_in(page, NEIGHBOUR)
    page.goto("/homes/")
    check(page)
    page.goto("/homes/")
    press(page, "집 연결하기")
    arrived(page, "/homes/new")
    check(page)
    page.goto("/homes/new/paper")
    check(page)
    page.goto("/homes/new/paper")
    type_into(page, "number", f"{number[:3]}-{number[3:6]}-{number[6:]}")
    type_into(page, "code", code.lower())
    tab_to(page, "role")
    page.keyboard.press("ArrowDown")
    type_into(page, "name", "새로 이은 집")
    press(page, "이 집 연결하기")
    arrived(page, "/homes/", "linked")
    expect(page.get_by_text("새로 이은 집: 연결했습니다.")).to_be_visible()
    expect(page.locator(".cards")).to_contain_text("보기만 하는 사람")
    check(page)

    page.goto("/bills/")
    expect(page.locator("#bill_list").get_by_text(month).first).to_be_visible()
    expect(page.locator("#bill_list")).to_contain_text("새로 이은 집")

    page.goto("/homes/")
    end(page, "새로 이은 집")
    page.goto("/bills/")
    expect(page.locator("main")).not_to_contain_text("새로 이은 집")
    assert page.complaints == []


def test_a_wrong_code_keeps_what_was_typed(any_page):
    page = any_page
    number, _, _ = paper()
    sign_in(page, NEIGHBOUR)
    page.goto("/homes/new/paper")
    page.get_by_label("고객번호").fill(number)
    page.get_by_label("조회 번호").fill("2222222222")
    button(page, "이 집 연결하기").click()

    expect(page.locator("#problems")).to_contain_text("맞지 않거나")
    expect(page.get_by_label("고객번호")).to_have_value(number)
    expect(page).to_have_title(re.compile("^오류:"))
    check(page)


def test_asking_for_a_code_answers_the_same_to_a_stranger(any_page):
    page = any_page
    sign_in(page, NEIGHBOUR)
    page.goto("/homes/new/contact")
    check(page)
    page.get_by_label("고객번호").fill("012-345-678")
    page.get_by_label("명의자 이름").fill("남의이름")
    button(page, "확인번호 받기").click()
    arrived(page, "/homes/new/contact/code")

    headed(page, "확인번호 넣기")
    digits = page.get_by_label("확인번호")
    expect(digits).to_have_attribute("autocomplete", "one-time-code")
    expect(digits).to_have_attribute("inputmode", "numeric")
    check(page)


def test_a_request_to_the_office_ends_on_a_page_with_its_number(any_page):
    page = any_page
    sign_in(page, NEIGHBOUR)
    page.goto("/homes/new/request")
    check(page)
    page.get_by_label("집 주소").fill("성북구 보기로 1, 101호")
    page.get_by_label("신청하는 까닭").fill("집을 샀습니다.")
    button(page, "신청하기").click()
    page.wait_for_url(re.compile(r"/homes/requests/\w+$"))

    headed(page, "신청을 받았습니다")
    check(page)
