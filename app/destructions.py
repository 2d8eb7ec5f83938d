"""The record of what was destroyed: which rule, how many, when, from when to when; no person."""

from datetime import date, datetime

from peewee import BigIntegerField, CharField, Check, CompositeKey

from app import clock
from app.db import BaseModel, DayColumn, InstantColumn, instant, rows, writing

NOTE = """
INSERT INTO destructions (day, what, rule, count, from_on, to_on, at) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (day, what, rule) DO UPDATE SET count = destructions.count + excluded.count,
    from_on = CASE WHEN destructions.from_on < excluded.from_on THEN destructions.from_on
        ELSE coalesce(excluded.from_on, destructions.from_on) END,
    to_on = CASE WHEN destructions.to_on > excluded.to_on THEN destructions.to_on
        ELSE coalesce(excluded.to_on, destructions.to_on) END,
    at = excluded.at
RETURNING count
"""


class Destruction(BaseModel):
    """What one rule destroyed of one table, or of one kind of files, in a day."""

    day = DayColumn()
    what = CharField(40)
    rule = CharField(60)
    count = BigIntegerField(constraints=[Check("count > 0")])
    from_on = DayColumn(null=True)
    """The days of the oldest and the newest thing of them, where they have one."""
    to_on = DayColumn(null=True)
    at = InstantColumn()

    class Meta:
        table_name = "destructions"
        primary_key = CompositeKey("day", "what", "rule")
        without_rowid = True


def note(
    what: str,
    rule: str,
    count: int,
    now: datetime,
    first: date | None = None,
    last: date | None = None,
) -> None:
    """Add to the record of the day. In the transaction of what it tells; nothing for none."""
    if count:
        day = now.astimezone(clock.SEOUL).date().isoformat()
        span = [one and one.isoformat() for one in (first, last)]
        with writing():
            rows(NOTE, (day, what, rule, count, *span, instant(now)))
