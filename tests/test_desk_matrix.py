"""Every route of the desk with every role, made from the URL map, so that new ones are tried too.

A route with a new kind of argument breaks the build until `things` says whose it is.
"""

import re

import pytest

from app import access, clock
from app.audit.models import Entry
from app.staff import desk
from app.staff.models import Grant
from app.staff.roles import permissions, roles
from app.staff.searches import Search
from app.staff.session import TOKEN
from app.staff.sign_ins import StaffSession
from tests import make, routes
from tests.client import TOKEN as FORM_TOKEN
from tests.markup import Page

pytestmark = pytest.mark.slow

HX = {"HX-Request": "true", "HX-Target": "main"}
PERSON = "한나래"
NAMES = r"한\*래|가상1동|박담당"
SHOWS = {"number", "account", "search", "order", "complaint"}
"""Arguments of addresses behind which a person's data is shown."""
REQUESTS = ("home_requests.", "data_requests.")
SEEN = (
    "complaint.seen",
    "complaint.searched",
    "customer.",
    "home.request_seen",
    "data.request_seen",
)
"""What the log calls a look at a person."""


def desk_rules(app):
    return [rule for rule in app.url_map.iter_rules() if access.of(app, rule.endpoint) == "staff"]


def methods(rule):
    return sorted(rule.methods & {"GET", "POST"})


@pytest.fixture
def things(db, clock_at):
    """The values of all arguments of addresses: a person of the office 091, and a member there."""
    clock_at("2026-11-26 12:00")
    account = make.account(name=PERSON, email="narae@example.com")
    home = make.home(account=account)
    make.occupancy(premises=home.premises, name=PERSON)
    make.bill(premises=home.premises, month="2026-11")
    member = make.member("clerk")
    attempt = make.attempt(account_id=account.id, state="paid", name=PERSON)
    make.attempt_bill(attempt=attempt, premises=home.premises, closed_at=clock.now())
    payment = make.payment(attempt=attempt, order_id=attempt.order_id)
    refund = make.refund(payment=payment)
    complaint = make.complaint(account=account, premises=home.premises, name=PERSON)
    return {
        "complaint": complaint.reference,
        "photo": "x",
        "act": "start",
        "day": "2026-11-26",
        "number": home.premises.number,
        "account": account.reference,
        "member": member.reference,
        "grant": Grant.get(Grant.member == member).reference,
        "proposal": make.proposal(office="091", expires_at=clock.now()).reference,
        "wish": make.home_request(account=account, number=home.premises.number).reference,
        "right": make.rights_request(account=account).reference,
        "decision": "withdrawn",
        "order": payment.attempt.order_id,
        "refund": refund.reference,
        "passkey": "PSSK234567",
        "session": "SSSN234567",
        "outage": "2026-1118-saemmul",
    }


def values(rule, things, client):
    """The values for a route; `reference` is what its part of the desk calls so."""
    kind = rule.endpoint.split(".")[0]
    names = {
        "approvals": "proposal",
        "home_requests": "wish",
        "data_requests": "right",
        "payments_desk": "refund",
    }
    reference = things[names[kind]] if kind in names else "x"
    search = Search.begin(client.member.id, PERSON, clock.now())
    return {**things, "reference": reference, "search": search}


def form_token(client):
    return Page(client.get("/staff/").text).form("/staff/logout")["csrf_token"]


def ask(client, rule, method, things, headers=None):
    path = routes.address(rule, **values(rule, things, client))
    data = {"csrf_token": form_token(client)} if method == "POST" else None
    return client.open(path, method=method, data=data, headers=headers)


def wanted(app, rule):
    return access.permission_of(app, rule.endpoint)


def test_every_argument_of_an_address_is_known(app, things):
    known = {*things, "reference", "search", "token"}

    assert {name for rule in desk_rules(app) for name in rule.arguments} <= known


def test_every_permission_that_a_view_wants_is_given_by_a_role(app):
    asked = {wanted(app, rule) for rule in desk_rules(app)} - {""}

    assert asked <= permissions()
    assert desk.permissions() <= permissions()


@pytest.mark.parametrize("role", [*roles(), "nobody"])
def test_a_role_opens_what_it_may_and_nothing_else(app, at_desk, things, role):
    client = at_desk(*[role] if role != "nobody" else [], office="")
    may = roles()[role].may if role in roles() else frozenset()

    for rule in desk_rules(app):
        allowed = wanted(app, rule) in ("", *may)
        if rule.endpoint == "staff.logout":
            continue
        for method in methods(rule):
            for headers in (None, HX):
                status = ask(client, rule, method, things, headers).status_code
                assert status < 500, (rule, method)
                assert not (allowed and method == "GET" and status == 403), rule
                assert allowed or status == 403, (rule, method, headers)


def test_a_visitor_and_a_customer_are_led_to_the_sign_in(app, client, signed_in, things):
    for rule in desk_rules(app):
        path = routes.address(rule, **{**things, "reference": "x", "search": "x"})
        for method in methods(rule):
            for visitor in (client, signed_in):
                answer = visitor.open(path, method=method)
                assert answer.status_code == 303, rule
                assert answer.location.startswith("/staff/login?next=/"), rule
                fragment = visitor.open(path, method=method, headers=HX)
                assert (fragment.status_code, fragment.data) == (401, b""), rule


