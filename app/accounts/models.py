"""Customers' accounts, their signed-in sessions, and the browsers that they have used."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Self

from flask_login import UserMixin
from peewee import AutoField, CharField, CompositeKey, ForeignKeyField, ModelSelect

from app import references
from app.db import BaseModel, InstantColumn, as_instant, instant, one_of, rows, writing
from app.sealed import LookupColumn, SealedColumn, lookup_hash

AGENT = 60


def digest(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class Account(BaseModel, UserMixin):
    """A person who can sign in. Its address is its own, not that of a tap."""

    reference = CharField(12, unique=True, default=references.new)
    email = CharField(254, unique=True)
    name = CharField(60, index=True)
    password_hash = CharField(200)
    created_at = InstantColumn()
    disabled_at = InstantColumn(null=True)
    closed_at = InstantColumn(null=True)
    """Its person is gone; the row stays, so that its number never becomes somebody else's."""
    phone = SealedColumn(200, default="")
    address = CharField(160, default="")
    language = CharField(2, default="ko", constraints=[one_of("language", "ko", "en")])
    phone_hash = LookupColumn("phone", default="", index=True)
    phone_verified_at = InstantColumn(null=True)
    """When its owner typed a code that was sent to the phone; text messages go to no other."""

    class Meta:
        table_name = "accounts"

    @staticmethod
    def with_phone(phone: str, verified_at: datetime | None = None) -> dict[str, Any]:
        """The columns of a phone number, which change together."""
        return {
            "phone": phone,
            "phone_hash": lookup_hash(phone),
            "phone_verified_at": verified_at,
        }

    @classmethod
    def active(cls, email: str) -> Self | None:
        """The account of an address, unless it is disabled; without what is sealed."""
        found = cls.select(cls.id, cls.email, cls.name, cls.password_hash, cls.language)
        return found.where((cls.email == email.lower()) & cls.disabled_at.is_null()).first()


class Proof(StrEnum):
    """How somebody proved to be the account's owner, most lately in this session."""

    PASSWORD = "password"  # noqa: S105 a word, not a secret
    STRONG = "strong"
    """A passkey, or the password and a code to the account's e-mail."""


class SignIn(NamedTuple):
    """What is found at every request of a signed-in browser."""

    account: Account
    reference: str
    seen_at: datetime
    proved_at: datetime
    proof: Proof


