"""PDFs: made by a process of its own, readable by everybody, from our own files only."""

import fcntl
import re
import sys
import zlib
from pathlib import Path

import pytest

from app.assets import STATIC, build
from app.documents import pdf, printer
from tests.papers import issue_bill, only_document

HAS_PRINTER = printer.available()
needs_printer = pytest.mark.skipif(
    not HAS_PRINTER,
    reason="Pango is not installed (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
    "libharfbuzz-subset0 fonts-nanum).",
)
HEAD = '<!doctype html><html lang="ko"><head><title>종이</title></head>'
PAGE = f"{HEAD}<body><h1>수도</h1></body></html>"


@pytest.fixture(autouse=True)
def today(clock_at):
    clock_at("2026-11-20 10:30")


def unpacked(document):
    """What stands in a PDF, its packed parts included."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL)
    found = [document]
    for part in packed:
        try:
            found.append(zlib.decompress(part))
        except zlib.error:
            found.append(part)
    return b"\n".join(found)


@needs_printer
def test_a_document_can_be_had_as_pdf(signed_in, home):
    build()
    address = issue_bill(signed_in, home).location

    assert f'href="{address}/pdf"' in signed_in.get(address).text
    answer = signed_in.get(f"{address}/pdf")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    named = f'attachment; filename="bill-{only_document().number}.pdf"'
    assert answer.headers["Content-Disposition"] == named
    assert answer.headers["Cache-Control"] == "private, no-store"
    inside = unpacked(answer.data)
    assert len(re.findall(rb"/Type\s*/Page\b", inside)) == 1
    assert "weasyprint" not in sys.modules


@needs_printer
def test_a_pdf_has_language_title_tags_and_text_that_can_be_read_aloud(tmp_path):
    inside = unpacked(printer.pdf(PAGE, tmp_path / "lock", STATIC, 15))

    assert b"/StructTreeRoot" in inside
    assert re.search(rb"/Marked\s+true", inside)
    assert re.search(rb"/Lang\s*\(ko\)", inside)
    assert "종이".encode("utf-16-be").hex().encode() in inside.lower()
    assert b"pdfuaid" in inside
    for sign in "수도":
        assert sign.encode("utf-16-be").hex().encode() in inside.lower()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/secret",
        "file:///etc/passwd",
        f"{pdf.BASE}static/../app/config.py",
        f"{pdf.BASE}static/%2e%2e/wsgi.py",
        f"{pdf.BASE}etc/passwd",
        "https://document.invalid.evil.example/static/site.css",
    ],
)
def test_a_document_reads_nothing_but_our_own_files(url):
    with pytest.raises(ValueError, match="only our own files"):
        pdf.own_file(STATIC, url)


def test_our_own_style_is_read():
    assert pdf.own_file(STATIC, f"{pdf.BASE}static/site.css") == STATIC / "site.css"


@needs_printer
def test_a_page_that_asks_for_other_files_is_printed_without_them(tmp_path):
    secret = Path(tmp_path, "secret.css")
    secret.write_text("h1::after { content: 'MARKER' }")
    page = PAGE.replace("<title>", f'<link rel="stylesheet" href="{secret.as_uri()}"><title>')

    made = unpacked(printer.pdf(page, tmp_path / "lock", STATIC, 15))

    assert made.count(b"%PDF") == 1
    assert "R".encode("utf-16-be").hex().encode() not in made.lower()


@needs_printer
def test_what_takes_too_long_is_ended(tmp_path):
    rows = "<tr><td>" + "<b>수도</b> " * 300 + "</td></tr>"
    page = PAGE.replace("<h1>", "<table>" + rows * 300 + "</table><h1>")

    with pytest.raises(printer.PrinterError):
        printer.pdf(page, tmp_path / "lock", STATIC, 1)


@needs_printer
@pytest.mark.slow
def test_one_document_is_made_at_a_time_and_others_are_told_to_come_back(signed_in, home, app):
    address = issue_bill(signed_in, home).location

    with Path(app.config["DATA_DIR"], "pdf.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        answer = signed_in.get(f"{address}/pdf")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "120")
    assert "다른 문서를 만드는 중입니다" in answer.text


@needs_printer
def test_a_pdf_that_fails_is_told_and_logged(signed_in, home, monkeypatch, log_lines):
    address = issue_bill(signed_in, home).location
    monkeypatch.setattr(printer, "PROGRAM", Path("/nowhere.py"))

    answer = signed_in.get(f"{address}/pdf")

    assert answer.status_code == 503
    assert "브라우저에서 인쇄해 주십시오" in answer.text
    assert any(line["event"] == "pdf" for line in log_lines())


def test_without_the_libraries_the_page_tells_how_the_browser_prints(signed_in, home, monkeypatch):
    monkeypatch.setattr(printer, "LIBRARIES", ("no-such-library",))
    printer.available.cache_clear()
    address = issue_bill(signed_in, home).location

    text = signed_in.get(address).text
    missing = signed_in.get(f"{address}/pdf")
    printer.available.cache_clear()

    assert "/pdf" not in text
    assert "브라우저의 인쇄 메뉴" in text
    assert missing.status_code == 404
