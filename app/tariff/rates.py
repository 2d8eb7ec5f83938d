"""Rows of a tariff file as values; a wrong row is refused with its key and the reason."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from app.tariff.reductions import PARTS, TariffError

ALWAYS = date.min
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
"""Bills keep the keys of their lines as they are: nothing in them needs an escape."""
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


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


def _tiers(row: Mapping[str, Any]) -> tuple[tuple[int | None, int], ...]:
    tiers = tuple((limit, won) for limit, won in row["tiers"])
    limits = [limit for limit, _ in tiers]
    rising = limits[:-1] == sorted(set(limits[:-1]) - {None})
    if not tiers or limits[-1] is not None or not rising:
        raise TariffError(f"{row['key']}: tiers must rise and end with null")
    if any(type(limit) is not int or limit < 1 for limit in limits[:-1]):
        raise TariffError(f"{row['key']}: tiers must rise in whole m3 from 1")
    if any(type(won) is not int or won < 0 for _, won in tiers):
        raise TariffError(f"{row['key']}: rates are whole won, not below 0")
    return tiers


def _day(row: Mapping[str, Any], name: str) -> date:
    if type(row[name]) is not date:
        raise TariffError(f"{row['key']}: {name} is a day, written YYYY-MM-DD")
    return date.fromisoformat(str(row[name]))


def _end(row: Mapping[str, Any], start: date) -> date | None:
    end = _day(row, "to") if row.get("to") is not None else None
    if end is not None and end < start:
        raise TariffError(f"{row['key']}: to lies before from")
    return end


def _refuse_words(row: Mapping[str, Any]) -> None:
    """Key, confidence and source of any row."""
    if not isinstance(row["key"], str) or not KEY.fullmatch(row["key"]):
        raise TariffError(f"{row['key']}: a key has letters, digits and - _ . only")
    if row.get("confidence", "sample") not in ("verified", "sample"):
        raise TariffError(f"{row['key']}: confidence is verified or sample")
    if not isinstance(row["source"], str) or not row["source"].strip():
        raise TariffError(f"{row['key']}: source must say where the rate was read")


def rate_of(row: Mapping[str, Any]) -> Rate:
    """A rate of water, sewer or levy; raises KeyError, TypeError, ValueError or TariffError."""
    _refuse_words(row)
    if row["part"] not in PARTS:
        raise TariffError(f"{row['key']}: unknown part {row['part']}")
    if ("from" in row) == ("billed_from" in row):
        raise TariffError(f"{row['key']}: give either from or billed_from")
    billed_from = str(row.get("billed_from", ""))
    if "billed_from" in row and not MONTH.fullmatch(billed_from):
        raise TariffError(f"{row['key']}: billed_from is a month, written YYYY-MM")
    start = _day(row, "from") if "from" in row else ALWAYS
    return Rate(
        key=row["key"],
        part=row["part"],
        use_class=str(row["class"]),
        start=start,
        end=_end(row, start),
        billed_from=billed_from,
        tiers=_tiers(row),
        verified=row["confidence"] == "verified",
        source=row["source"],
    )


def base_rates_of(row: Mapping[str, Any]) -> list[Rate]:
    """A base charge by diameter, as rates whose class is the diameter."""
    _refuse_words(row)
    start = _day(row, "from")
    found = []
    for diameter, charge in row["won_a_month"].items():
        if type(diameter) is not int or diameter < 1:
            raise TariffError(f"{row['key']}: {diameter} is no diameter in whole mm")
        if type(charge["won"]) is not int or charge["won"] < 0:
            raise TariffError(f"{row['key']}: {diameter} mm: rates are whole won, not below 0")
        if charge["confidence"] not in ("verified", "sample"):
            raise TariffError(f"{row['key']}: {diameter} mm: confidence is verified or sample")
        found.append(
            Rate(
                key=f"{row['key']}-{diameter}",
                part="base",
                use_class=str(diameter),
                start=start,
                end=_end(row, start),
                billed_from="",
                tiers=((None, charge["won"]),),
                verified=charge["confidence"] == "verified",
                source=row["source"],
            )
        )
    return found


def _whole(rules: Mapping[str, Any], rule: str, name: str, least: int = 0) -> int:
    value = rules[rule][name]
    if type(value) is not int or value < least:
        raise TariffError(f"rules.{rule}: {name} is a whole number from {least}")
    return value


def rules_of(rules: Mapping[str, Any]) -> Rules:
    """How rates are applied; raises like `rate_of`."""
    late, mixed_from = rules["late_fee"], str(rules["mixed_use"]["billed_from"])
    if rules["cut"]["each"] not in ("part", "total"):
        raise TariffError("rules.cut: each is part or total")
    if not MONTH.fullmatch(mixed_from):
        raise TariffError("rules.mixed_use: billed_from is a month, written YYYY-MM")
    if set(rules["per_household"]["of"]) - set(PARTS):
        raise TariffError("rules.per_household: of lists water, sewer or levy")
    if late["confidence"] not in ("verified", "sample"):
        raise TariffError("rules.late_fee: confidence is verified or sample")
    return Rules(
        cut_to=_whole(rules, "cut", "to", 1),
        cut_each=rules["cut"]["each"],
        cut_verified=rules["cut"].get("confidence", "verified") == "verified",
        per_household=frozenset(rules["per_household"]["of"]),
        mixed_m3=_whole(rules, "mixed_use", "household_m3"),
        mixed_from=mixed_from,
        drained_free_m3=_whole(rules, "drained_groundwater", "free_m3_a_month"),
        late_fee=LateFee(
            percent=_whole(rules, "late_fee", "percent"),
            cut_to=_whole(rules, "late_fee", "cut_to", 1),
            waived_for=frozenset(late["waived_for"]),
            verified=late["confidence"] == "verified",
            source=late["source"],
        ),
        instalments=_whole(rules, "instalments", "most", 1),
        limitation_years=_whole(rules, "limitation", "years", 1),
        estimate_months=_whole(rules, "estimate", "months", 1),
        estimates_in_a_row=_whole(rules, "estimate", "in_a_row"),
        sources={name: rule["source"] for name, rule in rules.items()},
    )
