"""A clerk's case at the desk, with the keyboard, with and without scripts."""

from datetime import timedelta

from app import clock
from app.demo.city import RESIDENT, City
from app.demo.staff import SECRET, STAFF
from app.staff import totp
from tests.browser.checks import check_page, check_tab_walk
from tests.browser.steps import arrived, button, heading, link

DESK = {"width": 1280, "height": 800}
NUMBER = City(1, 0, "2026-01").dwelling(RESIDENT).number


def check(page):
    if page.has_scripts:
        check_page(page)
        check_tab_walk(page)


def desk_sign_in(page, who, step):
    """Password, then the code of a time step before, now or after: each works once."""
    email, phrase, *_ = STAFF[who]
    page.goto("/staff/")
    check(page)
    page.get_by_label("이메일").fill(email)
    page.get_by_label("비밀번호").fill(phrase)
    button(page, "로그인").click()
    arrived(page, "/staff/second")
    check(page)
    code = totp.code(SECRET, clock.now() + step * timedelta(seconds=totp.STEP_SECONDS))
    page.get_by_label("인증 앱의 번호").fill(code)
    page.keyboard.press("Enter")
    arrived(page, "/staff/")


def test_a_clerk_finds_a_customer_and_sees_them_whole_for_a_reason(any_page):
    page = any_page
    page.set_viewport_size(DESK)
    desk_sign_in(page, "clerk" if page.has_scripts else "manager", -1)
    check(page)

    if page.has_scripts:
        page.locator("body").press("/")
        page.keyboard.type(NUMBER)
    else:
        page.get_by_role("searchbox").fill(NUMBER)
    page.keyboard.press("Enter")
    arrived(page, f"/staff/customers/{NUMBER}")
    check(page)
    assert "re******@demo.invalid" in page.content()

    page.goto(f"/staff/customers/{NUMBER}")
    link(page, "가린 것 펼쳐 보기").click()
    check(page)
    button(page, "펼쳐 보기").click()
    assert "왜 필요한지" in page.locator("#problems").inner_text()
    page.get_by_label("이유").fill("전화 상담")
    button(page, "펼쳐 보기").click()
    arrived(page, f"/staff/customers/{NUMBER}")
    assert "resident@demo.invalid" in page.content()
    assert heading(page).startswith("012-345-678")

    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("/staff/", "/staff/customers/", f"/staff/customers/{NUMBER}", "/staff/me/"):
        page.goto(path)
        check(page)


def test_an_administrator_sees_team_and_operations_and_moves_by_keys(page):
    page.has_scripts = True
    page.set_viewport_size(DESK)
    desk_sign_in(page, "admin", -1)
    for path in ("/staff/team/", "/staff/team/invite", "/staff/operations/", "/staff/approvals/"):
        page.goto(path)
        check(page)
    link(page, "직원과 권한").first.click()
    page.locator("body").press("j")
    assert page.evaluate("document.activeElement.closest('tbody') !== null")
