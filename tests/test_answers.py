"""What every answer carries, and what an error page tells and does not tell (S-26, S-27, S-35)."""

import re
from io import BytesIO

import pytest
from flask import abort

from app import config
from tests import routes
from tests.markup import Page
from tests.test_security import SECRETS, production

pytestmark = pytest.mark.slow

HEADERS = {
    "X-Content-Type-Options": r"nosniff",
    "Referrer-Policy": r"same-origin|no-referrer",
    "Cross-Origin-Opener-Policy": r"same-origin",
    "Cross-Origin-Resource-Policy": r"same-origin",
    "Permissions-Policy": r".*camera=\(\).*geolocation=\(\).*microphone=\(\).*",
    "Content-Security-Policy": r".*default-src 'self'.*object-src 'none'.*base-uri 'none'.*"
    r"form-action 'self'.*frame-ancestors 'none'.*",
}
ERRORS = [400, 401, 403, 404, 405, 409, 413, 414, 415, 422, 429, 500, 503]
ODD_PATHS = ["/nothing", "/bills/x/2026-11", "/learn/../secret", "/.git/config", "/static/x.css"]
PHONE = 'href="tel:02-120"'


def missing_headers(answer):
    """Headers that are not there or say something else."""
    return [
        name
        for name, pattern in HEADERS.items()
        if not re.fullmatch(pattern, answer.headers.get(name, ""))
    ]


def failing(make_app, problem):
    """An app with one view that fails in a given way, and its client."""

    def view():
        if isinstance(problem, int):
            abort(problem)
        raise problem

    return routes.with_view(make_app(), view).test_client()


def test_every_answer_carries_the_security_headers(app, client, signed_in):
    home = routes.resident_home(signed_in.account)
    paths = [*routes.addresses(app, home=home.reference), *ODD_PATHS]

    answers = [browser.get(path) for browser in (client, signed_in) for path in paths]

    lacking = {answer.request.path: missing_headers(answer) for answer in answers}
    assert {path: names for path, names in lacking.items() if names} == {}


def test_no_answer_allows_inline_or_evaluated_code(app, client):
    policies = [
        client.get(p).headers["Content-Security-Policy"] for p in routes.addresses(app, home="x")
    ]

    assert [policy for policy in policies if "unsafe-" in policy or "http:" in policy] == []


def test_personal_answers_are_never_stored(app, signed_in):
    home = routes.resident_home(signed_in.account)
    personal = routes.addresses(app, mark="customer", home=home.reference)

    kept = {path: signed_in.get(path).headers.get("Cache-Control") for path in personal}

    assert set(kept.values()) == {"private, no-store"}


def test_browsers_are_held_to_https_in_production_only(make_app, client):
    there = production(make_app).test_client().get("/", base_url="https://arisu.example")

    assert there.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_no_answer_names_the_software(app, client):
    answers = [client.get(path) for path in [*routes.addresses(app, home="x"), "/nothing"]]

    assert [
        a.request.path for a in answers if {"Server", "X-Powered-By"} & set(a.headers.keys())
    ] == []


def test_every_answer_has_a_request_number_of_its_own(client):
    numbers = [client.get(path).headers["X-Request-Id"] for path in ("/", "/", "/nothing")]

    assert len(set(numbers)) == 3


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_keeps_the_phone_number_and_a_way_on(make_app, status):
    answer = failing(make_app, status).get("/test-only")

    assert answer.status_code == status
    assert PHONE in answer.text
    assert 'href="/"' in answer.text
    assert missing_headers(answer) == []


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_on_a_fragment_becomes_a_notice(make_app, status):
    headers = {"HX-Request": "true", "HX-Target": "bill_list"}

    answer = failing(make_app, status).get("/test-only", headers=headers)

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (status, "#notice_text")
    assert Page(answer.text).elements[0].get("id") == "notice_text"
    assert Page(answer.text).elements[0].words.strip()


def test_an_unexpected_error_tells_its_number_and_nothing_else(make_app):
    answer = failing(make_app, ZeroDivisionError("secret detail")).get("/test-only")

    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert PHONE in answer.text
    assert not re.search("secret detail|Traceback|ZeroDivision|werkzeug|\\.py", answer.text)


def test_an_unexpected_error_is_logged_with_its_number_and_trace(make_app, log_lines):
    client = failing(make_app, ZeroDivisionError("secret detail"))

    answer = client.get("/test-only")

    line = next(line for line in log_lines() if line["event"] == "unexpected")
    assert line["request"] == answer.headers["X-Request-Id"]
    assert "ZeroDivisionError: secret detail" in line["trace"]


