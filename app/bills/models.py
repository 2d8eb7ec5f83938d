"""Bills with their lines: what is owed for a premises and a billing month, and why."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple, Self

from peewee import (
    BigIntegerField,
    CharField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    SmallIntegerField,
)

from app.accounts.models import Account
from app.clock import SEOUL, add_months
from app.db import (
    BaseModel,
    DayColumn,
    InstantColumn,
    MoneyColumn,
    as_day,
    change_many,
    instant,
    rows,
    writing,
)
from app.supply.models import Premises, ReadingKind, one_of


class State(StrEnum):
    """Where a bill stands, as people see it."""

    NOTHING = "nothing"
    OPEN = "open"
    OVERDUE = "overdue"
    PAID = "paid"
    PAID_LATE = "paid_late"


class Bill(BaseModel):
    """One bill document. It is never edited, save for the moment it was paid."""

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
    total = MoneyColumn()
    due_on = DayColumn()
    issued_on = DayColumn()
    paid_at = InstantColumn(null=True)

    class Meta:
        table_name = "bills"
        primary_key = CompositeKey("premises", "month", "revision")
        without_rowid = True
        constraints = [Check("from_on < to_on")]  # noqa: RUF012

    @classmethod
    def documents(cls, premises_id: int, month: str) -> "ModelSelect[Self]":
        """The bills of a premises for a month, newest document first."""
        chosen = cls.select().where((cls.premises == premises_id) & (cls.month == month))
        return chosen.order_by(cls.revision.desc())

    @classmethod
    def settle(cls, month: str, premises_ids: list[int], at: datetime) -> None:
        """Note that the bills of a month were paid."""
        moment = instant(at)
        with writing():
            change_many(
                "UPDATE bills SET paid_at = ? "
                "WHERE premises_id = ? AND month = ? AND paid_at IS NULL",
                [(moment, premises_id, month) for premises_id in premises_ids],
            )


class BillLine(BaseModel):
    """One line of a bill; see `tariff.engine.Line` for what the columns mean."""

    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", index=False)
    month = CharField(7)
    revision = SmallIntegerField(default=0)
    position = SmallIntegerField()
    part = CharField(8)
    kind = CharField(8)
    quantity = BigIntegerField()
    rate = IntegerField()
    days = SmallIntegerField()
    of_days = SmallIntegerField()
    amount = MoneyColumn()
    rate_key = CharField(40)

    class Meta:
        table_name = "bill_lines"
        primary_key = CompositeKey("premises", "month", "revision", "position")
        without_rowid = True

    @classmethod
    def of(cls, bill: Bill) -> "ModelSelect[Self]":
        """A bill's lines in their order."""
        key = (cls.premises == bill.premises) & (cls.month == bill.month)
        chosen = cls.select().where(key & (cls.revision == bill.revision))
        return chosen.order_by(cls.position)


def state(bill: "ListedBill | SeenBill", today: date) -> State:
    """W-ORD art. 28(1), 33(1): late from the day after the due date, in Seoul."""
    if bill.total <= 0:
        return State.NOTHING
    if bill.paid_at is None:
        return State.OVERDUE if bill.due_on < today else State.OPEN
    return State.PAID_LATE if bill.paid_at >= late_from(bill.due_on) else State.PAID


@lru_cache(4096)
def late_from(due_on: date) -> str:
    """The first moment after a due date, as text that moments of the database compare with.

    Without a fraction of a second: PostgreSQL leaves out one that is zero.
    """
    return instant(datetime.combine(due_on + timedelta(days=1), time(), SEOUL))[:19]


class ListedBill(NamedTuple):
    """What a list or the chart shows of a bill. `paid_at` is UTC text: lists only compare it."""

    home: str
    home_name: str
    month: str
    usage_m3: int
    total: int
    due_on: date
    paid_at: str | None


class SeenBill(NamedTuple):
    """One bill as the owner of a home sees it; begins like ListedBill."""

    home: str
    home_name: str
    month: str
    usage_m3: int
    total: int
    due_on: date
    paid_at: str | None
    from_on: date
    to_on: date
    number: str
    address: str
    office: str
    premises_id: int
    revision: int
    previous_m3: int
    current_m3: int
    reading_kind: str
    months: int
    households: int
    diameter_mm: int
    water: int
    sewer: int
    levy: int

    def lines(self) -> list[tuple[str, str, int, int, int, int, int, str]]:
        """(part, kind, quantity, rate, days, of_days, amount, rate_key) in order."""
        return rows(LINES, (self.premises_id, self.month, self.revision))


LISTED = "h.reference, h.name, b.month, b.usage_m3, b.total, b.due_on, CAST(b.paid_at AS TEXT)"
WHOLE = (
    LISTED + ", b.from_on, b.to_on, p.number, p.road_address, p.office, b.premises_id, b.revision, "
    "b.previous_m3, b.current_m3, b.reading_kind, b.months, b.households, b.diameter_mm, "
    "b.water, b.sewer, b.levy"
)
IN_TIME = """
FROM homes h
JOIN bills b ON b.premises_id = h.premises_id
    AND b.from_on >= h.since_on AND (h.until_on IS NULL OR b.to_on <= h.until_on)
"""
SEEN_BY = f"""
SELECT {LISTED} {IN_TIME} WHERE h.account_id = ?
ORDER BY b.month DESC, h.id, b.revision DESC
"""
SEEN = f"""
SELECT {WHOLE} {IN_TIME} JOIN premises p ON p.id = h.premises_id
WHERE h.account_id = ? AND h.reference = ? AND b.month = ? ORDER BY b.revision DESC LIMIT 1
"""
BEFORE = f"""
SELECT {LISTED} {IN_TIME}
WHERE h.account_id = ? AND h.reference = ? AND b.month >= ? AND b.month < ?
ORDER BY b.month DESC, b.revision DESC
"""
LINES = """
SELECT part, kind, quantity, rate, days, of_days, amount, rate_key FROM bill_lines
WHERE premises_id = ? AND month = ? AND revision = ? ORDER BY position
"""


def seen_by(account: Account) -> list[ListedBill]:
    """All bills an account may see, newest first: those of its homes, each in its time (S-04)."""
    return [listed(row) for row in rows(SEEN_BY, (account.id,))]


def seen(account: Account, home: str, month: str) -> SeenBill | None:
    """One bill of a home; None when the account may not see it or there is none."""
    found = rows(SEEN, (account.id, home, month))
    if not found:
        return None
    values = list(found[0])
    for place in (5, 7, 8):
        values[place] = as_day(values[place])
    return SeenBill._make(values)


def before(account: Account, home: str, month: str) -> list[ListedBill]:
    """The bills of a home in the year before a month, newest first."""
    a_year_ago = add_months(month, -12)
    return [listed(row) for row in rows(BEFORE, (account.id, home, a_year_ago, month))]


def listed(row: tuple[Any, ...]) -> ListedBill:
    """A row of LISTED with its due date made a date."""
    home, name, month, usage_m3, total, due_on, paid_at = row
    return ListedBill(home, name, month, usage_m3, total, as_day(due_on), paid_at)
