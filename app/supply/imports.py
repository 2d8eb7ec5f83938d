"""Imports a delivered file: streaming, in batches, restartable, each bad line with its reason.

What the lines mean is a `Kind`: a module for each, like readings.py. One batch is one transaction
that also notes how far the file has come, so a killed import goes on where the last batch ended.
"""

import fcntl
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from app.db import database, is_postgres, writing
from app.signs import harmless
from app.supply.files import Delivered, FileError, Rejects, examine, table
from app.supply.models import FileImport

Line = tuple[int, Sequence[Any]]
"""A line's number and the values of the wanted columns; None for one that it lacks."""
Reject = tuple[object, ...]
"""The columns as delivered, line, reason."""


EARLIEST = date(1900, 1, 1)
WRITTEN = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@lru_cache(4096)
def day_of(text: str) -> date | None:
    """A day written YYYY-MM-DD, from 1900 on; None for anything else."""
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return found if found and found >= EARLIEST else None


def why_no_day(text: str) -> str:
    """What is wrong with a text for which `day_of` has no day."""
    if WRITTEN.fullmatch(text) and text >= f"{EARLIEST}":
        return "there is no such day"
    return "the day must be written YYYY-MM-DD, from 1900 on"


class Batch(Protocol):
    """Stores the rows of one batch and counts what became of them."""

    accepted: int
    unchanged: int
    rejected: list[Reject]

    def take(self, part: list[Any]) -> None:
        """Judge and store rows, in their order, within the batch's transaction."""


class Kind(NamedTuple):
    """What a file holds and how its lines become rows.

    `check(values, line, today)` gives a line's row, or None and the reason; it runs before the
    transaction. `batch` makes a Batch for the number of a file import. Lines that follow each
    other and have the same `group(values)` come in one batch; None stands for itself. A file may
    lack the `optional` columns.
    """

    name: str
    columns: tuple[str, ...]
    check: Callable[[Sequence[Any], int, date], tuple[Any, str]]
    batch: Callable[[int], Batch]
    size: int = 5_000
    group: Callable[[Sequence[Any]], Any] | None = None
    optional: tuple[str, ...] = ()


class Progress(NamedTuple):
    """What an import did; lines that were already there count as unchanged."""

    lines: int
    accepted: int
    unchanged: int
    rejected: int
    ignored_columns: list[str]
    rejects: Path


def nobody(lines: int) -> None:
    """Hears of progress where nobody waits for it."""


def import_file(
    kind: Kind, path: Path, today: date, now: Any, seen: Callable[[int], None] = nobody
) -> Progress:
    """Import a file; the same file again changes nothing.

    Rejects go to `FILE.rejects.csv`. Raises FileError when the file as a whole cannot be used.
    """
    delivered = examine(path)
    rejects_path = path.with_name(f"{path.name}.rejects.csv")
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # two imports of one file would mix their rejects
        with writing():
            progress = FileImport.begin(kind.name, delivered.digest, path.name, now)
        done = progress.finished_at is not None
        if done and progress.rejected:
            progress.start_again()  # what was refused then may be right now
        if done and not progress.rejected and progress.lines:
            there = progress.accepted + progress.unchanged
            return Progress(progress.lines, 0, there, 0, [], rejects_path)
        rejects = Rejects(rejects_path, kind.columns, progress.rejects_bytes)
        ignored = stream(kind, delivered, progress, rejects, today, seen)
        with writing():
            FileImport.update(finished_at=now).where(FileImport.id == progress.id).execute()
    return Progress(
        progress.lines,
        progress.accepted,
        progress.unchanged,
        progress.rejected,
        ignored,
        rejects_path,
    )


def stream(
    kind: Kind,
    delivered: Delivered,
    progress: FileImport,
    rejects: Rejects,
    today: date,
    seen: Callable[[int], None],
) -> list[str]:
    """Take the file's lines in batches, from where an earlier run ended; the ignored columns."""
    with table(delivered, kind.columns, seen, kind.optional) as found:
        lines = found.lines
        for _ in range(progress.lines):
            next(lines)
        for part in batches(lines, kind):
            take(kind, part, progress, rejects, today)
            seen(progress.lines)
        return found.ignored


def batches(lines: Iterator[Line], kind: Kind) -> Iterator[list[Line]]:
    """Parts of the kind's size, each longer by the lines that belong to its last one.

    Raises FileError for a group that alone would fill a batch: it cannot be held in memory.
    """
    ahead: list[Line] = []
    while part := [*ahead, *islice(lines, kind.size - len(ahead))]:
        ahead = []
        last = kind.group(part[-1][1]) if kind.group else None
        while kind.group and last is not None and not ahead and (line := next(lines, None)):
            if kind.group(line[1]) != last:
                ahead = [line]
            elif len(part) == 2 * kind.size:
                raise FileError(f"more than {kind.size} lines up to {line[0]} belong together")
            else:
                part.append(line)
        yield part


def take(kind: Kind, part: list[Line], progress: FileImport, rejects: Rejects, today: date) -> None:
    """One batch: check, store, and note how far the file has come, all or nothing."""
    check = kind.check
    good: list[Any] = []
    rejected: list[Reject] = []
    for line, values in part:
        row, reason = check(values, line, today)
        if row is None:
            rejected.append((*(harmless(value or "") for value in values), line, reason))
        else:
            good.append(row)
    with writing():
        if is_postgres():
            database.execute_sql("LOCK TABLE file_imports IN SHARE ROW EXCLUSIVE MODE")
        batch = kind.batch(progress.id)
        batch.take(good)
        rejected = sorted([*rejected, *batch.rejected], key=line_of)
        progress.lines += len(part)
        progress.accepted += batch.accepted
        progress.unchanged += batch.unchanged
        progress.rejected += len(rejected)
        progress.rejects_bytes = rejects.add(rejected)
        progress.save()


def line_of(reject: Reject) -> Any:
    return reject[-2]
