"""Every route with every kind of person, made from the URL map: new routes are tried by themselves.

A route with a new kind of argument breaks the build until `tests/owned.py` says whose it is.
"""

import re

import pytest

from app import access, clock
from app.accounts.models import Session
from tests import make, routes
from tests.client import TOKEN
from tests.owned import FREE, things
from tests.passkeys.steps import strong

HX = {"HX-Request": "true", "HX-Target": "main"}
NUMBER = re.compile(r"<p class=\"quiet\">[^<]*[0-9a-f]{16}[^<]*</p>")


def private_rules(app):
    """The customers' own pages; those of staff have a matrix of theirs."""
    return [
        rule for rule in app.url_map.iter_rules() if access.of(app, rule.endpoint) == "customer"
    ]


def objects(rule):
    """The arguments of a route that name somebody's thing."""
    return set(rule.arguments) - FREE


def methods(rule):
    return sorted(rule.methods & {"GET", "POST"})


def form_token(client):
    return client.get("/bills/").text.split('name="csrf_token" value="')[1].split('"')[0]


def ask(client, rule, method, values, token, headers=None):
    data = {"csrf_token": token} if method == "POST" else None
    return client.open(routes.address(rule, **values), method=method, data=data, headers=headers)


@pytest.fixture
def owner(sign_in, clock_at):
    clock_at("2026-11-20 12:00")
    client = strong(sign_in(make.account(email="owner@example.com")))
    client.things = things(client.account)
    return client


def test_every_argument_of_an_address_is_known(app):
    known = FREE | set(
        ["home", "link", "number", "passkey", "session", "reference", "wish", "subscription"]
    )
    desk = {"member", "grant", "account", "search", "decision", "complaint", "act", "day"}
    known |= {"right", "alert"}

    assert {name for rule in private_rules(app) for name in rule.arguments} <= known
    assert {name for rule in app.url_map.iter_rules() for name in rule.arguments} <= known | desk


def test_what_a_visitor_asks_for_leads_to_the_sign_in(app, client, owner):
    for rule in private_rules(app):
        for method in methods(rule):
            answer = ask(client, rule, method, owner.things, "")
            assert answer.status_code == 303, rule
            assert answer.location.startswith("/login?next=/"), rule
            fragment = ask(client, rule, method, owner.things, "", HX)
            assert (fragment.status_code, fragment.data) == (401, b""), rule


@pytest.mark.parametrize("how", ["disabled", "ended", "signed out"])
def test_who_was_shut_out_is_a_visitor_at_once(app, sign_in, owner, how):
    client = strong(sign_in(make.account()))
    assert client.get("/bills/").status_code == 200
    if how == "disabled":
        client.account.disabled_at = clock.now()
        client.account.save()
    elif how == "ended":
        Session.end_all(client.account, clock.now())
    else:
        client.submit("/bills/", "/logout")

    for rule in private_rules(app):
        answer = ask(client, rule, methods(rule)[0], owner.things, "")
        assert answer.location.startswith("/login?next=/"), rule


def with_objects(app):
    return [rule for rule in private_rules(app) if objects(rule)]


def test_the_owner_finds_everything(app, owner):
    """Without this the next test would also be green for addresses that lead nowhere."""
    found = {
        rule.rule: ask(owner, rule, "GET", owner.things, "").status_code
        for rule in with_objects(app)
        if "GET" in rule.methods
    }

    assert {path: status for path, status in found.items() if status != 200} == {}
    assert len(found) >= 10


def shown(answer):
    return answer.status_code, NUMBER.sub("", TOKEN.sub("", answer.text))


def test_anothers_things_are_not_there(app, sign_in, owner):
    """The same 404 for another's as for none, for pages, forms and fragments (S-02, S-06)."""
    stranger = strong(sign_in(make.account()))
    token = form_token(stranger)
    nothing = dict.fromkeys(owner.things, "ZZZZZZZZZZ")

    for rule in with_objects(app):
        for method in methods(rule):
            theirs = ask(stranger, rule, method, owner.things, token)
            assert theirs.status_code == 404, (rule, method)
            assert shown(theirs) == shown(ask(stranger, rule, method, nothing, token)), rule
            forged = ask(stranger, rule, method, owner.things, token, HX)
            assert forged.status_code == 404, (rule, method)


def test_a_page_of_another_says_nothing_of_the_owner(app, sign_in, owner):
    stranger = strong(sign_in(make.account()))

    for rule in private_rules(app):
        if "GET" in rule.methods:
            answer = ask(stranger, rule, "GET", owner.things, "")
            for word in ("owner@example.com", owner.things["home"], owner.things["link"]):
                assert word not in answer.text, rule


def test_one_of_two_names_being_ones_own_opens_nothing(app, sign_in, owner):
    """Of a route with two things, one's own home does not open another's link."""
    mine = strong(sign_in(make.account()))
    mixed = {**things(mine.account), "link": owner.things["link"]}
    token = form_token(mine)

    for rule in with_objects(app):
        if "link" in rule.arguments:
            for method in methods(rule):
                assert ask(mine, rule, method, mixed, token).status_code == 404, rule
