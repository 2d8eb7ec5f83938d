"""Every page type in every state: rule engine, narrow screen, Tab walk, paper."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.checks import check_page, check_tab_walk
from tests.browser.steps import arrived, corrected_bill, newest_bill, sign_in

PUBLIC = [
    "/",
    "/learn/",
    "/learn/read-your-bill",
    "/learn/tariff-and-discounts",
    "/faq/",
    "/notices/",
    "/notices/winter-meter-frost",
    "/outages/",
    "/outages/demo-burst",
    "/outages/alerts/",
    "/outages/board",
    "/guide/moving",
    "/guide/accessibility",
    "/display",
    "/calculator/",
    "/calculator/?usage=x",
    "/calculator/?use_class=general&usage=99999&dwellings=3&reductions=ebill",
    "/tariff/",
    "/login",
    "/lookup/",
    "/verify/",
    "/nothing-here",
]
BOXES = "all => all.map(it => it.getBoundingClientRect().toJSON())"
SIZES = ["100", "130", "200"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_accessible(page, path):
    page.goto(path)

    check_page(page)
    check_tab_walk(page)


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_accessible_in_english(page, path):
    page.goto("/?lang=en")
    page.goto(path)

    check_page(page)


@pytest.mark.parametrize("which", ["list", "bill", "paper", "corrected", "before"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_personal_page_is_accessible(page, which, language):
    sign_in(page)
    bill, corrected = newest_bill(page), corrected_bill(page)
    address = {
        "list": "/bills/",
        "bill": bill,
        "paper": f"{bill}/paper",
        "corrected": corrected,
        "before": f"{corrected}/0",
    }[which]

    page.goto(f"{address}?lang={language}")

    check_page(page)
    check_tab_walk(page)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_large_text_fits_on_every_width(page, size, width):
    sign_in(page)
    paths = ["/", newest_bill(page), "/bills/", "/login", "/learn/tariff-and-discounts"]
    page.goto(f"/display?size={size}&contrast=m")
    page.set_viewport_size({"width": width, "height": 900})

    too_wide = {}
    for path in paths:
        page.goto(path)
        too_wide[path] = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    assert {path: pixels for path, pixels in too_wide.items() if pixels > 0} == {}


def test_opened_details_are_accessible(page):
    sign_in(page)
    page.goto(newest_bill(page))
    for summary in page.locator("summary").all():
        summary.click()

    check_page(page)
    check_tab_walk(page)


def test_choosing_an_option_moves_nothing_until_the_button_is_pressed(page):
    sign_in(page)
    address = page.url

    for select in page.locator("select").all():
        select.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")

    expect(page).to_have_url(address)


def test_htmx_keeps_no_page_in_the_browser(page):
    sign_in(page)
    page.get_by_label("상태").select_option("unpaid")
    page.get_by_role("button", name="골라 보기").click()
    arrived(page, "/bills/", "show=unpaid")

    kept = page.evaluate(
        "[...Object.values(localStorage), ...Object.values(sessionStorage)].join()"
    )

    assert "<" not in kept


def test_a_bill_for_paper_is_one_sheet(page):
    sign_in(page)
    page.goto(f"{newest_bill(page)}/paper")

    document = page.pdf(format="A4")

    assert len(re.findall(rb"/Type\s*/Page\b", document)) == 1


def test_paper_has_no_menu_and_no_footer(page):
    sign_in(page)
    page.goto(f"{newest_bill(page)}/paper")

    page.emulate_media(media="print")

    expect(page.locator("header.site nav")).to_be_hidden()
    expect(page.locator(".strip").filter(visible=True)).to_have_count(0)
    expect(page.locator(".screen").filter(visible=True)).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_order_on_the_screen_is_the_order_in_the_source(page, width):
    sign_in(page)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(newest_bill(page))

    boxes = page.locator("main h1, main h2").evaluate_all(BOXES)

    for before, after in pairwise(boxes):
        assert before["y"] <= after["y"] or before["x"] + 100 < after["x"], (before, after)
