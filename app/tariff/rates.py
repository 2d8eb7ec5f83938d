"""Rows of a tariff file as values; a wrong row is refused with the reason."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from app.tariff import fields
from app.tariff.reductions import PARTS

ALWAYS = date.min
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
"""Bills keep the keys of their lines as they are: nothing in them needs an escape."""


class Rate(NamedTuple):
    """One row of the table. Tiers are (upper limit in m3 a household and month or None, won)."""

    key: str
    part: str
    use_class: str
    start: date
    end: date | None
    billed_from: str
    tiers: tuple[tuple[int | None, int], ...]
    verified: bool
    source: str

    @property
    def begins(self) -> date:
        """The first day of a rate; of one that counts from a billing month, that month's."""
        return date.fromisoformat(f"{self.billed_from}-01") if self.billed_from else self.start


class LateFee(NamedTuple):
    """Percent of what is unpaid for one month late, by days, at most one month."""

    percent: int
    cut_to: int
    waived_for: frozenset[str]
    verified: bool
    source: str


class Rules(NamedTuple):
    """How rates are applied; `sources` has one for each rule."""

    cut_to: int
    cut_each: str
    cut_verified: bool
    per_household: frozenset[str]
    mixed_m3: int
    mixed_from: str
    drained_free_m3: int
    late_fee: LateFee
    instalments: int
    limitation_years: int
    estimate_months: int
    estimates_in_a_row: int
    sources: Mapping[str, str]


def _tiers(given: Any) -> tuple[tuple[int | None, int], ...]:
    if not isinstance(given, list) or any(not isinstance(t, list) or len(t) != 2 for t in given):
        raise ValueError("tiers must be pairs of m3 and won")
    tiers = tuple((limit, won) for limit, won in given)
    limits = [limit for limit, _ in tiers]
    if not tiers or limits.pop() is not None:
        raise ValueError("tiers must rise and end with null")
    if any(type(limit) is not int or not 0 < limit <= fields.M3 for limit in limits):
        raise ValueError(f"tiers must rise in whole m3 from 1 to {fields.M3}")
    if limits != sorted(set(limits)):
        raise ValueError("tiers must rise and end with null")
    for _, won in tiers:
        _won(won)
    return tiers


def _won(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= fields.WON:
        raise ValueError(f"rates are whole won, not below 0 and not above {fields.WON}")
    return value


def _end(row: Mapping[str, Any], start: date) -> date | None:
    end = fields.day(row["to"], "to") if row.get("to") is not None else None
    if end is not None and end < start:
        raise ValueError("to lies before from")
    return end


def _verified(row: Mapping[str, Any]) -> bool:
    return fields.one_of(row["confidence"], "confidence", "verified", "sample") == "verified"


def _refuse_words(row: Mapping[str, Any]) -> None:
    """Key and source of any row."""
    if not KEY.fullmatch(fields.text(row["key"], "key")):
        raise ValueError("a key has letters, digits and - _ . only")
    fields.text(row["source"], "source")


def rate_of(row: Mapping[str, Any]) -> Rate:
    """A rate of water, sewer or levy; raises one of `fields.WRONG`."""
    _refuse_words(row)
    if fields.text(row["part"], "part") not in PARTS:
        raise ValueError(f"unknown part {row['part']}")
    if ("from" in row) == ("billed_from" in row):
        raise ValueError("give either from or billed_from")
    start = fields.day(row["from"], "from") if "from" in row else ALWAYS
    return Rate(
        key=row["key"],
        part=row["part"],
        use_class=fields.text(row["class"], "class"),
        start=start,
        end=_end(row, start),
        billed_from="" if "from" in row else fields.month(row["billed_from"], "billed_from"),
        tiers=_tiers(row["tiers"]),
        verified=_verified(row),
        source=row["source"],
    )


def base_rates_of(row: Mapping[str, Any]) -> list[Rate]:
    """A base charge by diameter, as rates whose class is the diameter."""
    _refuse_words(row)
    start = fields.day(row["from"], "from")
    end = _end(row, start)
    return [
        Rate(
            key=f"{row['key']}-{fields.whole(diameter, 'a diameter in mm', 1, 9_999)}",
            part="base",
            use_class=str(diameter),
            start=start,
            end=end,
            billed_from="",
            tiers=((None, _won(charge["won"])),),
            verified=_verified(charge),
            source=row["source"],
        )
        for diameter, charge in row["won_a_month"].items()
    ]


def rules_of(rules: Mapping[str, Any]) -> Rules:
    """How rates are applied; raises like `rate_of`."""

    def whole(rule: str, name: str, least: int, most: int) -> int:
        return fields.whole(rules[rule][name], f"{rule}.{name}", least, most)

    late, of = rules["late_fee"], fields.words(rules["per_household"]["of"], "per_household.of")
    if of - set(PARTS):
        raise ValueError("per_household.of lists water, sewer or levy")
    return Rules(
        cut_to=whole("cut", "to", 1, 1_000_000),
        cut_each=fields.one_of(rules["cut"]["each"], "cut.each", "part", "total"),
        cut_verified=_verified({"confidence": "verified"} | rules["cut"]),
        per_household=of,
        mixed_m3=whole("mixed_use", "household_m3", 0, fields.M3),
        mixed_from=fields.month(rules["mixed_use"]["billed_from"], "mixed_use.billed_from"),
        drained_free_m3=whole("drained_groundwater", "free_m3_a_month", 0, fields.M3),
        late_fee=LateFee(
            percent=whole("late_fee", "percent", 0, 100),
            cut_to=whole("late_fee", "cut_to", 1, 1_000_000),
            waived_for=fields.words(late["waived_for"], "late_fee.waived_for"),
            verified=_verified(late),
            source=late["source"],
        ),
        instalments=whole("instalments", "most", 1, 120),
        limitation_years=whole("limitation", "years", 1, 100),
        estimate_months=whole("estimate", "months", 1, 120),
        estimates_in_a_row=whole("estimate", "in_a_row", 0, 120),
        sources={
            name: fields.text(rule["source"], f"{name}.source") for name, rule in rules.items()
        },
    )