class Session(BaseModel):
    """One sign-in of one browser. The browser holds the token, the database only its hash."""

    id = AutoField()
    account = ForeignKeyField(Account, backref="+", on_delete="CASCADE")
    token_hash = CharField(64, unique=True)
    reference = CharField(12, unique=True)
    agent = CharField(AGENT)
    created_at = InstantColumn()
    seen_at = InstantColumn()
    proved_at = InstantColumn()
    proof = CharField(8, constraints=[one_of("proof", *Proof)])
    ended_at = InstantColumn(null=True)

    class Meta:
        table_name = "sessions"

    @classmethod
    def start(
        cls, account: Account, at: datetime, agent: str = "", proof: Proof = Proof.PASSWORD
    ) -> str:
        """Begin a session; its token, which is known only now."""
        token = secrets.token_urlsafe(32)
        cls.create(
            account=account,
            token_hash=digest(token),
            reference=references.new(),
            agent=agent[:AGENT],
            created_at=at,
            seen_at=at,
            proved_at=at,
            proof=proof,
        )
        return token

    @classmethod
    def running(cls, account: Account, since: datetime) -> "ModelSelect[Self]":
        """The sessions of an account that have not ended and were seen since; newest first."""
        mine = (cls.account == account) & cls.ended_at.is_null() & (cls.seen_at > since)
        return cls.select().where(mine).order_by(cls.seen_at.desc(), cls.id.desc())

    @classmethod
    def end(cls, token: str, at: datetime) -> None:
        with writing():
            cls.update(ended_at=at).where(
                (cls.token_hash == digest(token)) & cls.ended_at.is_null()
            ).execute()

    @classmethod
    def end_one(cls, account: Account, reference: str, at: datetime) -> bool:
        """End a session of the account by its reference; whether there was one."""
        mine = (cls.account == account) & (cls.reference == reference) & cls.ended_at.is_null()
        with writing():
            return bool(cls.update(ended_at=at).where(mine).execute())

    @classmethod
    def end_all(cls, account: Account, at: datetime, but: str = "") -> None:
        """End every session of the account, but for the one with this token."""
        others = (cls.account == account) & cls.ended_at.is_null()
        if but:
            others &= cls.token_hash != digest(but)
        with writing():
            cls.update(ended_at=at).where(others).execute()

    @classmethod
    def prove(cls, token: str, proof: Proof, at: datetime) -> str:
        """Note a fresh proof; the session goes on under the new token that is returned (S-13)."""
        new = secrets.token_urlsafe(32)
        with writing():
            cls.update(token_hash=digest(new), proof=proof, proved_at=at, seen_at=at).where(
                (cls.token_hash == digest(token)) & cls.ended_at.is_null()
            ).execute()
        return new

    @classmethod
    def find(cls, token: str, now: datetime, idle: timedelta, longest: timedelta) -> SignIn | None:
        """The account of a running session and what it proved; asked at every request."""
        found = rows(FIND, (digest(token), instant(now - idle), instant(now - longest)))
        if not found:
            return None
        number, email, name, language, reference, seen_at, proved_at, proof = found[0]
        known = {"id": number, "email": email, "name": name, "language": language}
        account = Account(__no_default__=True, **known)
        times = as_instant(seen_at), as_instant(proved_at)
        return SignIn(account, reference, *times, Proof(proof))

    @classmethod
    def reference_of(cls, token: str) -> str:
        """The reference of the session with a token; empty for none."""
        found = cls.select(cls.reference).where(cls.token_hash == digest(token)).first()
        return found.reference if found else ""

    @classmethod
    def touch(cls, token: str, at: datetime) -> None:
        """Note that the session is in use."""
        with writing():
            cls.update(seen_at=at).where(cls.token_hash == digest(token)).execute()

    @classmethod
    def forget(cls, before: datetime) -> int:
        """Delete the sessions that were last seen before a moment."""
        with writing():
            return cls.delete().where(cls.seen_at < before).execute()


FIND = """
SELECT a.id, a.email, a.name, a.language, s.reference, s.seen_at, s.proved_at, s.proof
FROM sessions s JOIN accounts a ON a.id = s.account_id
WHERE s.token_hash = ? AND s.ended_at IS NULL AND a.disabled_at IS NULL
  AND s.seen_at > ? AND s.created_at > ?
"""


class Device(BaseModel):
    """A browser in which somebody has signed in to an account; known by a cookie's hash."""

    account = ForeignKeyField(Account, backref="+", on_delete="CASCADE", index=False)
    token_hash = CharField(64)
    created_at = InstantColumn()
    seen_at = InstantColumn()

    class Meta:
        table_name = "devices"
        primary_key = CompositeKey("account", "token_hash")
        without_rowid = True

    @classmethod
    def knows(cls, email: str, token: str) -> bool:
        """Whether this browser has signed in to the account of an address before."""
        return bool(rows(KNOWN, (digest(token), email.lower()))) if token else False

    @classmethod
    def note(cls, account: Account, token: str, at: datetime) -> bool:
        """Remember the browser; whether it is new although the account has others."""
        with writing():
            first = not cls.select().where(cls.account == account).exists()
            seen = cls.update(seen_at=at).where(
                (cls.account == account) & (cls.token_hash == digest(token))
            )
            if seen.execute():
                return False
            cls.create(account=account, token_hash=digest(token), created_at=at, seen_at=at)
        return not first

    @classmethod
    def forget(cls, before: datetime) -> int:
        """Delete browsers that were not seen since: their cookies have ended."""
        with writing():
            return cls.delete().where(cls.seen_at < before).execute()

    @classmethod
    def forget_all(cls, account: Account) -> None:
        """No browser is known any more: after the password was lost or changed."""
        with writing():
            cls.delete().where(cls.account == account).execute()


KNOWN = """
SELECT 1 FROM devices d JOIN accounts a ON a.id = d.account_id
WHERE d.token_hash = ? AND a.email = ?
"""
