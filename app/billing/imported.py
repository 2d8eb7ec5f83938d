"""Imports finished bills of another billing system; a bill comes whole or not at all."""

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from app.billing.delivered import COLUMNS, OPTIONAL, PARTS, Header, Row, group, typed
from app.billing.run import BILL_COLUMNS
from app.bills.models import encoded, late_from
from app.clock import SEOUL
from app.db import as_day, as_instant, change_many, database, insert_many, is_postgres, rows
from app.references import hashed, keyed
from app.signs import harmless
from app.supply import imports
from app.supply.imports import Progress, Reject
from app.tariff.late import days_after
from app.tariff.lines import Line

BATCH = 5_000
LINES = 200
"""Of one bill, at most."""
STORED = (*BILL_COLUMNS, "paid_at")
KNOWN = "SELECT id FROM premises WHERE number = ?"
OTHERS = "SELECT month, from_on, to_on FROM bills WHERE premises_id = ? AND revision = 0"
SAME = """
SELECT from_on, to_on, previous_m3, current_m3, reading_kind, usage_m3, months, households,
       diameter_mm, water_class, sewer_class, total, due_on, issued_on, lines, CAST(paid_at AS TEXT)
FROM bills WHERE premises_id = ? AND month = ? AND revision = 0
"""
CHARGED = "SELECT amount FROM late_fees WHERE premises_id = ? AND month = ?"
LATE_FEE = """
INSERT INTO late_fees (premises_id, month, charged_in, unpaid, days, amount)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (premises_id, month) DO UPDATE SET charged_in = excluded.charged_in,
    unpaid = excluded.unpaid, days = excluded.days, amount = excluded.amount
WHERE late_fees.amount = 0
"""
Period = tuple[str, date, date]
"""month, from_on, to_on"""


class Batch:
    """Good bills that wait to be stored, what was unchanged, and what was refused; all in lines."""

    def __init__(self, code_key: bytes, source_id: int) -> None:
        self.code_key = code_key
        self.accepted = 0
        self.unchanged = 0
        self.rejected: list[Reject] = []
        self.ids: dict[str, int | None] = {}
        self.periods: dict[int, list[Period]] = defaultdict(list)
        self.waiting: list[tuple[Any, ...]] = []
        self.fees: dict[tuple[int, str], tuple[Any, ...]] = {}

    def take(self, part: list[Row]) -> None:
        """Judge bills in their order and store the good ones."""
        if is_postgres():  # as the run does: both write bills
            database.execute_sql("SELECT pg_advisory_xact_lock(7214032)")
        for key, some in groupby(part, key=lambda row: group(row.values) or row.number):
            lines = list(some)
            reason = self.judge(lines) if isinstance(key, tuple) else lines[0].reason
            for row in lines if reason else ():
                said = row.reason or reason
                self.rejected.append((*(cell(value) for value in row.values), row.number, said))
        insert_many("bills", STORED, sorted(self.waiting))
        change_many(LATE_FEE, self.fees.values())

    def judge(self, part: list[Row]) -> str:
        """Take a bill, or say why it is refused."""
        header, lines = part[0].header, [row.line for row in part if row.line]
        if len(part) > LINES:
            return f"a bill has at most {LINES} lines"
        wrong = [row.number for row in part if row.reason]
        if wrong or header is None:
            return f"another line of this bill is wrong (line {(wrong or [part[0].number])[0]})"
        if any(row.header != header for row in part):
            return "the lines of this bill do not agree on what it says as a whole"
        if reason := disagreement(header, lines):
            return reason
        premises_id = self.id_of(header.number)
        if premises_id is None:
            return "no premises has this customer number"
        return self.beside_others(premises_id, header, lines)

    def id_of(self, number: str) -> int | None:
        """The premises of a customer number; its bills are looked up with it."""
        if number not in self.ids:
            found = rows(KNOWN, (number,))
            self.ids[number] = found[0][0] if found else None
            for (premises_id,) in found:
                self.periods[premises_id] = [
                    (month, as_day(start), as_day(end))
                    for month, start, end in rows(OTHERS, (premises_id,))
                ]
        return self.ids[number]

    def beside_others(self, premises_id: int, header: Header, lines: list[Line]) -> str:
        """Take a bill that is right by itself, or say which other bill contradicts it."""
        own = header.month, as_day(header.from_on), as_day(header.to_on)
        for other in self.periods[premises_id]:
            if other[0] == own[0]:
                return self.again(premises_id, header, lines)
            first, second = sorted((own, other))
            if first[2] > second[1]:
                return f"the period overlaps, or is out of order with, the bill of {other[0]}"
        fees = late_fees(premises_id, header, lines)
        for of, fee in fees.items():
            charged = [self.fees[of]] if of in self.fees else rows(CHARGED, of)
            if charged and charged[0][-1] and fee[-1]:
                return f"the late fee of {of[1]} is charged on another bill already"
        self.fees |= {of: fee for of, fee in fees.items() if fee[-1] or of not in self.fees}
        self.periods[premises_id].append(own)
        self.waiting.append(bill(premises_id, header, lines, self.code_key))
        self.accepted += len(lines)
        return ""

    def again(self, premises_id: int, header: Header, lines: list[Line]) -> str:
        """A bill whose month is there: the same one is unchanged, another one is refused."""
        found = rows(SAME, (premises_id, header.month))
        if not found:
            return "this file has another bill of this month"
        *there, paid_at = found[0]
        new = dict(zip(STORED, bill(premises_id, header, lines, self.code_key), strict=True))
        names = (
            "from_on", "to_on", "previous_m3", "current_m3", "reading_kind", "usage_m3", "months",
            "households", "diameter_mm", "water_class", "sewer_class", "total", "due_on",
            "issued_on", "lines",
        )  # fmt: skip
        if [str(value) for value in there] != [str(new[name]) for name in names]:
            return "another bill of this month is already there"
        if header.paid_at and (not paid_at or as_instant(paid_at) != as_instant(header.paid_at)):
            return "this bill is already there, but it was not paid at this moment"
        self.unchanged += len(lines)
        return ""


