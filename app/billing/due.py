"""Which premises are to be billed in a month, with what a bill starts from."""

from typing import Any, NamedTuple

from app.billing.periods import months_between
from app.bills.models import late_from
from app.clock import add_months
from app.db import as_day, rows

DUE = """
SELECT p.id, p.number, p.district, p.water_class, p.sewer_class, p.diameter_mm, p.households,
       p.dwellings, p.billing_months, r.read_on, r.reading_m3, r.kind, b.month, b.to_on,
       b.current_m3, b.reading_kind, b.due_on, CAST(b.paid_at AS TEXT), b.arrears,
       m.installed_on, m.start_m3, m.digits
FROM premises p
JOIN readings r ON r.premises_id = p.id AND r.read_on BETWEEN ? AND ? AND r.kind <> 'final'
JOIN meters m ON m.premises_id = p.id AND m.installed_on < r.read_on
LEFT JOIN bills b ON b.premises_id = p.id AND (b.month, b.revision) = (
    SELECT x.month, x.revision FROM bills x WHERE x.premises_id = p.id
    ORDER BY x.month DESC, x.revision DESC LIMIT 1)
WHERE p.id > ? AND p.id <= ?
ORDER BY p.id, r.read_on, m.installed_on
"""
"""Of a premises' rows the last one counts: its last reading, and the meter that showed it."""
FINAL = """
SELECT p.id, p.number, p.district, p.water_class, p.sewer_class, p.diameter_mm, p.households,
       p.dwellings, p.billing_months, r.read_on, r.reading_m3, r.kind, b.month, b.to_on,
       b.current_m3, b.reading_kind, b.due_on, CAST(b.paid_at AS TEXT), b.arrears,
       m.installed_on, m.start_m3, m.digits
FROM readings r
JOIN premises p ON p.id = r.premises_id
JOIN meters m ON m.premises_id = p.id AND m.installed_on = (
    SELECT max(x.installed_on) FROM meters x
    WHERE x.premises_id = p.id AND x.installed_on < r.read_on)
LEFT JOIN bills b ON b.premises_id = p.id AND (b.month, b.revision) = (
    SELECT x.month, x.revision FROM bills x WHERE x.premises_id = p.id
    ORDER BY x.month DESC, x.revision DESC LIMIT 1)
WHERE NOT EXISTS (SELECT 1 FROM readings e WHERE e.premises_id = p.id AND e.kind <> 'final'
      AND e.read_on BETWEEN ? AND ? AND e.read_on < r.read_on
      AND (b.to_on IS NULL OR e.read_on > b.to_on))
  AND r.kind = 'final' AND r.premises_id > ? AND r.premises_id <= ? AND r.read_on <= ?
  AND (b.to_on IS NULL OR r.read_on > b.to_on)
  AND r.read_on = (SELECT min(y.read_on) FROM readings y WHERE y.premises_id = p.id
      AND y.kind = 'final' AND (b.to_on IS NULL OR y.read_on > b.to_on))
ORDER BY p.id
"""


class Due(NamedTuple):
    """A premises to be billed: its terms, the reading of the cycle, its last bill, its meter."""

    premises_id: int
    number: str
    district: str
    water_class: str
    sewer_class: str
    diameter_mm: int
    households: int
    dwellings: int
    billing_months: int
    read_on: Any
    reading_m3: int
    kind: str
    billed_month: str | None
    billed_on: Any
    billed_m3: int
    billed_kind: str | None
    billed_due_on: Any
    billed_paid_at: str | None
    billed_arrears: int
    installed_on: Any
    start_m3: int
    digits: int


def irregular(due: Due) -> bool:
    """Whether the period is not a whole cycle: the first bill, a final one, the one after it."""
    return due.billed_month is None or "final" in (due.kind, due.billed_kind)


class Counted(NamedTuple):
    """How a month stands: premises with a bill, and those in supply whose cycle lacks a reading."""

    billed: int
    unread: int


UNREAD = """
FROM premises p
JOIN bills b ON b.premises_id = p.id AND b.revision = 0 AND b.month = ?
WHERE p.removed_on IS NULL AND p.billing_months = ?
  AND NOT EXISTS (SELECT 1 FROM pauses s WHERE s.premises_id = p.id AND s.ended_on IS NULL)
  AND NOT EXISTS (SELECT 1 FROM bills x WHERE x.premises_id = p.id AND x.month = ?)
"""
COUNT_UNREAD = f"SELECT count(*) {UNREAD}"
SOME_UNREAD = f"SELECT p.number {UNREAD} ORDER BY p.id LIMIT 20"
BILLED = "SELECT 1 FROM bills WHERE premises_id = ? AND month = ?"


def counted(month: str) -> Counted:
    """Premises are due when their last bill lies one of their cycles back."""
    ((billed,),) = rows("SELECT count(*) FROM bills WHERE month = ? AND revision = 0", (month,))
    unread = [rows(COUNT_UNREAD, asked)[0][0] for asked in cycles(month)]
    return Counted(billed, sum(unread))


def unread(month: str) -> list[str]:
    """The numbers of twenty premises in supply whose cycle lacks a reading, or of all."""
    return [number for asked in cycles(month) for (number,) in rows(SOME_UNREAD, asked)][:20]


def cycles(month: str) -> list[tuple[str, int, str]]:
    """What UNREAD asks for each length of a cycle."""
    return [(add_months(month, -n), n, month) for n in (1, 2)]


def row_settled(row: tuple[Any, ...]) -> bool:
    """Whether the last bill of a row of DUE, if there is one, has left nothing."""
    return row[12] is None or settled(row[16], row[17], row[18])


def settled(due_on: Any, paid_at: str | None, arrears: int) -> bool:
    """Whether a bill shows that nothing is left: paid in time, and nothing before it."""
    return paid_at is not None and not arrears and paid_at < late_from(as_day(due_on))


def is_due(due: Due, month: str) -> bool:
    """Whether a premises' cycle ends with this month; a stray reading makes no bill of its own."""
    since = due.billed_month
    if since is None or due.billed_kind == "final":
        return since != month
    return months_between(since, month) >= due.billing_months
