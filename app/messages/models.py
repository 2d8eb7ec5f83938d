"""Messages to people: each is a row before it is sent, and stays one after it was (C-8)."""

from enum import StrEnum

from peewee import SQL, AutoField, CharField, Check, IntegerField, SmallIntegerField

from app.db import BaseModel, InstantColumn, one_of
from app.sealed import SealedColumn, SealedText


class Channel(StrEnum):
    MAIL = "mail"
    LETTER = "letter"
    SMS = "sms"
    PUSH = "push"


class State(StrEnum):
    """created → sending → one of the others; final ones never change again, but that a person may
    resend what has failed.
    """

    CREATED = "created"
    HELD = "held"
    """Waits until `run_after` for the morning, for money, or for the next hour."""
    SENDING = "sending"
    """Leased by a worker until `run_after`; what became of it is unknown when the lease ends."""
    UNKNOWN = "unknown"
    """A provider was given it and did not answer: it is asked at `run_after`."""
    ACCEPTED = "accepted"
    """A provider has it; whether it arrived is asked at `run_after`."""
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"
    """Its reason had gone when it was about to be sent."""
    SUPPRESSED = "suppressed"
    """It may not be sent: the consent that it needs is not there."""
    EXPIRED = "expired"


FINAL = (
    State.SENT,
    State.DELIVERED,
    State.FAILED,
    State.DROPPED,
    State.SUPPRESSED,
    State.EXPIRED,
)


class Cause(StrEnum):
    """Why a message has failed."""

    NONE = ""
    TEMPORARY = "temporary"
    """A phone that is off, a mailbox that is full."""
    PERMANENT = "permanent"
    """No such number or address."""
    TECHNICAL = "technical"
    """Ours or the provider's."""


class Message(BaseModel):
    """A message to one recipient. Who gets it and what it says are sealed."""

    id = AutoField()
    reference = CharField(20, unique=True)
    kind = CharField(30)
    channel = CharField(10, constraints=[one_of("channel", *Channel)])
    language = CharField(2, constraints=[one_of("language", "ko", "en")])
    recipient = SealedColumn(1000)
    content = SealedText()
    """The values of its template as JSON; empty once they are not needed any more."""
    dedupe_key = CharField(160, unique=True)
    account_id = IntegerField(null=True)
    priority = SmallIntegerField(constraints=[Check("priority BETWEEN 0 AND 3")])
    state = CharField(10, constraints=[one_of("state", *State)])
    attempts = IntegerField(constraints=[Check("attempts >= 0")])
    run_after = InstantColumn()
    """When it may be tried; of a leased message: when its lease ends."""
    lease = CharField(20)
    created_at = InstantColumn()
    expires_at = InstantColumn()
    finished_at = InstantColumn(null=True)
    problem = CharField(200)
    cause = CharField(10, default="", constraints=[one_of("cause", *Cause)])
    otherwise = SealedText(default="")
    """The channels that follow when this one fails, with their recipients (app/messages/outbox)."""
    provider_id = CharField(64, default="")
    """By what the provider knows it."""

    class Meta:
        table_name = "messages"


WAITING = "state = 'created' OR state = 'held' OR state = 'sending' OR state = 'unknown'"
Message.add_index(
    Message.index(
        Message.channel,
        Message.priority,
        Message.run_after,
        Message.id,
        name="message_waiting",
        where=SQL(WAITING),
    )
)
Message.add_index(
    Message.index(
        Message.run_after, Message.id, name="message_accepted", where=SQL("state = 'accepted'")
    )
)
Message.add_index(Message.index(Message.id, name="message_failed", where=SQL("state = 'failed'")))
Message.add_index(
    Message.index(Message.finished_at, name="message_kept", where=SQL("content <> ''"))
)
Message.add_index(
    Message.index(Message.provider_id, name="message_provider_id", where=SQL("provider_id <> ''"))
)
