"""요금 계산기: the amount follows what is typed; without scripts it follows the button."""

import re

from playwright.sync_api import expect

from tests.browser.checks import check_page
from tests.browser.steps import arrived, button, headed, link, tab_to


def total(page):
    return page.locator("#result .big")


def test_the_button_answers_with_scripts_and_without(any_page):
    page = any_page
    page.goto("/")
    link(page, "요금 계산기").first.click()
    headed(page, "요금 계산기")
    expect(total(page)).to_have_text("31,680원")

    page.get_by_label("사용량(㎥)").fill("１２")
    page.get_by_label("쓴 기간").select_option("1")
    button(page, "계산하기").click()
    arrived(page, "/calculator/", "months=1")

    expect(total(page)).to_have_text("15,840원")
    expect(page.get_by_label("사용량(㎥)")).to_have_value("１２")
    expect(page).to_have_url(re.compile("#result$"))
    assert page.complaints == []


def test_the_button_tells_what_is_wrong_with_scripts_and_without(any_page):
    page = any_page
    page.goto("/calculator/")

    page.get_by_label("사용량(㎥)").fill("물")
    button(page, "계산하기").click()

    problems = page.locator("#problems")
    problems.wait_for()
    expect(problems).to_contain_text("사용량은")
    expect(page.locator("#usage_error")).to_be_visible()
    expect(page.get_by_label("사용량(㎥)")).to_have_value("물")


def test_the_amount_changes_while_somebody_types_and_the_focus_stays(page):
    page.goto("/calculator/")
    usage = page.get_by_label("사용량(㎥)")

    usage.fill("")
    usage.press_sequentially("40")

    expect(total(page)).to_have_text("51,360원")
    expect(usage).to_be_focused()
    expect(usage).to_have_value("40")


def test_the_address_can_be_shared_after_typing(page, new_context):
    page.goto("/calculator/")
    page.get_by_label("사용량(㎥)").fill("40")
    expect(total(page)).to_have_text("51,360원")
    arrived(page, "/calculator/", "usage=40")

    other = new_context().new_page()
    other.goto(page.url)

    expect(total(other)).to_have_text("51,360원")


def test_choices_and_ticks_change_the_amount_without_the_button(page):
    page.goto("/calculator/")

    page.get_by_text("구경, 납기, 감면 고르기").click()
    page.get_by_label("두 자녀 이상").check()
    expect(total(page)).to_have_text("28,230원")
    page.get_by_label("두 자녀 이상").uncheck()
    expect(total(page)).to_have_text("31,680원")
    page.get_by_label("쓴 기간").select_option("1")
    expect(total(page)).to_have_text("30,600원")

    check_page(page)


def test_a_mistake_while_typing_is_told_and_mended_in_place(page):
    page.goto("/calculator/")
    usage = page.get_by_label("사용량(㎥)")

    usage.fill("물")
    expect(page.locator("#result .error")).to_contain_text("사용량은")
    expect(usage).to_be_focused()
    usage.fill("12")

    expect(total(page)).to_have_text("16,920원")


def test_the_calculator_goes_by_keyboard(page):
    page.goto("/calculator/")

    tab_to(page, "usage")
    page.keyboard.press("Control+A")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    arrived(page, "/calculator/", "usage=12")

    expect(total(page)).to_have_text("16,920원")


def test_a_large_amount_fits_into_a_narrow_screen(page):
    page.set_viewport_size({"width": 320, "height": 740})
    page.goto("/calculator/?use_class=general&usage=99999&diameter=400")

    wide = page.evaluate("document.documentElement.scrollWidth")

    assert wide <= 320
