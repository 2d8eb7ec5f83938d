"""Corrections: a bill is never edited; a new document of the same month takes its place."""

import json
from datetime import date, datetime
from typing import Any, NamedTuple

from app.billing import joined
from app.billing.assess import Assessed, assess
from app.billing.due import Due
from app.billing.facts import Facts, facts_of
from app.billing.models import Correction, Instalment
from app.billing.paid import align
from app.billing.periods import NOTICE, RUN_LOCK
from app.bills.models import Bill, encoded
from app.db import database, is_postgres, rows, statement, writing
from app.forms import tidy
from app.references import hashed, keyed
from app.signs import has_odd_signs
from app.supply.models import Premises
from app.tariff.engine import Charge
from app.tariff.reductions import Grant
from app.tariff.table import Table, TariffError
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

    def then(self, later: "Wanted") -> "Wanted":
        """Both, the later one where they differ; uses and readings are of one document only."""
        codes = {grant.code for grant in later.grants}
        return later._replace(
            households=later.households or self.households,
            water_class=later.water_class or self.water_class,
            sewer_class=later.sewer_class or self.sewer_class,
            grants=(*(one for one in self.grants if one.code not in codes), *later.grants),
            waive_late_fee=later.waive_late_fee or self.waive_late_fee,
        )

    def silent(self) -> "Wanted":
        """The same without a word about the use."""
        return self._replace(usage_m3=None, current_m3=None)

    def text(self) -> str:
        """As it is kept beside the correction."""
        return json.dumps(self._asdict(), ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> "Wanted":
        """What `text` kept."""
        kept = json.loads(text)
        return cls(**{**kept, "grants": tuple(Grant(*one) for one in kept.get("grants", ()))})


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
    signed = checked(signed)
    with writing():
        old = held(number, month)
        if wanted.current_m3 is not None and wanted.usage_m3 is not None:
            raise CorrectionError("give either the use or the reading")
        before = earlier_wishes(old)
        everything = before.then(wanted)
        found = anew(old, everything, wanted, table)
        new = document(old, found, found.charge(table), everything, wanted, code_key, today)
        if same(old, new):
            raise CorrectionError("the corrected bill is the same as the one before")
        Bill.insert(new).execute()
        key = f"{old.premises_id}:{month}:{new['revision']}"
        align(old.premises_id, month, key, signed.made_at, signed.made_by)
        return Correction.create(
            premises=old.premises_id,
            month=month,
            revision=new["revision"],
            reason=signed.reason,
            made_by=signed.made_by,
            made_at=signed.made_at,
            difference=new["total"] - old.total,
            wanted=everything.text(),
            proposal=proposal(old.premises_id, month, new["total"], new["paid_before"]),
        )


def checked(signed: Signed) -> Signed:
    """The reason and the name as they are kept; residents see the reason (S-31)."""
    reason, made_by = tidy(signed.reason), tidy(signed.made_by)
    if not reason or not made_by:
        raise CorrectionError("a correction needs a reason and the name of who makes it")
    if len(reason) > 200 or len(made_by) > 60:
        raise CorrectionError("the reason has at most 200 signs, the name 60")
    if has_odd_signs(reason + made_by):
        raise CorrectionError("the reason or the name holds signs that cannot be shown")
    return signed._replace(reason=reason, made_by=made_by)


def held(number: str, month: str) -> Bill:
    """The newest document of a bill, which nobody else changes until the transaction ends."""
    place = Premises.numbered(number).first()
    if place:
        if is_postgres():
            database.execute_sql(statement(RUN_LOCK))
        Premises.hold([place.id])
    old: Bill | None = Bill.documents(place.id, month).first() if place else None
    if old is None:
        raise CorrectionError("there is no such bill")
    if any(line.kind == "main" for line in old.read_lines()):
        raise CorrectionError("its use is billed with another number: correct that bill")
    planned = (Instalment.premises == old.premises_id) & (Instalment.month == month)
    if Instalment.select().where(planned).exists():
        raise CorrectionError("it is paid by instalments: settle or end them first")
    return old


def earlier_wishes(old: Bill) -> Wanted:
    """What differed from the first document in the corrections before."""
    key = (Correction.premises == old.premises_id) & (Correction.month == old.month)
    last = Correction.select().where(key & (Correction.revision == old.revision)).first()
    return Wanted.read(last.wanted) if last else Wanted()


def anew(old: Bill, wanted: Wanted, now: Wanted, table: Table) -> Assessed:
    """The period of the bill with what was wrong put right."""
    asked = rows(AS_BILLED, (old.premises_id, old.month, old.revision))
    if not asked:
        raise CorrectionError("its meter is not known: correct it where it was made")
    due = Due._make(asked[0])
    facts = facts_of(old.premises_id - 1, old.premises_id, table, "")
    others = joined.as_billed(old.read_lines())
    if now.current_m3 is None:
        used = old.usage_m3 if now.usage_m3 is None else now.usage_m3
        found = assess(due, facts, old.month, table, used)
    else:
        found = reread(old, due, now.current_m3, facts, table)
        used = found.used_m3 + sum(other.used_m3 for other in others if other.kind == "tap")
    found = found._replace(period=found.period._replace(months=old.months))
    base = [line for line in old.read_lines() if line.kind == "base"]
    if found.special.base_days and all(line.days == line.of_days for line in base):
        found = found._replace(special=found.special._replace(base_days=0))
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


def reread(old: Bill, due: Due, current_m3: int, facts: Facts, table: Table) -> Assessed:
    """The use that another reading shows; raises CorrectionError where it cannot be."""
    if rows(LATER, (old.premises_id, old.month)):
        raise CorrectionError("a later bill begins at this reading: give the use instead")
    try:
        return assess(due._replace(reading_m3=current_m3), facts, old.month, table)
    except TariffError as error:
        raise CorrectionError(str(error)) from error


def document(
    old: Bill,
    found: Assessed,
    made: Charge,
    wanted: Wanted,
    now: Wanted,
    code_key: bytes,
    today: date,
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
        "current_m3": old.current_m3 if now.current_m3 is None else now.current_m3,
        "reading_kind": old.reading_kind if now == now.silent() else known(old.reading_kind),
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


def known(kind: str) -> str:
    """How the meter was read, once the use is known: no longer an estimate."""
    return "regular" if kind == "estimated" else kind


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
