"""Bills are paid in a browser, from the list to the receipt, with and without scripts."""

from playwright.sync_api import expect

from tests.browser.checks import check_page, check_tab_walk
from tests.browser.steps import arrived, button, headed, link, sign_in
from tests.server import RESIDENT

NEIGHBOUR = ("neighbour@demo.invalid", "demo neighbour passphrase")
PAYER = {True: RESIDENT, False: NEIGHBOUR}


def receipts(page):
    page.goto("/pay/receipts/")
    return page.locator("main .cards a").count()


def test_an_account_for_a_deposit_waits_and_can_be_given_back(any_page):
    page = any_page
    sign_in(page, PAYER[page.has_scripts])
    page.goto("/pay/")
    button(page, "고른 요금 내기").click()
    page.get_by_label("가상계좌 입금").check()
    page.locator("main button.main").click()
    page.wait_for_url("**/payments/result/**")

    headed(page, "입금을 기다립니다")
    if page.has_scripts:
        check_page(page)
    button(page, "이 계좌로 내지 않기").click()
    page.get_by_role("heading", name="결제하지 않았습니다").wait_for()
    expect(link(page, "다시 내기")).to_be_visible()


def test_a_bill_is_paid_by_card_and_has_a_receipt(any_page):
    page = any_page
    sign_in(page, PAYER[page.has_scripts])
    before = receipts(page)
    page.goto("/bills/")
    rows = page.locator("#bill_list tbody tr", has_text="납부 전")
    rows.last.get_by_role("link").first.click()
    link(page, "온라인 납부").click()
    arrived(page, "/pay/")
    if page.has_scripts:
        check_page(page)

    button(page, "고른 요금 내기").click()
    arrived(page, "/pay/method")
    total = page.locator("main .big").inner_text()
    if page.has_scripts:
        check_page(page)
        check_tab_walk(page)
    page.get_by_role("button", name=f"{total} 내기").click()
    button(page, "결제창 열기").click()
    button(page, "결제하기").click()
    page.wait_for_url("**/payments/result/**")

    headed(page, "냈습니다")
    expect(page.locator("main")).to_contain_text(total)
    assert receipts(page) == before + 1
    page.locator("main .cards a").first.click()
    headed(page, "납부 영수증")
    expect(page.locator("main")).to_contain_text(total)
