"""알림: of what a customer wants to be told by mail."""

from datetime import datetime
from enum import StrEnum

from peewee import CharField, CompositeKey, ForeignKeyField

from app.accounts.models import Account
from app.db import BaseModel, InstantColumn, one_of, rows, writing

MAIL = "mail"


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
