"""PDFs: made by a process of its own, readable by everybody, from our own files only."""

import os
import re
import shutil
import sys
import zlib
from pathlib import Path

import pytest

from app.assets import STATIC, build
from app.documents import kept, pdf, printer
from app.documents.kept import Edition
from tests import make
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


def made(page, folder, seconds=15):
    with printer.turn(folder / "lock") as turn:
        return turn.pdf(page, STATIC, seconds)


@pytest.mark.slow
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


@pytest.mark.slow
@needs_printer
def test_a_pdf_has_language_title_tags_and_text_that_can_be_read_aloud(tmp_path):
    inside = unpacked(made(PAGE, tmp_path))

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


@pytest.mark.slow
@needs_printer
def test_a_page_that_asks_for_other_files_is_printed_without_them(tmp_path):
    secret = Path(tmp_path, "secret.css")
    secret.write_text("h1::after { content: 'MARKER' }")
    page = PAGE.replace("<title>", f'<link rel="stylesheet" href="{secret.as_uri()}"><title>')

    found = unpacked(made(page, tmp_path))

    assert found.count(b"%PDF") == 1
    assert "R".encode("utf-16-be").hex().encode() not in found.lower()


@pytest.mark.slow
@needs_printer
def test_what_takes_too_long_is_ended(tmp_path):
    rows = "<tr><td>" + "<b>수도</b> " * 300 + "</td></tr>"
    page = PAGE.replace("<h1>", "<table>" + rows * 300 + "</table><h1>")

    with pytest.raises(printer.PrinterError):
        made(page, tmp_path, seconds=1)


@pytest.fixture
def printers(signed_in, home, app, monkeypatch):
    """A PDF's address and the folder of kept ones, where the printer is a program that says a word.

    It is run as the real one is; only what it makes is small and quick.
    """
    program = Path(app.config["DATA_DIR"], "program.py")
    program.write_text("import sys; print('%PDF', len(sys.stdin.read()), '%%EOF')")
    monkeypatch.setattr(printer, "PROGRAM", program)
    monkeypatch.setattr(printer, "available", lambda: True)
    folder = Path(app.config["DATA_DIR"], "pdf")
    shutil.rmtree(folder, ignore_errors=True)
    return f"{issue_bill(signed_in, home).location}/pdf", folder


def test_one_document_is_made_at_a_time_and_others_are_told_so_without_waiting(
    signed_in, app, printers
):
    with printer.turn(Path(app.config["DATA_DIR"], "pdf.lock")):
        answer = signed_in.get(printers[0])

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "120")
    assert "다른 문서를 만드는 중입니다" in answer.text


def test_the_printer_holds_the_turn_too_should_its_worker_end(tmp_path, monkeypatch):
    program = tmp_path / "program.py"
    program.write_text(
        "import os\nprint('%PDF')\nfor number in os.listdir(at := '/proc/self/fd'):\n"
        "    if os.path.exists(f'{at}/{number}'): print(os.readlink(f'{at}/{number}'))"
    )
    monkeypatch.setattr(printer, "PROGRAM", program)

    assert str(tmp_path / "lock").encode() in made(PAGE, tmp_path)


def test_a_pdf_is_kept_and_given_again_without_a_printer(signed_in, printers, monkeypatch):
    address, folder = printers
    first = signed_in.get(address)
    monkeypatch.setattr(printer, "PROGRAM", Path("/nowhere.py"))

    again = signed_in.get(address, headers={"HX-Request": "true", "HX-Target": "main"})

    assert (first.status_code, again.data) == (200, first.data)
    (kept_file,) = folder.iterdir()
    assert kept_file.read_bytes() == first.data
    assert kept_file.stat().st_mode & 0o077 == folder.stat().st_mode & 0o077 == 0


def test_each_language_and_each_correction_has_a_pdf_of_its_own(signed_in, home, printers):
    address, folder = printers
    signed_in.get(address)
    signed_in.get(f"{address}?lang=en")
    make.bill(premises=home.premises, month="2026-11", revision=1, usage_m3=20)
    signed_in.get(f"{address}?lang=ko")

    assert len(list(folder.iterdir())) == 3


def test_a_kept_pdf_is_given_to_nobody_but_its_owner(signed_in, sign_in, client, printers):
    address, _ = printers
    signed_in.get(address)

    assert sign_in(make.account()).get(address).status_code == 404
    assert client.application.test_client().get(address).status_code == 303


def test_a_kept_pdf_is_the_same_whatever_its_owner_had_asked_for(signed_in, printers):
    address, folder = printers
    plain = signed_in.get(address).data
    shutil.rmtree(folder)
    signed_in.set_cookie("view", "ko.200.m.-")

    odd = signed_in.get(address, headers={"HX-Request": "true", "HX-Target": "nothing"}).data

    assert odd == plain


def test_half_a_kept_pdf_is_made_anew(signed_in, printers):
    address, folder = printers
    first = signed_in.get(address).data
    (kept_file,) = folder.iterdir()
    kept_file.write_bytes(first[: len(first) // 2])

    assert signed_in.get(address).data == first
    assert kept_file.read_bytes() == first


def test_the_oldest_kept_pdfs_go(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 30)
    for age, number in enumerate("ABCDE"):
        edition = Edition(number, "ko", "")
        kept.keep(tmp_path, edition, b"%PDF%%EOF.")
        os.utime(tmp_path / edition.file, (age, age))

    there = [number for number in "ABCDE" if (tmp_path / Edition(number, "ko", "").file).exists()]
    assert there == ["C", "D", "E"]


def test_a_pdf_that_cannot_be_kept_is_given_all_the_same(signed_in, printers, log_lines):
    address, folder = printers
    folder.write_text("no folder")

    answer = signed_in.get(address)
    folder.unlink()

    assert answer.status_code == 200
    assert [line["event"] for line in log_lines()] == ["a PDF cannot be kept"]


def test_an_account_has_ten_new_pdfs_an_hour_and_as_many_kept_ones_as_it_wants(
    signed_in, printers, clock_at
):
    address, folder = printers
    for _ in range(10):
        shutil.rmtree(folder, ignore_errors=True)
        assert signed_in.get(address).status_code == 200
    from_kept = [signed_in.get(address).status_code for _ in range(3)]
    shutil.rmtree(folder)
    clock_at("2026-11-20 10:45")

    refused = signed_in.get(address)
    clock_at("2026-11-20 11:00")

    assert from_kept == [200] * 3
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
    assert "한 시간에 10개까지 새로 만듭니다. 15분 뒤에" in refused.text
    assert signed_in.get(address).status_code == 200


@pytest.mark.slow
@needs_printer
def test_the_same_page_makes_the_same_pdf(tmp_path):
    assert made(PAGE, tmp_path) == made(PAGE, tmp_path)


def test_the_data_folder_is_made_also_for_another_database(tmp_path, make_app):
    folder = tmp_path / "new"

    make_app(DATA_DIR=str(folder))

    assert folder.is_dir()


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
