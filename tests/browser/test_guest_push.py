"""Being told of outages in a browser without an account: with scripts, and not offered without."""

import json
from urllib.request import Request, urlopen

from playwright.sync_api import expect

from tests.browser.checks import check_page
from tests.browser.steps import arrived, button, headed, link
from tests.browser.test_messages import SUBSCRIBE, emulator

ASK = "이 브라우저에서 알림 받기"
SUBSCRIBED = """subscription => {
  PushManager.prototype.getSubscription = () => Promise.resolve({
    ...subscription, unsubscribe: () => Promise.resolve(true)
  });
}"""


def given(page):
    """What a browser's push service gives."""
    with urlopen(Request(f"{emulator(page)}/control/browsers", b"{}"), timeout=10) as answer:
        return json.load(answer)


def test_a_browser_is_told_of_a_dong_and_stops_all_with_one_button(page, base_url):
    subscription = given(page)
    page.context.grant_permissions(["notifications"], origin=base_url)
    page.goto("/outages/alerts/")
    link(page, "가입 없이 이 브라우저의 알림으로 받기").click()
    page.evaluate(SUBSCRIBE, subscription)

    page.get_by_label("구", exact=True).select_option("강남구")
    page.get_by_label("동", exact=True).fill("가상3동")
    button(page, ASK).click()
    arrived(page, "/outages/alerts/browser", "told=")
    expect(page.get_by_role("status")).to_contain_text("강남구 가상3동")
    check_page(page)

    page.add_init_script(f"({SUBSCRIBED})({json.dumps(subscription)})")
    page.goto("/outages/alerts/browser")
    button(page, "이 브라우저의 단수 알림 모두 끄기").click()
    arrived(page, "/outages/alerts/browser/end")
    headed(page, "이제 보내지 않습니다")
    assert page.complaints == []


def test_without_scripts_another_way_is_named(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/outages/alerts/browser")

    expect(page.locator(".no-push")).to_be_visible()
    expect(button(page, ASK)).to_be_hidden()
    link(page, "이메일이나 문자로 받기").click()
    arrived(page, "/outages/alerts/")
