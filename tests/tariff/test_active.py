"""The table in force: a file in the data folder that running workers notice, or the shipped one."""

import hashlib
import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.tariff import active
from app.tariff.table import SEOUL, TariffError, seoul

TEXT = SEOUL.read_text("utf-8")
DEARER = TEXT.replace("tiers: [[null, 580]]", "tiers: [[null, 1580]]")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def served(make_app, tmp_path):
    """served(path) opens a page of an app with a data folder of its own, looking each time."""
    app = make_app(DATA_DIR=str(tmp_path), CONTENT_CHECK_SECONDS=0)

    def start(path="/calculator/?usage=24&month=2026-11"):
        return app.test_client().get(path).get_data(as_text=True)

    yield start
    (tmp_path / "tariff.yaml").unlink(missing_ok=True)


def test_without_a_file_the_shipped_table_is_in_force(app):
    with app.app_context():
        assert active.table() is active.sound_table() is seoul()


def test_a_running_worker_notices_a_new_table_and_its_end(served, tmp_path):
    before = served()

    active.store(tmp_path, DEARER, "kim", NOW)
    after = served()
    (tmp_path / "tariff.yaml").unlink()

    assert "31,680" in before
    assert "55,680" in after
    assert "1,580" in served("/tariff/") or "31,680" in served()


def test_a_broken_table_leaves_the_last_good_one_and_an_error_in_the_log(
    served, tmp_path, log_lines
):
    active.store(tmp_path, DEARER, "kim", NOW)
    served()

    (tmp_path / "tariff.yaml").write_text("rates: [", "utf-8")
    after = [served(), served()]

    assert ["55,680" in text for text in after] == [True, True]
    errors = [line for line in log_lines() if line["level"] == "error"]
    assert [line["event"] for line in errors] == [
        "the tariff in force cannot be read; the one before stays"
    ]


ODD = [
    *(b"\xff\xfe", b"", b"[]", b"rates: 5\nrules: 1"),
    *(b"[" * 20_000, b"? [a]: b", b"!!set [a]", b"a: !!int ''"),
    TEXT.replace("reading: self", "reading: [x]").encode(),
]


@pytest.mark.slow
@pytest.mark.parametrize("content", ODD, ids=range(len(ODD)))
def test_no_content_of_the_file_takes_a_page_down(served, tmp_path, content, log_lines):
    (tmp_path / "tariff.yaml").write_bytes(content)
    first = served(), served()
    (tmp_path / "tariff.yaml").write_bytes(content + b"\n")

    assert ["31,680" in text for text in (*first, served())] == [True] * 3
    assert len([line for line in log_lines() if line["level"] == "error"]) == 2


def test_bills_are_not_made_by_another_table_than_the_broken_one_in_force(
    app, make_app, tmp_path, clock_at
):
    clock_at("2026-11-12 09:00")
    (tmp_path / "tariff.yaml").write_text("rates: [", "utf-8")
    runner = make_app(DATA_DIR=str(tmp_path)).test_cli_runner()

    found = runner.invoke(args=["bills", "run", "2026-11"])

    assert found.exit_code == 1
    assert "the tariff in force cannot be used" in found.output


def test_the_file_is_looked_at_only_now_and_then(tmp_path):
    found = active.InForce(tmp_path / "tariff.yaml", 3600)
    found.current()

    active.store(tmp_path, DEARER, "kim", NOW)

    assert found.current() is seoul()


def test_a_table_in_force_is_noted_with_its_content_and_who_did_it(tmp_path):
    active.store(tmp_path, TEXT, "김상수", NOW)
    active.store(tmp_path, DEARER, "kim\nby: lee", NOW)

    lines = (tmp_path / "tariff.log").read_text("utf-8").splitlines()
    notes = [json.loads(line) for line in lines]
    assert [note["by"] for note in notes] == ["김상수", "kim\nby: lee"]
    assert notes[1]["at"] == "2026-11-22T00:00:00+00:00"
    in_force = (tmp_path / "tariff.yaml").read_bytes()
    assert notes[1]["sha256"] == hashlib.sha256(in_force).hexdigest()


def test_a_wrong_table_never_comes_into_force(tmp_path):
    with pytest.raises(TariffError):
        active.store(tmp_path, "rates: [", "kim", NOW)

    assert list(tmp_path.iterdir()) == []


def test_a_crash_while_storing_leaves_the_table_before(tmp_path, monkeypatch):
    active.store(tmp_path, TEXT, "kim", NOW)

    def crash(*paths):
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "rename", crash)
    with pytest.raises(OSError, match="disk is full"):
        active.store(tmp_path, DEARER, "kim", NOW)

    assert (tmp_path / "tariff.yaml").read_text("utf-8") == TEXT
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tariff.log", "tariff.yaml"]


def test_readers_never_see_half_a_table(tmp_path):
    path = Path(tmp_path / "tariff.yaml")
    active.replace(path, TEXT)
    seen, done = set(), threading.Event()

    def watch():
        while not done.is_set():
            seen.add(len(path.read_text("utf-8")))

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(30):
        active.replace(path, DEARER)
        active.replace(path, TEXT)
    done.set()
    watcher.join()

    assert seen <= {len(TEXT), len(DEARER)}
