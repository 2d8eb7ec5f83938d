"""Bills with their lines: what is owed for a premises and a billing month, and why."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from typing import Self

from peewee import (
    CharField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    SmallIntegerField,
    TextField,
)

from app.clock import SEOUL
from app.db import (
    BaseModel,
    DayColumn,
    InstantColumn,
    MoneyColumn,
    change_many,
    instant,
    one_of,
    writing,
)
from app.supply.models import Premises, ReadingKind
from app.tariff.lines import Line


class State(StrEnum):
    """Where a bill stands, as people see it."""

    NOTHING = "nothing"
    OPEN = "open"
    OVERDUE = "overdue"
    PAID = "paid"
    PAID_LATE = "paid_late"
    PLANNED = "planned"


class Bill(BaseModel):
    """One bill document. It is never edited, save for what was paid (`billing.paid`).

    A correction is a document of the same month with the next revision, which takes its place.
    `discount` is above 0; `arrears` are the won of earlier bills that were unpaid when it was made,
    for information; `paid_before` is what was paid on the documents that it replaces. `lines` are
    JSON arrays in the order of `tariff.lines.Line`.
    """

    premises_id: int
    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    month = CharField(7, constraints=[Check("length(month) = 7")])
    revision = SmallIntegerField(default=0)
    code = CharField(10)
    from_on = DayColumn()
    to_on = DayColumn()
    previous_m3 = IntegerField()
    current_m3 = IntegerField()
    reading_kind = CharField(9, constraints=[one_of("reading_kind", *ReadingKind)])
    usage_m3 = IntegerField(constraints=[Check("usage_m3 >= 0")])
    months = SmallIntegerField(constraints=[Check("months > 0")])
    households = IntegerField()
    diameter_mm = SmallIntegerField()
    water_class = CharField(10)
    sewer_class = CharField(10)
    water = MoneyColumn()
    sewer = MoneyColumn()
    levy = MoneyColumn()
    discount = MoneyColumn()
    late_fee = MoneyColumn()
    total = MoneyColumn(constraints=[Check("total >= 0")])
    arrears = MoneyColumn(constraints=[Check("arrears >= 0")])
    paid_before = MoneyColumn(constraints=[Check("paid_before >= 0")])
    due_on = DayColumn()
    issued_on = DayColumn()
    paid_at = InstantColumn(null=True)
    lines = TextField()

    class Meta:
        table_name = "bills"
        primary_key = CompositeKey("premises", "month", "revision")
        without_rowid = True
        constraints = [  # noqa: RUF012
            Check("from_on < to_on"),
            Check("total = water + sewer + levy - discount + late_fee"),
        ]

    def read_lines(self) -> list[Line]:
        """The bill's lines in their order."""
        return [Line(*line) for line in json.loads(self.lines)]

    @classmethod
    def documents(cls, premises_id: int, month: str) -> "ModelSelect[Self]":
        """The bills of a premises for a month, newest document first."""
        chosen = cls.select().where((cls.premises == premises_id) & (cls.month == month))
        return chosen.order_by(cls.revision.desc())

    @classmethod
    def settle(cls, month: str, premises_ids: list[int], at: datetime) -> None:
        """Note that the bills of a month were paid, each by its newest document."""
        moment = instant(at)
        with writing():
            Premises.hold(premises_ids)
            change_many(
                SETTLE,
                [(moment, premises_id, month, premises_id, month) for premises_id in premises_ids],
            )


SETTLE = """
UPDATE bills SET paid_at = ?
WHERE premises_id = ? AND month = ? AND paid_at IS NULL AND revision = (
    SELECT max(n.revision) FROM bills n WHERE n.premises_id = ? AND n.month = ?)
"""
FORM = '["%s","%s",%d,%d,%d,%d,%d,"%s"]'
FORMS = [f"[{','.join([FORM] * count)}]" for count in range(12)]


def encoded(lines: Sequence[Line]) -> str:
    """How a bill keeps its lines: JSON. Their words are ours and hold nothing to be escaped."""
    if len(lines) < len(FORMS):
        return FORMS[len(lines)] % tuple(chain.from_iterable(lines))
    return f"[{','.join([FORM % line for line in lines])}]"


Bill.add_index(
    Bill.index(Bill.premises, Bill.month, name="bill_open").where(Bill.paid_at.is_null())
)


@lru_cache(4096)
def late_from(due_on: date) -> str:
    """The first moment after a due date, as text that moments of the database compare with.

    Without a fraction of a second: PostgreSQL leaves out one that is zero.
    """
    return instant(datetime.combine(due_on + timedelta(days=1), time(), SEOUL))[:19]
