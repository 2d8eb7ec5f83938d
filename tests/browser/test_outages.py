"""물이 끊겼나요: looking it up, reading it, being told of it; with scripts and without them."""

from playwright.sync_api import expect

from tests.browser.steps import arrived, button, headed, link, mail_to


def test_somebody_without_water_finds_out_why_and_asks_to_be_told(any_page):
    page = any_page
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="물이 끊겼나요?").click()
    arrived(page, "/outages/")
    expect(page.get_by_role("status").first).to_contain_text("지금 물이 안 나오는 곳")

    page.get_by_label("주소").fill("강남구 가상3동")
    button(page, "찾아보기").click()
    arrived(page, "/outages/", "q=")
    expect(page.get_by_text("네, 지금 단수입니다.")).to_be_visible()

    page.get_by_role("main").get_by_role("link", name="가상3동 배수관이 터져").first.click()
    arrived(page, "/outages/demo-burst")
    expect(page.get_by_text("급수차 2대")).to_be_visible()
    refreshes = page.get_by_text("1분마다 스스로 살핍니다.")
    expect(refreshes).to_be_visible(visible=page.has_scripts)

    page.goto("/outages/alerts/")
    page.get_by_label("구", exact=True).select_option("강남구")
    page.get_by_label("동", exact=True).fill("가상3동")
    to = f"told-{page.has_scripts}@demo.invalid".lower()
    page.get_by_role("textbox", name="이메일").fill(to)
    button(page, "확인 링크 받기").click()
    arrived(page, "/outages/alerts/sent")
    page.goto("/mailbox/")
    mail_to(page, to, "단수 알림").click()
    page.locator('main a[href*="/alerts/confirm/"]').first.click()
    page.wait_for_url("**/alerts/confirm/*")
    button(page, "네, 받겠습니다").click()
    headed(page, "단수 알림을 보내 드립니다")
    link(page, "지금 그만 받기").click()
    button(page, "그만 받기").click()
    headed(page, "이제 보내지 않습니다")
    assert page.complaints == []
