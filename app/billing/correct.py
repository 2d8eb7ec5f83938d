"""Corrections: a bill is never edited; a new document of the same month takes its place."""

from datetime import date, datetime
from typing import Any, NamedTuple

from app.billing import joined
from app.billing.assess import Assessed, Due, assess
from app.billing.facts import facts_of
from app.billing.models import Correction
from app.billing.periods import NOTICE
from app.bills.models import Bill, encoded
from app.db import is_postgres, rows, writing
from app.references import hashed, keyed
from app.supply import usage
from app.supply.models import Premises
from app.tariff.engine import Charge
from app.tariff.reductions import Grant
from app.tariff.table import Table
from app.workdays import next_business_day

AS_BILLED = """
SELECT p.id, p.number, p.district, p.water_class, p.sewer_class, p.diameter_mm, p.households,
       p.dwellings, p.billing_months, b.to_on, b.current_m3, b.reading_kind, e.month, b.from_on,
       b.previous_m3, e.reading_kind, e.due_on, CAST(e.paid_at AS TEXT), e.arrears,
       m.installed_on, m.start_m3, m.digits
FROM bills b
JOIN premises p ON p.id = b.premises_id
JOIN meters m ON m.premises_id = p.id AND m.installed_on = (
    SELECT max(x.installed_on) FROM meters x
    WHERE x.premises_id = p.id AND x.installed_on < b.to_on)
LEFT JOIN bills e ON e.premises_id = p.id AND (e.month, e.revision) = (
    SELECT x.month, x.revision FROM bills x WHERE x.premises_id = p.id AND x.month < b.month
    ORDER BY x.month DESC, x.revision DESC LIMIT 1)
WHERE b.premises_id = ? AND b.month = ? AND b.revision = ?
"""
LATER = "SELECT 1 FROM bills WHERE premises_id = ? AND month > ?"
OPEN = """
SELECT count(*) FROM bills b WHERE b.premises_id = ? AND b.month <> ? AND b.paid_at IS NULL
  AND b.total > b.paid_before AND NOT EXISTS (SELECT 1 FROM bills n
      WHERE n.premises_id = b.premises_id AND n.month = b.month AND n.revision > b.revision)
"""


class CorrectionError(ValueError):
    """A correction that cannot be made; says why."""


class Wanted(NamedTuple):
    """What is different from the bill that is corrected; None and nothing stay as they were."""

    usage_m3: int | None = None
    current_m3: int | None = None
    households: int | None = None
    water_class: str | None = None
    sewer_class: str | None = None
    grants: tuple[Grant, ...] = ()
    waive_late_fee: bool = False


class Signed(NamedTuple):
    """Why a correction was made, by whom and when."""

    reason: str
    made_by: str
    made_at: datetime


def correct(
    number: str,
    month: str,
    wanted: Wanted,
    signed: Signed,
    table: Table,
    code_key: bytes,
    today: date,
) -> Correction:
    """Replace a bill by a new document; raises CorrectionError or TariffError.

    What was paid on the documents before counts for the new one. For the difference a way is
    proposed (W-RULE art. 38: first against other arrears, then back to the payer); nothing is done.
    """
    if not signed.reason.strip() or not signed.made_by.strip():
        raise CorrectionError("a correction needs a reason and the name of who makes it")
    with writing():
        place = Premises.numbered(number).first()
        query = Bill.documents(place.id, month) if place else None
        if query is not None and is_postgres():
            query = query.for_update()
        old = query.first() if query is not None else None
        if old is None:
            raise CorrectionError("there is no such bill")
        found = anew(old, wanted, table)
        made = found.charge(table)
        new = document(old, found, made, wanted, code_key, today)
        if same(old, new):
            raise CorrectionError("the corrected bill is the same as the one before")
        Bill.insert(new).execute()
        return Correction.create(
            premises=old.premises_id,
            month=month,
            revision=new["revision"],
            reason=signed.reason.strip(),
            made_by=signed.made_by.strip(),
            made_at=signed.made_at,
            difference=new["total"] - old.total,
            proposal=proposal(old.premises_id, month, new["total"], new["paid_before"]),
        )


def anew(old: Bill, wanted: Wanted, table: Table) -> Assessed:
    """The period of the bill with what was wrong put right."""
    (row,) = rows(AS_BILLED, (old.premises_id, old.month, old.revision))
    due = Due._make(row)
    facts = facts_of(old.premises_id - 1, old.premises_id)
    used = used_anew(old, wanted, due)
    found = assess(due, facts, old.month, table, used)
    found = found._replace(period=found.period._replace(months=old.months))
    others = joined.as_billed(old.read_lines())
    found = joined.added(found, others, table)._replace(used_m3=used)
    changes: dict[str, Any] = {
        name: value
        for name in ("households", "water_class", "sewer_class")
        if (value := getattr(wanted, name)) is not None
    }
    return found._replace(
        terms=found.terms._replace(**changes),
        grants=(*found.grants, *wanted.grants),
    )


def used_anew(old: Bill, wanted: Wanted, due: Due) -> int:
    """The use that is right; raises CorrectionError where it cannot be."""
    if wanted.usage_m3 is not None and wanted.current_m3 is not None:
        raise CorrectionError("give either the use or the reading")
    if wanted.current_m3 is None:
        return old.usage_m3 if wanted.usage_m3 is None else wanted.usage_m3
    if rows(LATER, (old.premises_id, old.month)):
        raise CorrectionError("a later bill begins at this reading: give the use instead")
    found = usage.dial(old.previous_m3, wanted.current_m3, due.digits)
    if found is None:
        raise CorrectionError("the reading contradicts the one before")
    return found


def document(
    old: Bill, found: Assessed, made: Charge, wanted: Wanted, code_key: bytes, today: date
) -> dict[str, Any]:
    """The columns of the new document."""
    late = [] if wanted.waive_late_fee else [x for x in old.read_lines() if x.part == "late"]
    others = [line for line in old.read_lines() if line.part == "joined"]
    fee = sum(line.amount for line in late)
    paid = old.total if old.paid_at is not None else old.paid_before
    due_on = old.due_on
    if made.total + fee > paid and today + NOTICE > due_on:
        due_on = next_business_day(today + NOTICE)
    revision = old.revision + 1
    number = Premises.get_by_id(old.premises_id).number
    code = keyed(hashed(code_key), f"{number} {old.month} {revision}")
    values = {name: old.__data__[name] for name in old.__data__ if name not in ("paid_at", "lines")}
    return values | {
        "revision": revision,
        "code": code,
        "current_m3": old.current_m3 if wanted.current_m3 is None else wanted.current_m3,
        "usage_m3": found.used_m3,
        "households": found.terms.households,
        "water_class": found.terms.water_class,
        "sewer_class": found.terms.sewer_class,
        "water": made.water,
        "sewer": made.sewer,
        "levy": made.levy,
        "discount": made.discount,
        "late_fee": fee,
        "total": made.total + fee,
        "paid_before": paid,
        "due_on": due_on,
        "issued_on": today,
        "lines": encoded([*made.lines, *others, *late]),
    }


def same(old: Bill, new: dict[str, Any]) -> bool:
    names = ("usage_m3", "current_m3", "total", "lines")
    return all(getattr(old, name) == new[name] for name in names)


def proposal(premises_id: int, month: str, total: int, paid: int) -> str:
    """What to do about the difference (W-RULE art. 38); a person decides."""
    if paid == 0 or paid == total:
        return "none"
    if paid < total:
        return "collect"
    ((others,),) = rows(OPEN, (premises_id, month))
    return "set_off" if others else "refund"
