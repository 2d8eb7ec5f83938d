"""Imports delivered readings: streaming, in batches, restartable, each bad line with its reason.

One batch is one transaction that also notes how far the file has come, so a killed import goes on
where the last batch ended. The batch meets the database in one query, through a temporary table.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from app.db import as_day, database, insert_many, is_postgres, rows, writing
from app.supply import usage
from app.supply.files import Delivered, Rejects, examine, table
from app.supply.models import FileImport, Meter, ReadingKind
from app.supply.usage import MeterSpan

COLUMNS = ("customer_number", "read_on", "reading_m3", "kind")
BATCH = 20_000
KINDS = frozenset(kind.value for kind in ReadingKind)

Row = tuple[int, str, str, int, str]
"""line, customer number, day (ISO), m3, kind"""
Reject = tuple[object, ...]
"""the four columns as delivered, line, reason"""

INCOMING = """
CREATE TEMPORARY TABLE IF NOT EXISTS incoming (
    line INTEGER NOT NULL, number VARCHAR(9) NOT NULL, read_on DATE NOT NULL,
    reading_m3 INTEGER NOT NULL, kind VARCHAR(9) NOT NULL
)
"""

FACTS = """
SELECT i.line, i.number, i.read_on, i.reading_m3, i.kind,
       p.id, p.started_on, p.removed_on, s.reading_m3, b.read_on, b.reading_m3,
       a.read_on, a.reading_m3, m.installed_on, m.start_m3, m.digits
FROM incoming i
LEFT JOIN premises p ON p.number = i.number
LEFT JOIN readings s ON s.premises_id = p.id AND s.read_on = i.read_on
LEFT JOIN readings b ON b.premises_id = p.id AND b.read_on = (
    SELECT max(x.read_on) FROM readings x WHERE x.premises_id = p.id AND x.read_on < i.read_on)
LEFT JOIN readings a ON a.premises_id = p.id AND a.read_on = (
    SELECT min(x.read_on) FROM readings x WHERE x.premises_id = p.id AND x.read_on > i.read_on)
LEFT JOIN meters m ON m.premises_id = p.id AND m.installed_on = (
    SELECT max(x.installed_on) FROM meters x
    WHERE x.premises_id = p.id AND x.installed_on <= i.read_on)
ORDER BY i.line
"""


class Facts(NamedTuple):
    """A delivered reading beside what the database knows: same day, before, after, meter."""

    line: int
    number: str
    read_on: Any
    reading_m3: int
    kind: str
    premises_id: int | None
    started_on: Any
    removed_on: Any
    same_m3: int | None
    before_on: Any
    before_m3: int | None
    after_on: Any
    after_m3: int | None
    installed_on: Any
    start_m3: int | None
    digits: int | None


class Progress(NamedTuple):
    """What an import did; lines that were already there count as unchanged."""

    lines: int
    accepted: int
    unchanged: int
    rejected: int
    ignored_columns: list[str]
    rejects: Path


@lru_cache(4096)
def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def typed(values: Sequence[str] | None, line: int, today: date) -> tuple[Row | None, str]:
    """A line's values with their types, or the reason why it cannot be used."""
    if values is None:
        return None, "a column is missing on this line"
    number, read_on, reading, kind = (value.strip() for value in values)
    if len(number) != 9 or not (number.isascii() and number.isdigit()):
        return None, "the customer number must have nine digits (leading zeros count)"
    day = _day(read_on)
    if day is None:
        return None, "the day must be written YYYY-MM-DD"
    if day > today:
        return None, "the day lies in the future"
    if not (reading.isascii() and reading.isdigit() and len(reading) <= 9):
        return None, "the reading must be a whole number of m3"
    if kind not in KINDS:
        return None, f"the kind must be one of {', '.join(ReadingKind)}"
    return (line, number, read_on, int(reading), kind), ""


def judge(facts: Facts) -> str:
    """Why a reading cannot be true, or nothing; W-RULE art. 20, and a sane order of days."""
    if facts.premises_id is None:
        return "no premises has this customer number"
    day = as_day(facts.read_on)
    if facts.installed_on is None or day < as_day(facts.started_on):
        return "the premises had no supply on this day"
    if facts.removed_on is not None and day > as_day(facts.removed_on):
        return "the supply was removed before this day"
    if facts.same_m3 is not None:
        return "another reading of this day is already there"
    if facts.before_m3 is not None and not plausible_after(facts):
        return f"below the last reading ({facts.before_m3} on {facts.before_on})"
    if facts.before_m3 is None and not plausible_first(facts):
        return f"below the meter's start ({facts.start_m3})"
    if facts.after_m3 is not None and not plausible_before(facts):
        return f"above the next reading ({facts.after_m3} on {facts.after_on})"
    return ""


