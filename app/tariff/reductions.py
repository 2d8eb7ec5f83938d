"""Discounts and reductions as rows of the tariff file: who gets what off which part of a bill."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from app.tariff import fields

PARTS = ("water", "sewer", "levy")
KINDS = ("free", "less_use", "volume", "share", "fixed")
"""What is taken off, in the order in which a table must list them.

volume    `value` m3 of the grant, `percent` of them, are not charged (leaks, unused volumes)
less_use  `percent` of the use is not charged
free      `m3` of each household and month are not charged, for `value` households of the grant
share     `percent` of the part's amount, at least `least` and at most `most` won
fixed     `won`
"""
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}")
ORDER = {"volume": 0, "less_use": 1, "free": 2, "share": 3, "fixed": 4}


class TariffError(ValueError):
    """A tariff file that must not be used, or a period that has no rate; says where and why."""


class Reduction(NamedTuple):
    """One rule. `percent` is by part; months and days bound when it holds."""

    code: str
    name: Mapping[str, str]
    kind: str
    percent: Mapping[str, int]
    m3: int
    won: int
    least: int
    most: int | None
    group: str
    classes: frozenset[str]
    reading: str
    first_bill: bool
    billed_from: str
    billed_until: str
    applied_from: date
    applied_until: date
    by_day: int
    unless: frozenset[str]
    ground: bool
    counts_homes: bool
    asked: bool
    verified: bool
    source: str

    @property
    def bounded(self) -> bool:
        """Whether the day of the application decides more than when it begins."""
        always = self.applied_from == date.min and self.applied_until == date.max
        return self.first_bill or self.by_day > 0 or not always

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.percent)

    def holds(self, month: str, water_class: str, mixed: bool) -> bool:
        """Whether a bill of this month and class can have it; mixed use counts as household too."""
        if month < self.billed_from or (self.billed_until and month > self.billed_until):
            return False
        return water_class in self.classes or (mixed and "household" in self.classes)


class Grant(NamedTuple):
    """A reduction that a premises has: its code, and the number that its rule counts."""

    code: str
    value: int = 1


def runs(applied_on: date, ended_on: date | None, from_on: date, to_on: date) -> bool:
    """Whether a grant counts for the bill of the days after `from_on` up to `to_on`.

    W-RULE art. 27(3): from the first regular reading after the application, until the one before
    the second after its end.
    """
    return applied_on <= to_on and (ended_on is None or ended_on > from_on)


def allowed(
    rule: Reduction,
    applied_on: date,
    ended_on: date | None,
    from_on: date,
    to_on: date,
    month: str,
) -> bool:
    """As `runs` for a rule with days of its own.

    What counts once counts on the first bill; with `by_day`, requests up to that day of the billing
    month count for it, whatever the day of the reading.
    """
    if not rule.applied_from <= applied_on <= rule.applied_until:
        return False
    if rule.by_day:
        last = max(to_on, date(int(month[:4]), int(month[5:]), rule.by_day))
        return applied_on <= last and (ended_on is None or ended_on > last)
    if rule.first_bill and applied_on <= from_on:
        return False
    return runs(applied_on, ended_on, from_on, to_on)


def _percent(row: Mapping[str, Any]) -> dict[str, int]:
    given = row.get("percent", 100)
    shares = given if isinstance(given, dict) else dict.fromkeys(row["of"], given)
    wrong = [share for share in shares.values() if type(share) is not int or not 0 < share <= 100]
    if not shares or wrong or set(shares) - set(PARTS) or set(shares) - set(row["of"]):
        raise ValueError("percent is 1 to 100 of water, sewer or levy")
    return {part: shares[part] for part in PARTS if part in shares}


def reduction(row: Mapping[str, Any]) -> Reduction:
    """A rule from a row of the file; raises one of `fields.WRONG` for a wrong one."""
    if row["kind"] not in KINDS:
        raise ValueError(f"kind is one of {', '.join(KINDS)}")
    if row["confidence"] not in ("verified", "sample"):
        raise ValueError("confidence is verified or sample")
    fields.refuse(row)
    found = Reduction(
        code=row["code"],
        name={"ko": row["name"]["ko"], "en": row["name"]["en"]},
        kind=row["kind"],
        percent=_percent(row),
        m3=row.get("m3", 0),
        won=row.get("won", 0),
        least=row.get("least", 0),
        most=row.get("most"),
        group=row.get("group", ""),
        classes=frozenset(row.get("classes", ("household", "general", "bath"))),
        reading=row.get("reading", ""),
        first_bill=row.get("first_bill", False),
        billed_from=str(row.get("billed_from", "")),
        billed_until=str(row.get("billed_until", "")),
        applied_from=row.get("applied_from", date.min),
        applied_until=row.get("applied_until", date.max),
        by_day=row.get("by_day", 0),
        unless=frozenset(row.get("unless", ())),
        ground=row.get("ground", False),
        counts_homes=row["kind"] == "free" or row.get("counts") == "households",
        asked=row.get("asked", False),
        verified=row["confidence"] == "verified",
        source=row["source"],
    )
    if (found.kind == "free") != (found.m3 > 0) or (found.kind == "fixed") != (found.won > 0):
        raise ValueError("free needs m3, fixed needs won, and the others neither")
    return found


def reductions(rows: list[Mapping[str, Any]]) -> dict[str, Reduction]:
    """All rules by code; raises TariffError with the code of a wrong one."""
    found: dict[str, Reduction] = {}
    last = 0
    for row in rows:
        code = fields.name_of(row) or "a reduction without code"
        try:
            rule = reduction(row)
        except fields.WRONG as error:
            raise TariffError(f"{code}: {fields.why(error)}") from error
        if code in found or not CODE.fullmatch(code):
            raise TariffError(
                f"{code}: a code is used once and has at most 20 letters, digits, - or _"
            )
        if ORDER[rule.kind] < last:
            raise TariffError(f"{code}: reductions stand in the order {', '.join(ORDER)}")
        last = ORDER[rule.kind]
        found[code] = rule
    return found
