"""단수 알림: who wants to be told of outages at which place, and which revisions were told."""

from datetime import datetime, timedelta
from typing import NamedTuple, Self

from peewee import (
    SQL,
    AutoField,
    CharField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
)

from app import references
from app.accounts.models import Account, digest
from app.accounts.subscriptions import GuestBrowser
from app.db import BaseModel, InstantColumn, one_of, rows, writing
from app.messages.models import Channel
from app.outages.area import Place
from app.sealed import LookupColumn, SealedColumn, lookup_hash
from app.supply.models import Premises

CHANNELS = (Channel.MAIL.value, Channel.SMS.value, Channel.PUSH.value)
REFERENCE = 14
MOST = 20
"""Places that one account or address can be told of."""
UNCONFIRMED = timedelta(days=2)


STOP = "DELETE FROM outage_alerts WHERE reference = ? RETURNING browser_id"
UNUSED = """
DELETE FROM guest_browsers
WHERE id = ? AND NOT EXISTS (SELECT 1 FROM outage_alerts WHERE browser_id = ?) RETURNING id
"""


class Wish(NamedTuple):
    """What somebody wants: to be told by a channel of a place, or of one of their own premises."""

    channel: str
    place: Place
    language: str
    account_id: int | None = None
    recipient: str = ""
    """Of who has no account: a mail address, or a stored phone number."""
    premises_id: int | None = None
    browser_id: int | None = None
    """Of who has no account and is told by push; the recipient is the browser's reference."""

    @property
    def mark(self) -> str:
        """The same for the same wish."""
        who = self.account_id or lookup_hash(self.recipient)
        where = self.premises_id or "|".join(map(str, self.place[:4]))
        return digest(f"{who}|{self.channel}|{where}")


class Alert(BaseModel):
    """Somebody is told of outages at a place, by a channel. Who has an account is reached as the
    account says at that moment; others under the address that they confirmed.
    """

    id = AutoField()
    reference = CharField(16, unique=True)
    account = ForeignKeyField(Account, null=True, backref="+", on_delete="CASCADE")
    account_id: int | None
    channel = CharField(10, constraints=[one_of("channel", *CHANNELS)])
    recipient = SealedColumn(500)
    recipient_hash = LookupColumn("recipient", index=True)
    language = CharField(2, constraints=[one_of("language", "ko", "en")])
    district = CharField(20)
    dong = CharField(20)
    road = CharField(40)
    number = IntegerField(constraints=[Check("number >= 0")])
    premises = ForeignKeyField(Premises, null=True, backref="+", on_delete="CASCADE")
    premises_id: int | None
    browser = ForeignKeyField(GuestBrowser, null=True, backref="+", on_delete="CASCADE")
    browser_id: int | None
    mark = CharField(64, unique=True)
    created_at = InstantColumn()
    confirmed_at = InstantColumn(null=True)

    class Meta:
        table_name = "outage_alerts"
        constraints = [  # noqa: RUF012
            Check("(account_id IS NULL) = (recipient <> '')"),
            Check("premises_id IS NULL OR account_id IS NOT NULL"),
        ]

    @property
    def place(self) -> Place:
        return Place(self.district, self.dong, self.road, self.number)

    @classmethod
    def of(cls, account_id: int) -> "ModelSelect[Self]":
        return cls.select().where(cls.account == account_id).order_by(cls.id)

    @classmethod
    def referred(cls, reference: str) -> Self | None:
        return cls.get_or_none(cls.reference == reference)

    @classmethod
    def begin(cls, wish: Wish, now: datetime) -> "Self | None":
        """Keep a wish; the one that is there when it is wished again, None when they are too many.
        An account's is confirmed by choosing it: its addresses were shown to be its own; and a
        browser's, because it has asked its person.
        """
        hashed = lookup_hash(wish.recipient)
        if wish.account_id:
            own = cls.account == wish.account_id
        else:
            own = cls.account.is_null() & (cls.recipient_hash == hashed)
        with writing():
            there = cls.get_or_none(cls.mark == wish.mark)
            if there is not None:
                return there
            if cls.select().where(own).count() >= MOST:
                return None
            return cls.create(
                reference=references.new(REFERENCE),
                account=wish.account_id,
                channel=wish.channel,
                recipient=wish.recipient,
                recipient_hash=hashed,
                language=wish.language,
                district=wish.place.district,
                dong=wish.place.dong,
                road=wish.place.road,
                number=wish.place.number,
                premises=wish.premises_id,
                mark=wish.mark,
                created_at=now,
                browser=wish.browser_id,
                confirmed_at=now if wish.account_id or wish.browser_id else None,
            )

    @classmethod
    def confirm(cls, reference: str, now: datetime) -> bool:
        """The recipient said yes; whether the wish is still there."""
        mine = cls.reference == reference
        with writing():
            cls.update(confirmed_at=now).where(mine & cls.confirmed_at.is_null()).execute()
            return cls.select().where(mine).exists()

    @classmethod
    def stop(cls, reference: str) -> bool:
        """End a wish, and forget a browser that has no other; whether there was one."""
        with writing():
            found = rows(STOP, (reference,))
            for (browser,) in found:
                rows(UNUSED, (browser, browser))
            return bool(found)

    @classmethod
    def end(cls, account_id: int, reference: str) -> bool:
        """End one of an account's; whether there was one."""
        mine = (cls.account == account_id) & (cls.reference == reference)
        with writing():
            return bool(cls.delete().where(mine).execute())

    @classmethod
    def forget(cls, before: datetime) -> int:
        """Delete wishes that nobody confirmed; how many."""
        with writing():
            old = cls.confirmed_at.is_null() & (cls.created_at < before)
            return int(cls.delete().where(old).execute())


Alert.add_index(
    Alert.index(Alert.created_at, name="alert_unconfirmed", where=SQL("confirmed_at IS NULL"))
)


class Revision(BaseModel):
    """What was told of an outage at one time: the text of its file when it was first seen. Numbers
    count what was seen and not the file's lines, which may be taken back. `reached` is the last
    alert that was looked at, so that telling goes on where it was interrupted.
    """

    outage = CharField(60)
    number = IntegerField(constraints=[Check("number > 0")])
    record = TextField()
    seen_at = InstantColumn()
    reached = IntegerField(constraints=[Check("reached >= 0")])
    queued = IntegerField(constraints=[Check("queued >= 0")])
    told_at = InstantColumn(null=True)
    seen_on = CharField(64, default="")
    """The machine that saw it first: another's checkout may be behind, so only this one says that
    the file is gone.
    """
    withdrawn_at = InstantColumn(null=True)
    """When its file was deleted or made a draft again."""

    class Meta:
        table_name = "outage_revisions"
        primary_key = CompositeKey("outage", "number")
        without_rowid = True


Revision.add_index(
    Revision.index(Revision.seen_at, name="revision_untold", where=SQL("told_at IS NULL"))
)


def homes_of(account_id: int, today: str) -> list[tuple[int, str, str, str]]:
    """(premises, name, district, dong) of the homes that an account has now."""
    return [(row[0], row[1], row[2], row[3]) for row in rows(HOMES, (account_id, today))]


HOMES = """
SELECT p.id, h.name, p.district, p.dong FROM homes h JOIN premises p ON p.id = h.premises_id
WHERE h.account_id = ? AND (h.until_on IS NULL OR h.until_on >= ?) ORDER BY h.id
"""
