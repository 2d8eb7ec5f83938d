"""Complaints and requests; what happened to one is in its events."""

from enum import StrEnum
from typing import Self

from peewee import (
    SQL,
    AutoField,
    BooleanField,
    CharField,
    Check,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    SmallIntegerField,
    TextField,
)

from app.accounts.models import Account
from app.db import BaseModel, InstantColumn, one_of
from app.sealed import LookupColumn, SealedColumn
from app.staff.models import Member
from app.supply.models import Premises


class State(StrEnum):
    """received → assigned → working ⇄ waiting → one of the others, which close it."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    WORKING = "working"
    WAITING = "waiting"
    """For something of the applicant; the clock stands still."""
    DONE = "done"
    TRANSFERRED = "transferred"
    """To another authority."""
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    """What was waited for never came."""
    MERGED = "merged"
    """Into another one about the same thing."""


OPEN = (State.RECEIVED, State.ASSIGNED, State.WORKING, State.WAITING)


class Channel(StrEnum):
    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"
    KIOSK = "kiosk"
    OPEN311 = "open311"


class Outcome(StrEnum):
    SOLVED = "solved"
    ANSWERED = "answered"
    REFUSED = "refused"
    NOT_OURS = "not_ours"


class Complaint(BaseModel):
    """One complaint or request. Its columns are what its events come to.

    `begun_at` is where the legal clock begins: the receipt, or the last time that it was opened
    again. `due_at` is the legal date, none while the clock stands; `promised_at` is what the
    applicant was told. Coordinates are millionths of a degree. `version` grows with each change.
    """

    id = AutoField()
    reference = CharField(12, unique=True)
    type = CharField(20)
    state = CharField(11, constraints=[one_of("state", *State)])
    office = CharField(3)
    account = ForeignKeyField(Account, backref="+", on_delete="SET NULL", null=True)
    account_id: int | None
    premises = ForeignKeyField(Premises, backref="+", on_delete="RESTRICT", null=True)
    premises_id: int | None
    name = SealedColumn(600)
    phone = SealedColumn(200)
    phone_hash = LookupColumn("phone")
    email = SealedColumn(1000)
    """Where mails go; none are sent without it."""
    wants_texts = BooleanField()
    """Whether text messages go to `phone`."""
    wants_push = BooleanField(default=False)
    """Whether the browsers of `account` are notified."""
    language = CharField(2, constraints=[one_of("language", "ko", "en")])
    channel = CharField(8, constraints=[one_of("channel", *Channel)])
    district = CharField(20)
    dong = CharField(20)
    place = CharField(200)
    latitude = IntegerField(
        null=True, constraints=[Check("latitude BETWEEN 33000000 AND 39000000")]
    )
    longitude = IntegerField(
        null=True, constraints=[Check("longitude BETWEEN 124000000 AND 132000000")]
    )
    answers = TextField()
    """JSON: the answers to the type's own questions, by code."""
    body = TextField()
    period = CharField(4)
    extensions = SmallIntegerField(constraints=[Check("extensions BETWEEN 0 AND 2")])
    received_at = InstantColumn(index=True)
    begun_at = InstantColumn()
    due_at = InstantColumn(null=True)
    promised_at = InstantColumn()
    assigned_to = ForeignKeyField(Member, backref="+", on_delete="SET NULL", null=True)
    assigned_to_id: int | None
    closed_at = InstantColumn(null=True)
    outcome = CharField(10, constraints=[one_of("outcome", "", *Outcome)])
    rating = SmallIntegerField(null=True, constraints=[Check("rating BETWEEN 1 AND 5")])
    reopened = SmallIntegerField(constraints=[Check("reopened >= 0")])
    released_at = InstantColumn(null=True)
    """When a person let it be shown in public, with `public_text`."""
    public_text = CharField(400)
    merged_into = ForeignKeyField("self", backref="+", on_delete="RESTRICT", null=True)
    merged_into_id: int | None
    version = IntegerField(constraints=[Check("version > 0")])
    form_key = CharField(64, null=True, unique=True)
    changed_at = InstantColumn()

    class Meta:
        table_name = "complaints"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @classmethod
    def of(cls, account: Account) -> "ModelSelect[Self]":
        """An account's complaints, the newest first."""
        return cls.select().where(cls.account == account).order_by(cls.id.desc())

    @classmethod
    def referred(cls, reference: str) -> Self | None:
        return cls.get_or_none(cls.reference == reference)


OPEN_ONES, CLOSED = SQL("closed_at IS NULL"), SQL("closed_at IS NOT NULL")
for columns, name, where in (
    ((Complaint.phone_hash,), "complaint_phone_hash", SQL("phone_hash <> ''")),
    ((Complaint.office, Complaint.due_at, Complaint.id), "complaint_open", OPEN_ONES),
    (
        (Complaint.office, Complaint.type, Complaint.due_at, Complaint.id),
        "complaint_open_type",
        OPEN_ONES,
    ),
    (
        (Complaint.office, Complaint.assigned_to, Complaint.due_at, Complaint.id),
        "complaint_open_whose",
        OPEN_ONES,
    ),
    ((Complaint.office, Complaint.closed_at, Complaint.id), "complaint_closed", CLOSED),
    (
        (Complaint.type, Complaint.latitude, Complaint.longitude),
        "complaint_near",
        SQL("closed_at IS NULL AND latitude IS NOT NULL"),
    ),
    (
        (Complaint.released_at, Complaint.id),
        "complaint_public",
        SQL("released_at IS NOT NULL"),
    ),
):
    Complaint.add_index(Complaint.index(*columns, name=name, where=where))


class What(StrEnum):
    """What can happen to a complaint."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    MOVED = "moved"
    """To another office of ours."""
    STARTED = "started"
    ASKED = "asked"
    """The applicant was asked for something: the clock stops."""
    GIVEN = "given"
    """It came: the clock goes on."""
    EXTENDED = "extended"
    SAID = "said"
    """A message, either way."""
    NOTE = "note"
    PHOTO = "photo"
    CLOSED = "closed"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    SPLIT = "split"
    REDACTED = "redacted"
    RELEASED = "released"
    RATED = "rated"
    OBJECTED = "objected"


class ComplaintEvent(BaseModel):
    """One thing that happened; `shown` to the applicant, or only to the office. Never changed."""

    id = AutoField()
    complaint = ForeignKeyField(Complaint, backref="+", on_delete="CASCADE", index=False)
    complaint_id: int
    at = InstantColumn()
    kind = CharField(12)
    actor_kind = CharField(9, constraints=[one_of("actor_kind", "applicant", "staff", "system")])
    actor = CharField(60)
    shown = BooleanField()
    text = TextField()
    data = TextField()
    """JSON: what else there is to know."""

    class Meta:
        table_name = "complaint_events"
        indexes = ((("complaint", "id"), False),)

    @classmethod
    def of(cls, complaint_id: int) -> "ModelSelect[Self]":
        """A complaint's events in their order."""
        return cls.select().where(cls.complaint == complaint_id).order_by(cls.id)


ComplaintEvent.add_index(
    ComplaintEvent.index(
        ComplaintEvent.complaint, name="complaint_asked", where=SQL("kind = 'asked'")
    )
)
