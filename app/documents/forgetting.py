"""PDFs whose document is gone, or that nobody asked for again in a long time, are removed."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.documents.models import Document
from app.privacy.files import older, register

UNUSED = timedelta(days=90)
AT_ONCE = 500


def old(config: Mapping[str, Any], now: datetime) -> Iterator[Path]:
    """The kept PDFs that may not stay, each once."""
    folder = Path(config["DATA_DIR"], "pdf")
    files = sorted(folder.glob("*-*.pdf")) if folder.is_dir() else []
    gone: set[Path] = set()
    for first in range(0, len(files), AT_ONCE):
        some = files[first : first + AT_ONCE]
        numbers = {path.name.split("-")[0] for path in some}
        known = {
            one.number
            for one in Document.select(Document.number).where(Document.number.in_(numbers))
        }
        gone |= {path for path in some if path.name.split("-")[0] not in known}
    yield from gone | set(older(folder, "*.pdf", now - UNUSED))


register("pdf files", f"of documents that are gone, or {UNUSED.days}d", old)
