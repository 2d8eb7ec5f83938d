"""Reads a tariff file, refuses a wrong one, and finds the rates of a period."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml

from app.clock import add_months, first_day
from app.tariff.fields import WRONG, name_of, why
from app.tariff.rates import (
    ALWAYS,
    LateFee,
    Rate,
    Rules,
    base_rates_of,
    rate_of,
    rules_of,
)
from app.tariff.reductions import Grant, Reduction, TariffError, allowed, reductions, runs

Found = TypeVar("Found")
SEOUL = Path(__file__).with_name("seoul.yaml")

__all__ = [
    "ALWAYS",
    "LateFee",
    "Period",
    "Rate",
    "Rules",
    "Slice",
    "Table",
    "TariffError",
    "parse",
    "seoul",
    "whole_months",
]


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


def whole_months(month: str, months: int) -> Period:
    """The whole calendar months before a billing month."""
    day_before = timedelta(days=1)
    return Period(
        month,
        first_day(add_months(month, -months)) - day_before,
        first_day(month) - day_before,
        months,
    )


class Table:
    """A loaded tariff file."""

    def __init__(
        self, rules: Rules, rates: list[Rate], reductions: Mapping[str, Reduction]
    ) -> None:
        self.rules = rules
        self.rates = {rate.key: rate for rate in rates}
        self.reductions = reductions
        self.by_reading: dict[str, tuple[Grant, ...]] = {}
        """Reductions that follow from how the meter was read, without an application."""
        for code, rule in reductions.items():
            if rule.reading:
                earlier = self.by_reading.get(rule.reading, ())
                self.by_reading[rule.reading] = (*earlier, Grant(code))
        self.bounded = {code for code, rule in reductions.items() if rule.bounded}
        self.once = {code for code, rule in reductions.items() if rule.bounded and not rule.by_day}
        self.plans: dict[Any, Any] = {}
        """What the engine made of the rates for a kind of premises and a period."""

    def grants(
        self, rows: Iterable[tuple[str, date, date | None, int]], period: Period
    ) -> tuple[Grant, ...]:
        """Which of a premises' (code, applied_on, ended_on, value) count for a period's bill."""
        month, start, end, _ = period
        found = []
        for code, applied_on, ended_on, value in rows:
            if code in self.bounded:
                rule = self.reductions[code]
                counts = allowed(rule, applied_on, ended_on, start, end, month)
            else:
                counts = code in self.reductions and runs(applied_on, ended_on, start, end)
            if counts:
                found.append(Grant(code, value))
        return tuple(found)

    def source(self, kind: str, key: str) -> tuple[str, bool]:
        """Where a line of a bill comes from, and whether that is verified."""
        if kind == "late":
            return self.rules.late_fee.source, self.rules.late_fee.verified
        rule = self.rates.get(key) or self.reductions.get(key)
        if rule:
            return rule.source, rule.verified
        return (self.rules.sources["cut"], self.rules.cut_verified) if kind == "cut" else ("", True)

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


def refuse_disorder(rates: list[Rate]) -> None:
    """Rates of one part and class stand oldest first: the last one that fits is used."""
    newest: dict[tuple[str, str], date] = {}
    for rate in rates:
        if rate.begins <= newest.get((rate.part, rate.use_class), date.min):
            raise TariffError(f"{rate.key}: rates of a part and class must stand oldest first")
        newest[rate.part, rate.use_class] = rate.begins


def refuse_shared_keys(rates: list[Rate], off: Mapping[str, Reduction]) -> None:
    """A key tells one rate or one reduction from all others, also on old bills."""
    seen = set(off)
    for rate in rates:
        if rate.key in seen:
            raise TariffError(f"{rate.key}: two rates or reductions share a key")
        seen.add(rate.key)


def named(read: Callable[[Any], Found], row: Any, otherwise: str) -> Found:
    """A row as values; raises TariffError with the row's name."""
    try:
        return read(row)
    except WRONG as error:
        raise TariffError(f"{name_of(row) or otherwise}: {why(error)}") from error


def parse(text: str) -> Table:
    """A table from the text of a tariff file; raises TariffError with the row that is wrong."""
    try:
        data = yaml.safe_load(text)
        rates = [named(rate_of, row, "a rate") for row in data["rates"]]
        for row in data["base_charges"]:
            rates += named(base_rates_of, row, "a base charge")
        rules = named(rules_of, data["rules"], "rules")
        off = reductions(data["reductions"])
    except TariffError:
        raise
    except Exception as error:  # a file may break PyYAML in any way; pages go on without it
        raise TariffError(f"the tariff file has a gap: {error!r}") from error
    refuse_shared_keys(rates, off)
    refuse_disorder(rates)
    return Table(rules, rates, off)


@cache
def seoul() -> Table:
    """The table that the program ships."""
    return parse(SEOUL.read_text("utf-8"))
