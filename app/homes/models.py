"""Links of accounts to premises: whose, what each role may see, what happened to them."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Self

from peewee import AutoField, CharField, ForeignKeyField, ModelSelect

from app import masks, references
from app.accounts.models import Account
from app.db import BaseModel, InstantColumn, as_day, as_instant, is_postgres, one_of, rows, writing
from app.supply.models import Premises

VIEWER, PAYER, HOLDER = "viewer", "payer", "holder"
ROLES = (HOLDER, PAYER, VIEWER)
PAPER, CONTACT, STAFF = 1, 2, 3
OPEN_REQUESTS = 3


class What(StrEnum):
    LINKED = "linked"
    RAISED = "raised"
    ENDED = "ended"
    MOVED_OUT = "moved_out"


class HomeEvent(BaseModel):
    """What happened to a link, and through whom; never changed."""

    id = AutoField()
    account = ForeignKeyField(Account, backref="+", on_delete="CASCADE")
    account_id: int
    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT")
    what = CharField(10, constraints=[one_of("what", *What)])
    actor = CharField(60)
    at = InstantColumn()

    class Meta:
        table_name = "home_events"


class HomeRequest(BaseModel):
    """A wish to be linked that the office decides."""

    id = AutoField()
    account = ForeignKeyField(Account, backref="+", on_delete="CASCADE")
    reference = CharField(12, unique=True)
    number = CharField(9)
    address = CharField(160)
    role = CharField(6, constraints=[one_of("role", *ROLES)])
    reason = CharField(1000)
    asked_at = InstantColumn()
    decided_at = InstantColumn(null=True, index=True)
    decided_by = CharField(60)
    answer = CharField(400)
    decision = CharField(7, constraints=[one_of("decision", "", "granted", "refused")])

    class Meta:
        table_name = "home_requests"

    @classmethod
    def of(cls, account: Account) -> "ModelSelect[Self]":
        """An account's requests, newest first."""
        return cls.select().where(cls.account == account).order_by(cls.id.desc())

    @classmethod
    def waiting(cls) -> "ModelSelect[Self]":
        """What the office has not decided, oldest first."""
        return (
            cls.select(cls, Account).join(Account).where(cls.decided_at.is_null()).order_by(cls.id)
        )

    @classmethod
    def ask(cls, account: Account, wish: dict[str, Any], now: datetime) -> Self | None:
        """A new request, or the one that already says the same; None when too many are open."""
        with writing():
            if is_postgres():
                rows("SELECT id FROM accounts WHERE id = ? FOR UPDATE", (account.id,))
            waiting = list(cls.of(account).where(cls.decided_at.is_null()))
            for one in waiting:
                if all(getattr(one, name) == value for name, value in wish.items()):
                    return one
            if len(waiting) >= OPEN_REQUESTS:
                return None
            new = {"reference": references.new(8), "decided_by": "", "answer": "", "decision": ""}
            return cls.create(account=account, asked_at=now, **new, **wish)

    def decide(self, decision: str, answer: str, by: str, now: datetime) -> bool:
        """Note the decision; False when there was one already."""
        cls = type(self)
        open_one = (cls.id == self.id) & cls.decided_at.is_null()
        noted = {"decision": decision, "answer": answer, "decided_by": by, "decided_at": now}
        return bool(cls.update(**noted).where(open_one).execute())


class Link(NamedTuple):
    """A link of an account, with as much of its premises as its role may see (S-03)."""

    id: int
    reference: str
    name: str
    role: str
    level: int
    tenancy: str
    since_on: date
    until_on: date | None
    premises_id: int
    number: str
    address: str

    @property
    def first_on(self) -> date:
        """The first day that is seen."""
        return self.since_on + timedelta(days=1)

    @property
    def manages(self) -> bool:
        """Whether it may see and end others' links to the same home."""
        return self.role == HOLDER and self.level >= CONTACT


MINE = """
SELECT h.id, h.reference, h.name, h.role, h.level, h.tenancy, h.since_on, h.until_on,
       h.premises_id, p.number, p.road_address
FROM homes h JOIN premises p ON p.id = h.premises_id WHERE h.account_id = ?
"""
ALL_MINE = MINE + "ORDER BY h.id"
ONE_OF_MINE = MINE + "AND h.reference = ?"


def shown(row: tuple[Any, ...]) -> Link:
    """A row of MINE; a viewer gets number and address masked."""
    found = Link._make(row)
    until_on = None if found.until_on is None else as_day(found.until_on)
    found = found._replace(since_on=as_day(found.since_on), until_on=until_on)
    if found.role != VIEWER:
        return found
    return found._replace(number=masks.digits(found.number), address=masks.address(found.address))


def mine(account: Account) -> list[Link]:
    return [shown(row) for row in rows(ALL_MINE, (account.id,))]


def one(account: Account, reference: str) -> Link | None:
    """A link of the account; None for another's as for none."""
    found = rows(ONE_OF_MINE, (account.id, reference))
    return shown(found[0]) if found else None


PERIODS = """
SELECT b.month, b.from_on, b.to_on FROM bills b
WHERE b.premises_id = ? AND b.paid_at IS NULL AND b.revision = (
    SELECT max(n.revision) FROM bills n WHERE n.premises_id = b.premises_id AND n.month = b.month)
"""


def periods(premises_id: int) -> dict[str, tuple[date, date]]:
    """The days of use of each bill of a premises that is not paid, by its month."""
    found = rows(PERIODS, (premises_id,))
    return {month: (as_day(from_on), as_day(to_on)) for month, from_on, to_on in found}


class Person(NamedTuple):
    """Somebody who sees a home; `ours` when their link belongs to the same tenancy."""

    link: str
    name: str
    role: str
    linked_at: datetime | None
    own: bool
    ours: bool

    @property
    def may_be_ended(self) -> bool:
        """Whether the holder who looks may end this link: not the owner's, and not one's own."""
        return self.ours and not self.own


PEOPLE = """
SELECT h.reference, a.name, h.role, (
        SELECT CAST(max(e.at) AS TEXT) FROM home_events e WHERE e.account_id = h.account_id
            AND e.premises_id = h.premises_id AND e.what = 'linked'),
    h.id, h.tenancy
FROM homes h JOIN accounts a ON a.id = h.account_id
WHERE h.premises_id = ? AND (h.tenancy = ? OR h.tenancy = 'owner')
    AND (h.until_on IS NULL OR h.until_on > ?) AND h.since_on < ?
ORDER BY h.id
"""
END_OF_TIME = date(9999, 12, 31)


def people(link: Link) -> list[Person]:
    """Who sees the days of a link's tenancy, with masked names; the owner's side is shown too."""
    until = link.until_on or END_OF_TIME
    window = link.since_on.isoformat(), until.isoformat()
    return [
        Person(
            reference,
            masks.name(name),
            role,
            at and as_instant(at),
            number == link.id,
            side == link.tenancy,
        )
        for reference, name, role, at, number, side in rows(
            PEOPLE, (link.premises_id, link.tenancy, *window)
        )
    ]
