"""Photos that come in pieces over a bad line: the files of unfinished uploads (tus 1.0).

An upload is a file `<id>-<length>.part` in the folder of its draft; how long it is says how much
has come. Once its photo is kept, `<id>-<length>.done` says so to whoever missed the answer.
"""

import fcntl
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from app.complaints.photos import MOST_BYTES
from app.privacy import files

LIFETIME = timedelta(days=1)
MOST_OPEN = 10
NAME = re.compile(r"([0-9a-f]{32})-(\d{1,8})\.(part|done)")


class TooManyError(Exception):
    """A draft has begun too many uploads."""


class WrongOffsetError(Exception):
    """The piece does not continue what is there."""


class Upload(NamedTuple):
    """One upload: where it lies, how long it is going to be, and whether it is over."""

    path: Path
    id: str
    length: int
    done: bool

    @property
    def offset(self) -> int:
        return self.length if self.done else self.path.stat().st_size

    @property
    def expires_at(self) -> datetime:
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC) + LIFETIME


def folder_of(data: Path, draft_hash: str) -> Path:
    return data / "uploads" / draft_hash[:40]


def all_of(folder: Path) -> Iterator[Upload]:
    for path in sorted(folder.glob("*-*.*")):
        if found := NAME.fullmatch(path.name):
            yield Upload(path, found[1], int(found[2]), found[3] == "done")


def begin(data: Path, draft_hash: str, length: int, now: datetime) -> Upload:
    """A new upload of so many bytes. Raises ValueError for a length that no photo has."""
    if not 0 < length <= MOST_BYTES:
        raise ValueError("no photo is so long")
    folder = folder_of(data, draft_hash)
    folder.mkdir(parents=True, exist_ok=True)
    if sum(not one.done and one.expires_at > now for one in all_of(folder)) >= MOST_OPEN:
        raise TooManyError
    name = secrets.token_hex(16)
    path = folder / f"{name}-{length}.part"
    path.touch()
    return Upload(path, name, length, False)


def find(data: Path, draft_hash: str, name: str, now: datetime) -> Upload | None:
    """An upload of a draft; none when it is too old."""
    found = (one for one in all_of(folder_of(data, draft_hash)) if one.id == name)
    one = next(found, None)
    return one if one and one.expires_at > now else None


@contextmanager
def opened(one: Upload) -> Iterator[BinaryIO]:
    """The upload's file; nobody else writes to it meanwhile."""
    with one.path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def write(one: Upload, offset: int, piece: bytes) -> int:
    """Add a piece; how much there is now. Raises WrongOffsetError."""
    with opened(one) as file:
        there = file.seek(0, 2)
        if there != offset or there + len(piece) > one.length:
            raise WrongOffsetError
        file.write(piece)
        return there + len(piece)


def finish(one: Upload) -> None:
    """Its photo is kept: note that, and let the bytes go."""
    one.path.with_suffix(".done").touch()
    one.path.unlink(missing_ok=True)


def remove(one: Upload) -> None:
    one.path.unlink(missing_ok=True)


def remove_all(data: Path, draft_hash: str) -> None:
    for one in all_of(folder_of(data, draft_hash)):
        remove(one)


def move(data: Path, draft_hash: str, other_hash: str) -> None:
    """What has come for a draft belongs to another one; nothing has come for that."""
    folder = folder_of(data, draft_hash)
    if folder.exists():
        folder.rename(folder_of(data, other_hash))


def old_files(config: Mapping[str, Any], now: datetime) -> Iterator[Path]:
    return files.older(Path(config["DATA_DIR"], "uploads"), "*/*-*.*", now - LIFETIME)


files.register("unfinished photos", "1d", old_files)
