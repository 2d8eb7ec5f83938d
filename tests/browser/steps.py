"""What people do in the journeys."""

from time import monotonic
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.server import RESIDENT

MAIL_SECONDS = 20


def link(page, name):
    return page.get_by_role("link", name=name, exact=True)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def headed(page, words):
    """Wait until the page has this heading: its whole text, or a pattern for a part of it."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def arrived(page, path, query=""):
    """Wait until the page with this path is there."""

    def here(url):
        parts = urlsplit(url)
        return parts.path == path and query in parts.query

    page.wait_for_url(here)


def sign_in(page, who=RESIDENT):
    """From any page: 로그인, and back to the list of bills."""
    page.goto("/login")
    page.get_by_label("이메일").fill(who[0])
    page.get_by_label("비밀번호").fill(who[1])
    button(page, "로그인").click()
    arrived(page, "/bills/")


def newest_bill(page):
    """The address of the newest bill; the list is open."""
    return page.locator("#bill_list tbody a").first.get_attribute("href")


def corrected_bill(page):
    """The address of the demo's corrected bill, of the resident's parents; the list is open."""
    parents = page.locator("#bill_list tbody tr", has_text="부모님 댁")
    return parents.nth(2).get_by_role("link").get_attribute("href")


def mail_to(page, to, subject=""):
    """The link of the newest mail to somebody with this in its subject, as soon as it is there."""
    mail = page.locator("main li", has_text=to).filter(has_text=subject).get_by_role("link").first
    until = monotonic() + MAIL_SECONDS
    while not mail.count():
        assert monotonic() < until, f"no mail came to {to}"
        page.reload()
    return mail


def tab_to(page, name, whole=True):
    """Press Tab until the element with these words or this name has the focus.

    With `whole=False` its words may go on after these.
    """
    for _ in range(100):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const it = document.activeElement; return it.matches('a, button, summary')
            ? it.textContent.trim() : it.name || it.tagName }"""
        )
        if focused == name or (not whole and focused.startswith(name)):
            return
        assert focused != "BODY", f"the focus was lost before {name!r}"
    raise AssertionError(f"{name!r} was not reached")
