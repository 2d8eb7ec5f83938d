"""How much water ran between two readings, across a rollover or a change of meter."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple


class MeterSpan(NamedTuple):
    """A meter's life: `final_m3` is None while it is in use."""

    installed_on: date
    start_m3: int
    digits: int
    final_m3: int | None


def dial(previous: int, current: int, digits: int) -> int | None:
    """m3 on one meter; None when it ran backwards and no rollover explains it.

    A dial of four digits passes 9999 to 0000. A smaller reading counts as such a passage when the
    use it implies is at most a tenth of the dial: more would be a misread digit.
    """
    if previous <= current < 10**digits:
        return current - previous
    if current >= 10**digits:
        return None
    rolled = current + 10**digits - previous
    return rolled if rolled * 10 <= 10**digits else None


def between(
    previous_on: date, previous: int, current: int, meters: Sequence[MeterSpan]
) -> int | None:
    """m3 from a reading to a later one; None when the readings contradict the meters.

    `meters` are those in use up to the current reading, oldest first; the last one shows `current`
    (W-RULE art. 20(1)). A reading of the day on which a meter was replaced is the old meter's, so
    a meter that was put in on the day of the previous reading or later adds what the one before it
    still counted.
    """
    if not meters:
        return None
    total, shown = 0, previous
    for before, meter in pairwise(meters):
        if meter.installed_on >= previous_on:
            part = None
            if before.final_m3 is not None:
                part = dial(shown, before.final_m3, before.digits)
            if part is None:
                return None
            total, shown = total + part, meter.start_m3
    last = dial(shown, current, meters[-1].digits)
    return None if last is None else total + last
