"""The way of somebody new, by keyboard alone: join, mail, sign in, link the tap, see the bill."""

import re

from tests.browser.steps import arrived, mail_to, tab_to
from tests.browser.test_homes import paper, type_into

PASSWORD = "seven blue kettles on a roof"


def press(page, name, path, query="", whole=True):
    """Tab to a link or button with these words, press Enter, and wait for the page."""
    tab_to(page, name, whole)
    page.keyboard.press("Enter")
    arrived(page, path, query)


def open_mail(page, to, subject):
    """Wait for the mail to somebody with this in its subject, and open it by keys."""
    page.goto("/mailbox/")
    mail_to(page, to, subject).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/mailbox/.+"))


def follow(page, part):
    """Follow the link of the open mail whose address has this part."""
    page.locator(f'main a[href*="{part}"]').first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{part}*")


def join(page, email, see):
    """회원가입 to the mail; `see(name)` looks at each page."""
    press(page, "로그인", "/login")
    see("login")
    press(page, "회원가입", "/signup/")
    type_into(page, "born", "19900131")
    see("birth")
    press(page, "계속", "/signup/consents")
    for name in ("consent_terms", "consent_privacy"):
        tab_to(page, name)
        page.keyboard.press("Space")
    see("consents")
    press(page, "계속", "/signup/person")
    type_into(page, "name", "김보기")
    type_into(page, "phone", "01012345678")
    see("person")
    press(page, "계속", "/signup/address")
    tab_to(page, "district")
    while page.locator("#district").input_value() != "성북구":
        page.keyboard.press("ArrowDown")
    type_into(page, "street", "보기로")
    type_into(page, "detail", "12, 101호")
    see("address")
    press(page, "계속", "/signup/access")
    type_into(page, "email", email)
    type_into(page, "password", PASSWORD)
    see("access")
    press(page, "계속", "/signup/check")
    see("check")
    press(page, "가입하기", "/signup/sent")
    see("sent")


def confirm(page, email, see):
    """From the mail to the first sign-in."""
    open_mail(page, email, "확인")
    see("mail")
    follow(page, "/signup/verify/")
    see("verify")
    press(page, "이메일 확인하기", "/login")
    type_into(page, "email", email)
    type_into(page, "password", PASSWORD)
    see("sign-in")
    press(page, "로그인", "/bills/")
    see("no-bills")


def link_home(page, see):
    """With the number and code of a printed bill to 요금조회; the bill's month."""
    number, code, month = paper()
    press(page, "내 정보", "/profile/")
    see("profile")
    press(page, "집 연결하기", "/homes/")
    press(page, "집 연결하기", "/homes/new")
    see("ways")
    press(page, "고지서로 연결하기", "/homes/new/paper", whole=False)
    type_into(page, "number", number)
    type_into(page, "code", code)
    tab_to(page, "role")
    page.keyboard.press("Space")
    see("paper")
    press(page, "이 집 연결하기", "/homes/", "linked")
    see("linked")
    press(page, "요금조회", "/bills/")
    see("bills")
    return month
