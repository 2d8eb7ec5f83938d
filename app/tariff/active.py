"""The table in force: DATA_DIR/tariff.yaml when it is there, else the one that the program ships.

A new file is noticed within seconds. Pages never fail over a broken one: the last good table stays
and the log says so. Who writes bills asks for `sound_table()`, which refuses.
"""

import fcntl
import hashlib
import json
import os
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from flask import Flask, current_app

from app.observe import log
from app.tariff.table import Table, TariffError, parse, seoul


class Record(NamedTuple):
    """That a table came into force: one JSON line of the log file beside it."""

    at: str
    sha256: str
    by: str
    file: str


class InForce:
    """The table in use, and when it was last compared with its file."""

    def __init__(self, path: Path, seconds: float) -> None:
        self.path = path
        self.seconds = seconds
        self.next_look = 0.0
        self.signature: object = None
        self.table = seoul()
        self.error = ""

    def current(self) -> Table:
        """The table, read anew when its file has changed."""
        now = time.monotonic()
        if now >= self.next_look:
            self.next_look = now + self.seconds
            self.look()
        return self.table

    def look(self) -> None:
        signature = sign(self.path)
        if signature != self.signature:
            self.signature = signature
            self.load(signature is not None)

    def load(self, is_there: bool) -> None:
        try:
            self.table = parse(self.path.read_text("utf-8-sig")) if is_there else seoul()
            self.error = ""
        except (OSError, ValueError) as error:
            self.error = f"{self.path}: {error}"
            log.error(
                "the tariff in force cannot be read; the one before stays",
                extra={"fields": {"file": str(self.path), "why": str(error)}},
            )


def sign(path: Path) -> object:
    """Changes whenever the file is written or replaced; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        return str(error)
    return found.st_mtime_ns, found.st_size, found.st_ino


def table() -> Table:
    """The table in force, for pages and calculations."""
    found: InForce = current_app.extensions["tariff"]
    return found.current()


def sound_table() -> Table:
    """The table in force, for bills; raises TariffError when its file cannot be read."""
    found: InForce = current_app.extensions["tariff"]
    found.look()
    if found.error:
        raise TariffError(found.error)
    return found.table


def store(folder: Path, text: str, by: str, at: datetime, file: str = "") -> Record:
    """Put a table into force and note who did it; a crash leaves the old one or the new one.

    The note reaches the disk first: no table is ever in force that nobody answers for. The table
    before stays as tariff.yaml.before.
    """
    parse(text)
    folder.mkdir(parents=True, exist_ok=True)
    record = Record(at.isoformat(), hashlib.sha256(text.encode()).hexdigest(), by, file)
    with (folder / "tariff.log").open("a", encoding="utf-8") as notes:
        fcntl.flock(notes, fcntl.LOCK_EX)
        notes.write(json.dumps(record._asdict(), ensure_ascii=False) + "\n")
        notes.flush()
        os.fsync(notes.fileno())
        keep(folder / "tariff.yaml", text)
        replace(folder / "tariff.yaml", text)
    return record


def before(path: Path) -> Path:
    """Where the table is that was in force before that of a file."""
    return path.with_name(f"{path.name}.before")


def keep(path: Path, text: str) -> None:
    """Copy a table beside itself, unless the new one is the same."""
    old = path.read_bytes() if path.exists() else text.encode()
    if old != text.encode():
        replace(before(path), old)


def replace(path: Path, content: str | bytes) -> None:
    """Write a file so that readers see the old content or the new one, nothing between."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.rename(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def init_app(app: Flask) -> None:
    path = Path(app.config["DATA_DIR"]) / "tariff.yaml"
    app.extensions["tariff"] = InForce(path, app.config["CONTENT_CHECK_SECONDS"])
