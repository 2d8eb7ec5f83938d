"""Several meters of one premises, billed together (W-ORD art. 26(2), S-ORD art. 24)."""

from datetime import date
from typing import Any, NamedTuple

from app.billing.assess import Assessed
from app.billing.due import Due
from app.billing.facts import Facts
from app.billing.periods import cycle
from app.bills.models import encoded
from app.db import as_day, rows
from app.references import keyed
from app.supply import usage
from app.supply.plausible import meter_spans
from app.tariff.base import Stretch
from app.tariff.engine import PLAIN, Special
from app.tariff.lines import Line
from app.tariff.table import Table, TariffError

OTHER = """
SELECT p.number, p.diameter_mm, p.water_class, p.sewer_class, r.read_on, r.reading_m3, r.kind,
       b.to_on, b.current_m3, b.month
FROM premises p
LEFT JOIN readings r ON r.premises_id = p.id AND r.read_on = (
    SELECT max(x.read_on) FROM readings x
    WHERE x.premises_id = p.id AND x.read_on BETWEEN ? AND ? AND x.kind <> 'final')
LEFT JOIN bills b ON b.premises_id = p.id AND (b.month, b.revision) = (
    SELECT x.month, x.revision FROM bills x WHERE x.premises_id = p.id
    ORDER BY x.month DESC, x.revision DESC LIMIT 1)
WHERE p.id = ?
"""


KNOWN = "SELECT id, diameter_mm, water_class, sewer_class FROM premises WHERE number = ?"


class Joined(NamedTuple):
    """Another meter of the same premises with what it counted in its own period."""

    premises_id: int
    number: str
    kind: str
    diameter_mm: int
    water_class: str
    sewer_class: str
    start_on: date
    read_on: date
    start_m3: int
    reading_m3: int
    reading_kind: str
    used_m3: int


def meters(due: Due, facts: Facts, month: str) -> list[Joined]:
    """The other meters of a premises; raises TariffError when one of them was not read."""
    first, last = (day.isoformat() for day in cycle(month))
    found = []
    for premises_id, kind in facts.joining.get(due.premises_id, ()):
        ((number, diameter, water, sewer, read_on, reading, how, billed_on, billed_m3, billed),) = (
            rows(OTHER, (first, last, premises_id))
        )
        if read_on is None:
            raise TariffError(f"the meter {number}, which is billed with it, was not read")
        if billed is not None and billed >= month:
            raise TariffError(f"the meter {number}, which is billed with it, has a bill of its own")
        day = as_day(read_on)
        spans = meter_spans(premises_id, day)
        if not spans:
            raise TariffError(f"the meter {number}, which is billed with it, is not known")
        if (water, sewer) != (due.water_class, due.sewer_class) and kind == "tap":
            raise TariffError(f"the meter {number}, which is billed with it, is of another class")
        start_on = as_day(billed_on) if billed_on else spans[0].installed_on
        start = billed_m3 if billed_on else spans[0].start_m3
        used = usage.between(start_on, start, reading, spans)
        if used is None or start_on >= day:
            raise TariffError(f"the readings of {number}, which is billed with it, are wrong")
        found.append(
            Joined(
                premises_id,
                number,
                kind,
                diameter,
                water,
                sewer,
                start_on,
                day,
                start,
                reading,
                how,
                used,
            )
        )
    return found


def added(found: Assessed, others: list[Joined], table: Table) -> Assessed:
    """The use of all meters together; each tap meter pays its base charge.

    Groundwater counts for the sewer alone; what runs off unused is free below a limit.
    """
    if not others:
        return found
    months, special = found.period.months, found.special
    whole = Stretch(found.terms.diameter_mm, found.period.start, found.period.end)
    base = (whole,) if special is PLAIN or special.base is None else special.base
    ground = 0
    for other in others:
        if other.kind == "tap":
            found = found._replace(used_m3=found.used_m3 + other.used_m3)
            base += (whole._replace(diameter_mm=other.diameter_mm),)
        elif other.kind == "ground" or other.used_m3 >= table.rules.drained_free_m3 * months:
            ground += other.used_m3
    return found._replace(special=Special(base, special.base_days, ground))


def lines(others: list[Joined]) -> list[Line]:
    """What the bill says of the other meters; their use is in its amounts already."""
    return [
        Line("joined", other.kind, other.used_m3 * 10, 0, 0, 0, 0, other.number) for other in others
    ]


def as_billed(of: list[Line]) -> list[Joined]:
    """The other meters as a bill's own lines tell of them."""
    found = []
    for line in of:
        if line.part == "joined" and line.kind != "main":
            ((premises_id, diameter, water, sewer),) = rows(KNOWN, (line.key,))
            used = line.quantity // 10
            day = date.min
            found.append(
                Joined(
                    premises_id,
                    line.key,
                    line.kind,
                    diameter,
                    water,
                    sewer,
                    day,
                    day,
                    0,
                    0,
                    "",
                    used,
                )
            )
    return found


def bill(other: Joined, main: Due, month: str, code_key: bytes, issued_on: str) -> tuple[Any, ...]:
    """The bill row of a joined meter: nothing to pay, and where its use is billed."""
    pointer = [Line("joined", "main", other.used_m3 * 10, 0, 0, 0, 0, main.number)]
    return (
        other.premises_id, month, 0, keyed(code_key, f"{other.number} {month} 0"),
        other.start_on.isoformat(), other.read_on.isoformat(), other.start_m3, other.reading_m3,
        other.reading_kind, other.used_m3, 1, 1, other.diameter_mm, other.water_class,
        other.sewer_class, 0, 0, 0, 0, 0, 0, 0, 0, issued_on, issued_on, encoded(pointer),
    )  # fmt: skip
