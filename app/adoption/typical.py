"""What typical households, shops and baths would pay by one table and by another."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.clock import add_months
from app.tariff.engine import Grant, Terms, charge
from app.tariff.rates import ALWAYS
from app.tariff.table import Period, Table, TariffError, whole_months

USES_M3 = (0, 6, 12, 24, 30, 40, 60, 100)
MONTHS = 2
OTHERS = {"general": (24, 60, 100, 400), "bath": (200, 1000)}


class Case(NamedTuple):
    """A use of two months, and the reductions that count."""

    terms: Terms
    usage_m3: int
    codes: tuple[str, ...] = ()


class Compared(NamedTuple):
    """A case with the won of both tables; None where a table has no rate for it."""

    case: Case
    old: int | None
    new: int | None

    @property
    def difference(self) -> int | None:
        return None if self.old is None or self.new is None else self.new - self.old


def cases(old: Table, new: Table) -> Iterator[Case]:
    """Each household of a house uses the same; diameters change the base charge alone."""
    for diameter, households in ((15, 1), (15, 3), (15, 10), (20, 1), (25, 1)):
        home = Terms("household", "household", diameter, households)
        yield from (Case(home, m3 * households) for m3 in USES_M3)
    for use_class, uses in OTHERS.items():
        yield from (Case(Terms(use_class, use_class, 25, 1), m3) for m3 in uses)
    home = Terms("household", "household", 15, 1)
    asked = {**old.reductions, **new.reductions}
    for code in (code for code, rule in asked.items() if rule.asked):
        yield from (Case(home, m3, (code,)) for m3 in (24, 40))


def compare(old: Table, new: Table, month: str) -> list[Compared]:
    """The whole months before a billing month, by both tables."""
    period = whole_months(month, MONTHS)
    return [
        Compared(case, total(old, case, period), total(new, case, period))
        for case in cases(old, new)
    ]


def total(table: Table, case: Case, period: Period) -> int | None:
    grants = tuple(Grant(code) for code in case.codes)
    try:
        return charge(table, case.terms, period, case.usage_m3, grants).total
    except TariffError:
        return None


def first_month(old: Table, new: Table) -> str:
    """The first billing month whose bills lie wholly under the newest row that `new` brings."""
    months = [*changed(old, new)] or [*changed(None, new)]
    return max(months)


def changed(old: Table | None, new: Table) -> Iterator[str]:
    """The first whole month of each rate and reduction that `old` does not have like this."""
    rates = old.rates if old else {}
    for key, rate in new.rates.items():
        if rate.billed_from and rates.get(key) != rate:
            yield rate.billed_from
        elif rate.start != ALWAYS and rates.get(key) != rate:
            # bills end between the 16th of the month before and the 13th, two months after another
            yield add_months(f"{rate.start:%Y-%m}", MONTHS + (1 if rate.start.day <= 16 else 2))
    off = old.reductions if old else {}
    yield from _reduced(off.values(), new)


def _reduced(off: Iterable[object], new: Table) -> Iterator[str]:
    known = list(off)
    for rule in new.reductions.values():
        if rule.billed_from and rule not in known:
            yield rule.billed_from
