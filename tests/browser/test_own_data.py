"""One's own data in a browser: seen, taken away, the account closed; with and without scripts."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser import journey
from tests.browser.checks import check_page, check_tab_walk
from tests.browser.steps import arrived, button, headed, link, mail_to, sign_in

LOOKED_AT = [
    "/profile/data/",
    "/profile/data/homes",
    "/profile/data/bills",
    "/profile/data/closing",
]


def code_for(page, email):
    """The digits of the newest mail with a code."""
    page.goto("/mailbox/")
    subject = mail_to(page, email, "확인번호").inner_text()
    return "".join(sign for sign in subject if sign.isdigit())[:6]


def prove(page, email):
    """The password again, and the code from the mail."""
    page.get_by_label("비밀번호", exact=True).fill(journey.PASSWORD)
    button(page, "확인하기").click()
    arrived(page, "/login/code")
    where, code = page.url, code_for(page, email)
    page.goto(where)
    page.get_by_label("확인번호").fill(code)
    button(page, "확인하기").click()


def test_somebody_sees_takes_away_and_closes_what_is_theirs(any_page):
    page, email = any_page, f"leaving{int(any_page.has_scripts)}@example.com"
    page.goto("/")
    journey.join(page, email, lambda name: None)
    journey.confirm(page, email, lambda name: None)

    link(page, "내 정보").click()
    link(page, "내 정보 모두 보기").click()
    headed(page, "내 정보 모두 보기")
    page.locator("main").get_by_role("link", name="계정", exact=True).click()
    arrived(page, "/profile/data/account")
    expect(page.get_by_text(email)).to_be_visible()
    page.goto("/profile/data/")

    link(page, "모두 내려받기").click()
    prove(page, email)
    arrived(page, "/profile/data/download")
    if page.has_scripts:
        check_page(page)
    with page.expect_download() as download:
        button(page, "JSON으로 내려받기").click()
    found = json.loads(download.value.path().read_text("utf-8"))
    assert found["topics"]["account"]["account"][0]["email"] == email

    page.goto("/profile/")
    link(page, "계정 없애기").click()
    expect(page.get_by_text("내지 않은 요금은 계정이 아니라 집에 남습니다")).to_be_visible()
    link(page, "계속").click()
    arrived(page, "/profile/data/closing/check")  # proved a moment ago
    if page.has_scripts:
        check_page(page)
    button(page, "계정 없애기").click()
    arrived(page, "/profile/data/closed")
    headed(page, "계정을 없앴습니다")
    page.goto("/bills/")
    arrived(page, "/login")
    page.goto("/mailbox/")
    expect(mail_to(page, email, "계정을 없앴습니다")).to_be_visible()
    assert page.complaints == []


@pytest.mark.parametrize("path", LOOKED_AT)
def test_pages_of_ones_own_data_are_accessible(page, path):
    sign_in(page)
    page.goto(path)

    check_page(page)
    check_tab_walk(page)


@pytest.mark.parametrize("path", ["/guide/privacy/items", "/guide/privacy/processors"])
def test_pages_beside_the_privacy_notice_are_accessible(page, path):
    page.goto(path)

    check_page(page)
    check_tab_walk(page)


def test_a_request_is_written_and_withdrawn_by_keyboard_alone(any_page):
    page = any_page
    sign_in(page)
    page.goto("/profile/data/requests/new")
    page.locator("#kind_correct").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("청구지가 옛 주소입니다.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    arrived(page, "/profile/data/requests", "asked")
    expect(page.get_by_text("10일 남았습니다")).to_be_visible()
    if page.has_scripts:
        check_page(page)

    page.get_by_role("button", name="요청 거두기").first.focus()
    page.keyboard.press("Enter")
    arrived(page, "/profile/data/requests", "withdrawn")
    assert page.complaints == []
