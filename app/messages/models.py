"""Messages to people: each is a row before it is sent, and stays one after it was (C-8)."""

from enum import StrEnum

from peewee import SQL, AutoField, CharField, Check, IntegerField, SmallIntegerField

from app.db import BaseModel, InstantColumn, one_of
from app.sealed import SealedColumn, SealedText


class Channel(StrEnum):
    MAIL = "mail"
    LETTER = "letter"


class State(StrEnum):
    """created → sending → one of the others, which are final (a person may resend a failed one)."""

    CREATED = "created"
    SENDING = "sending"
    """Leased by a worker until `run_after`; what became of it is unknown when the lease ends."""
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    """Its reason had gone when it was about to be sent."""
    EXPIRED = "expired"


FINAL = (State.SENT, State.FAILED, State.DROPPED, State.EXPIRED)


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
    priority = SmallIntegerField(constraints=[Check("priority BETWEEN 0 AND 2")])
    state = CharField(10, constraints=[one_of("state", *State)])
    attempts = IntegerField(constraints=[Check("attempts >= 0")])
    run_after = InstantColumn()
    """When it may be tried; of a leased message: when its lease ends."""
    lease = CharField(20)
    created_at = InstantColumn()
    expires_at = InstantColumn()
    finished_at = InstantColumn(null=True)
    problem = CharField(200)

    class Meta:
        table_name = "messages"


Message.add_index(
    Message.index(
        Message.channel,
        Message.priority,
        Message.run_after,
        Message.id,
        name="message_waiting",
        where=SQL("state = 'created' OR state = 'sending'"),
    )
)
Message.add_index(Message.index(Message.id, name="message_failed", where=SQL("state = 'failed'")))
Message.add_index(
    Message.index(Message.finished_at, name="message_kept", where=SQL("content <> ''"))
)
