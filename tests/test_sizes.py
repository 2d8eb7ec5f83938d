"""What goes over the wire, compressed (design 1): a page that outgrows its budget fails here."""

from collections import Counter

import pytest

from app import assets
from tests import make, routes

KB = 1000
BROTLI = {"Accept-Encoding": "br"}
FIRST_ROUND_TRIP = 14.6 * KB
PUBLIC = [
    "/",
    "/learn/",
    "/learn/read-your-bill",
    "/learn/tariff-and-discounts",
    "/faq/",
    "/notices/",
    "/notices/winter-meter-frost",
    "/outages/",
    "/outages/2026-1118-saemmul",
    "/guide/privacy",
    "/guide/privacy/items",
    "/display",
    "/tariff/",
    "/login",
    "/signup/",
    "/nothing-here",
]


def on_the_wire(answer):
    """Bytes of an answer: headers and compressed body."""
    assert answer.headers.get("Content-Encoding") == "br"
    head = sum(len(f"{name}: {value}\r\n") for name, value in answer.headers)
    return head + len(answer.data)


def style_is_known(client):
    """Let the client have seen the stylesheet, as on the second page of a visit."""
    client.get("/display")
    return client


@pytest.fixture
def full_year(signed_in, clock_at):
    """A client with a home that has had bills for two years; the address of the newest."""
    clock_at("2026-11-20")
    home = make.home(account=signed_in.account)
    for year in (2024, 2025, 2026):
        for month in range(1, 12, 2):
            paid = (year, month) != (2026, 11)
            make.bill(premises=home.premises, month=f"{year}-{month:02d}", paid=paid)
    return signed_in, f"/bills/{home.reference}/2026-11"


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_first_page_of_a_visit_fits_into_the_first_round_trip(client, path, language):
    client.set_cookie("view", f"{language}.100.n.-")

    answer = client.get(path, headers=BROTLI)

    assert on_the_wire(answer) <= FIRST_ROUND_TRIP


@pytest.mark.parametrize("path", ["", "/paper"])
def test_a_bill_with_its_style_fits_into_the_first_round_trip(full_year, path):
    client, bill = full_year

    answer = client.get(bill + path, headers=BROTLI)

    assert on_the_wire(answer) <= FIRST_ROUND_TRIP


def test_service_pages_stay_within_ten_kilobytes(full_year):
    client, bill = full_year
    style_is_known(client)

    sizes = {
        path: len(client.get(path, headers=BROTLI).data) for path in ("/bills/", bill, "/login")
    }

    assert {path: size for path, size in sizes.items() if size > 10 * KB} == {}


def test_a_fragment_stays_within_three_kilobytes(full_year):
    client, _ = full_year
    headers = {**BROTLI, "HX-Request": "true", "HX-Target": "bill_list"}

    assert len(client.get("/bills/", headers=headers).data) <= 3 * KB


def test_style_and_script_stay_within_their_budgets():
    sizes = Counter()
    for path in assets.build():
        sizes[path.suffix] += path.with_name(f"{path.name}.br").stat().st_size

    assert sizes[".css"] <= 8 * KB
    assert sizes[".js"] <= 19 * KB


def test_a_whole_first_visit_stays_within_thirty_five_kilobytes(full_year):
    client, _ = full_year
    files = sum(path.with_name(f"{path.name}.br").stat().st_size for path in assets.build())

    assert on_the_wire(client.get("/bills/", headers=BROTLI)) + files <= 35 * KB


def test_pages_of_pure_content_load_no_script(client):
    content = [path for path in PUBLIC if path not in ("/login", "/outages/")]

    assert [path for path in content if "<script" in client.get(path).text] == []


def test_the_second_page_of_a_visit_carries_no_style(client):
    assert "<style>" in client.get("/").text
    assert "<style>" not in client.get("/learn/").text


def test_cookies_stay_within_half_a_kilobyte(signed_in):
    signed_in.get("/bills/")
    cookies = [signed_in.get_cookie(name) for name in ("sid", "view")]

    assert sum(len(f"{cookie.key}={cookie.value}; ") for cookie in cookies) <= 500


def test_every_page_is_compressed_for_browsers_that_only_know_gzip(app, client):
    pages = [path for path in routes.addresses(app, mark="public") if path.endswith("/")]

    answers = [client.get(path, headers={"Accept-Encoding": "gzip"}) for path in pages]

    encodings = {a.headers.get("Content-Encoding") for a in answers if a.status_code == 200}
    assert encodings == {"gzip"}


def test_a_repeated_public_page_costs_no_body(client):
    client.get("/learn/")
    first = client.get("/learn/")

    again = client.get("/learn/", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
