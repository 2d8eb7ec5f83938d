"""Accounts in a browser: the way of somebody new, passkeys, a lost password, one's own page."""

from itertools import count

import pytest
from playwright.sync_api import expect

from tests.browser import journey
from tests.browser.checks import check_page, check_tab_walk
from tests.browser.steps import arrived, button, headed, link, mail_to, sign_in

numbers = count(1)
OWN_PAGES = [
    "/profile/",
    "/profile/sessions",
    "/profile/password",
    "/profile/email",
    "/profile/person",
    "/profile/address",
    "/passkeys/",
    "/profile/phone",
    "/profile/consents",
    "/push/",
    "/reminders/",
    "/login/again",
    "/login/code",
    "/recovery/",
]


def somebody():
    """The address of somebody new."""
    return f"someone{next(numbers)}@example.com"


def test_somebody_new_joins_links_the_tap_and_sees_the_bill_by_keyboard_alone(any_page):
    page, email = any_page, somebody()

    def see(name):
        if page.has_scripts and name in ("ways", "linked", "mail"):
            check_page(page)

    page.goto("/")
    journey.join(page, email, see)
    journey.confirm(page, email, see)
    month = journey.link_home(page, see)

    expect(page.locator("#bill_list")).to_contain_text(month)
    assert page.complaints == []


@pytest.mark.parametrize("path", OWN_PAGES)
def test_ones_own_pages_are_accessible(page, path):
    sign_in(page)
    page.goto(path)

    check_page(page)
    check_tab_walk(page)


def with_account(page):
    """Somebody new, signed in."""
    email = somebody()
    page.goto("/")
    journey.join(page, email, lambda name: None)
    journey.confirm(page, email, lambda name: None)
    return email


def test_a_lost_password_is_replaced_with_the_link_from_the_mail(any_page):
    page = any_page
    email = with_account(page)
    button(page, "로그아웃").click()
    page.goto("/login")
    link(page, "비밀번호 찾기").click()
    page.get_by_label("이메일").fill(email)
    button(page, "링크 받기").click()
    arrived(page, "/recovery/sent")

    journey.open_mail(page, email, "새 비밀번호")
    journey.follow(page, "/recovery/")
    if page.has_scripts:
        check_page(page)
    page.get_by_label("새 비밀번호", exact=True).fill("nine green lamps in the cellar")
    button(page, "비밀번호 바꾸기").click()
    arrived(page, "/login")
    page.get_by_label("이메일").fill(email)
    page.get_by_label("비밀번호", exact=True).fill("nine green lamps in the cellar")
    button(page, "로그인").click()
    arrived(page, "/bills/")
    assert page.complaints == []


@pytest.fixture
def device(page):
    """A passkey device of the browser's own."""
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    client.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return client


def test_a_passkey_is_added_and_signs_in_without_typing(page, device, base_url):
    email = with_account(page)
    here = base_url.replace("127.0.0.1", "localhost")
    page.goto(f"{here}/login")
    page.get_by_label("이메일").fill(email)
    page.get_by_label("비밀번호", exact=True).fill(journey.PASSWORD)
    button(page, "로그인").click()
    arrived(page, "/bills/")

    page.goto(f"{here}/passkeys/new")
    prove_here(page, email, here)
    arrived(page, "/passkeys/new")
    check_page(page)
    page.get_by_label("이 패스키의 이름").fill("내 휴대전화")
    button(page, "패스키 등록하기").click()
    arrived(page, "/passkeys/", "added")
    expect(page.get_by_text("내 휴대전화")).to_be_visible()
    check_page(page)

    button(page, "로그아웃").click()
    page.goto(f"{here}/login")
    button(page, "패스키로 로그인").click()
    arrived(page, "/bills/")
    headed(page, "요금조회")
    assert page.complaints == []


def prove_here(page, email, here):
    """The password, and the code from the mail, at the address at which passkeys work."""
    page.get_by_label("비밀번호", exact=True).fill(journey.PASSWORD)
    button(page, "확인하기").click()
    arrived(page, "/login/code")
    where = page.url
    mailbox = page.context.new_page()
    mailbox.goto(f"{here}/mailbox/")
    subject = mail_to(mailbox, email, "확인번호").inner_text()
    code = "".join(sign for sign in subject if sign.isdigit())[:6]
    mailbox.close()
    page.goto(where)
    page.get_by_label("확인번호").fill(code)
    button(page, "확인하기").click()


def test_without_a_device_the_passkey_says_so_and_the_password_works(page, base_url):
    page.goto(f"{base_url}/login")  # a number address cannot have passkeys
    button(page, "패스키로 로그인").click()
    page.locator("form.passkey [role=alert]", has_text="패스키").wait_for()
    sign_in(page)


def test_without_scripts_no_passkey_is_offered(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/login")

    expect(button(page, "패스키로 로그인")).to_be_hidden()
    expect(button(page, "로그인")).to_be_visible()