def cell(value: str) -> str:
    """A value as it was delivered, so that a corrected file can be imported; formulas disarmed."""
    return value if re.fullmatch(r"-?\d+(\.\d)?", value) else harmless(value)


def sums(lines: list[Line]) -> dict[str, tuple[int, int]]:
    """Of each part, the won of its lines and what is taken off (above 0)."""
    found = {}
    for part in (*PARTS, "late"):
        own = [line for line in lines if line.part == part]
        off = sum(line.amount for line in own if line.kind == "discount")
        found[part] = sum(line.amount for line in own) - off, -off
    return found


def disagreement(header: Header, lines: list[Line]) -> str:
    """Why the lines of a bill cannot make its total, or nothing."""
    total = sum(line.amount for line in lines)
    if total != header.total:
        return f"the lines come to {total} won, the bill says {header.total}"
    for part, (gross, off) in sums(lines).items():
        if gross < 0:
            return f"the lines of part {part} come to less than 0 won"
        if off > gross:
            return f"the discounts of part {part} are more than the part"
    return ""


def bill(premises_id: int, header: Header, lines: list[Line], code_key: bytes) -> tuple[Any, ...]:
    """The row of a bill, in the order of STORED."""
    of = sums(lines)
    code = keyed(code_key, f"{header.number} {header.month} 0")
    return (
        premises_id, header.month, 0, code, header.from_on, header.to_on, header.previous_m3,
        header.current_m3, header.kind, header.usage_m3, header.months, header.households,
        header.diameter_mm, header.water_class, header.sewer_class,
        *(of[part][0] for part in PARTS), sum(off for _, off in of.values()), of["late"][0],
        header.total, 0, 0, header.due_on, header.issued_on, encoded(lines), header.paid_at or None,
    )  # fmt: skip


def late_fees(
    premises_id: int, header: Header, lines: list[Line]
) -> dict[tuple[int, str], tuple[Any, ...]]:
    """What is noted so that no late fee is charged twice, by premises and month.

    The bill's own late lines; and for a bill that came paid too late a fee of 0 won: whatever was
    to be charged for it, the other system did.
    """
    found = {
        (premises_id, line.key): (
            premises_id, line.key, header.month, line.quantity, line.days, line.amount
        )
        for line in lines
        if line.kind == "late"
    }  # fmt: skip
    due_on = as_day(header.due_on)
    if header.paid_at and header.paid_at >= late_from(due_on):
        paid_on = as_instant(header.paid_at).astimezone(SEOUL).date()
        days = min((paid_on - due_on).days, days_after(header.month, due_on))
        owed = header.total - sums(lines)["late"][0]
        own = premises_id, header.month
        found[own] = (premises_id, header.month, header.month, owed, days, 0)
    return found


def import_file(
    code_key: bytes,
    path: Path,
    today: date,
    now: Any,
    seen: Callable[[int], None] = imports.nobody,
) -> Progress:
    """Import a file of bills; see `imports.import_file`."""
    batch = partial(Batch, hashed(code_key))
    kind = imports.Kind("bills", COLUMNS, typed, batch, BATCH, group, OPTIONAL)
    return imports.import_file(kind, path, today, now, seen)
