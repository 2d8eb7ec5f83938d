"""Outages for tests: `outage_file(name, …)` writes one that the app shows at once."""

from pathlib import Path

import pytest

from app.outages import shelf
from tests.outages import files


@pytest.fixture
def outage_file(app):
    """Write a file as an editor does; all are gone after the test."""
    folder = Path(app.config["DATA_DIR"]) / "outages"
    folder.mkdir(exist_ok=True)
    clear(app, folder)  # of the demo, when another test has loaded it

    def write(name, text=None, **fields):
        (folder / f"{name}.md").write_text(text or files.text(**fields), "utf-8")
        reread(app)

    yield write
    clear(app, folder)


@pytest.fixture
def own(app, tmp_path, monkeypatch):
    """A folder of its own for the form, which is no repository yet."""
    monkeypatch.setitem(app.config, "OUTAGES_DIR", str(tmp_path / "night"))
    yield tmp_path / "night"
    monkeypatch.undo()
    reread(app)


def clear(app, folder):
    for path in folder.glob("*.md"):
        path.unlink()
    reread(app)


def reread(app):
    found = shelf.of(app)
    found.signature, found.next_look = None, 0.0
    found.current()
