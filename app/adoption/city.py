"""What a change of tariff brings the city: its last bills, charged once more by both tables."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from app.adoption.facts import SPAN
from app.billing.facts import facts_of
from app.billing.periods import months_between
from app.billing.run import spans
from app.clock import add_months, first_day, month_end
from app.db import as_day, rows
from app.tariff.engine import Charge, Terms, charge
from app.tariff.table import Period, Table, TariffError

SAMPLE = 20_000
BILLED = """
SELECT p.id, b.month, b.from_on, b.to_on, b.months, b.usage_m3, b.water_class, b.sewer_class,
       b.diameter_mm, b.households, p.dwellings, b.reading_kind
FROM premises p JOIN bills b ON b.premises_id = p.id AND (b.month = ? OR b.month = ?)
WHERE p.id > ? AND p.id <= ? AND p.id - (p.id / ?) * ? = 0
  AND NOT EXISTS (SELECT 1 FROM joined_meters j WHERE j.premises_id = p.id)
ORDER BY p.id, b.month, b.revision
"""
PARTS = ("water", "sewer", "levy", "discounts", "total")


class Revenue(NamedTuple):
    """Sums in won by part; discounts are above 0. `every` is 1, or n for every n-th premises."""

    months: list[str]
    bills: int
    every: int
    old: dict[str, int]
    new: dict[str, int]
    without_rate: int


def revenue(
    old: Table,
    new: Table,
    months: list[str],
    month: str,
    sample: bool,
    seen: Callable[[int, int], None] = lambda done, all_: None,
) -> Revenue:
    """Charge the bills of some months as bills of another; a sample is scaled up.

    Bills for which one of the tables has no rate are counted, and left out of both.
    """
    ((lowest, highest, count),) = rows(SPAN)
    every = max(count // SAMPLE, 1) if sample else 1
    sums = {"old": dict.fromkeys(PARTS, 0), "new": dict.fromkeys(PARTS, 0)}
    bills = without_rate = 0
    for below, upto in spans(lowest or 1, highest or 0):
        for both in recharged(old, new, months, month, (below, upto), every):
            if both is None:
                without_rate += 1
                continue
            bills += 1
            for of, made in zip(sums.values(), both, strict=True):
                add(of, made, every)
        seen(upto - lowest + 1, highest - lowest + 1)
    return Revenue(months, bills, every, sums["old"], sums["new"], without_rate)


def add(sums: dict[str, int], made: Charge, every: int) -> None:
    for part, won in zip(
        PARTS, (made.water, made.sewer, made.levy, made.discount, made.total), strict=True
    ):
        sums[part] += won * every


def recharged(
    old: Table, new: Table, months: list[str], month: str, span: tuple[int, int], every: int
) -> Iterator[tuple[Charge, Charge] | None]:
    """The charges of each bill of some premises by both tables."""
    asked = (months[0], months[-1], *span, every, every)
    newest = {(row[0], row[1]): row for row in rows(BILLED, asked)}
    given = facts_of(*span, new, "").reductions if newest else {}
    for row in newest.values():
        by_table = [recharge(table, row, given.get(row[0], ()), month) for table in (old, new)]
        one, other = by_table
        yield (one, other) if one and other else None


def recharge(table: Table, row: tuple[Any, ...], given: Any, month: str) -> Charge | None:
    """One bill with its own days, some months later or earlier; None without a rate."""
    _, billed, from_on, to_on, months, usage_m3, water, sewer, diameter, households, homes, kind = (
        row
    )
    period = period_of(billed, as_day(from_on), as_day(to_on), months, month)
    grants = (*table.grants(given, period), *table.by_reading.get(kind, ()))
    terms = Terms(water, sewer, diameter, households, homes)
    try:
        return charge(table, terms, period, usage_m3, grants)
    except TariffError:
        return None


@lru_cache(4096)
def period_of(billed: str, from_on: date, to_on: date, months: int, month: str) -> Period:
    by = months_between(billed, month)
    return Period(month, shifted(from_on, by), shifted(to_on, by), months)


def shifted(day: date, months: int) -> date:
    """The same day of a month some months away, or the last one of a shorter month."""
    last = month_end(first_day(add_months(f"{day:%Y-%m}", months)))
    return last.replace(day=min(day.day, last.day))
