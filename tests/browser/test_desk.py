"""A clerk's case at the desk, with the keyboard, with and without scripts."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from app import clock
from app.demo.city import RESIDENT, City
from app.demo.staff import SECRET, STAFF
from app.staff import totp
from tests.browser.checks import TO_THE_START, check_page, check_tab_walk, watch
from tests.browser.steps import arrived, button, headed, link, tab_to

DESK = {"width": 1280, "height": 800}
ASKS = re.compile(r"/staff/complaints/\?.*since=")
NUMBER = City(1, 0, "2026-01").dwelling(RESIDENT).number


def check(page):
    if page.has_scripts:
        check_page(page)
        check_tab_walk(page)
        page.evaluate(TO_THE_START)


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
    expect(page.locator("#problems")).to_contain_text("왜 필요한지")
    page.get_by_label("이유").fill("전화 상담")
    button(page, "펼쳐 보기").click()
    arrived(page, f"/staff/customers/{NUMBER}")
    assert "resident@demo.invalid" in page.content()
    headed(page, re.compile("012-345-678"))

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
    expect(page.locator("tbody :focus")).to_have_count(1)


def press(page, name, key="Enter"):
    """Tab to a control and press a key on it."""
    tab_to(page, name)
    page.keyboard.press(key)


def choose(page, name, value):
    """Go down a list until a value is chosen."""
    tab_to(page, name)
    for _ in range(40):
        if page.locator(f"#{name}").input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not in the list")


def file_by_keyboard(page):
    """A call is written down; its number."""
    press(page, "대신 접수하기")
    arrived(page, "/staff/complaints/new")
    check(page)
    choose(page, "type", "leak_street")
    page.locator("#q_amount").wait_for()
    expect(page.locator("#type")).to_be_focused()
    tab_to(page, "q_amount")
    page.keyboard.press("Space")
    check_page(page)
    tab_to(page, "body")
    page.keyboard.type("학교 앞에서 물이 솟습니다.")
    choose(page, "district", "중구")
    tab_to(page, "dong")
    page.keyboard.type("가상1동")
    tab_to(page, "phone")
    page.keyboard.type("010-1234-5678")
    press(page, "접수하기")
    arrived(page, "/staff/complaints/new/received")
    check(page)
    return page.locator(".read-out").inner_text().replace(" ", "")


def line_comes_back(page):
    """A break of the line is said once, and no longer than it lasts."""
    page.route(ASKS, lambda route: route.abort())
    page.locator("#notice_text", has_text="연결이 끊겼습니다").wait_for()
    page.unroute(ASKS)
    page.locator("#notice_text", has_text="연결이").wait_for(state="detached")
    page.complaints.clear()


def test_a_clerk_handles_a_case_from_the_call_to_the_answer_with_the_keyboard(page):
    page.has_scripts = True
    page.set_viewport_size(DESK)
    desk_sign_in(page, "clerk", 0)
    page.goto("/staff/complaints/")
    page.get_by_role("searchbox").fill("half a wo")
    page.evaluate("window.stays = true")
    other = watch(page.context.new_page())
    other.has_scripts = True
    other.goto("/staff/complaints/")
    number = file_by_keyboard(other)

    page.locator(f"#news a[href$='{number}']").wait_for()
    line_comes_back(page)
    expect(page.get_by_role("searchbox")).to_have_value("half a wo")
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert page.evaluate("window.stays")
    expect(page.locator("[role=status] > #news")).to_have_count(1)
    check(page)
    page.goto("/staff/complaints/")
    check(page)
    page.locator("body").press("j")
    expect(page.locator("tbody :focus")).to_have_count(1)
    page.locator("body").press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    arrived(page, f"/staff/complaints/{number}")
    check(page)
    press(page, "나에게 지정")
    arrived(page, f"/staff/complaints/{number}", "done=mine")
    press(page, "내부 메모")
    page.keyboard.press("Tab")
    page.keyboard.type("현장에 알림")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    arrived(page, f"/staff/complaints/{number}", "done=note")
    check(page)
    press(page, "답변하고 마치기")
    arrived(page, f"/staff/complaints/{number}/answer")
    press(page, "틀 넣기")
    arrived(page, f"/staff/complaints/{number}/answer", "template=")
    press(page, "미리 보기")
    page.get_by_role("heading", name="신청인이 받을 메일").wait_for()
    check(page)
    press(page, "보내고 마치기")
    arrived(page, f"/staff/complaints/{number}", "done=answer")
    assert "처리완료" in page.content()
    check(page)

    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("", "numbers/?by=week", f"visits/{clock.today().isoformat()}", number):
        page.goto(f"/staff/complaints/{path}")
        check(page)