def plausible_after(facts: Facts) -> bool:
    """Whether the reading can follow the one before it, with a rollover or a new meter."""
    before, digits = facts.before_m3 or 0, facts.digits or 0
    if facts.reading_m3 >= 10**digits:
        return False
    if as_day(facts.installed_on) > as_day(facts.before_on):
        return facts.reading_m3 >= (facts.start_m3 or 0)
    return usage.dial(before, facts.reading_m3, digits) is not None


def plausible_first(facts: Facts) -> bool:
    """Whether the reading can be the first one of its meter."""
    return usage.dial(facts.start_m3 or 0, facts.reading_m3, facts.digits or 0) is not None


def plausible_before(facts: Facts) -> bool:
    """Whether the reading can precede the one after it (a late delivery fills a gap)."""
    spans = meter_spans(facts.premises_id or 0, as_day(facts.after_on))
    day = as_day(facts.read_on)
    return usage.between(day, facts.reading_m3, facts.after_m3 or 0, spans) is not None


def meter_spans(premises_id: int, until: date) -> list[MeterSpan]:
    """The meters of a premises that were installed up to a day, oldest first."""
    found = Meter.of(premises_id).where(Meter.installed_on <= until)
    return [MeterSpan(m.installed_on, m.start_m3, m.digits, m.final_m3) for m in found]


def store(batch: list[Row], source_id: int) -> tuple[int, int, list[Reject]]:
    """Put a batch into the readings: (accepted, unchanged, rejects).

    Rows of the same premises are taken one after the other, so that each sees the one before.
    """
    accepted, unchanged = 0, 0
    rejected: list[Reject] = []
    while batch:
        taken: dict[str, Row] = {}
        later = [row for row in batch if taken.setdefault(row[1], row) is not row]
        good = []
        for facts in look_up(list(taken.values())):
            if facts.same_m3 is not None and facts.same_m3 == facts.reading_m3:
                unchanged += 1
            elif reason := judge(facts):
                read_on = as_day(facts.read_on).isoformat()
                columns = (facts.number, read_on, facts.reading_m3, facts.kind)
                rejected.append((*columns, facts.line, reason))
            else:
                day = facts.read_on
                good.append((facts.premises_id, day, facts.reading_m3, facts.kind, source_id))
        insert_many("readings", ("premises_id", "read_on", "reading_m3", "kind", "source_id"), good)
        accepted += len(good)
        batch = later
    return accepted, unchanged, rejected


def look_up(batch: list[Row]) -> Iterable[Facts]:
    """The batch beside what the database knows of each row, in order of lines."""
    database.execute_sql("DELETE FROM incoming")
    insert_many("incoming", ("line", "number", "read_on", "reading_m3", "kind"), batch)
    return map(Facts._make, rows(FACTS))


def import_file(
    path: Path, today: date, now: Any, seen: Callable[[int], None] = lambda size: None
) -> Progress:
    """Import a reading file; the same file again changes nothing.

    Rejects go to `FILE.rejects.csv`. Raises FileError when the file as a whole cannot be used.
    """
    delivered = examine(path)
    with writing():
        progress = FileImport.begin("readings", delivered.digest, path.name, now)
    rejects_path = path.with_name(f"{path.name}.rejects.csv")
    if progress.finished_at is not None:
        with table(delivered, COLUMNS, seen) as found:
            ignored = found.ignored
        there = progress.accepted + progress.unchanged
        return Progress(progress.lines, 0, there, progress.rejected, ignored, rejects_path)
    ignored = stream(
        delivered, progress, Rejects(rejects_path, COLUMNS, progress.rejects_bytes), today, seen
    )
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
    delivered: Delivered,
    progress: FileImport,
    rejects: Rejects,
    today: date,
    seen: Callable[[int], None],
) -> list[str]:
    """Take the file's lines in batches, from where an earlier run ended; the ignored columns."""
    database.execute_sql(INCOMING)
    with table(delivered, COLUMNS, seen) as found:
        lines = found.lines
        for _ in range(progress.lines):
            next(lines)
        while part := list(islice(lines, BATCH)):
            take(part, progress, rejects, today)
            seen(progress.lines)
        return found.ignored


def take(
    part: list[tuple[int, Sequence[str] | None]],
    progress: FileImport,
    rejects: Rejects,
    today: date,
) -> None:
    """One batch: check, store, and note how far the file has come, all or nothing."""
    batch: list[Row] = []
    rejected: list[Reject] = []
    for line, values in part:
        row, reason = typed(values, line, today)
        if row is None:
            rejected.append((*(values or ("", "", "", "")), line, reason))
        else:
            batch.append(row)
    with writing():
        if is_postgres():
            database.execute_sql("LOCK TABLE file_imports IN SHARE ROW EXCLUSIVE MODE")
        accepted, unchanged, refused = store(batch, progress.id)
        rejected = sorted(rejected + refused, key=lambda reject: reject[-2])  # type: ignore[arg-type, return-value]
        progress.lines += len(part)
        progress.accepted += accepted
        progress.unchanged += unchanged
        progress.rejected += len(rejected)
        progress.rejects_bytes = rejects.add(rejected)
        progress.save()
