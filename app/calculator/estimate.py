"""What a use would cost, what less of it would save, and what the next m3 costs: pure values."""

from typing import NamedTuple

from app.tariff.engine import Charge, Grant, Line, Terms, charge
from app.tariff.table import Period, Rate, Table

PLANS_KEPT = 1000


class Asked(NamedTuple):
    """What somebody wants to know the charge of."""

    terms: Terms
    period: Period
    usage_m3: int
    grants: tuple[Grant, ...] = ()


class Less(NamedTuple):
    """About a tenth less, in whole m3, because meters are read so."""

    usage_m3: int
    total: int
    saved: int
    saved_a_year: int


class Next(NamedTuple):
    """What the next m3 costs in one part; `step` counts the tiers from 1."""

    part: str
    won: int
    step: int
    rate: Rate


class Estimate(NamedTuple):
    asked: Asked
    charged: Charge
    less: Less | None
    following: list[Next]


def charge_for(table: Table, asked: Asked, usage_m3: int) -> Charge:
    return charge(table, asked.terms, asked.period, usage_m3, asked.grants)


def estimate(table: Table, asked: Asked) -> Estimate:
    """Everything about one question; raises TariffError for a month without a rate."""
    if len(table.plans) > PLANS_KEPT:  # anybody may ask for any class, diameter and month
        table.plans.clear()
    found = charge_for(table, asked, asked.usage_m3)
    return Estimate(asked, found, with_less(table, asked, found), next_m3(table, asked))


def with_less(table: Table, asked: Asked, now: Charge) -> Less | None:
    """A tenth less; None when that is not even one m3."""
    usage_m3 = (asked.usage_m3 * 9 + 5) // 10
    if usage_m3 == asked.usage_m3:
        return None
    total = charge_for(table, asked, usage_m3).total
    saved = now.total - total
    return Less(usage_m3, total, saved, saved * 12 // asked.period.months)


def next_m3(table: Table, asked: Asked) -> list[Next]:
    """The rate of each part that one more m3 falls under, at the end of the period."""
    last: dict[str, Line] = {}
    for line in charge_for(table, asked, asked.usage_m3 + 1).lines:
        if line.kind == "usage" and (line.quantity or line.part not in last):
            last[line.part] = line
    return [step_of(table.rates[line.key], line) for line in last.values()]


def step_of(rate: Rate, line: Line) -> Next:
    step = next(number for number, tier in enumerate(rate.tiers, 1) if tier[1] == line.rate)
    return Next(line.part, line.rate, step, rate)
