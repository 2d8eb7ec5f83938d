"""What must hold on every route: sessions, foreign requests, methods, redirects (S-16 … S-36)."""

import pytest
from itsdangerous import URLSafeTimedSerializer

from app import access, clock
from app.accounts.models import Session
from app.db import BaseModel
from app.limits import Limit
from app.web import is_local
from tests import make, routes
from tests.markup import Page

SECRETS = {
    "SECRET_KEY": "k3J9xQ2vB7nM5tR8wZ4yL6pD1sF0gHcV",
    "BILL_CODE_KEY": "a8S2dF4gH6jK0lQ1wE3rT5yU7iO9pZxC",
    "DATA_KEY": "c5V7bN9mQ1wE3rT5yU7iO9pA2sD4fG6h",
}
REAL = {"BASE_URL": "https://arisu.example", "PASSWORD_MEMORY_KIB": 19456}
LOCAL = ["/", "/bills/", "/bills/?show=unpaid", "/learn/save-water?lang=en", "/bills/%EC%88%98"]
ELSEWHERE = [
    "",
    "bills/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nX-Evil: 1",
    "https://evil.example/bills/",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " //evil.example",
    "/bills/\\..\\evil.example",
]


def production(make_app, **changes):
    return make_app(MODE="production", **{**SECRETS, **REAL, **changes})


def token_of(client):
    """A valid token of this client's session."""
    page = "/bills/" if client.account else "/login"
    form = Page(client.get(page).text)
    fields = form.form("/logout") if client.account else form.form()
    return fields["csrf_token"]


def guarded(app):
    """The addresses that take a POST only from our own pages."""
    rules = [r for r in routes.rules(app, "POST") if not access.is_by_link(app, r.endpoint)]
    return [routes.address(rule) for rule in rules if not access.is_staff_path(rule.rule)]


def contents(leave_out=("seen_at",)):
    """Every row of every table but the counters: reading may be limited, which is counted."""
    found = {}
    for model in set(BaseModel.__subclasses__()) - {Limit}:
        fields = [field for field in model._meta.sorted_fields if field.name not in leave_out]
        found[model.__name__] = sorted(map(str, model.select(*fields).tuples()))
    return found


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    client.get("/login")

    cookie = client.get_cookie("sid")
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")


def test_in_production_the_session_cookie_is_bound_to_this_host_and_to_https(make_app):
    client = production(make_app).test_client()

    answer = client.get("/login", base_url="https://arisu.example")

    cookies = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-sid=")]
    assert len(cookies) == 1
    parts = set(cookies[0].split("; ")[1:])
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts
    assert not any(part.startswith("Domain") for part in parts)


def test_the_view_cookie_is_secure_in_production_only(make_app, client):
    here = client.get("/display").headers.getlist("Set-Cookie")
    there = production(make_app).test_client().get("/display", base_url="https://arisu.example")

    assert not any("Secure" in cookie for cookie in here)
    assert all("Secure" in cookie for cookie in there.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.7, 0.9, 0.99])
def test_a_cookie_with_a_flipped_bit_is_an_anonymous_visit(signed_in, share):
    cookie = signed_in.get_cookie("sid").value
    place = int(len(cookie) * share)
    changed = cookie[:place] + chr(ord(cookie[place]) ^ 1) + cookie[place + 1 :]
    signed_in.set_cookie("sid", changed)

    answer = signed_in.get("/bills/")

    assert (answer.status_code, answer.location) == (303, "/login?next=/bills/")


def test_a_cookie_signed_with_another_key_is_an_anonymous_visit(client):
    account = make.account()
    serializer = URLSafeTimedSerializer("another key", salt="cookie-session")
    client.set_cookie("sid", serializer.dumps({"_user_id": Session.start(account, clock.now())}))

    assert client.get("/bills/").status_code == 303
    assert client.get("/login").status_code == 200


@pytest.mark.parametrize("token", ["", "x" * 5000, "한글", "' OR 1=1 --", "\x00"])
def test_a_session_token_that_nobody_has_is_an_anonymous_visit(client, token):
    with client.session_transaction() as session:
        session["_user_id"] = token

    assert client.get("/bills/").status_code == 303


def test_a_changing_request_without_token_is_refused(app, sign_in):
    client = sign_in(make.account())

    answers = {path: client.post(path).status_code for path in guarded(app)}

    assert set(answers.values()) == {403}


def test_only_these_views_take_a_post_from_elsewhere(app):
    by_link = {endpoint for endpoint in app.view_functions if access.is_by_link(app, endpoint)}

    assert by_link == {
        "alerts.stop",
        "complaints.end_following",
        "hooks.payments",
        "open311.report",
        "open311.unknown",
        "reminders.stop",
        "texts.hook",
    }


