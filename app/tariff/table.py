"""Reads a tariff file, refuses a wrong one, and finds the rates of a period."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

SEOUL = Path(__file__).with_name("seoul.yaml")
PARTS = ("water", "sewer", "levy")
ALWAYS = date.min


class TariffError(ValueError):
    """A tariff file that must not be used, or a period that has no rate; says where and why."""


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


class Slice(NamedTuple):
    """The days of a period for which one rate holds."""

    rate: Rate
    days: int


class Period(NamedTuple):
    """What one bill covers: the days after `start` up to and including `end`."""

    month: str
    start: date
    end: date
    months: int


class Rules(NamedTuple):
    cut_to: int
    cut_each: str
    per_household: frozenset[str]
    source: str


class Table:
    """A loaded tariff file."""

    def __init__(self, rules: Rules, rates: list[Rate]) -> None:
        self.rules = rules
        self.rates = {rate.key: rate for rate in rates}
        self.plans: dict[tuple[str, str, int, Period], Any] = {}
        """What the engine made of the rates for a kind of premises and a period."""

    def usable(self, part: str, use_class: str, month: str) -> list[Rate]:
        """The rates that a bill of this month may use, oldest first.

        A rate that counts from a billing month replaces all before it, whatever the days of use.
        """
        found: list[Rate] = []
        for rate in self.rates.values():
            if rate.part != part or rate.use_class not in (use_class, "all"):
                continue
            if not rate.billed_from:
                found.append(rate)
            elif month >= rate.billed_from:
                found = [rate]
        return found

    def slices(self, part: str, use_class: str, period: Period) -> tuple[Slice, ...]:
        """The rates of a period, oldest first; raises TariffError for a day without a rate."""
        usable, found = self.usable(part, use_class, period.month), []
        first = period.start + timedelta(days=1)
        ends = [rate.start - timedelta(days=1) for rate in usable[1:]]
        for rate, end in zip(usable, [*ends, period.end], strict=False):
            begin = max(first, rate.start)
            last = min(period.end, end, rate.end or period.end)
            if begin <= last:
                found.append(Slice(rate, (last - begin).days + 1))
        if sum(piece.days for piece in found) != (period.end - period.start).days or not found:
            raise TariffError(f"no {part} rate for {use_class} on every day of {period.month}")
        return tuple(found)


def _tiers(row: Mapping[str, Any]) -> tuple[tuple[int | None, int], ...]:
    tiers = tuple((limit, won) for limit, won in row["tiers"])
    limits = [limit for limit, _ in tiers]
    if limits[-1] is not None or None in limits[:-1] or limits[:-1] != sorted(set(limits[:-1])):
        raise TariffError(f"{row['key']}: tiers must rise and end with null")
    if any(type(won) is not int or won < 0 for _, won in tiers):
        raise TariffError(f"{row['key']}: rates are whole won, not below 0")
    return tiers


def _rate(row: Mapping[str, Any]) -> Rate:
    if row["part"] not in PARTS:
        raise TariffError(f"{row['key']}: unknown part {row['part']}")
    if row["confidence"] not in ("verified", "sample"):
        raise TariffError(f"{row['key']}: confidence is verified or sample")
    if ("from" in row) == ("billed_from" in row):
        raise TariffError(f"{row['key']}: give either from or billed_from")
    return Rate(
        key=row["key"],
        part=row["part"],
        use_class=row["class"],
        start=row.get("from", ALWAYS),
        end=row.get("to"),
        billed_from=str(row.get("billed_from", "")),
        tiers=_tiers(row),
        verified=row["confidence"] == "verified",
        source=row["source"],
    )


def _base_rates(row: Mapping[str, Any]) -> list[Rate]:
    """A base charge by diameter, as rates whose class is the diameter."""
    return [
        Rate(
            key=f"{row['key']}-{diameter}",
            part="base",
            use_class=str(diameter),
            start=row["from"],
            end=row.get("to"),
            billed_from="",
            tiers=((None, charge["won"]),),
            verified=charge["confidence"] == "verified",
            source=row["source"],
        )
        for diameter, charge in row["won_a_month"].items()
    ]


def refuse_disorder(rates: list[Rate]) -> None:
    """Rates of one part and class stand oldest first: the last one that fits is used."""
    newest: dict[tuple[str, str], date] = {}
    for rate in rates:
        start = date.fromisoformat(f"{rate.billed_from}-01") if rate.billed_from else rate.start
        if start <= newest.get((rate.part, rate.use_class), date.min):
            raise TariffError(f"{rate.key}: rates of a part and class must stand oldest first")
        newest[rate.part, rate.use_class] = start


def parse(text: str) -> Table:
    """A table from the text of a tariff file; raises TariffError with the row that is wrong."""
    try:
        data = yaml.safe_load(text)
        rates = [_rate(row) for row in data["rates"]]
        for row in data["base_charges"]:
            rates += _base_rates(row)
        rules = data["rules"]
        found = Rules(
            cut_to=rules["cut"]["to"],
            cut_each=rules["cut"]["each"],
            per_household=frozenset(rules["per_household"]),
            source=rules["source"],
        )
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        if isinstance(error, TariffError):
            raise
        raise TariffError(f"the tariff file has a gap: {error!r}") from error
    if len({rate.key for rate in rates}) != len(rates):
        raise TariffError("two rates share a key")
    refuse_disorder(rates)
    if found.cut_each not in ("part", "total") or found.cut_to < 1:
        raise TariffError("rules.cut: each is part or total, to is a positive number of won")
    return Table(found, rates)


@cache
def seoul() -> Table:
    """The table that the program ships."""
    return parse(SEOUL.read_text("utf-8"))
