"""A bill that was looked up with its number and code: who may see it for a few minutes."""

import hmac
from datetime import date, datetime, timedelta
from typing import NamedTuple

from peewee import CharField, ForeignKeyField, SmallIntegerField

from app import references
from app.accounts.models import digest
from app.bills.models import State
from app.bills.notes import Part, instalments
from app.bills.seen import ListedBill, state
from app.db import BaseModel, InstantColumn, as_day, as_instant, instant, rows, writing
from app.supply.models import Premises

MINUTES = 15


class BillKey(NamedTuple):
    """Which document of which bill."""

    premises_id: int
    month: str
    revision: int


class Lookup(BaseModel):
    """One looked-up bill, for one browser, until a moment."""

    reference = CharField(20, primary_key=True)
    browser_hash = CharField(64)
    premises = ForeignKeyField(Premises, backref="+", on_delete="CASCADE", index=False)
    premises_id: int
    month = CharField(7)
    revision = SmallIntegerField()
    expires_at = InstantColumn(index=True)

    class Meta:
        table_name = "lookups"
        without_rowid = True

    @classmethod
    def begin(cls, found: BillKey, browser: str, now: datetime) -> str:
        """Let a browser see a bill for a while; the reference of its page. Old ones go."""
        reference = references.new(20)
        with writing():
            cls.delete().where(cls.expires_at <= now).execute()
            cls.create(
                reference=reference,
                browser_hash=digest(browser),
                premises=found.premises_id,
                month=found.month,
                revision=found.revision,
                expires_at=now + timedelta(minutes=MINUTES),
            )
        return reference

    @classmethod
    def bill_of(cls, reference: str, browser: str, now: datetime) -> BillKey | None:
        """Which bill a browser may see under a reference."""
        mine = (cls.reference == reference) & (cls.browser_hash == digest(browser))
        found = cls.get_or_none(mine & (cls.expires_at > now))
        return BillKey(found.premises_id, found.month, found.revision) if found else None

    @classmethod
    def sees(cls, browser: str, premises_id: int, month: str, now: datetime) -> bool:
        """Whether a browser may see a bill now, under whatever reference."""
        return bool(rows(SEES, (digest(browser), instant(now), premises_id, month)))


SEES = """
SELECT 1 FROM lookups WHERE browser_hash = ? AND expires_at > ? AND premises_id = ? AND month = ?
LIMIT 1
"""


class GuestBill(NamedTuple):
    """All that a guest sees of a bill: `listed` has neither home nor use."""

    number: str
    listed: ListedBill
    expires_at: datetime
    part: Part | None
    """The next part to pay, of a bill that is paid in parts."""

    def payable(self, today: date) -> bool:
        """Whether anything of it is still to be paid."""
        stands = state(self.listed, today)
        return stands in (State.OPEN, State.OVERDUE) or self.part is not None


CURRENT = """
SELECT p.id, b.month, b.revision, b.code FROM premises p JOIN bills b ON b.premises_id = p.id
WHERE p.number = ? ORDER BY b.month DESC, b.revision DESC LIMIT 1
"""
NOTHING = (0, "", 0, "0000000000")  # no bill's code: 0 is not in the alphabet
SHOWN = """
SELECT p.number, l.expires_at, l.premises_id, b.month, b.total, b.due_on,
    CAST(b.paid_at AS TEXT), b.paid_before,
    EXISTS (SELECT 1 FROM instalments i WHERE i.premises_id = b.premises_id AND i.month = b.month)
FROM lookups l
JOIN premises p ON p.id = l.premises_id
JOIN bills b ON b.premises_id = l.premises_id AND b.month = l.month AND b.revision = l.revision
WHERE l.reference = ? AND l.browser_hash = ? AND l.expires_at > ?
"""


def current(number: str, code: str) -> BillKey | None:
    """The newest bill of a customer number, when this code is printed on it.

    A number that nobody has is compared with a code that no bill has, so both cost the same.
    """
    found = rows(CURRENT, (number,))
    premises_id, month, revision, printed = found[0] if found else NOTHING
    same = hmac.compare_digest(printed.encode(), code.encode())
    return BillKey(premises_id, month, revision) if same else None


def looked_up(reference: str, browser: str, now: datetime) -> GuestBill | None:
    """The bill of a reference, for the browser that looked it up and while it may."""
    found = rows(SHOWN, (reference, digest(browser), instant(now)))
    if not found:
        return None
    number, expires_at, premises_id, month, total, due_on, paid_at, before, planned = found[0]
    due = as_day(due_on)
    listed = ListedBill("", "", month, 0, total, due, paid_at, before, bool(planned))
    parts = instalments(premises_id, month) if planned else []
    part = next((one for one in parts if not one.paid), None)
    return GuestBill(number, listed, as_instant(expires_at), part)
