"""Use of a premises whose meter is faulty: what was normal before."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.billing.due import Due
from app.billing.periods import cycle, months_between
from app.db import as_day, rows
from app.supply import usage
from app.tariff.table import Period, Table, TariffError

BEFORE = """
SELECT month, reading_kind, usage_m3, months FROM bills WHERE premises_id = ? AND month < ?
ORDER BY month DESC, revision DESC
"""


def estimate(premises_id: int, month: str, months: int, table: Table) -> int:
    """m3 of some months after the mean of the last normal ones (W-RULE art. 21).

    Raises TariffError where there are none, or where it was done as often as the rule allows.
    """
    seen: set[str] = set()
    in_a_row = normal_m3 = normal_months = 0
    for of, kind, used, count in rows(BEFORE, (premises_id, month)):
        if of in seen:
            continue
        seen.add(of)
        if kind == "estimated":
            in_a_row += 0 if normal_months else 1
            continue
        normal_m3, normal_months = normal_m3 + used, normal_months + count
        if normal_months >= table.rules.estimate_months:
            break
    if in_a_row >= table.rules.estimates_in_a_row:
        raise TariffError(f"use was estimated {in_a_row} times in a row: the meter must be mended")
    if not normal_months:
        raise TariffError("the meter is faulty and there is no earlier use to estimate from")
    return normal_m3 * months // normal_months


def fault_within(faults: Sequence[tuple[date, date]], period: Period) -> bool:
    """Whether the meter was faulty on a day of a period; it is mended on its last day."""
    return any(found <= period.end and mended > period.start for found, mended in faults)


def assumed(due: Due, period: Period, table: Table) -> tuple[int, bool]:
    """m3 of a period in which the meter was faulty, and whether all of it is estimated.

    What a faulty meter counts is not believed. Where a new one was put in within the period, its
    count is used, and only the days before it are estimated.
    """
    if due.billed_month is None:
        raise TariffError("the meter is faulty and there is no earlier use to estimate from")
    new_on = as_day(due.installed_on)
    if not period.start < new_on < period.end or due.kind == "estimated":
        return estimate(due.premises_id, period.month, period.months, table), True
    counted = usage.dial(due.start_m3, due.reading_m3, due.digits)
    if counted is None:
        raise TariffError("the readings contradict the meter")
    whole = estimate(due.premises_id, period.month, period.months, table)
    return counted + whole * (new_on - period.start).days // (period.end - period.start).days, False


UNREAD = """
SELECT DISTINCT p.id, p.number, p.district, p.water_class, p.sewer_class, p.diameter_mm,
       p.households, p.dwellings, p.billing_months, b.month, b.to_on, b.current_m3,
       b.reading_kind, b.due_on, CAST(b.paid_at AS TEXT), b.arrears, m.installed_on, m.start_m3,
       m.digits
FROM meter_faults f
JOIN premises p ON p.id = f.premises_id
JOIN bills b ON b.premises_id = p.id
JOIN meters m ON m.premises_id = p.id AND m.installed_on = (
    SELECT max(x.installed_on) FROM meters x WHERE x.premises_id = p.id)
WHERE f.premises_id > ? AND f.premises_id <= ? AND f.found_on <= ?
  AND (f.mended_on IS NULL OR f.mended_on > ?) AND p.removed_on IS NULL
  AND NOT EXISTS (SELECT 1 FROM joined_meters j WHERE j.premises_id = p.id)
  AND NOT EXISTS (SELECT 1 FROM pauses s WHERE s.premises_id = p.id
      AND s.started_on <= b.to_on AND s.ended_on IS NULL)
  AND NOT EXISTS (SELECT 1 FROM bills n WHERE n.premises_id = p.id
      AND (n.month > b.month OR (n.month = b.month AND n.revision > b.revision)))
  AND NOT EXISTS (SELECT 1 FROM readings r WHERE r.premises_id = p.id AND r.kind <> 'final'
      AND r.read_on >= ? AND r.read_on <= ?)
ORDER BY p.id
"""


def unread(below: int, upto: int, month: str) -> list[Due]:
    """Premises with a faulty meter that nobody could read in the cycle of a month.

    Their period ends on the day of the cycle that lies as many months after the last one; the
    next one begins with what was read last.
    """
    first, last = (day.isoformat() for day in cycle(month))
    found = []
    for row in rows(UNREAD, (below, upto, last, last, first, last)):
        values: list[Any] = list(row)
        months = months_between(values[9], month)
        end = same_day(as_day(values[10]), months, month)
        values[9:9] = [end, values[11], "estimated"]
        found.append(Due._make(values))
    return found


def same_day(day: date, months: int, month: str) -> date:
    """The day some months later, kept within the cycle of a month."""
    first, last = cycle(month)
    year, number = divmod(day.year * 12 + day.month - 1 + months, 12)
    return min(max(date(year, number + 1, min(day.day, 28)), first), last)
