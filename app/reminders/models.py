"""알림: of what a customer wants to be told, and by which channels."""

from datetime import datetime
from enum import StrEnum

from peewee import CharField, CompositeKey, ForeignKeyField

from app.accounts.models import Account
from app.db import BaseModel, InstantColumn, one_of, rows, writing
from app.messages.models import Channel

MAIL = Channel.MAIL.value
CHANNELS = (MAIL, Channel.SMS.value, Channel.PUSH.value)


class Topic(StrEnum):
    """What somebody can be told."""

    BILL = "bill"
    DUE = "due"


class NoticeChoice(BaseModel):
    """A customer wants to be told of something by a channel; without a row they do not."""

    account = ForeignKeyField(Account, backref="+", on_delete="CASCADE", index=False)
    topic = CharField(10, constraints=[one_of("topic", *Topic)])
    channel = CharField(10, constraints=[one_of("channel", *CHANNELS)])
    chosen_at = InstantColumn()

    class Meta:
        table_name = "notice_choices"
        primary_key = CompositeKey("account", "topic", "channel")
        without_rowid = True

    @classmethod
    def of(cls, account_id: int, channel: str = MAIL) -> set[str]:
        """The topics that an account wants to be told of by a channel."""
        return {topic for (topic,) in rows(CHOSEN, (account_id, channel))}

    @classmethod
    def choose(
        cls, account_id: int, topic: Topic, wanted: bool, now: datetime, channel: str = MAIL
    ) -> None:
        """Begin or stop to tell somebody of a topic by a channel."""
        mine = (cls.account == account_id) & (cls.topic == topic) & (cls.channel == channel)
        row = {"account": account_id, "topic": topic, "channel": channel, "chosen_at": now}
        with writing():
            if wanted:
                cls.insert(row).on_conflict_ignore().execute()
            else:
                cls.delete().where(mine).execute()


CHOSEN = "SELECT topic FROM notice_choices WHERE account_id = ? AND channel = ?"
