"""The base charge by diameter: whole months, or days of a month in part."""

from datetime import date
from typing import NamedTuple

from app.tariff.lines import Line
from app.tariff.table import Period, Table

PART_CUT = 10
"""A part of a month is cut below 10 won (W-ORD art. 23(4))."""


class Stretch(NamedTuple):
    """The days after `start` up to `end` with supply through a meter of one diameter."""

    diameter_mm: int
    start: date
    end: date


def base_of(
    table: Table, period: Period, stretches: tuple[Stretch, ...], month_days: int
) -> list[Line]:
    """The lines of the base charge; raises TariffError for a diameter or day without a rate.

    Whole months cost their rate whatever their days. `month_days` are the days of the period's
    months where it does not cover them (the first and the last bill). Days with supply count in
    proportion (W-ORD art. 23(4), 25); each part is cut below 10 won.
    """
    of_days = month_days or (period.end - period.start).days
    lines: list[Line] = []
    for diameter, start, end in stretches:
        within = period._replace(start=start, end=end)
        pieces = table.slices("base", str(diameter), within)
        whole = (end - start).days == of_days
        exact = shown = 0
        for rate, days in pieces:
            won = rate.tiers[0][1]
            exact += period.months * won * days
            amount = exact // of_days - shown
            if not whole:
                amount = period.months * won * days // (of_days * PART_CUT) * PART_CUT
            lines.append(Line("water", "base", period.months, won, days, of_days, amount, rate.key))
            shown += amount
    return lines
