"""Finished PDFs in a folder: who asks again waits for nothing, and may take the file away any time.

A document never changes; its PDF does with the language, and with the months whose bills were
corrected since. Only a view that has found the document for its owner asks here.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

MOST = 64 * 2**20
"""Bytes of all kept PDFs, about 1,800; beyond, the oldest go."""


class Edition(NamedTuple):
    """Which PDF: a document's number, the language, and what was corrected since, in words."""

    number: str
    language: str
    superseded: str

    @property
    def file(self) -> str:
        state = hashlib.sha256(self.superseded.encode()).hexdigest()[:16]
        return f"{self.number}-{self.language}-{state}.pdf"


def find(folder: Path, edition: Edition) -> bytes | None:
    """A kept PDF; None when there is none, or only a part of one."""
    try:
        found = (folder / edition.file).read_bytes()
    except OSError:
        return None
    whole = found.startswith(b"%PDF") and found.rstrip().endswith(b"%%EOF")
    return found if whole else None


def keep(folder: Path, edition: Edition, made: bytes) -> None:
    """Keep a PDF, whole or not at all, and let the oldest go; raises OSError."""
    folder.mkdir(mode=0o700, exist_ok=True)
    number, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(made)
        os.rename(name, folder / edition.file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    forget_oldest(folder)


def forget_oldest(folder: Path) -> None:
    """Remove the oldest files until what stays is not too much."""
    known = [(entry.stat(), entry.path) for entry in os.scandir(folder) if entry.is_file()]
    known.sort(key=lambda found: found[0].st_mtime_ns)
    size = sum(found.st_size for found, _ in known)
    for found, path in known:
        if size <= MOST:
            return
        Path(path).unlink(missing_ok=True)
        size -= found.st_size
