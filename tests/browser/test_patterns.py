"""사용 패턴 in a browser: the way there, the month of days, every width and theme."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.checks import check_page, check_tab_walk
from tests.browser.steps import arrived, button, headed, link, newest_bill, sign_in

CUT_WORDS = """() => [...document.querySelectorAll('svg.long')].flatMap(svg => {
  const frame = svg.getBoundingClientRect();
  const words = [...svg.querySelectorAll('text')].map(it => it.getBoundingClientRect());
  const outside = words.filter(it => it.left < frame.left - 1 || it.right > frame.right + 1);
  const touching = words.filter((one, i) => words.slice(i + 1).some(other =>
    one.left < other.right && other.left < one.right && one.top + 4 < other.bottom
    && other.top + 4 < one.bottom));
  return [...outside, ...touching].map(it => it.toJSON());
})"""


def patterns(page, home="부모님 댁"):
    """Open the use of a home from the list of bills."""
    sign_in(page)
    link(page, f"{home} 사용 패턴").click()
    page.wait_for_url("**/patterns/*")


def test_a_resident_finds_the_leak_and_looks_at_a_month(any_page):
    page = any_page
    patterns(page)
    headed(page, "사용 패턴")
    expect(page.get_by_role("heading", name="물이 새는지 살펴볼 만합니다")).to_be_visible()
    asked = []
    page.on("request", lambda request: asked.append(request))
    choice = page.get_by_label("달", exact=True)
    month = choice.locator("option").nth(2).get_attribute("value")

    choice.select_option(month)
    button(page, "골라 보기").click()
    page.wait_for_url(f"**/patterns/*?month={month}")
    page.get_by_text(re.compile(rf"{month[:4]}년 {int(month[5:])}월: 하루 평균")).wait_for()

    fragments = [one.headers.get("hx-target") for one in asked if "month=" in one.url]
    assert fragments == (["by_day"] if page.has_scripts else [None])
    page.get_by_text("날마다의 표 보기").click()
    expect(page.locator("#by_day tbody tr").first).to_be_visible()
    assert page.complaints == []


def test_a_bill_leads_to_the_use_of_its_home(page):
    sign_in(page)
    bill = newest_bill(page)
    page.goto(bill)

    link(page, "이 집의 사용 패턴 보기").click()

    arrived(page, f"/patterns/{bill.split('/')[2]}")
    headed(page, "사용 패턴")


def test_the_table_is_a_file(page):
    patterns(page)

    with page.expect_download() as waiting:
        link(page, "표 파일(CSV) 받기").click()

    assert waiting.value.suggested_filename == "water-use.csv"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_is_accessible_also_with_open_tables(page, language):
    patterns(page)
    page.goto(f"{page.url}?lang={language}")
    check_page(page)
    check_tab_walk(page)

    for summary in page.locator("summary").all():
        summary.click()

    check_page(page)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_words_of_the_charts_touch_nothing(page, width, language):
    patterns(page)
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(f"{page.url}?lang={language}")

    expect(page.locator("svg.long")).to_have_count(2)
    assert page.evaluate(CUT_WORDS) == []


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_largest_text_fits(page, width):
    patterns(page)
    address = page.url
    page.goto("/display?size=200&contrast=m")
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(address)

    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0
