"""What sets some premises of a batch apart: few have any of it, so each is one question a batch."""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from app.db import as_day, rows
from app.tariff.reductions import Grant
from app.tariff.table import Table

REDUCTIONS = """
SELECT premises_id, code, started_on, ended_on, value FROM reductions
WHERE premises_id > ? AND premises_id <= ?
"""
CHANGES = """
SELECT premises_id, what, changed_on, before FROM supply_changes
WHERE premises_id > ? AND premises_id <= ?
ORDER BY premises_id, what, changed_on
"""
PAUSES = """
SELECT premises_id, started_on, ended_on FROM pauses
WHERE premises_id > ? AND premises_id <= ?
"""
FAULTS = """
SELECT premises_id, found_on, mended_on FROM meter_faults
WHERE premises_id > ? AND premises_id <= ?
"""
JOINED = """
SELECT premises_id FROM joined_meters
WHERE premises_id > ? AND premises_id <= ?
"""
OPEN = """
SELECT premises_id FROM bills WHERE premises_id > ? AND premises_id <= ? AND paid_at IS NULL
"""
JOINING = """
SELECT main_id, premises_id, kind FROM joined_meters WHERE main_id > ? AND main_id <= ?
ORDER BY main_id, premises_id
"""

Granted = tuple[str, date, date | None, int]
Change = tuple[date, str]


class Facts(NamedTuple):
    """By row id of the premises; what is not there is as it usually is.

    `lasting` has the grants of those premises all of whose reductions began before the cycle and
    have no end: they need no look at the days.
    """

    reductions: dict[int, list[Granted]]
    lasting: dict[int, tuple[Grant, ...]]
    changes: dict[int, dict[str, list[Change]]]
    pauses: dict[int, list[tuple[date, date]]]
    faults: dict[int, list[tuple[date, date]]]
    joined: set[int]
    joining: dict[int, list[tuple[int, str]]]
    open: set[int]

    def odd(self) -> set[int]:
        """The premises whose period is not a plain one."""
        return self.changes.keys() | self.pauses.keys() | self.faults.keys() | self.joining.keys()


def facts_of(below: int, upto: int, table: Table, cycle_from: str) -> Facts:
    """The facts of the premises with ids above the first number and up to the second."""
    span = below, upto
    found = Facts(defaultdict(list), {}, {}, {}, {}, set(), defaultdict(list), set())
    found.lasting.update(grants(found, rows(REDUCTIONS, span), table, cycle_from))
    for premises_id, what, changed_on, before in rows(CHANGES, span):
        of = found.changes.setdefault(premises_id, {})
        of.setdefault(what, []).append((as_day(changed_on), before))
    for sql, into in ((PAUSES, found.pauses), (FAULTS, found.faults)):
        for premises_id, start, end in rows(sql, span):
            into.setdefault(premises_id, []).append(days(start, end))
    found.joined.update(premises_id for (premises_id,) in rows(JOINED, span))
    found.open.update(premises_id for (premises_id,) in rows(OPEN, span))
    for main_id, premises_id, kind in rows(JOINING, span):
        found.joining[main_id].append((premises_id, kind))
    return found


def grants(
    found: Facts, granted: list[tuple[Any, ...]], table: Table, cycle_from: str
) -> dict[int, tuple[Grant, ...]]:
    """Take in what was granted; the lasting grants of the premises that have no others."""
    lasting: dict[int, tuple[Grant, ...]] = {}
    others = set()
    plain = {code: code not in table.once for code in table.reductions}
    for premises_id, code, started_on, ended_on, value in granted:
        start, end = as_day(started_on), as_day(ended_on) if ended_on else None
        found.reductions[premises_id].append((code, start, end, value))
        if end is None and plain.get(code) and start.isoformat() <= cycle_from:
            lasting[premises_id] = (*lasting.get(premises_id, ()), Grant(code, value))
        else:
            others.add(premises_id)
    return {one: kept for one, kept in lasting.items() if one not in others}


def days(start: Any, end: Any) -> tuple[date, date]:
    """First and last day; without an end, for ever."""
    return as_day(start), as_day(end) if end else date.max