@pytest.mark.parametrize("how", ["disabled", "role ended"])
def test_what_was_taken_away_is_gone_with_the_next_request(app, at_desk, things, how):
    client = at_desk("clerk")
    assert client.get("/staff/customers/").status_code == 200
    if how == "disabled":
        client.member.disabled_at = clock.now()
        client.member.save()
    else:
        Grant.get(Grant.member == client.member).end("tests", clock.now())

    expected = 303 if how == "disabled" else 403
    assert client.get("/staff/customers/").status_code == expected
    assert client.get(f"/staff/customers/{things['number']}").status_code == expected


def test_a_clerk_of_another_office_finds_nothing(app, at_desk, things):
    """The same 404 for another office's person as for none, for pages, forms and fragments."""
    client = at_desk("clerk", "manager", "payments", office="093")
    rules = [
        rule
        for rule in desk_rules(app)
        if set(rule.arguments) & {"number", "account", "order", "complaint"}
        or rule.endpoint.startswith((*REQUESTS, "payments_desk.refund_page"))
    ]
    unknown = dict.fromkeys(
        ("account", "wish", "right", "order", "refund", "complaint"), "NOBODY2345"
    )
    nothing = {**things, **unknown, "number": "999999999"}

    for rule in rules:
        if not rule.arguments:
            continue
        for method in methods(rule):
            theirs = ask(client, rule, method, things)
            assert theirs.status_code == 404, (rule, method)
            none = ask(client, rule, method, nothing)
            assert FORM_TOKEN.sub("", theirs.text)[:300] == FORM_TOKEN.sub("", none.text)[:300]
            assert ask(client, rule, method, things, HX).status_code == 404, rule
    for part in ("customers/", "complaints/", "homes/", "data/", "audit/", ""):
        path = f"/staff/{part}"
        assert PERSON not in client.get(path).text
    search = client.submit("/staff/customers/", "/staff/customers/", query=PERSON)
    found = client.get(search.location).text
    assert things["number"] not in found
    assert things["account"] not in found


def looks():
    """How many looks at persons the log knows."""
    actions = [action for (action,) in Entry.select(Entry.action).tuples()]
    return sum(action.startswith(SEEN) for action in actions)


def test_each_view_of_a_person_is_written_down_once_and_no_other_shows_one(app, at_desk, things):
    client = at_desk("clerk", "manager", "auditor", "administrator", office="")
    client.member.name = "정다른"
    client.member.save()

    for rule in desk_rules(app):
        if "GET" not in rule.methods or "unmasking" in rule.rule:
            continue
        shows = bool(set(rule.arguments) & SHOWS) or rule.endpoint in [
            f"{one}show" for one in REQUESTS
        ]
        before = looks()
        answer = ask(client, rule, "GET", things)
        assert looks() - before == (1 if shows and answer.status_code == 200 else 0), rule
        if not shows:
            assert PERSON not in answer.text, rule


def test_every_page_of_the_desk_opens_in_english(app, at_desk, things):
    client = at_desk(*roles(), office="")

    for rule in desk_rules(app):
        if "GET" in rule.methods:
            path = routes.address(rule, **values(rule, things, client))
            answer = client.get(f"{path}?lang=en")
            assert answer.status_code in (200, 303, 404), rule
            if answer.status_code == 200 and answer.mimetype == "text/html":
                page = Page(answer.text)
                assert '<html lang="en"' in answer.text, rule
                words = re.sub(NAMES, "", page.tagged("h1")[0].words)
                assert not re.search("[가-힣]", words), rule


def stolen(client, minutes=10):
    """The session of a client as a thief finds it: the second factor was given a while ago."""
    later = clock.now() - clock.timedelta(minutes=minutes)
    StaffSession.update(proved_at=later).where(StaffSession.member == client.member).execute()
    return client


def test_a_stolen_session_changes_no_key_and_no_role_and_takes_nothing_out(app, at_desk, things):
    client = stolen(at_desk(*roles(), office=""))
    important = [rule for rule in desk_rules(app) if access.proof_of(app, rule.endpoint)]
    names = {rule.endpoint for rule in important}

    assert {"team.ask", "team.invite", "team.recover", "approvals.decide", "log.export"} <= names
    for rule in important:
        for method in methods(rule):
            answer = ask(client, rule, method, things)
            assert answer.location.startswith("/staff/again?next="), rule
    for path in ("/staff/passkeys/add", "/staff/me/app"):
        assert client.get(path).location.startswith("/staff/again?next="), path
    data = {"csrf_token": form_token(client)}
    assert client.post("/staff/passkeys/add/challenge", data=data).status_code == 403


def test_a_post_without_form_token_is_refused(app, at_desk, things):
    client = at_desk(*roles(), office="")

    for rule in desk_rules(app):
        if "POST" in rule.methods:
            path = routes.address(rule, **values(rule, things, client))
            assert client.post(path).status_code == 403, rule
            data = {"csrf_token": form_token(client)}
            foreign = {"Origin": "https://evil.example"}
            assert client.post(path, data=data, headers=foreign).status_code == 403, rule


def test_only_the_session_cookie_of_the_desk_counts(at_desk):
    client = at_desk("clerk")
    with client.session_transaction("/staff/") as session:
        token = session[TOKEN]
    with client.session_transaction("/") as session:
        session[TOKEN] = token
    client.delete_cookie("sid-staff")

    assert client.get("/staff/").location.startswith("/staff/login")
