"""The first visit, measured at the network of a real browser (design 1, 1.3)."""

import pytest

from tests.browser.steps import newest_bill, sign_in

KB = 1000


class Meter:
    """Bytes on the wire by kind, headers included, asked of Chromium itself."""

    def __init__(self, page):
        self.sizes = {}
        self.kinds = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self.response)
        session.on("Network.loadingFinished", self.finished)

    def response(self, event):
        if not event["response"]["url"].startswith("data:"):
            self.kinds[event["requestId"]] = event["type"], event["response"]["url"]

    def finished(self, event):
        if event["requestId"] in self.kinds:
            self.sizes[self.kinds[event["requestId"]]] = event["encodedDataLength"]

    def total(self, ending=""):
        return sum(size for (_, url), size in self.sizes.items() if url.endswith(ending))

    def document(self):
        return next(size for (kind, _), size in self.sizes.items() if kind == "Document")


def visit(page, path):
    """Open a page with an empty cache and wait until nothing is loading any more."""
    meter = Meter(page)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return meter


@pytest.fixture
def fresh_resident(page, new_context):
    """A browser that is signed in, but has neither cache nor view cookie; the newest bill."""
    sign_in(page)
    bill = newest_bill(page)
    cookies = [cookie for cookie in page.context.cookies() if cookie["name"] == "sid"]
    context = new_context()
    context.add_cookies(cookies)
    return context.new_page(), bill


@pytest.mark.parametrize("path", ["/", "/learn/read-your-bill", "/login", "/faq/"])
def test_a_first_visit_costs_little(page, path):
    meter = visit(page, path)

    assert len(meter.sizes) <= 4
    assert meter.document() <= 14.6 * KB
    assert meter.total() <= 35 * KB
    assert meter.total(".css") <= 8 * KB


def test_the_first_visit_of_a_bill_costs_little(fresh_resident):
    page, bill = fresh_resident

    meter = visit(page, bill)

    assert len(meter.sizes) <= 4
    assert meter.document() <= 14.6 * KB
    assert meter.total() <= 35 * KB


def test_the_first_visit_of_the_list_brings_the_script_once(fresh_resident):
    page, bill = fresh_resident

    first = visit(page, "/bills/")
    second = visit(page, f"{bill}")

    assert first.total(".js") <= 19 * KB
    assert first.total() <= 35 * KB
    assert second.document() <= 10 * KB
    assert second.total(".js") == 0


def test_the_second_page_of_a_visit_is_one_request(page):
    visit(page, "/")

    meter = visit(page, "/learn/")

    transferred = {url: size for (_, url), size in meter.sizes.items() if size}
    assert len(transferred) == 1
