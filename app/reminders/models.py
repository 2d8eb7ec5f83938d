"""알림: of what a customer wants to be told by mail, and who is to be told now."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from peewee import CharField, CompositeKey, ForeignKeyField

from app.accounts.models import Account
from app.bills.seen import IN_TIME
from app.clock import add_months
from app.db import BaseModel, InstantColumn, as_day, one_of, rows, writing

MAIL = "mail"
NEW_FOR, SOON = timedelta(days=7), timedelta(days=3)


class Topic(StrEnum):
    """What somebody can be told."""

    BILL = "bill"
    DUE = "due"


class NoticeChoice(BaseModel):
    """A customer wants to be told of something by a channel; without a row they do not."""

    account = ForeignKeyField(Account, backref="+", on_delete="CASCADE", index=False)
    topic = CharField(10, constraints=[one_of("topic", *Topic)])
    channel = CharField(10, constraints=[one_of("channel", MAIL)])
    chosen_at = InstantColumn()

    class Meta:
        table_name = "notice_choices"
        primary_key = CompositeKey("account", "topic", "channel")
        without_rowid = True

    @classmethod
    def of(cls, account_id: int) -> set[str]:
        """The topics that an account wants mails about."""
        return {topic for (topic,) in rows(CHOSEN, (account_id, MAIL))}

    @classmethod
    def choose(cls, account_id: int, topic: Topic, wanted: bool, now: datetime) -> None:
        """Begin or stop to tell somebody of a topic."""
        with writing():
            if wanted:
                row = {"account": account_id, "topic": topic, "channel": MAIL, "chosen_at": now}
                cls.insert(row).on_conflict_ignore().execute()
            else:
                mine = (cls.account == account_id) & (cls.topic == topic) & (cls.channel == MAIL)
                cls.delete().where(mine).execute()


CHOSEN = "SELECT topic FROM notice_choices WHERE account_id = ? AND channel = ?"


class Told(NamedTuple):
    """A bill of which somebody wants to be told."""

    account_id: int
    email: str
    name: str
    language: str
    home: str
    home_name: str
    premises_id: int
    number: str
    month: str
    revision: int
    owed: int
    due_on: date


BILLS = f"""
SELECT a.id, a.email, a.name, a.language, h.reference, h.name, b.premises_id, p.number, b.month,
       b.revision, b.total - b.paid_before, b.due_on
{IN_TIME} JOIN notice_choices c ON c.account_id = h.account_id AND c.topic = ? AND c.channel = ?
JOIN accounts a ON a.id = h.account_id AND a.disabled_at IS NULL
JOIN premises p ON p.id = b.premises_id
WHERE b.month >= ? AND b.revision = (SELECT max(x.revision) FROM bills x
        WHERE x.premises_id = b.premises_id AND x.month = b.month)
"""  # noqa: S608 a text of ours
NEW = BILLS + "AND b.issued_on BETWEEN ? AND ? ORDER BY a.id, h.id"
DUE = BILLS + (
    "AND b.paid_at IS NULL AND b.total > b.paid_before AND b.due_on BETWEEN ? AND ?"
    " ORDER BY a.id, h.id"
)
PAID = """
SELECT paid_at FROM bills WHERE premises_id = ? AND month = ? ORDER BY revision DESC LIMIT 1
"""


def told(sql: str, topic: Topic, today: date, first: date, last: date) -> list[Told]:
    recent = add_months(today.isoformat()[:7], -2)
    found = rows(sql, (topic, MAIL, recent, first.isoformat(), last.isoformat()))
    return [Told._make((*row[:11], as_day(row[11]))) for row in found]


def new_bills(today: date) -> list[Told]:
    """Bills of the last week, for those who want to be told of new ones."""
    return told(NEW, Topic.BILL, today, today - NEW_FOR, today)


def due_soon(today: date) -> list[Told]:
    """Open bills that are due within three days, for those who want to be reminded."""
    return told(DUE, Topic.DUE, today, today, today + SOON)


def is_open(premises_id: int, month: str) -> bool:
    """Whether a bill is still to be paid."""
    found = rows(PAID, (premises_id, month))
    return bool(found) and found[0][0] is None
