"""Text messages and notifications in a browser: a phone is verified, a notice is shown."""

import json
import re
from itertools import count
from time import monotonic
from urllib.request import Request, urlopen

from playwright.sync_api import expect

from tests.browser.checks import check_page
from tests.browser.steps import arrived, button, headed, link
from tests.browser.test_accounts import with_account

DIGITS = re.compile(r"확인번호 (\d{6})")
numbers = count(7777)
TEXT_SECONDS = 20
SUBSCRIBE = """subscription => {
  Notification.requestPermission = () => Promise.resolve("granted");
  PushManager.prototype.subscribe = function (options) {
    window.__key = options.applicationServerKey.length;
    return Promise.resolve(Object.assign({}, subscription));
  };
}"""


def emulator(page):
    """The address of the emulator, from the mailbox's link to it."""
    there = page.context.new_page()
    there.goto("/mailbox/")
    address = there.get_by_role("link", name="문자와 기기 알림은 여기에 있습니다.").get_attribute(
        "href"
    )
    there.close()
    return address


def code_sent_to(page, number):
    """The code in the newest text to a phone, as soon as it is in the emulator's inbox."""
    there = page.context.new_page()
    there.goto(emulator(page))
    text = there.locator("li", has_text=number.replace("-", "")).first
    until = monotonic() + TEXT_SECONDS
    while not (found := DIGITS.search(text.inner_text() if text.count() else "")):
        assert monotonic() < until, f"no code came to {number}"
        there.reload()
    there.close()
    return found[1]


def test_a_phone_is_verified_and_chosen_for_bills(any_page):
    page = any_page
    with_account(page)
    number = f"010-0000-{next(numbers)}"
    page.goto("/profile/")
    link(page, "휴대전화 확인하기").click()
    page.get_by_label("휴대전화 번호").fill("02-123-4567")
    button(page, "확인번호 받기").click()
    expect(page.locator("#problems")).to_contain_text("010으로 시작하는")
    page.get_by_label("휴대전화 번호").fill(number)
    button(page, "확인번호 받기").click()
    arrived(page, "/profile/phone/code")
    if page.has_scripts:
        check_page(page)

    page.get_by_label("확인번호").fill(code_sent_to(page, number))
    button(page, "확인하기").click()
    arrived(page, "/profile/", "phone")
    expect(page.locator("main")).to_contain_text("확인함")

    link(page, "알림 받기").click()
    button(page, "받기 고지서가 나오면, 문자").click()
    expect(button(page, "그만 받기 고지서가 나오면, 문자")).to_be_visible()
    assert page.complaints == []


def test_notifications_are_turned_on_shown_and_turned_off(page, base_url):
    with_account(page)
    address = emulator(page)
    with urlopen(Request(f"{address}/control/browsers", b"{}"), timeout=10) as answer:
        subscription = json.load(answer)
    page.context.grant_permissions(["notifications"], origin=base_url)
    page.goto("/profile/")
    link(page, "이 기기에서 알림 받기").click()
    page.evaluate(SUBSCRIBE, subscription)

    button(page, "이 기기에서 알림 켜기").click()
    arrived(page, "/push/", "on")
    check_page(page)
    headed(page, "기기 알림")
    expect(page.get_by_text("지금 이곳")).to_be_visible()

    assert shown(page, base_url) == ["새 고지서가 나왔습니다", "/bills/"]
    page.get_by_role("button", name=re.compile("알림 끄기")).click()
    arrived(page, "/push/", "off")
    assert page.complaints == []


ACTIVE = """async () => {
  const worker = await navigator.serviceWorker.getRegistration("/push/");
  while (!worker.active || worker.active.state !== "activated")
    await new Promise(go => setTimeout(go, 20));
}"""
"""Waits until the worker takes messages: one that comes before is lost."""


def shown(page, base_url):
    """Title and target of the notice that the real worker shows when the browser gets a push."""
    session = page.context.new_cdp_session(page)
    registrations = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    page.evaluate(ACTIVE)
    until = monotonic() + TEXT_SECONDS
    while not registrations:  # events arrive while the page is asked something
        assert monotonic() < until, "the browser names no worker"
        page.evaluate("0")
    data = {"title": "새 고지서가 나왔습니다", "body": "-", "url": "/bills/", "tag": "t"}
    push = {
        "origin": base_url,
        "registrationId": registrations[0]["registrationId"],
        "data": json.dumps(data),
    }
    for _ in range(PUSHES):
        session.send("ServiceWorker.deliverPushMessage", push)
        if found := page.evaluate(NOTIFICATION):
            return found
    return []


PUSHES = 10
"""A browser that is about to put its worker to sleep loses a push that comes by this way."""
NOTIFICATION = """async () => {
  const worker = await navigator.serviceWorker.getRegistration("/push/");
  for (let tries = 0; tries < 40; tries++) {
    const found = await worker.getNotifications();
    if (found.length) return [found[0].title, found[0].data];
    await new Promise(go => setTimeout(go, 50));
  }
  return null;
}"""


def test_a_browser_that_blocks_notifications_says_what_to_do(page):
    with_account(page)
    page.goto("/push/")
    page.evaluate("() => { Notification.requestPermission = () => Promise.resolve('denied'); }")

    button(page, "이 기기에서 알림 켜기").click()

    page.locator("form.push [role=alert]", has_text="알림이 막혀 있습니다").wait_for()
    check_page(page)


def test_without_scripts_no_notification_is_offered(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.complaints = []
    page.has_scripts = False
    with_account(page)
    page.goto("/push/")

    expect(button(page, "이 기기에서 알림 켜기")).to_be_hidden()
    expect(page.get_by_text("이 브라우저에서는 알림을 켤 수 없습니다")).to_be_visible()
