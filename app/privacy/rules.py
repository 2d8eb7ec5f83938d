"""The register's periods as SQL: what of a table is due, and how a batch of it goes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import Model

from app import clock
from app.db import DayColumn, as_day, as_instant, instant
from app.privacy.register import Keep, blocks, days_before, models, primary_key

IS_THERE = {"NULL": "IS NOT NULL", "''": "<> ''"}
"""Of what an emptied column holds: the condition that it is not empty."""


@dataclass(frozen=True)
class Gone:
    """What a rule destroyed, or would destroy: how many, and the days of the oldest and newest."""

    what: str
    rule: str
    count: int
    first: date | None = None
    last: date | None = None
    failed: bool = False

    @classmethod
    def of(cls, what: str, rule: str, days: list[date]) -> "Gone":
        first, last = (min(days), max(days)) if days else (None, None)
        return cls(what, rule, len(days), first, last)

    def and_(self, other: "Gone") -> "Gone":
        """Both together, of the same rule."""
        days = [day for day in (self.first, self.last, other.first, other.last) if day]
        first, last = (min(days), max(days)) if days else (None, None)
        count, failed = self.count + other.count, self.failed or other.failed
        return Gone(self.what, self.rule, count, first, last, failed)


@dataclass(frozen=True)
class Rule:
    """One period of a table. All names in its SQL are those of our models (a test compares)."""

    table: str
    model: type[Model]
    keep: Keep

    @property
    def name(self) -> str:
        """How the record calls it: `ended_on 3y: email, phone`."""
        keep = self.keep
        time = " ".join(f"{n}{unit}" for n, unit in ((keep.years, "y"), (keep.days, "d")) if n)
        what = ": " + ", ".join(keep.blank) if keep.blank else ""
        return f"{keep.since} {time or '0d'}{what}"[:60]

    @property
    def is_by_day(self) -> bool:
        return isinstance(self.model._meta.columns[self.keep.since], DayColumn)

    def limit(self, now: datetime) -> str:
        """What `since` must not be after, as the database writes it."""
        if self.is_by_day:
            return days_before(now.astimezone(clock.SEOUL).date(), self.keep).isoformat()
        return instant(self.keep.before(now))

    def day(self, value: Any) -> date:
        return as_day(value) if self.is_by_day else as_instant(value).astimezone(clock.SEOUL).date()

    def gone(self, found: list[tuple[Any, ...]]) -> Gone:
        """Rows of one column, `since`, of what a statement below has destroyed."""
        return Gone.of(self.table, self.name, [self.day(value) for (value,) in found])

    def void(self, name: str) -> str:
        """What a column holds that was emptied."""
        return "NULL" if self.model._meta.columns[name].null else "''"

    @property
    def due(self) -> str:
        """A condition; `?` is the limit."""
        due = f"{self.keep.since} <= ?"
        if self.keep.blank:
            there = (f"{name} {IS_THERE[self.void(name)]}" for name in self.keep.blank)
            due += f" AND ({' OR '.join(there)})"
        return due

    @property
    def counted(self) -> str:
        """How many are due, the oldest and the newest. Values: the limit."""
        since = self.keep.since
        return f"SELECT count(*), min({since}), max({since}) FROM {self.table} WHERE {self.due}"  # noqa: S608

    @property
    def change(self) -> str:
        if self.keep.blank:
            empty = ", ".join(f"{name} = {self.void(name)}" for name in self.keep.blank)
            return f"UPDATE {self.table} SET {empty}"  # noqa: S608
        return f"DELETE FROM {self.table}"  # noqa: S608

    @property
    def batch(self) -> str:
        """Values: the limit, how many at most."""
        key = ", ".join(primary_key(self.model))
        some = f"SELECT {key} FROM {self.table} WHERE {self.due} LIMIT ?"  # noqa: S608
        return f"{self.change} WHERE ({key}) IN ({some}) RETURNING {self.keep.since}"

    @property
    def slice(self) -> str:
        """Values: the first and last number of the parents, the limit.

        The key begins with the parent's number, so the old rows of each are found at once.
        """
        parent = self.keep.through
        some = f"SELECT id FROM {parent} WHERE id BETWEEN ? AND ?"  # noqa: S608
        theirs = f"{parent}_id IN ({some})"
        return f"{self.change} WHERE {theirs} AND {self.due} RETURNING {self.keep.since}"

    @property
    def parents(self) -> str:
        """The first and the last number of a parent."""
        return f"SELECT min(id), max(id) FROM {self.keep.through}"  # noqa: S608


def rules() -> list[Rule]:
    """Every period of the register that ends by the calendar."""
    known = models()
    return [
        Rule(block.table, known[block.table], keep)
        for block in blocks().values()
        for keep in block.keep
        if keep.since and not keep.close
    ]
