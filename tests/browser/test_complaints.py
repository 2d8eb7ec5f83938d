"""민원 접수 on a phone: a leak with photos, with scripts and without, over a line that breaks."""

import io
from time import monotonic

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.checks import check_page, check_tab_walk
from tests.browser.steps import arrived, button, headed, link, mail_to
from tests.browser.test_messages import TEXT_SECONDS, emulator

PHONE = "010-1234-5678"


def check(page):
    if page.has_scripts:
        check_page(page)
        check_tab_walk(page)


def picture(name, size=(2400, 1800), grain=8):
    """A photo as a browser is given it; without `grain` it needs many bytes."""
    file = io.BytesIO()
    noise = Image.effect_noise((size[0] // grain, size[1] // grain), 40)
    noise.resize(size).convert("RGB").save(file, "JPEG", quality=80)
    return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def go_on(page, path, see):
    button(page, "계속").click()
    arrived(page, path)
    check(page)
    see(path.split("/")[-1])


def to_photos(page, see):
    """From the start page to the photos."""
    page.goto("/")
    link(page, "민원 접수").click()
    arrived(page, "/complaints/")
    check(page)
    see("kinds")
    page.get_by_role("link", name="도로 누수").click()
    arrived(page, "/complaints/new/leak_street")
    check(page)
    see("begin")
    button(page, "접수 시작하기").click()
    arrived(page, "/complaints/place")
    check(page)
    see("place")
    page.get_by_label("구", exact=True).select_option("성북구")
    page.get_by_label("동이나 길 이름").fill("보기로")
    page.get_by_label("찾아갈 수 있는 설명").fill("12번지 약국 앞")
    go_on(page, "/complaints/details", see)
    page.get_by_label("계속 흐름").check()
    page.get_by_label("아니요").check()
    page.get_by_label("더 알릴 내용").fill("길에서 물이 솟습니다.")
    go_on(page, "/complaints/photos", see)


def add_photos(page):
    page.get_by_label("사진 고르기").set_input_files([picture("one"), picture("two")])
    if not page.has_scripts:
        button(page, "사진 올리기").click()
    page.locator("#shots img").nth(1).wait_for()


def to_the_end(page, see, email):
    """From the photos to the number."""
    page.locator("[name=next]").click()
    arrived(page, "/complaints/contact")
    check(page)
    see("contact")
    page.get_by_label("전화번호").fill(PHONE)
    page.get_by_label("처리할 때마다 문자로 알려 주십시오").check()
    page.get_by_label("이메일로도 받기").fill(email)
    go_on(page, "/complaints/check", see)
    button(page, "접수하기").click()
    page.wait_for_url("**/received")
    check(page)
    see("received")
    return page.locator(".number").inner_text()


def text_about(page, number):
    """Wait until the emulator of text messages has one about a complaint."""
    there = page.context.new_page()
    there.goto(emulator(page))
    until = monotonic() + TEXT_SECONDS
    while not there.locator("li", has_text=number).count():
        assert monotonic() < until, f"no text about {number}"
        there.reload()
    there.close()


def nothing(name):
    """Looks at no page."""


def test_a_leak_is_reported_and_followed(any_page):
    journey(any_page, nothing)


def journey(page, see):
    """Report a leak, follow it by its number, write a message, withdraw it."""
    email = f"leak{int(page.has_scripts)}@example.com"
    to_photos(page, see)
    add_photos(page)
    page.reload()
    check(page)
    see("photos-there")

    number = to_the_end(page, see, email)

    page.goto("/mailbox/")
    mail_to(page, email, number)
    text_about(page, number)
    page.context.clear_cookies()
    page.goto(f"/complaints/{number}")
    check(page)
    headed(page, "처리 상태")
    page.get_by_label("전화번호").fill(PHONE)
    button(page, "처리 상태 보기").click()
    arrived(page, f"/complaints/{number}")
    check(page)
    see("status")
    expect(page.locator("#progress [role=status]")).to_contain_text("접수")
    expect(page.locator("main img")).to_have_count(2)
    page.get_by_label("담당자에게 남길 말").fill("지금도 나옵니다.")
    button(page, "보내기").click()
    page.get_by_text("지금도 나옵니다.").wait_for()
    link(page, "민원 취하하기").click()
    check(page)
    button(page, "취하하기").click()
    arrived(page, f"/complaints/{number}")
    check(page)
    assert page.complaints == []


@pytest.fixture
def scripted(page):
    page.has_scripts = True
    return page


def test_photos_go_on_after_the_line_broke(scripted):
    """Of the first pieces some never arrive, and of others the answer is lost."""
    page, sent = scripted, []

    def piece(route):
        if route.request.method != "PATCH":
            route.continue_()
            return
        sent.append(int(route.request.headers["upload-offset"]))
        if len(sent) in (2, 5):
            route.abort()
        elif len(sent) == 3:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.goto("/complaints/new/praise")
    button(page, "접수 시작하기").click()
    page.get_by_label("더 알릴 내용").fill("고맙습니다.")
    button(page, "계속").click()
    arrived(page, "/complaints/photos")
    page.route("**/complaints/uploads/*", piece)
    page.get_by_label("사진 고르기").set_input_files([picture("one", (900, 700), 1)])
    page.locator("#shots img").wait_for()

    expect(page.locator("#shots img")).to_have_count(1)
    assert len(sent) > 5
    assert sent[2] != sent[3]
    expect(page.locator("#picker [role=status]")).to_contain_text("올렸습니다")


def test_a_file_that_is_no_photo_is_told_beside_the_others(scripted):
    page = scripted
    page.goto("/complaints/new/praise")
    button(page, "접수 시작하기").click()
    page.get_by_label("더 알릴 내용").fill("고맙습니다.")
    button(page, "계속").click()
    arrived(page, "/complaints/photos")

    wrong = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"<html>not a photo</html>"}
    page.get_by_label("사진 고르기").set_input_files([picture("one", (600, 400)), wrong])
    page.get_by_text("2: 사진이 아닌 파일입니다").wait_for()

    expect(page.locator("#shots img")).to_have_count(1)


def test_the_status_refreshes_itself_quietly_and_only_when_something_changed(scripted):
    """Another tab withdraws the complaint; this one is never loaded anew."""
    page, answers = scripted, []
    to_photos(page, nothing)
    number = to_the_end(page, nothing, "live@example.com")
    page.clock.install()
    page.goto(f"/complaints/{number}")
    page.evaluate("window.stays = true")
    page.on("response", lambda answer: answers.append(answer.status))

    with page.expect_response(lambda answer: answer.status == 204):
        page.clock.fast_forward(31_000)
    expect(page.locator("#progress [role=status]")).to_contain_text("접수")
    assert answers == [204]
    other = page.context.new_page()
    other.goto(f"/complaints/{number}/withdrawal")
    button(other, "취하하기").click()
    arrived(other, f"/complaints/{number}")
    page.clock.fast_forward(31_000)

    page.locator("#progress [role=status]", has_text="취하").wait_for()
    assert answers == [204, 200]
    assert page.evaluate("window.stays")
    assert page.complaints == []
