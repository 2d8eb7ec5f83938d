"""Whether a reading can be true, beside what is known of its premises."""

from datetime import date
from typing import NamedTuple

from app.db import as_day, rows
from app.supply import usage
from app.supply.models import Meter
from app.supply.usage import MeterSpan

NEAR = """
SELECT read_on, reading_m3 FROM readings WHERE premises_id = ? AND read_on {side} ?
ORDER BY read_on {order} LIMIT 1
"""


NEVER = "9999"


Facts = tuple[str, int, str, str, str, int, int, str, int]
"""The values of a Place, before anybody asks for them by name."""


class Place(NamedTuple):
    """A premises as an import knows it: its newest meter and its last reading. Days are ISO text;
    `NEVER` where there is none, and an empty `last_on` before the first reading.
    """

    number: str
    id: int
    started_on: str
    removed_on: str
    installed_on: str
    start_m3: int
    digits: int
    last_on: str
    last_m3: int


def follows(place: Facts, read_on: str, reading_m3: int) -> bool:
    """Whether a reading is as nearly all are: later and not smaller, on the same meter."""
    _, _, _, removed_on, installed_on, _, digits, last_on, last_m3 = place
    return installed_on < last_on < read_on <= removed_on and last_m3 <= reading_m3 < 10**digits


def judge(place: Place, read_on: str, reading_m3: int) -> str:
    """Why a new reading, later than all of its premises, cannot be true; or nothing.

    W-RULE art. 20: it must follow from the last one, or begin at the meter's start, with at most
    a rollover or a new meter in between.
    """
    if read_on < place.started_on or place.installed_on == NEVER:
        return "the premises had no supply on this day"
    if read_on > place.removed_on:
        return "the supply was removed before this day"
    if read_on < place.installed_on or (read_on == place.installed_on and place.last_on):
        return judge_between(place, read_on, reading_m3)
    return judge_dial(place, reading_m3)


def judge_dial(place: Place, reading_m3: int) -> str:
    """Whether the newest meter can have come to show this."""
    renewed = place.installed_on >= place.last_on
    begin = place.start_m3 if renewed else place.last_m3
    if usage.dial(begin, reading_m3, place.digits) is not None:
        return ""
    if reading_m3 >= 10**place.digits:
        return f"the meter has only {place.digits} digits"
    if renewed:
        return f"below the meter's start ({begin})"
    return f"below the last reading ({begin} on {place.last_on})"


def judge_between(place: Place, read_on: str, reading_m3: int) -> str:
    """The same for a reading that fills a gap before readings or meters that are there already."""
    day = date.fromisoformat(read_on)
    spans = meter_spans(place.id, day)
    if read_on < place.started_on or not spans:
        return "the premises had no supply on this day"
    earlier = near(place.id, read_on, before=True)
    if not earlier and not can_be_first(spans[0], reading_m3, spans):
        return f"below the meter's start ({spans[0].start_m3})"
    for found_on, found_m3 in earlier:
        if usage.between(found_on, found_m3, reading_m3, spans) is None:
            return f"below the last reading ({found_m3} on {found_on})"
    for found_on, found_m3 in near(place.id, read_on, before=False):
        later = meter_spans(place.id, found_on)
        if usage.between(day, reading_m3, found_m3, later) is None:
            return f"above the next reading ({found_m3} on {found_on})"
    return ""


def can_be_first(first: MeterSpan, reading_m3: int, spans: list[MeterSpan]) -> bool:
    """Whether a meter that began like this can show the reading."""
    return usage.between(first.installed_on, first.start_m3, reading_m3, spans) is not None


def near(premises_id: int, read_on: str, before: bool) -> list[tuple[date, int]]:
    """The nearest stored reading before or after a day; empty when there is none."""
    sql = NEAR.format(side="<" if before else ">", order="DESC" if before else "ASC")
    return [(as_day(day), m3) for day, m3 in rows(sql, (premises_id, read_on))]


def meter_spans(premises_id: int, day: date) -> list[MeterSpan]:
    """The meters of a premises that a reading of a day may concern, oldest first.

    A meter that was put in on that day is not among them, unless it is the first.
    """
    found = [
        MeterSpan(m.installed_on, m.start_m3, m.digits, m.final_m3) for m in Meter.of(premises_id)
    ]
    return [
        span
        for span in found
        if span.installed_on < day or (span is found[0] and span.installed_on == day)
    ]
