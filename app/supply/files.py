"""Reading delivered CSV files: plain or gzip, UTF-8 or CP949, line by line, and their rejects."""

import codecs
import csv
import gzip
import hashlib
import io
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

CHUNK = 1 << 20
ABSENT = -1


class FileError(ValueError):
    """A file that cannot be imported at all; says why."""


class Delivered(NamedTuple):
    """What is known of a file before its first line is used."""

    path: Path
    digest: str
    encoding: str
    size: int


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked when it is gzip (known by its first bytes, not by its name)."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if packed:
            with gzip.open(raw) as unpacked:
                yield unpacked  # type: ignore[misc]
        else:
            yield raw


def examine(path: Path) -> Delivered:
    """Digest, encoding and unpacked size in one pass; raises FileError for a broken file."""
    digest, size = hashlib.sha256(), 0
    utf8 = codecs.getincrementaldecoder("utf-8")()
    encoding = "utf-8-sig"
    try:
        with opened(path) as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                if encoding == "utf-8-sig":
                    try:
                        utf8.decode(chunk)
                    except UnicodeDecodeError:
                        encoding = "cp949"
    except (OSError, EOFError) as error:
        raise FileError(f"{path.name} cannot be read to its end: {error}") from error
    return Delivered(path, digest.hexdigest(), encoding, size)


class Table(NamedTuple):
    """A CSV file's columns and its lines after the header."""

    ignored: list[str]
    lines: Iterator[tuple[int, Sequence[Any]]]


@contextmanager
def table(
    delivered: Delivered,
    columns: Sequence[str],
    seen: Callable[[int], None],
    optional: Sequence[str] = (),
) -> Iterator[Table]:
    """The wanted columns of each line with its number; None for a column that the line lacks, and
    nothing in an optional one that the file lacks.

    `seen` is called now and then with the bytes read so far. Raises FileError when a column is
    missing or the text is in neither encoding.
    """
    with opened(delivered.path) as file:
        text = io.TextIOWrapper(file, delivered.encoding, newline="")
        reader = csv.reader(text)
        try:
            header = [name.strip().lower() for name in next(reader, [])]
        except (UnicodeDecodeError, csv.Error) as error:
            raise FileError(f"the first line cannot be read: {error}") from error
        missing = [name for name in columns if name not in header and name not in optional]
        if missing and len(header) == 1 and ";" in header[0]:
            raise FileError("separate columns with commas, not with semicolons")
        if missing:
            raise FileError(f"column missing: {', '.join(missing)} (found: {', '.join(header)})")
        ours = {*columns, "line", "reason"}
        picks = [header.index(name) if name in header else ABSENT for name in columns]
        yield Table([name for name in header if name not in ours], _lines(reader, picks))
        seen(delivered.size)
        text.detach()


def _lines(reader: Iterator[list[str]], picks: list[int]) -> Iterator[tuple[int, Sequence[Any]]]:
    width = max(picks) + 1
    straight = picks == list(range(len(picks)))
    number = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except (UnicodeDecodeError, csv.Error) as error:
            raise FileError(f"after line {number}: {error}") from error
        number += 1
        if not row:
            continue
        if len(row) < width:
            yield number, [cell(row, pick) for pick in picks]
        elif straight:
            yield number, row[:width] if len(row) > width else row
        else:
            yield number, [cell(row, pick) for pick in picks]


def cell(row: list[str], pick: int) -> str | None:
    """One value; nothing in a column that the file lacks, None where the line ends before it."""
    if pick == ABSENT:
        return ""
    return row[pick] if pick < len(row) else None


def appending(path: Path) -> BinaryIO:
    """A plain file of this name itself, to write at its end; raises FileError for anything else.

    A link could lead the lines into any file that we may write; a pipe would wait for ever.
    """
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        number = os.open(path, flags, 0o666)
    except OSError as error:
        raise FileError(f"{path.name} is no plain file that we may write: {error}") from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise FileError(f"{path.name} is no plain file")
    return os.fdopen(number, "ab")


def set_aside(path: Path) -> None:
    """Give a file the ending .old, instead of one that has it; raises FileError."""
    try:
        path.replace(path.with_name(f"{path.name}.old"))
    except OSError as error:
        raise FileError(f"{path.name} cannot be renamed: {error}") from error


class Rejects:
    """The reject file beside a delivered file; grows only together with committed batches."""

    def __init__(self, path: Path, columns: Sequence[str], size: int) -> None:
        self.path = path
        self.columns = columns
        self.size = size
        if not os.path.lexists(path):
            return
        with appending(path) as file:
            if size and file.tell() > size:
                file.truncate(size)
        if size == 0:
            set_aside(path)  # perhaps somebody corrected it

    def add(self, rejected: Sequence[Sequence[object]]) -> int:
        """Append rows (their columns, line, reason) and reach the disk; the file's new size."""
        if not rejected:
            return self.size
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        if self.size == 0:
            writer.writerow([*self.columns, "line", "reason"])
        writer.writerows(rejected)
        with appending(self.path) as file:
            file.write(buffer.getvalue().encode())
            file.flush()
            os.fsync(file.fileno())
            self.size = file.tell()
        return self.size
