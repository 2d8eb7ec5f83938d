"""What one bill is computed from, when something in its period is out of the ordinary."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from app.billing.due import Due, irregular
from app.billing.facts import Change, Facts
from app.billing.periods import days_of_months, months_between, months_of_days
from app.db import as_day
from app.supply import usage
from app.supply.plausible import meter_spans
from app.tariff.base import Stretch
from app.tariff.engine import PLAIN, Charge, Special, Terms, charge
from app.tariff.reductions import Grant
from app.tariff.table import Period, Table, TariffError

ONE_DAY = timedelta(days=1)


class Assessed(NamedTuple):
    """A period with its use and terms, ready to be charged, and where its meter began."""

    terms: Terms
    period: Period
    start_m3: int
    used_m3: int
    grants: tuple[Grant, ...]
    special: Special

    def charge(self, table: Table) -> Charge:
        return charge(table, self.terms, self.period, self.used_m3, self.grants, self.special)


def period_of(due: Due, month: str) -> Period:
    """The days and months of a bill; raises TariffError for a reading that ends none."""
    start_on, read_on = start_of(due)[0], as_day(due.read_on)
    if start_on >= read_on:
        raise TariffError("the reading is not later than the start of the period")
    if irregular(due):
        return Period(month, start_on, read_on, months_of_days(start_on, read_on))
    return Period(month, start_on, read_on, months_between(due.billed_month or month, month))


def assess(
    due: Due, facts: Facts, month: str, table: Table, used_m3: int | None = None
) -> Assessed:
    """The period of a bill, with the use that its readings show unless another one is given.

    Raises TariffError when it cannot be billed.
    """
    period, start_m3 = period_of(due, month), start_of(due)[1]
    used = used_since(period.start, start_m3, due) if used_m3 is None else used_m3
    changes = facts.changes.get(due.premises_id, {})
    given = tuple(stretches(due, changes, facts.pauses.get(due.premises_id, ()), period))
    special = PLAIN
    if irregular(due) or given != (Stretch(due.diameter_mm, period.start, period.end),):
        month_days = days_of_months(period.start, period.months) if irregular(due) else 0
        special = Special(given, month_days)
    grants = table.grants(facts.reductions.get(due.premises_id, ()), period)
    grants += table.by_reading.get(due.kind, ())
    found = Assessed(terms_of(due, changes, period), period, start_m3, used, grants, special)
    return dearest(found, due, changes, table)


def start_of(due: Due) -> tuple[date, int]:
    """Where the period begins: the last bill, or the premises' first meter.

    Without an earlier bill nothing that ran is left out, however late the first one is.
    """
    if due.billed_on is not None:
        return as_day(due.billed_on), due.billed_m3
    first = meter_spans(due.premises_id, as_day(due.read_on))[0]
    return first.installed_on, first.start_m3


def used_since(start_on: date, start_m3: int, due: Due) -> int:
    """m3 since the start of the period; raises TariffError when the meters contradict it."""
    if as_day(due.installed_on) < start_on:
        found = usage.dial(start_m3, due.reading_m3, due.digits)
    else:
        spans = meter_spans(due.premises_id, as_day(due.read_on))
        found = usage.between(start_on, start_m3, due.reading_m3, spans)
    if found is None:
        raise TariffError("the readings contradict the meter")
    return found


def terms_of(due: Due, changes: dict[str, list[Change]], period: Period) -> Terms:
    """The terms that hold for a period; classes that tie are left to `dearest`."""
    return Terms(
        classes_in(due.water_class, changes.get("water_class", ()), period)[0],
        classes_in(due.sewer_class, changes.get("sewer_class", ()), period)[0],
        int(history(str(due.diameter_mm), changes.get("diameter_mm", ()), period)[-1][1]),
        count_in(due.households, changes.get("households", ()), period),
        count_in(due.dwellings, changes.get("dwellings", ()), period),
    )


def history(now: str, changes: Sequence[Change], period: Period) -> list[tuple[date, str]]:
    """(first day, value) over a period, oldest first; the first one begins with the period."""
    later = [before for day, before in changes if day > period.end]
    within = [(day, before) for day, before in changes if period.start < day <= period.end]
    values = [before for _, before in within] + [later[0] if later else now]
    return list(zip([period.start + ONE_DAY, *(day for day, _ in within)], values, strict=True))


def classes_in(now: str, changes: Sequence[Change], period: Period) -> list[str]:
    """The classes with the most days of a period (W-ORD art. 24(2)); several when they tie."""
    steps = history(now, changes, period)
    ends = [day for day, _ in steps[1:]] + [period.end + ONE_DAY]
    days: dict[str, int] = {}
    for (begin, value), end in zip(steps, ends, strict=True):
        days[value] = days.get(value, 0) + (end - begin).days
    most = max(days.values())
    return [value for value, count in days.items() if count == most]


def count_in(now: int, changes: Sequence[Change], period: Period) -> int:
    """How many households count for a period (W-RULE art. 25(6)).

    More count from the first regular reading after the report, fewer from the second.
    """
    first, *others = (int(value) for _, value in history(str(now), changes, period))
    return max(first, *others) if others else first


def dearest(found: Assessed, due: Due, changes: dict[str, list[Change]], table: Table) -> Assessed:
    """Of classes that tie in days the one that costs more (W-ORD art. 24(2))."""
    water = classes_in(due.water_class, changes.get("water_class", ()), found.period)
    sewer = classes_in(due.sewer_class, changes.get("sewer_class", ()), found.period)
    if len(water) == len(sewer) == 1:
        return found
    options = [
        found._replace(terms=found.terms._replace(water_class=one, sewer_class=other))
        for one in water
        for other in sewer
    ]
    return max(options, key=lambda one: one.charge(table).total)


def stretches(
    due: Due,
    changes: dict[str, list[Change]],
    pauses: Sequence[tuple[date, date]],
    period: Period,
) -> Iterator[Stretch]:
    """The days of a period with supply, by the diameter of the meter."""
    steps = history(str(due.diameter_mm), changes.get("diameter_mm", ()), period)
    ends = [day for day, _ in steps[1:]] + [period.end + ONE_DAY]
    for (begin, value), end in zip(steps, ends, strict=True):
        day = begin
        for pause_from, pause_to in sorted(pauses):
            if pause_from > day and pause_from < end:
                yield Stretch(int(value), day - ONE_DAY, pause_from - ONE_DAY)
            if pause_from < end and pause_to >= day:
                day = end if pause_to >= end else pause_to + ONE_DAY
        if day < end:
            yield Stretch(int(value), day - ONE_DAY, end - ONE_DAY)
