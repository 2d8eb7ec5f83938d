"""What a provider of text messages told us of them."""

from peewee import SQL, CharField, ForeignKeyField

from app.db import BaseModel, InstantColumn, one_of
from app.messages.models import Message

HOOK, READ = "hook", "read"


class MessageEvent(BaseModel):
    """What a provider said of a message, whether or not it changed anything; rows are only added.

    Without a message it is about none of ours.
    """

    key = CharField(100, unique=True)
    """By what the same word is known when it comes again."""
    message = ForeignKeyField(Message, backref="+", on_delete="CASCADE", null=True)
    source = CharField(6, constraints=[one_of("source", HOOK, READ)])
    """Whether it was sent to us, or read by us."""
    code = CharField(20)
    provider_id = CharField(64)
    at = InstantColumn()

    class Meta:
        table_name = "message_events"


MessageEvent.add_index(
    MessageEvent.index(
        MessageEvent.at, name="messageevent_strange", where=SQL("message_id IS NULL")
    )
)
