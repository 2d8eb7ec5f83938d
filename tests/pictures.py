"""`python -m tests.pictures [FOLDER]`: every page type as a picture, for looking at and for README.

With `--readme` only the three small pictures of README are written, to deploy/pictures/.
"""

import sys
from itertools import count
from pathlib import Path

from playwright.sync_api import sync_playwright

from app.config import ROOT
from tests import server
from tests.browser import journey
from tests.browser.steps import button, corrected_bill, newest_bill, sign_in
from tests.browser.test_desk import desk_sign_in

README = ROOT / "deploy" / "pictures"
WIDTHS = (360, 768, 1280)
HEIGHT = 800
LIGHT, CONTRAST = "ko.100.n.-", "ko.100.m.-"
PUBLIC = {
    "home": "/",
    "learn": "/learn/",
    "article": "/learn/read-your-bill",
    "faq": "/faq/",
    "notices": "/notices/",
    "display": "/display",
    "calculator": "/calculator/",
    "tariff": "/tariff/",
    "login": "/login",
    "signup": "/signup/",
    "lookup": "/lookup/",
    "verify": "/verify/",
    "privacy-items": "/guide/privacy/items",
    "complaints": "/complaints/",
    "complaint": "/complaints/new/leak_street",
    "complaint-status": "/complaints/status",
    "complaints-public": "/complaints/public",
    "outages": "/outages/",
    "outages-asked": "/outages/?q=강남구 가상3동",
    "outage": "/outages/demo-burst",
    "outage-alerts": "/outages/alerts/",
    "outage-board": "/outages/board",
    "missing": "/nothing-here",
}
LIMIT = 150_000


class Photographer:
    """A browser window that opens pages in a look and stores what it sees."""

    def __init__(self, browser, address, folder):
        self.folder = folder
        self.context = browser.new_context(base_url=address, locale="ko-KR")
        self.page = self.context.new_page()
        self.address = address

    def look(self, cookie, width):
        self.context.add_cookies([{"name": "view", "value": cookie, "url": self.address}])
        self.page.set_viewport_size({"width": width, "height": HEIGHT})

    def take(self, name, path=None, whole=True):
        """A picture of the page at `path`, or of the one that is open."""
        if path:
            self.page.goto(path)
        stored = self.folder / f"{name}.png"
        self.page.screenshot(path=stored, full_page=whole)
        return stored


def everything(camera):
    """All page types, first as a visitor, then as the demo's resident."""
    for cookie, widths, mark in ((LIGHT, WIDTHS, ""), (CONTRAST, WIDTHS[:1], "-contrast")):
        for width in widths:
            camera.look(cookie, width)
            for name, path in PUBLIC.items():
                camera.take(f"{name}-{width}{mark}", path)
            camera.page.goto("/login")
            button(camera.page, "로그인").click()
            camera.take(f"login-errors-{width}{mark}")
    camera.look(LIGHT, 360)
    sign_in(camera.page)
    bill = newest_bill(camera.page)
    personal = {
        "bills": "/bills/",
        "bill": bill,
        "paper": f"{bill}/paper",
        "corrected": corrected_bill(camera.page),
        "patterns": f"/patterns/{bill.split('/')[2]}",
        "documents": "/documents/",
    }
    for cookie, widths, mark in ((LIGHT, WIDTHS, ""), (CONTRAST, WIDTHS[:1], "-contrast")):
        for width in widths:
            camera.look(cookie, width)
            for name, path in personal.items():
                camera.take(f"{name}-{width}{mark}", path)
    camera.look(LIGHT, 794)
    camera.page.emulate_media(media="print")
    for name in ("bill", "paper", "patterns"):
        camera.take(f"{name}-print", personal[name])
    camera.page.emulate_media(media="screen")
    own_pages(camera)
    paying(camera)
    desks(camera)
    somebody_new(camera)


