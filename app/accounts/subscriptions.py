"""Browsers that are notified (web push): an account's, each until somebody signs out there; and
those of who has no account, as long as something is wished there.
"""

import json
from datetime import datetime
from typing import NamedTuple, Self

from peewee import AutoField, CharField, ForeignKeyField, ModelSelect

from app import references
from app.accounts.models import AGENT, Account, digest
from app.db import BaseModel, InstantColumn, rows, writing
from app.sealed import SealedText


class Keys(NamedTuple):
    """Where a browser is reached, and the keys that it alone can open messages with."""

    endpoint: str
    p256dh: str
    auth: str


class Place(NamedTuple):
    """The browser in which somebody subscribes: its name, its cookie, its session."""

    agent: str
    device: str
    session: str


class Subscription(BaseModel):
    """One browser of one account; whoever subscribes in it last has it."""

    id = AutoField()
    account = ForeignKeyField(Account, backref="+", on_delete="CASCADE")
    reference = CharField(12, unique=True)
    endpoint_hash = CharField(64, unique=True)
    subscription = SealedText()
    agent = CharField(AGENT)
    device_hash = CharField(64)
    session_reference = CharField(12)
    created_at = InstantColumn()

    class Meta:
        table_name = "push_subscriptions"

    @property
    def keys(self) -> Keys:
        return Keys(*json.loads(self.subscription))

    @classmethod
    def of(cls, account_id: int) -> "ModelSelect[Self]":
        return cls.select().where(cls.account == account_id).order_by(cls.id.desc())

    @classmethod
    def keep(cls, account: Account, keys: Keys, place: Place, now: datetime, most: int) -> None:
        """Remember a browser, in the place of what was known of it; the oldest give way."""
        with writing():
            cls.delete().where(cls.endpoint_hash == digest(keys.endpoint)).execute()
            cls.create(
                account=account,
                reference=references.new(),
                endpoint_hash=digest(keys.endpoint),
                subscription=json.dumps(keys),
                agent=place.agent[:AGENT],
                device_hash=digest(place.device),
                session_reference=place.session,
                created_at=now,
            )
            kept = cls.of(account.id).limit(most)
            cls.delete().where(
                (cls.account == account) & cls.id.not_in([one.id for one in kept])
            ).execute()

    @classmethod
    def end_one(cls, account: Account, reference: str) -> bool:
        """End one of the account's; whether there was one."""
        mine = (cls.account == account) & (cls.reference == reference)
        with writing():
            return bool(cls.delete().where(mine).execute())

    @classmethod
    def end_here(cls, account: Account, session: str) -> None:
        """End the one of the browser with a session that somebody has ended."""
        mine = (cls.account == account) & (cls.session_reference == session)
        with writing():
            cls.delete().where(mine).execute()

    @classmethod
    def end_all(cls, account: Account, but_session: str = "") -> None:
        """End all of the account's, but for the browser with this session."""
        others = cls.account == account
        if but_session:
            others &= cls.session_reference != but_session
        with writing():
            cls.delete().where(others).execute()

    @classmethod
    def follow(cls, account: Account, device: str, session: str) -> None:
        """The browser has a new session: signing out of it from elsewhere ends this, too."""
        mine = (cls.account == account) & (cls.device_hash == digest(device))
        with writing():
            cls.update(session_reference=session).where(mine).execute()

    @classmethod
    def forget(cls, endpoint: str) -> None:
        """The browser's service says that it is gone."""
        with writing():
            cls.delete().where(cls.endpoint_hash == digest(endpoint)).execute()
            GuestBrowser.delete().where(GuestBrowser.endpoint_hash == digest(endpoint)).execute()


class GuestBrowser(BaseModel):
    """A browser in which somebody without an account is notified. Its reference is the recipient of
    messages: no number, so that it is never taken for an account's.
    """

    id = AutoField()
    reference = CharField(16, unique=True)
    endpoint_hash = CharField(64, unique=True)
    subscription = SealedText()
    created_at = InstantColumn()

    class Meta:
        table_name = "guest_browsers"

    @property
    def keys(self) -> Keys:
        return Keys(*json.loads(self.subscription))

    @classmethod
    def referred(cls, reference: str) -> Self | None:
        return cls.get_or_none(cls.reference == reference)

    @classmethod
    def keep(cls, keys: Keys, now: datetime) -> Self:
        """Remember a browser, or the keys that it has now; within the caller's transaction."""
        own = cls.endpoint_hash == digest(keys.endpoint)
        found: Self | None = cls.get_or_none(own)
        if found is None:
            return cls.create(
                reference=f"B-{references.new()}",
                endpoint_hash=digest(keys.endpoint),
                subscription=json.dumps(keys),
                created_at=now,
            )
        found.subscription = json.dumps(keys)
        found.save(only=[cls.subscription])
        return found


def has_any(account_id: int) -> bool:
    """Whether an account is notified in any browser."""
    return bool(
        rows("SELECT 1 FROM push_subscriptions WHERE account_id = ? LIMIT 1", (account_id,))
    )
