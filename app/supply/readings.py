"""Imports delivered readings, each beside what is known of its premises: one query a batch."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from app.db import insert_many, rows
from app.supply import imports
from app.supply.imports import Progress, Reject, day_of, why_no_day
from app.supply.models import ReadingKind
from app.supply.plausible import Facts, Place, follows, judge, judge_between

COLUMNS = ("customer_number", "read_on", "reading_m3", "kind")
BATCH = 5_000
KINDS = frozenset(kind.value for kind in ReadingKind)
STORED = ("premises_id", "read_on", "reading_m3", "kind", "source_id")

Row = tuple[int, str, str, int, str]
"""line, customer number, day (ISO), m3, kind"""

PLACES = """
SELECT p.number, p.id, CAST(p.started_on AS TEXT), coalesce(CAST(p.removed_on AS TEXT), '9999'),
       coalesce(CAST(m.installed_on AS TEXT), '9999'), m.start_m3, m.digits,
       coalesce(CAST(r.read_on AS TEXT), ''), coalesce(r.reading_m3, 0)
FROM premises p
LEFT JOIN meters m ON m.premises_id = p.id AND m.installed_on = (
    SELECT max(x.installed_on) FROM meters x WHERE x.premises_id = p.id)
LEFT JOIN readings r ON r.premises_id = p.id AND r.read_on = (
    SELECT max(x.read_on) FROM readings x WHERE x.premises_id = p.id)
WHERE p.number IN ({marks})
"""


def typed(values: Sequence[Any], line: int, today: date) -> tuple[Row | None, str]:
    """A line's values with their types, or the reason why it cannot be used."""
    if None in values:
        return None, "a column is missing on this line"
    number, read_on, reading, kind = values
    if (
        len(number) == 9
        and reading.isdecimal()
        and len(reading) <= 9
        and kind in KINDS
        and number.isdecimal()
        and number.isascii()
        and reading.isascii()
    ):
        day = day_of(read_on)
        if day is not None and day <= today:
            return (line, number, read_on, int(reading), kind), ""
    return with_care([value.strip() for value in values], line, today)


def with_care(values: list[str], line: int, today: date) -> tuple[Row | None, str]:
    """The same for a line with blanks around its values, or with something wrong in it."""
    number, read_on, reading, kind = values
    if len(number) != 9 or not (number.isascii() and number.isdigit()):
        return None, "the customer number must have nine digits (leading zeros count)"
    day = day_of(read_on)
    if day is None:
        return None, why_no_day(read_on)
    if day > today:
        return None, "the day lies in the future"
    if not (reading.isascii() and reading.isdigit() and len(reading) <= 9):
        return None, "the reading must be a whole number of m3"
    if kind not in KINDS:
        return None, f"the kind must be one of {', '.join(ReadingKind)}"
    return (line, number, read_on, int(reading), kind), ""


class Batch:
    """Good rows that wait to be stored, what was unchanged, and what was refused."""

    def __init__(self, source_id: int) -> None:
        self.source_id = source_id
        self.waiting: list[tuple[int, str, int, str, int]] = []
        self.accepted = 0
        self.unchanged = 0
        self.rejected: list[Reject] = []

    def take(self, part: list[Row]) -> None:
        """Judge rows in their order, so that each sees the one before; store the good ones."""
        places = look_up({row[1] for row in part})
        repeated = len(places) < len(part)
        for row in part:
            _, number, read_on, reading_m3, kind = row
            facts = places.get(number)
            if facts is None:
                self.reject(row, "no premises has this customer number")
                continue
            if not follows(facts, read_on, reading_m3):
                place = Place._make(facts)
                if read_on <= place.last_on:
                    self.take_late(place, row)
                    continue
                if reason := judge(place, read_on, reading_m3):
                    self.reject(row, reason)
                    continue
            self.waiting.append((facts[1], read_on, reading_m3, kind, self.source_id))
            if repeated:
                places[number] = (*facts[:7], read_on, reading_m3)
        self.store()

    def take_late(self, place: Place, row: Row) -> None:
        """A reading of a day up to the last one: known already, or delivered late."""
        self.store()
        _, _, read_on, reading_m3, kind = row
        same = rows(SAME, (place.id, read_on))
        if same and same[0][0] == reading_m3:
            self.unchanged += 1
        elif same:
            self.reject(row, "another reading of this day is already there")
        elif reason := judge_between(place, read_on, reading_m3):
            self.reject(row, reason)
        else:
            self.waiting.append((place.id, read_on, reading_m3, kind, self.source_id))

    def reject(self, row: Row, reason: str) -> None:
        line, *columns = row
        self.rejected.append((*columns, line, reason))

    def store(self) -> None:
        if self.waiting:
            insert_many("readings", STORED, sorted(self.waiting))
            self.accepted += len(self.waiting)
            self.waiting = []


SAME = "SELECT reading_m3 FROM readings WHERE premises_id = ? AND read_on = ?"


def look_up(numbers: set[str]) -> dict[str, Facts]:
    """What is known of the premises of some customer numbers."""
    if not numbers:
        return {}
    sql = PLACES.format(marks=", ".join("?" * len(numbers)))
    return {row[0]: row for row in rows(sql, sorted(numbers))}


def import_file(
    path: Path, today: date, now: Any, seen: Callable[[int], None] = imports.nobody
) -> Progress:
    """Import a reading file; see `imports.import_file`."""
    kind = imports.Kind("readings", COLUMNS, typed, Batch, BATCH)
    return imports.import_file(kind, path, today, now, seen)
