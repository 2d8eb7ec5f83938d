"""The journeys that must never break, each with scripts and without them.

test_pages.py looks at every page by itself; here only states are checked that it does not reach.
"""

import re

from playwright.sync_api import expect

from tests.browser.checks import check_page
from tests.browser.steps import arrived, button, headed, link, newest_bill, sign_in, tab_to
from tests.server import RESIDENT


def check(page):
    if page.has_scripts:
        check_page(page)


def test_a_resident_signs_in_and_sees_the_newest_bill_on_screen_and_paper(any_page):
    page = any_page
    page.goto("/")
    link(page, "요금조회").click()
    headed(page, "로그인")

    page.get_by_label("이메일").fill(RESIDENT[0])
    page.get_by_label("비밀번호").fill(RESIDENT[1])
    button(page, "로그인").click()
    arrived(page, "/bills/")
    headed(page, "요금조회")

    page.goto(newest_bill(page))
    headed(page, re.compile("수도요금"))
    expect(page.get_by_text("원", exact=False).first).to_be_visible()

    link(page, "인쇄용 보기").click()
    headed(page, re.compile("내역$"))

    link(page, "화면용 고지서로 돌아가기").click()
    button(page, "로그아웃").click()
    arrived(page, "/")
    expect(link(page, "로그인")).to_be_visible()
    assert page.complaints == []


def test_the_filter_shows_only_the_bills_that_are_asked_for(any_page):
    page = any_page
    sign_in(page)
    asked = []
    page.on("request", lambda request: asked.append(request))
    everything = page.locator("#bill_list tbody tr").count()

    page.get_by_label("상태").select_option("unpaid")
    button(page, "골라 보기").click()
    arrived(page, "/bills/", "show=unpaid")
    expect(page.locator("#bill_list tbody tr", has_text="납부 완료")).to_have_count(0)

    states = page.locator("#bill_list tbody td:last-child").all_inner_texts()
    assert 0 < len(states) < everything
    as_fragment = [request.headers.get("hx-target") for request in asked if "show=" in request.url]
    assert as_fragment == (["bill_list"] if page.has_scripts else [None])
    check(page)


def test_a_filtered_list_survives_a_reload_and_the_way_back(any_page):
    page = any_page
    sign_in(page)
    page.get_by_label("상태").select_option("unpaid")
    button(page, "골라 보기").click()
    arrived(page, "/bills/", "show=unpaid")
    expect(page.locator("#bill_list tbody tr", has_text="납부 완료")).to_have_count(0)
    rows = page.locator("#bill_list tbody tr").count()

    page.reload()
    expect(page.locator("#bill_list tbody tr")).to_have_count(rows)
    expect(page.get_by_label("상태")).to_have_value("unpaid")

    page.goto(newest_bill(page))
    page.go_back()
    headed(page, "요금조회")
    expect(page.locator("#bill_list tbody tr")).to_have_count(rows)


def test_going_back_after_signing_out_shows_nothing(any_page):
    page = any_page
    sign_in(page)
    page.goto(newest_bill(page))
    button(page, "로그아웃").click()
    arrived(page, "/")

    page.go_back()

    page.get_by_label("비밀번호").wait_for()
    headed(page, "로그인")


def test_a_wrong_passphrase_is_told_at_the_top_and_keeps_the_address(any_page):
    page = any_page
    page.goto("/login")
    page.get_by_label("이메일").fill("resident@demo.invalid")
    page.get_by_label("비밀번호").fill("not the passphrase")
    button(page, "로그인").click()

    problems = page.locator("#problems")
    expect(problems).to_contain_text("맞지 않습니다")
    expect(page).to_have_title(re.compile("^오류:"))
    expect(page.get_by_label("이메일")).to_have_value("resident@demo.invalid")
    expect(problems).to_be_focused()
    check(page)


def test_an_empty_field_is_told_at_the_field(any_page):
    page = any_page
    page.goto("/login")
    button(page, "로그인").click()

    email = page.get_by_label("이메일")
    expect(email).to_have_attribute("aria-invalid", "true")
    message = page.locator(f"#{email.get_attribute('aria-describedby').strip()}")
    expect(message).to_have_text(re.compile("^오류:"))
    page.locator("#problems a").first.click()
    expect(page).to_have_url(re.compile("#email$"))
    check(page)


def test_a_visitor_chooses_english_and_it_is_remembered(any_page):
    page = any_page
    page.goto("/learn/")
    link(page, "English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")

    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "en")

    link(page, "한국어").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")


def test_a_visitor_chooses_large_text_and_contrast_and_it_is_remembered(any_page):
    page = any_page
    page.goto("/")
    usual = page.locator("p").first.evaluate("it => getComputedStyle(it).fontSize")
    link(page, "글자 크기·고대비").click()
    page.get_by_label("가장 크게(2배)").check()
    page.get_by_label("고대비(검은 바탕)").check()
    button(page, "이대로 보기").click()
    check(page)

    page.goto("/")
    assert (
        page.locator("body").evaluate("it => getComputedStyle(it).backgroundColor")
        == "rgb(0, 0, 0)"
    )
    large = page.locator("p").first.evaluate("it => getComputedStyle(it).fontSize")
    assert float(large[:-2]) == 2 * float(usual[:-2])
    check(page)


def test_a_visitor_reads_an_article_and_an_answer(any_page):
    page = any_page
    page.goto("/")
    link(page, "교육 자료").click()
    page.locator("main .cards a").first.click()
    expect(page.locator("article h1")).to_be_visible()

    link(page, "자주 묻는 질문").click()
    page.locator("summary").first.click()
    expect(page.locator("details[open] .prose").first).to_be_visible()
    check(page)


def test_the_whole_way_to_the_paper_goes_by_keyboard(page):
    page.goto("/")
    tab_to(page, "요금조회")
    page.keyboard.press("Enter")
    arrived(page, "/login")
    tab_to(page, "email")
    page.keyboard.type(RESIDENT[0])
    tab_to(page, "password")
    page.keyboard.type(RESIDENT[1])
    page.keyboard.press("Enter")
    arrived(page, "/bills/")

    tab_to(page, "show")
    page.keyboard.press("ArrowDown")
    expect(page).not_to_have_url(re.compile("show"))
    tab_to(page, "골라 보기")
    page.keyboard.press("Enter")
    arrived(page, "/bills/", "show=unpaid")
    expect(page.locator("a:focus, button:focus")).to_have_text("골라 보기")

    tab_to(page, page.locator("#bill_list tbody a").first.inner_text())
    page.keyboard.press("Enter")
    page.wait_for_url("**/bills/*/*")
    tab_to(page, "인쇄용 보기")
    page.keyboard.press("Enter")
    page.wait_for_url("**/paper")
    assert page.complaints == []


def test_the_skip_link_leads_into_the_content(page):
    page.goto("/learn/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.locator("main :focus")).to_have_count(1)
