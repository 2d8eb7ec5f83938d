"""Daily use from remote meters: the table, and the import of delivered days.

`night_litres` is the smallest flow of an hour between 1 and 5 o'clock, in litres; none where the
meter does not tell.
"""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from peewee import Check, CompositeKey, ForeignKeyField, IntegerField

from app.db import BaseModel, DayColumn, insert_many, rows
from app.supply import imports
from app.supply.imports import Progress, Reject, day_of, why_no_day
from app.supply.models import Premises

COLUMNS = ("customer_number", "day", "litres", "night_litres")
STORED = ("premises_id", "day", "litres", "night_litres")
BATCH = 5_000
MOST = 340
"""Litres a day for each square millimetre of diameter x diameter: a pipe that runs at 5 m/s for 24
hours (pi/4 x 5 m/s x 86,400 s). Water in a house pipe never runs faster for a whole day."""

Row = tuple[int, str, str, int, int | None]
"""line, customer number, day (ISO), litres, litres of the quietest hour of the night"""
Facts = tuple[str, int, str, str, int, str]
"""customer number, premises, first and last day of supply, diameter, newest day that is stored"""


class DailyUse(BaseModel):
    """How much water a premises used on a day."""

    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    day = DayColumn()
    litres = IntegerField(constraints=[Check("litres >= 0")])
    night_litres = IntegerField(null=True, constraints=[Check("night_litres >= 0")])

    class Meta:
        table_name = "daily_uses"
        primary_key = CompositeKey("premises", "day")
        without_rowid = True
        constraints = [Check("night_litres <= litres")]  # noqa: RUF012


PLACES = """
SELECT p.number, p.id, CAST(p.started_on AS TEXT), coalesce(CAST(p.removed_on AS TEXT), '9999'),
       p.diameter_mm, coalesce(CAST(d.day AS TEXT), '')
FROM premises p
LEFT JOIN daily_uses d ON d.premises_id = p.id AND d.day = (
    SELECT max(x.day) FROM daily_uses x WHERE x.premises_id = p.id)
WHERE p.number IN ({marks})
"""
SAME = "SELECT litres, night_litres FROM daily_uses WHERE premises_id = ? AND day = ?"


def whole(text: str) -> int | None:
    """A number of up to nine plain digits."""
    return int(text) if len(text) <= 9 and text.isascii() and text.isdigit() else None


def typed(values: Sequence[Any], line: int, today: date) -> tuple[Row | None, str]:
    """A line's values with their types, or the reason why it cannot be used."""
    if None in values:
        return None, "a column is missing on this line"
    number, on, used, night_text = (value.strip() for value in values)
    if len(number) != 9 or whole(number) is None:
        return None, "the customer number must have nine digits (leading zeros count)"
    day = day_of(on)
    if day is None:
        return None, why_no_day(on)
    if day >= today:
        return None, "the day lies in the future" if day > today else "the day is not over yet"
    litres, night = whole(used), whole(night_text)
    if litres is None or (night is None and night_text):
        return None, "litres must be whole numbers, 0 or more"
    if night is not None and night > litres:
        return None, "an hour of the night cannot use more than the day"
    return (line, number, on, litres, night), ""


def judge(facts: Facts, day: str, litres: int) -> str:
    """Why a premises cannot have used this on a day; or nothing."""
    _, _, started_on, removed_on, diameter_mm, _ = facts
    if not started_on <= day <= removed_on:
        return "the premises had no supply on this day"
    if litres > MOST * diameter_mm**2:
        return f"more than a pipe of {diameter_mm} mm lets through in a day"
    return ""


class Batch:
    """Good days that wait to be stored, what was unchanged, and what was refused."""

    def __init__(self, source_id: int) -> None:
        self.waiting: dict[tuple[int, str], tuple[int, int | None]] = {}
        self.accepted = 0
        self.unchanged = 0
        self.rejected: list[Reject] = []

    def take(self, part: list[Row]) -> None:
        """Judge the rows of a batch and store the good ones."""
        places = look_up({row[1] for row in part})
        for row in part:
            _, number, day, litres, night = row
            facts = places.get(number)
            if facts is None:
                self.reject(row, "no premises has this customer number")
            elif reason := judge(facts, day, litres):
                self.reject(row, reason)
            else:
                self.keep(row, facts, (litres, night))
        known = ((*key, *used) for key, used in sorted(self.waiting.items()))
        insert_many("daily_uses", STORED, known)
        self.accepted = len(self.waiting)

    def keep(self, row: Row, facts: Facts, used: tuple[int, int | None]) -> None:
        """A day that can be true: new, known already, or told otherwise before."""
        key = facts[1], row[2]
        same = self.waiting.get(key)
        if same is None and row[2] <= facts[5]:
            same = next(iter(rows(SAME, key)), None)
        if same is None:
            self.waiting[key] = used
        elif same == used:
            self.unchanged += 1
        else:
            self.reject(row, "another value of this day is already there")

    def reject(self, row: Row, reason: str) -> None:
        line, number, day, litres, night = row
        self.rejected.append((number, day, litres, "" if night is None else night, line, reason))


def look_up(numbers: set[str]) -> dict[str, Facts]:
    """What is known of the premises of some customer numbers."""
    if not numbers:
        return {}
    sql = PLACES.format(marks=", ".join("?" * len(numbers)))
    return {row[0]: row for row in rows(sql, sorted(numbers))}


def import_file(
    path: Path, today: date, now: Any, seen: Callable[[int], None] = imports.nobody
) -> Progress:
    """Import a file of days; see `imports.import_file`."""
    kind = imports.Kind("daily", COLUMNS, typed, Batch, BATCH)
    return imports.import_file(kind, path, today, now, seen)
