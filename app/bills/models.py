"""Bills with their lines: what is owed for a premises and a billing month, and why."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from peewee import (
    CharField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    SmallIntegerField,
)

from app.accounts.models import Account
from app.db import (
    BaseModel,
    DayColumn,
    InstantColumn,
    MoneyColumn,
    as_day,
    as_instant,
    change_many,
    instant,
    rows,
    writing,
)
from app.supply.models import Premises, ReadingKind, one_of
from app.words import local_day


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
    reading_kind = CharField(9, constraints=[one_of("reading_kind", ReadingKind)])
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
    def unpaid(cls) -> "ModelSelect[Self]":
        """Bills with something to pay that nobody has paid yet, newest first."""
        waiting = cls.paid_at.is_null() & (cls.total > 0)
        return cls.select().where(waiting).order_by(cls.month.desc(), cls.premises)

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
    quantity = IntegerField()
    rate = IntegerField()
    days = SmallIntegerField()
    of_days = SmallIntegerField()
    amount = MoneyColumn()
    rate_key = CharField(40)

    class Meta:
        table_name = "bill_lines"
        primary_key = CompositeKey("premises", "month", "revision", "position")
        without_rowid = True


class SeenBill(NamedTuple):
    """A bill as the owner of a home sees it. Plain values: the pages show dozens at a time."""

    home: str
    home_name: str
    number: str
    address: str
    office: str
    premises_id: int
    month: str
    revision: int
    from_on: date
    to_on: date
    previous_m3: int
    current_m3: int
    reading_kind: str
    usage_m3: int
    months: int
    households: int
    diameter_mm: int
    water: int
    sewer: int
    levy: int
    total: int
    due_on: date
    paid_at: datetime | None

    def state(self, today: date) -> State:
        """W-ORD art. 28(1), 33(1): late from the day after the due date."""
        if self.total <= 0:
            return State.NOTHING
        if self.paid_at is None:
            return State.OVERDUE if self.due_on < today else State.OPEN
        return State.PAID_LATE if self.due_on < local_day(self.paid_at) else State.PAID

    def lines(self) -> list[tuple[str, str, int, int, int, int, int, str]]:
        """(part, kind, quantity, rate, days, of_days, amount, rate_key) in order."""
        return rows(LINES, (self.premises_id, self.month, self.revision))


SEEN = """
SELECT h.reference, h.name, p.number, p.road_address, p.office, b.premises_id, b.month, b.revision,
       b.from_on, b.to_on, b.previous_m3, b.current_m3, b.reading_kind, b.usage_m3, b.months,
       b.households, b.diameter_mm, b.water, b.sewer, b.levy, b.total, b.due_on, b.paid_at
FROM homes h
JOIN premises p ON p.id = h.premises_id
JOIN bills b ON b.premises_id = h.premises_id
    AND b.to_on > h.since_on AND (h.until_on IS NULL OR b.to_on <= h.until_on)
WHERE h.account_id = ?{home} ORDER BY b.month DESC, h.id, b.revision DESC LIMIT {limit}
"""
LIST_LIMIT = 400
SEEN_ALL = SEEN.format(home="", limit=LIST_LIMIT)
SEEN_HOME = SEEN.format(home=" AND h.reference = ? AND b.month <= ?", limit=26)
LINES = """
SELECT part, kind, quantity, rate, days, of_days, amount, rate_key FROM bill_lines
WHERE premises_id = ? AND month = ? AND revision = ? ORDER BY position
"""


def seen_by(account: Account) -> list[SeenBill]:
    """All bills an account may see, newest first: those of its homes, each in its time (S-04)."""
    return [_seen(row) for row in rows(SEEN_ALL, (account.id,))]


def seen_at(account: Account, home: str, month: str) -> list[SeenBill]:
    """The bills of one home up to a month, newest first; empty when it is not the account's."""
    return [_seen(row) for row in rows(SEEN_HOME, (account.id, home, month))]


def _seen(row: tuple[Any, ...]) -> SeenBill:
    """A row of SEEN with its days and moment made of what the driver returned."""
    bill = SeenBill._make(row)
    return bill._replace(
        from_on=as_day(bill.from_on),
        to_on=as_day(bill.to_on),
        due_on=as_day(bill.due_on),
        paid_at=as_instant(bill.paid_at) if bill.paid_at else None,
    )
