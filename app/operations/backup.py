"""`flask db backup`: a copy of the database that was opened and checked, and a note of it (C-7)."""

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from peewee import DatabaseError

from app.db import database, is_postgres

NOTE = "backup.json"


class BackupError(RuntimeError):
    """There is no good copy; the sentence says why."""


class Made(NamedTuple):
    """A finished copy."""

    at: str
    file: str
    size: int


def note_path(folder: Path) -> Path:
    return folder / NOTE


def last(folder: Path) -> Made | None:
    """The note of the newest copy."""
    try:
        return Made(**json.loads(note_path(folder).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def backup(target: Path, folder: Path, url: str, now: datetime) -> Made:
    """Copy the database to a new file, check the copy, and note it in `folder`.

    Raises BackupError, and then leaves no file.
    """
    if target.exists():
        raise BackupError(f"{target} is there already")
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        if is_postgres():
            dump(url, unfinished)
        else:
            copy(unfinished)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
    except (OSError, DatabaseError, sqlite3.Error, subprocess.CalledProcessError) as error:
        raise BackupError(f"{target}: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    made = Made(now.isoformat(), str(target), target.stat().st_size)
    written = note_path(folder).with_suffix(".new")
    written.write_text(json.dumps(made._asdict()), "utf-8")
    written.replace(note_path(folder))
    return made


def copy(target: Path) -> None:
    """SQLite's own online copy, then its own look at every page of it."""
    database.execute_sql("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target)) as made:
        (answer,) = made.execute("PRAGMA integrity_check").fetchone()
    if answer != "ok":
        raise BackupError(f"the copy is not sound: {answer}")


def dump(url: str, target: Path) -> None:
    """PostgreSQL's own tools write the dump and list what is in it."""
    if not shutil.which("pg_dump"):
        raise BackupError("pg_dump is not installed (Debian: postgresql-client)")
    subprocess.run(  # noqa: S603 our own arguments
        ["pg_dump", "--format=custom", f"--file={target}", "--dbname", url],  # noqa: S607
        check=True,
        capture_output=True,
    )
    subprocess.run(["pg_restore", "--list", str(target)], check=True, capture_output=True)  # noqa: S603, S607
