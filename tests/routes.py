"""Addresses for every route of the program, so that tests meet new routes by themselves."""

from app import access
from tests import make

SAMPLES = {
    "kind": "learn",
    "slug": "save-water",
    "month": "2026-11",
    "home": "x",
    "revision": 0,
    "number": "DCMNT2345678",
    "reference": "2" * 20,
    "mail": "x",
    "link": "LINK234567",
    "wish": "WISH2345",
    "code": "news",
    "token": "x",
    "passkey": "x",
    "session": "x",
    "topic": "bill",
    "wanted": "on",
    "member": "MEMBER2345",
    "grant": "GRANT23456",
    "account": "ACCNT23456",
    "search": "S" * 20,
    "decision": "approved",
    "order": "x",
    "part": "account",
    "format": "json",
    "notation": "json",
    "rest": "x",
    "right": "RGHT2345",
    "channel": "mail",
    "subscription": "x",
    "matter": "leak_street",
    "photo": "x",
    "upload": "x",
    "complaint": "CMPL234567",
    "act": "start",
    "day": "2026-11-26",
    "alert": "ALERT23456GHJK",
    "office": "100",
    "district": "강남구",
    "dong": "역삼동",
    "form": "atom",
    "outage": "2026-1118-saemmul",
}
# there only for one browser, or after a mail
SHORT_LIVED = (
    "/lookup/2",
    "/mailbox/x",
    "/signup/verify/",
    "/recovery/x",
    "/profile/email/x",
    "/profile/undo/x",
    "/reminders/stop/x",
    "/outages/home/x/calendar.ics",
    "/outages/alerts/confirm/x",
    "/staff/join/x",
    "/payments/result/x",
    "/pay/guest/",
    "/payments/success",
    "/pay/receipts/x",
    "/pay/window/x",
    "/complaints/check",
    "/complaints/contact",
    "/complaints/details",
    "/complaints/discard",
    "/complaints/photos",
    "/complaints/photos/x",
    "/complaints/place",
    "/complaints/DCMNT2345678",
    "/complaints/follow/x",
    "/complaints/near",
    "/complaints/public/DCMNT2345678",
    "/open311/v2/services/news",
    "/open311/v2/requests/2",
    "/open311/v2/tokens/x",
    "/open311/v2/x",
)


def rules(app, method):
    """The routes that take this method."""
    return [rule for rule in app.url_map.iter_rules() if method in rule.methods]


def address(rule, **values):
    """A route's address with sample values; `values` come first."""
    known = {**SAMPLES, **values}
    _, path = rule.build({name: known[name] for name in rule.arguments})
    return path


def addresses(app, method="GET", mark=None, **values):
    """An address for every route, or for those with this access mark."""
    return [
        address(rule, **values)
        for rule in rules(app, method)
        if mark in (None, access.of(app, rule.endpoint))
    ]


def with_view(app, view=str):
    """An app that a test has made, with this view at /test-only."""

    def answer():
        return app.config["TEST_VIEW"]()

    answer.access = "public"
    app.config["TEST_VIEW"] = view
    if "test_only" not in app.view_functions:
        app.add_url_rule("/test-only", "test_only", answer)
    return app


def resident_home(account, document=SAMPLES["number"]):
    """A home with two bills, one paid and one corrected, a document about them, and a payer."""
    home = make.home(account=account, level=2)
    if document == SAMPLES["number"]:
        make.home(premises=home.premises, role="payer", reference=SAMPLES["link"])
        make.home_request(account=account, reference=SAMPLES["wish"])
        make.passkey(account=account, reference=SAMPLES["passkey"])
    make.bill(premises=home.premises, month="2026-09", paid=True)
    make.bill(premises=home.premises, month="2026-11", usage_m3=30)
    make.correction(bill=make.bill(premises=home.premises, month="2026-11", revision=1))
    make.document(account=account, premises=home.premises, number=document)
    return home