OWN = {
    "profile": "/profile/",
    "sessions": "/profile/sessions",
    "password": "/profile/password",
    "email": "/profile/email",
    "person": "/profile/person",
    "address": "/profile/address",
    "consents": "/profile/consents",
    "data": "/profile/data/",
    "data-homes": "/profile/data/homes",
    "data-bills": "/profile/data/bills",
    "data-ask": "/profile/data/requests/new",
    "data-closing": "/profile/data/closing",
    "passkeys": "/passkeys/",
    "phone": "/profile/phone",
    "push": "/push/",
    "reminders": "/reminders/",
    "homes": "/homes/",
    "ways": "/homes/new",
    "contact": "/homes/new/contact",
    "request": "/homes/new/request",
    "prove": "/login/again",
    "code": "/login/code",
    "recovery": "/recovery/",
}


def own_pages(camera):
    """The customer's own pages, as the demo's resident."""
    for cookie, widths, mark in ((LIGHT, WIDTHS, ""), (CONTRAST, WIDTHS[:1], "-contrast")):
        for width in widths:
            camera.look(cookie, width)
            for name, path in OWN.items():
                camera.take(f"own-{name}-{width}{mark}", path)


def paying(camera):
    """From the bills to the receipt, by card; the demo's resident has two to pay."""
    page = camera.page
    camera.look(LIGHT, 360)
    camera.take("pay-choose-360", "/pay/")
    button(page, "고른 요금 내기").click()
    camera.take("pay-method-360")
    page.locator("main button.main").click()
    camera.take("pay-window-360")
    button(page, "결제창 열기").click()
    camera.take("pay-gateway-360")
    button(page, "결제하기").click()
    page.wait_for_url("**/payments/result/**")
    camera.take("pay-result-360")
    camera.take("pay-receipts-360", "/pay/receipts/")
    page.locator("main .cards a").first.click()
    for cookie, width, mark in ((LIGHT, 360, ""), (LIGHT, 1280, ""), (CONTRAST, 360, "-contrast")):
        camera.look(cookie, width)
        page.reload()
        camera.take(f"pay-receipt-{width}{mark}")


DESK = {
    "start": "/staff/",
    "queue": "/staff/complaints/",
    "call": "/staff/complaints/new",
    "visits": "/staff/complaints/visits/",
    "numbers": "/staff/complaints/numbers/",
    "outages": "/staff/outages/",
    "outage": "/staff/outages/new",
    "payments": "/staff/payments/",
    "customers": "/staff/customers/",
}


def desks(camera):
    """What a manager sees, and the oldest case of the queue."""
    camera.context.clear_cookies()
    camera.look(LIGHT, 1280)
    camera.page.has_scripts = False  # looked at, not tested
    desk_sign_in(camera.page, "manager", 0)
    camera.page.goto(DESK["queue"])
    case = camera.page.locator("main tbody a").first.get_attribute("href")
    for width in (360, 1280):
        camera.look(LIGHT, width)
        for name, path in {**DESK, "case": case}.items():
            camera.take(f"desk-{name}-{width}", path)


def somebody_new(camera):
    """Each step from the sign-up to the first bill."""
    steps = count(1)

    def see(name):
        camera.take(f"new-{next(steps):02}-{name}-360")

    camera.context.clear_cookies()
    camera.look(LIGHT, 360)
    camera.page.goto("/")
    journey.join(camera.page, "somebody@example.com", see)
    journey.confirm(camera.page, "somebody@example.com", see)
    journey.link_home(camera.page, see)


def for_readme(camera):
    """Three pictures that stay small."""
    camera.look(LIGHT, 360)
    taken = [camera.take("home-360", "/", whole=False)]
    sign_in(camera.page)
    bill = newest_bill(camera.page)
    for width in (360, 1280):
        camera.look(LIGHT, width)
        taken.append(camera.take(f"bill-{width}", bill, whole=False))
    for path in taken:
        if path.stat().st_size > LIMIT:
            raise SystemExit(f"{path.name} is larger than {LIMIT} bytes")


def main(arguments):
    if not server.LAUNCH["executable_path"]:
        raise SystemExit("Chromium is not installed (Debian: apt-get install chromium).")
    readme = "--readme" in arguments
    given = [argument for argument in arguments if argument != "--readme"]
    folder = README if readme else Path(given[0] if given else ROOT / "var" / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    with server.running() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**server.LAUNCH)
        camera = Photographer(browser, address, folder)
        for_readme(camera) if readme else everything(camera)
        browser.close()
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} pictures in {folder}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
