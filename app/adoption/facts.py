"""What the loaded data says about a tariff: who needs which rate, and which ones bills used."""

import json
from datetime import date
from typing import NamedTuple

from app.db import as_day, rows

SAMPLE = 1_000
KINDS = """
SELECT water_class, sewer_class, diameter_mm, max(dwellings), min(id), max(id)
FROM premises GROUP BY water_class, sewer_class, diameter_mm
"""
SPAN = "SELECT min(id), max(id), count(*) FROM premises"
LINES = "SELECT month, to_on, lines FROM bills WHERE premises_id = ?"


class Facts(NamedTuple):
    """`needed` are (part, class); `used` the keys of bill lines, from a sample of premises.

    `months` are billing months of the sample, newest first; `billed_until` is its last billed day.
    """

    needed: list[tuple[str, str]]
    used: set[str]
    months: list[str]
    billed_until: date


def facts() -> Facts:
    """Asked once for each check; the first and last premises of each kind are in the sample."""
    needed: set[tuple[str, str]] = set()
    looked_at = set(evenly(SAMPLE))
    for water, sewer, diameter, dwellings, first, last in rows(KINDS):
        needed |= {("water", water), ("sewer", sewer), ("base", str(diameter)), ("levy", "all")}
        needed |= {("water", "household"), ("sewer", "household")} if dwellings else set()
        looked_at |= {first, last}
    used: set[str] = set()
    months: set[str] = set()
    billed_until = date.min
    for premises_id in sorted(looked_at):
        for month, to_on, lines in rows(LINES, (premises_id,)):
            months.add(month)
            billed_until = max(billed_until, as_day(to_on))
            used |= {line[7] for line in json.loads(lines)}
    return Facts(sorted(needed), used - {""}, sorted(months, reverse=True), billed_until)


def evenly(most: int) -> range:
    """Row ids of premises, spread over all of them."""
    ((low, high, _),) = rows(SPAN)
    return range(low, high + 1, max((high - low) // most, 1)) if low is not None else range(0)