def test_a_changing_request_from_another_site_is_refused_even_with_a_token(app, sign_in):
    client = sign_in(make.account())
    data = {"csrf_token": token_of(client)}
    foreign = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ]

    answers = {
        (path, str(headers)): client.post(path, data=data, headers=headers).status_code
        for path in guarded(app)
        for headers in foreign
    }

    assert set(answers.values()) == {403}


def test_the_token_of_another_session_is_refused(client, sign_in):
    data = {"csrf_token": token_of(sign_in(make.account()))}

    assert client.post("/login", data=data).status_code == 403


def test_our_own_page_may_change_something(signed_in):
    data = {"csrf_token": token_of(signed_in)}
    ours = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

    assert signed_in.post("/logout", data=data, headers=ours).status_code == 303


def test_an_expired_session_leads_to_sign_in_and_not_to_a_refusal(app, client):
    for path in routes.addresses(app, "POST", mark="customer", home="x"):
        answer = client.post(path)

        assert (answer.status_code, answer.location) == (303, "/login?next=/")


@pytest.mark.slow
def test_reading_changes_nothing(app, client, signed_in, clock_at):
    clock_at("2026-11-20")
    home = routes.resident_home(signed_in.account)
    paths = routes.addresses(app, home=home.reference)
    before = contents()

    for path in paths:
        client.get(path)
        client.head(path)
        signed_in.get(path)
        signed_in.head(path)

    assert contents() == before


@pytest.mark.slow
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "X"])
def test_only_declared_methods_are_answered(app, client, method):
    paths = routes.addresses(app, home="x")

    answers = {path: client.open(path, method=method).status_code for path in paths}

    assert set(answers.values()) == {405}


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_header_does_not_change_the_method(signed_in, header):
    answer = signed_in.get("/logout", headers={header: "POST"})

    assert answer.status_code == 405
    assert signed_in.get("/bills/").status_code == 200


@pytest.mark.parametrize("target", LOCAL)
def test_sign_in_leads_back_to_a_local_address(client, target):
    account = make.account()

    page = client.get("/login", query_string={"next": target})
    fields = {"email": account.email, "password": make.PASSPHRASE, **Page(page.text).form()}
    answer = client.post("/login", query_string={"next": target}, data=fields)

    assert (answer.status_code, answer.location) == (303, target)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_sign_in_leads_nowhere_else(client, target):
    account = make.account()

    page = client.get("/login", query_string={"next": target})
    fields = {"email": account.email, "password": make.PASSPHRASE, **Page(page.text).form()}
    answer = client.post("/login", query_string={"next": target}, data=fields)

    assert (answer.status_code, answer.location) == (303, "/bills/")
    assert not is_local(target)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_signed_in_visitor_of_the_sign_in_page_is_led_nowhere_else(signed_in, target):
    answer = signed_in.get("/login", query_string={"next": target})

    assert (answer.status_code, answer.location) == (303, "/bills/")


def test_htmx_is_led_to_sign_in_only_on_this_site(app, client):
    for path in routes.addresses(app, mark="customer", home="x"):
        answer = client.get(path, headers={"HX-Request": "true", "HX-Target": "main"})

        assert answer.status_code in (401, 405)
        assert answer.headers.get("HX-Redirect", "/login?").startswith("/login?")
        assert not answer.data


def test_when_the_session_cannot_be_looked_up_nobody_is_let_in(signed_in, monkeypatch):
    routes.resident_home(signed_in.account)

    def broken(*arguments):
        raise ArithmeticError("fault injected by a test")

    monkeypatch.setattr(Session, "find", broken)
    answer = signed_in.get("/bills/")

    assert answer.status_code == 500
    assert "보기로" not in answer.text
    assert "fault injected" not in answer.text


def test_when_the_access_mark_cannot_be_read_nobody_is_let_in(client, monkeypatch):
    def broken():
        raise ArithmeticError("fault injected by a test")

    monkeypatch.setattr("app.accounts.session.mark_of_current_view", broken)

    assert client.get("/bills/").status_code == 500
    assert client.get("/login").status_code == 500


@pytest.mark.slow
def test_a_proxy_that_the_settings_do_not_know_is_told_once(make_app, log_lines):
    client = production(make_app, KEPT_PAGES_MB=3).test_client()
    for headers in ({}, {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.2"}):
        client.get("/login", base_url="https://arisu.example", headers=headers)

    assert [line["event"] for line in log_lines()] == [
        "set WATER_PROXY_COUNT: all visitors behind the proxy share one limit"
    ]


def test_a_proxy_that_is_known_is_no_error(make_app, log_lines):
    client = production(make_app, PROXY_COUNT=1).test_client()

    client.get("/login", headers={"X-Forwarded-For": "192.0.2.1"})

    assert log_lines() == []
