"""What people ask about their own data, what the law keeps of closed accounts, and incidents."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Self

from peewee import (
    AutoField,
    CharField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
)

from app import clock, references
from app.accounts.models import Account
from app.db import BaseModel, DayColumn, InstantColumn, is_postgres, one_of, rows, writing
from app.sealed import SealedText

DAYS = timedelta(days=10)
"""Within so many calendar days a request is answered, holidays or not (decree to PIPA 35–37)."""
OPEN_REQUESTS = 5


class KeptRecord(BaseModel):
    """What the law wants of a closed account, apart from all that is used, until a day."""

    id = AutoField()
    account_id = IntegerField(index=True)
    what = CharField(40)
    """The table that it comes from."""
    content = SealedText()
    """Its rows as JSON."""
    kept_at = InstantColumn()
    destroy_on = DayColumn(index=True)

    class Meta:
        table_name = "kept_records"


class Wish(StrEnum):
    """What somebody may ask about their own data (PIPA 35–37)."""

    SEE = "see"
    CORRECT = "correct"
    ERASE = "erase"
    STOP = "stop"
    RESTRICT = "restrict"
    OBJECT = "object"


class Decision(StrEnum):
    OPEN = ""
    DONE = "done"
    PARTLY = "partly"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


ANSWERS = (Decision.DONE, Decision.PARTLY, Decision.REFUSED)


class RightsRequest(BaseModel):
    """A request about somebody's own data, with the day by which it is answered."""

    id = AutoField()
    account = ForeignKeyField(Account, backref="+", on_delete="CASCADE")
    reference = CharField(12, unique=True)
    kind = CharField(8, constraints=[one_of("kind", *Wish)])
    about = CharField(1000)
    asked_at = InstantColumn()
    due_on = DayColumn()
    decided_at = InstantColumn(null=True)
    decided_by = CharField(60)
    decision = CharField(9, constraints=[one_of("decision", *Decision)])
    answer = CharField(1000)

    class Meta:
        table_name = "rights_requests"

    @classmethod
    def of(cls, account: Account) -> "ModelSelect[Self]":
        """An account's requests, newest first."""
        return cls.select().where(cls.account == account).order_by(cls.id.desc())

    @classmethod
    def ask(cls, account: Account, kind: str, about: str, now: datetime) -> Self | None:
        """A new request, or the open one that says the same; None when too many are open."""
        with writing():
            if is_postgres():
                rows("SELECT id FROM accounts WHERE id = ? FOR UPDATE", (account.id,))
            waiting = list(cls.of(account).where(cls.decided_at.is_null()))
            for one in waiting:
                if (one.kind, one.about) == (kind, about):
                    return one
            if len(waiting) >= OPEN_REQUESTS:
                return None
            return cls.create(
                account=account,
                reference=references.new(8),
                kind=kind,
                about=about,
                asked_at=now,
                due_on=due(now),
                decided_by="",
                decision=Decision.OPEN,
                answer="",
            )

    def decide(self, decision: Decision, answer: str, by: str, now: datetime) -> bool:
        """Note how it ended, and through whom; False when it had ended already."""
        cls = type(self)
        open_one = (cls.id == self.id) & cls.decided_at.is_null()
        noted = {"decision": decision, "answer": answer, "decided_by": by, "decided_at": now}
        with writing():
            return bool(cls.update(**noted).where(open_one).execute())

    def days_left(self, today: date) -> int:
        """Calendar days until it is due; below zero when it is late."""
        return int((self.due_on - today).days)


RightsRequest.add_index(
    RightsRequest.index(RightsRequest.due_on, RightsRequest.id, name="rightsrequest_open").where(
        RightsRequest.decided_at.is_null()
    )
)


def due(asked_at: datetime) -> date:
    """The last day for the answer. The day of the request itself does not count; holidays do."""
    return asked_at.astimezone(clock.SEOUL).date() + DAYS


class WaitingRequest(NamedTuple):
    """An open request, for the desk."""

    reference: str
    kind: Wish
    about: str
    asked_at: datetime
    due_on: date
    days_left: int
    account_id: int
    name: str
    email: str


def waiting(today: date) -> list[WaitingRequest]:
    """The requests that wait for an answer, those first that are due first."""
    found = RightsRequest.select(RightsRequest, Account).join(Account)
    found = found.where(RightsRequest.decided_at.is_null())
    return [
        WaitingRequest(
            one.reference,
            Wish(one.kind),
            one.about,
            one.asked_at,
            one.due_on,
            one.days_left(today),
            one.account.id,
            one.account.name,
            one.account.email,
        )
        for one in found.order_by(RightsRequest.due_on, RightsRequest.id)
    ]


class Cause(StrEnum):
    """How data came to where it does not belong."""

    INTRUSION = "intrusion"
    MISTAKE = "mistake"
    LOSS = "loss"
    UNKNOWN = "unknown"


class Incident(BaseModel):
    """A leak, or what may be one: which data, in which time, and what was done (PIPA 34)."""

    id = AutoField()
    reference = CharField(12, unique=True)
    opened_at = InstantColumn()
    known_at = InstantColumn()
    """When we came to know: 72 hours run from then."""
    from_at = InstantColumn()
    to_at = InstantColumn()
    cause = CharField(9, constraints=[one_of("cause", *Cause)])
    scope = TextField()
    """JSON: tables, offices, accounts (breach.Scope)."""
    said = TextField()
    """JSON: what the notice says in both languages (breach.Said)."""
    opened_by = CharField(60)
    confirmed_at = InstantColumn(null=True)
    """Empty while it is only possible that something leaked."""
    listed_at = InstantColumn(null=True)
    reported_at = InstantColumn(null=True)
    closed_at = InstantColumn(null=True)

    class Meta:
        table_name = "incidents"
        constraints = [Check("to_at >= from_at")]  # noqa: RUF012


class IncidentPerson(BaseModel):
    """Somebody whose data an incident concerns, by an internal number, and whether they know."""

    incident = ForeignKeyField(Incident, backref="+", on_delete="CASCADE", index=False)
    person = CharField(60)
    """`account 7`, or `user 12 2024-01-02` for who lived at a premises without an account."""
    channel = CharField(6, constraints=[one_of("channel", "", "mail", "letter", "none")])
    told_at = InstantColumn(null=True)

    class Meta:
        table_name = "incident_people"
        primary_key = CompositeKey("incident", "person")
        without_rowid = True
