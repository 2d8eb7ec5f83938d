"""Files go with what they belong to: PDFs of documents that are gone, mails of development."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.destructions import Destruction
from app.privacy import files, retention
from tests import make


@pytest.fixture
def config(app, tmp_path):
    return {**app.config, "DATA_DIR": str(tmp_path)}


def written(path, days_ago=0):
    """A file that was last written so many days ago."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("x")
    moment = (clock.now() - timedelta(days=days_ago)).timestamp()
    os.utime(path, (moment, moment))
    return path


def left(config):
    return {path.name for path in Path(config["DATA_DIR"]).rglob("*") if path.is_file()}


def test_a_pdf_goes_when_its_document_is_gone(db, config):
    kept = make.document().number
    folder = Path(config["DATA_DIR"], "pdf")
    for number in (kept, "DCMNT2345678"):
        written(folder / f"{number}-ko-0123456789abcdef.pdf")

    list(retention.sweep_files(config, clock.now(), dry=False))

    assert left(config) == {f"{kept}-ko-0123456789abcdef.pdf"}
    assert [(note.what, note.count) for note in Destruction.select()] == [("pdf files", 1)]


def test_a_pdf_that_nobody_wants_for_90_days_goes(db, config):
    number = make.document().number
    folder = Path(config["DATA_DIR"], "pdf")
    written(folder / f"{number}-ko-old.pdf", days_ago=91)
    written(folder / f"{number}-ko-new.pdf", days_ago=89)

    list(retention.sweep_files(config, clock.now(), dry=False))

    assert left(config) == {f"{number}-ko-new.pdf"}


def test_mails_of_development_go_after_90_days_and_other_files_stay(db, config):
    folder = Path(config["DATA_DIR"], "mail")
    for name in ("a.eml", "notes.txt"):
        written(folder / name, days_ago=91)
    written(folder / "b.eml", days_ago=89)
    written(Path(config["DATA_DIR"], "arisu.db"), days_ago=900)

    list(retention.sweep_files(config, clock.now(), dry=False))

    assert left(config) == {"b.eml", "notes.txt", "arisu.db"}


def test_a_dry_run_counts_files_and_leaves_them(db, config):
    written(Path(config["DATA_DIR"], "mail", "a.eml"), days_ago=91)

    planned = [gone for gone in retention.retain(config, clock.now(), dry=True) if gone.count]

    assert [(gone.what, gone.count) for gone in planned] == [("mail files", 1)]
    assert left(config) == {"a.eml"}
    assert not Destruction.select().exists()


def test_a_file_that_another_worker_removed_first_is_no_trouble(config, monkeypatch, tmp_path):
    monkeypatch.setattr(files, "_rules", {})
    there = written(tmp_path / "there")
    files.register("test", "rule", lambda config, now: iter([tmp_path / "gone", there]))

    found = list(files.sweep(config, clock.now(), dry=False))

    assert [(what, rule, len(days)) for what, rule, days in found] == [("test", "rule", 1)]
