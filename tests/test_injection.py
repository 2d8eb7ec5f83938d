"""Texts of people stay texts on every page and cannot break a header (S-22, S-31)."""

import pytest
from markupsafe import escape

from app import access
from app.accounts.models import Account
from app.accounts.passkeys import Passkey
from app.homes.models import HomeRequest
from app.supply.models import Home
from tests import make, routes
from tests.owned import things
from tests.passkeys.steps import strong

NASTY = "<script>alert(1)</script>"
TEMPLATE = "{{7*7}}${7*7}"
LINK = "javascript:alert(1)"
TEXTS = [NASTY, TEMPLATE, LINK, '"><img src=x onerror=alert(1)>', "' OR '1'='1"]
ODD = ["가\x00나", "가\u202e나", "가\x1b[31m나"]
FIELDS = {
    "/profile/person": "name",
    "/passkeys/{passkey}": "name",
    "/homes/{home}": "name",
}


@pytest.mark.parametrize("text", TEXTS)
def test_what_people_typed_is_shown_as_text_on_every_page(app, sign_in, clock_at, text):
    clock_at("2026-11-20 12:00")
    client = strong(sign_in(make.account()))
    values = things(client.account)
    Account.update(name=text[:60], address=text).execute()
    Passkey.update(name=text[:40]).execute()
    Home.update(name=text[:30]).execute()
    HomeRequest.update(address=text, reason=text, answer=text).execute()
    pages = {r.endpoint for r in routes.rules(app, "GET")} - {"documents.pdf"}
    shown = 0

    for rule in app.url_map.iter_rules():
        if rule.endpoint in pages and access.of(app, rule.endpoint) == "customer":
            answer = client.get(routes.address(rule, **values))
            page = answer.text if answer.mimetype == "text/html" else ""
            assert "<script>alert" not in page, rule
            assert "<img src=x" not in page, rule
            assert f'href="{LINK}' not in page, rule
            assert "49$49" not in page, rule
            shown += str(escape(text[:8])) in page

    assert shown >= 3 or text.startswith(('"', "'"))


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("path", FIELDS)
def test_signs_that_cannot_be_shown_are_refused(sign_in, path, odd, clock_at):
    clock_at("2026-11-20 12:00")
    client = strong(sign_in(make.account()))
    address = path.format(**things(client.account))
    good = {"phone": "010-1234-5678", "language": "ko"}

    action = None if "passkey" in path else address
    answer = client.submit(address, action, **{**good, FIELDS[path]: odd})

    assert answer.status_code in (400, 422)
