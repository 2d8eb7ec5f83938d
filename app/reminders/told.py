"""Which bills are told to whom today: asked when mails are queued and again when they are sent."""

from datetime import date, timedelta
from typing import NamedTuple

from app.bills.seen import IN_TIME
from app.clock import add_months
from app.db import as_day, rows
from app.messages.kinds import Waiting
from app.messages.models import Channel
from app.messages.outbox import key_of
from app.reminders.models import MAIL, Topic
from app.sealed import lookup_hash

Place = tuple[int, int, str, int]
START: Place = (0, 0, "", 0)
WEEK, SOON = timedelta(days=7), timedelta(days=3)
NOW = timedelta(0)
TEN_YEARS = 120
OPEN = "b.paid_at IS NULL AND b.total > b.paid_before AND "
IS_OF = {
    Channel.MAIL: "a.email = ?",
    Channel.SMS: "a.phone_hash = ? AND a.phone_verified_at IS NOT NULL",
    Channel.PUSH: "CAST(a.id AS TEXT) = ?",
}
"""How it is asked whether a message would still go to the same place."""
PLANNED = """EXISTS (
    SELECT 1 FROM instalments i WHERE i.premises_id = b.premises_id AND i.month = b.month)"""


class Told(NamedTuple):
    """A bill, or a part of one, of which somebody wants to be told. `key` is told once."""

    key: str
    account_id: int
    link_id: int
    month: str
    position: int
    email: str
    name: str
    language: str
    home: str
    home_name: str
    premises_id: int
    number: str
    revision: int
    total: int
    owed: int
    due_on: date

    @property
    def place(self) -> Place:
        """Where it stands in the order in which bills are told."""
        return self.account_id, self.link_id, self.month, self.position


class Bills(NamedTuple):
    """The bills that mails of one kind are about. All SQL in it is ours.

    `where` ends with the day that lies between `first` and `last` from today; bills of months
    that are further back than `months` are not told of.
    """

    kind: str
    topic: Topic
    where: str
    first: timedelta
    last: timedelta
    months: int
    owed: str = "CASE WHEN b.paid_at IS NULL THEN b.total - b.paid_before ELSE 0 END"
    due_on: str = "b.due_on"
    position: str = "0"
    joined: str = ""

    @property
    def key(self) -> str:
        """SQL of the key under which a message is queued once."""
        columns = ("a.id", "b.premises_id", "b.month", "b.revision", self.position)
        return f"'{self.kind}:' || " + " || ':' || ".join(columns)

    def sql(self, more: str) -> str:
        return f"""
SELECT {self.key}, a.id, h.id, b.month, {self.position}, a.email, a.name, a.language, h.reference,
    h.name, b.premises_id, p.number, b.revision, b.total, {self.owed}, {self.due_on}
{IN_TIME} JOIN notice_choices c ON c.account_id = h.account_id AND c.topic = ? AND c.channel = ?
JOIN accounts a ON a.id = h.account_id AND a.disabled_at IS NULL
JOIN premises p ON p.id = b.premises_id {self.joined}
WHERE b.revision = (SELECT max(x.revision) FROM bills x
        WHERE x.premises_id = b.premises_id AND x.month = b.month)
    AND b.month >= ? AND {self.where} BETWEEN ? AND ? AND {more}"""  # noqa: S608

    def values(self, today: date, channel: str) -> tuple[str, ...]:
        oldest = add_months(today.isoformat()[:7], -self.months)
        first, last = today + self.first, today + self.last
        return self.topic.value, channel, oldest, first.isoformat(), last.isoformat()

    def untold(self, today: date, channel: str, after: Place, most: int) -> list[Told]:
        """What is to be told by a channel and was not yet, in order, from a place on."""
        place = f"a.id, h.id, b.month, {self.position}"
        more = f"""a.id >= ? AND ({place}) > (?, ?, ?, ?)
    AND (SELECT m.id FROM messages m WHERE m.dedupe_key = {self.key} || ?) IS NULL
ORDER BY 2, 3, 4, 5 LIMIT ?"""  # noqa: S608
        values = (*self.values(today, channel), after[0], *after, key_of("", channel), most)
        return [Told._make((*row[:-1], as_day(row[-1]))) for row in rows(self.sql(more), values)]

    def hold(self, today: date, one: Waiting) -> bool:
        """Whether a message is still to be told, by the channel that was chosen for it, and goes
        where its channel leads now.
        """
        way, to = Channel(one.channel), one.to
        if way is Channel.SMS:
            to = lookup_hash(to)
        key, premises = one.values["key"], one.values["premises"]
        chosen = str(one.values.get("chosen", MAIL))
        more = f"a.id = ? AND {IS_OF[way]} AND b.premises_id = ? AND {self.key} = ?"
        values = (*self.values(today, chosen), one.account_id, to, premises, key)
        return bool(rows(self.sql(more), values))


READY = Bills("bill_ready", Topic.BILL, f"b.revision = 0 AND {OPEN} b.issued_on", -WEEK, NOW, 2)
CORRECTED = Bills(
    "bill_corrected", Topic.BILL, "b.revision > 0 AND b.issued_on", -WEEK, NOW, TEN_YEARS
)
DUE = Bills("bill_due", Topic.DUE, f"{OPEN} NOT {PLANNED} AND b.due_on", NOW, SOON, TEN_YEARS)
PART = Bills(
    "bill_part",
    Topic.DUE,
    f"{OPEN} i.paid_at IS NULL AND i.due_on",
    NOW,
    SOON,
    TEN_YEARS,
    owed="i.amount",
    due_on="i.due_on",
    position="i.position",
    joined="JOIN instalments i ON i.premises_id = b.premises_id AND i.month = b.month",
)