def test_an_error_shows_no_trace_in_production_either(make_app):
    def view():
        raise ZeroDivisionError("secret detail")

    client = routes.with_view(production(make_app), view).test_client()
    answer = client.get("/test-only", base_url="https://arisu.example")

    assert answer.status_code == 500
    assert "secret detail" not in answer.text


def test_errors_are_told_in_english_too(client):
    client.get("/?lang=en")

    answer = client.get("/nothing")

    assert '<html lang="en"' in answer.text
    assert not re.search("[가-힣]", Page(answer.text).tagged("main")[0].words)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_opens_in_both_languages(app, signed_in, language):
    home = routes.resident_home(signed_in.account)
    paths = routes.addresses(app, home=home.reference)
    lasting = [path for path in paths if not path.startswith(routes.SHORT_LIVED)]

    answers = [signed_in.get(f"{path}?lang={language}") for path in lasting]

    pages = [
        answer.text for answer in answers if answer.mimetype == "text/html" and not answer.location
    ]
    assert [page[:80] for page in pages if f'<html lang="{language}"' not in page] == []
    assert {answer.status_code for answer in answers} <= {200, 303, 405}


def test_a_form_without_files_that_is_too_large_is_told_so_before_it_is_read(client):
    for path in ("/login", "/signup/", "/lookup/", "/recovery/"):
        answer = client.post(path, data={f"field{number}": "x" * 20 for number in range(4000)})

        assert answer.status_code == 413, path


def test_a_file_in_the_place_of_a_text_is_no_text(app, client):
    for path in routes.addresses(app, "POST", mark="public"):
        token = Page(client.get("/login").text).form()["csrf_token"]
        names = ("email", "password", "number", "code", "born", "name", "phone", "answer", "street")
        files = {name: (BytesIO(b"text"), "a.txt") for name in names}

        answer = client.post(path, data={"csrf_token": token, **files})

        assert answer.status_code < 500, path


def test_a_request_that_is_too_large_is_told_so(make_app):
    client = make_app(MAX_CONTENT_LENGTH=1000).test_client()

    answer = client.post("/login", data={"email": "x" * 2000})

    assert answer.status_code == 413
    assert PHONE in answer.text


def test_a_request_with_too_many_fields_is_told_so(make_app):
    client = make_app(MAX_FORM_PARTS=10).test_client()
    fields = {f"field{number}": "x" for number in range(20)}

    answer = client.post("/login", data=fields, content_type="multipart/form-data")

    assert answer.status_code in (400, 413)
    assert PHONE in answer.text


@pytest.mark.parametrize(
    "path", ["/%ff", "/bills/%00/2026-11", "/?lang=%ff", "/learn/%2e%2e", "/login?next=%ed%a0%80"]
)
def test_a_broken_address_is_no_server_error(client, path):
    assert client.get(path).status_code < 500


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_production_refuses_the_development_secrets(make_app, name):
    with pytest.raises(RuntimeError, match=f"WATER_{name}"):
        production(make_app, **{name: getattr(config, name)})


@pytest.mark.parametrize("secret", ["", "short", "x" * 64, "abcabcabc" * 8])
def test_production_refuses_a_secret_that_can_be_guessed(make_app, secret):
    with pytest.raises(RuntimeError, match="WATER_SECRET_KEY"):
        production(make_app, SECRET_KEY=secret)


@pytest.mark.parametrize(
    "changes",
    [
        {"BASE_URL": "http://arisu.example"},
        {"BASE_URL": "https://127.0.0.1"},
        {"BASE_URL": ""},
        {"DATA_KEY": SECRETS["SECRET_KEY"]},
        {"PASSWORD_MEMORY_KIB": 64},
    ],
    ids=str,
)
def test_production_refuses_settings_with_which_nothing_is_safe(make_app, changes):
    with pytest.raises(RuntimeError, match=r"WATER_"):
        production(make_app, **changes)


def test_production_refuses_debug_mode(make_app):
    with pytest.raises(RuntimeError, match="Debug mode"):
        production(make_app, DEBUG=True)


def test_a_mode_that_is_neither_is_refused(make_app):
    with pytest.raises(RuntimeError, match="WATER_MODE"):
        make_app(MODE="prodcution")


def test_production_refuses_the_demo_city(make_app):
    runner = production(make_app).test_cli_runner()

    assert runner.invoke(args=["demo", "load", "--premises", "30"]).exit_code == 2
    assert runner.invoke(args=["demo", "who"]).exit_code == 2
