"""Customers' accounts and their signed-in sessions."""

import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta
from functools import cache
from typing import Self

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask_login import UserMixin
from peewee import CharField, ForeignKeyField

from app.db import BaseModel, InstantColumn, as_instant, instant, rows, writing


@cache
def hasher(memory_kib: int, rounds: int) -> PasswordHasher:
    return PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)


@cache
def dummy_hash(memory_kib: int, rounds: int) -> str:
    """A hash that nobody's password has, so that an unknown address costs the same time (S-11)."""
    return hasher(memory_kib, rounds).hash(secrets.token_hex(16))


def prepared(password: str) -> str:
    """NFKC, so that the same typed text is the same password on every device."""
    return unicodedata.normalize("NFKC", password)


def digest(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class Account(BaseModel, UserMixin):
    """A person who can sign in."""

    email = CharField(254, unique=True)
    name = CharField(60)
    password_hash = CharField(200)
    created_at = InstantColumn()
    disabled_at = InstantColumn(null=True)

    class Meta:
        table_name = "accounts"

    @classmethod
    def sign_up(
        cls, email: str, name: str, password: str, at: datetime, cost: tuple[int, int]
    ) -> Self:
        """A new account; `cost` is argon2id's memory in KiB and rounds."""
        hashed = hasher(*cost).hash(prepared(password))
        return cls.create(email=email.lower(), name=name, password_hash=hashed, created_at=at)

    @classmethod
    def with_password(cls, email: str, password: str, cost: tuple[int, int]) -> Self | None:
        """The active account that this address and password belong to; equally slow when none."""
        account = cls.get_or_none((cls.email == email.lower()) & cls.disabled_at.is_null())
        known = account.password_hash if account else dummy_hash(*cost)
        try:
            hasher(*cost).verify(known, prepared(password))
        except VerificationError:
            return None
        if account and hasher(*cost).check_needs_rehash(known):
            account.password_hash = hasher(*cost).hash(prepared(password))
            account.save(only=[cls.password_hash])
        return account


class Session(BaseModel):
    """One sign-in of one browser. The browser holds the token, the database only its hash."""

    account = ForeignKeyField(Account, backref="+", on_delete="CASCADE")
    token_hash = CharField(64, unique=True)
    created_at = InstantColumn()
    seen_at = InstantColumn()
    ended_at = InstantColumn(null=True)

    class Meta:
        table_name = "sessions"

    @classmethod
    def start(cls, account: Account, at: datetime) -> str:
        """Begin a session; its token, which is known only now."""
        token = secrets.token_urlsafe(32)
        cls.create(account=account, token_hash=digest(token), created_at=at, seen_at=at)
        return token

    @classmethod
    def end(cls, token: str, at: datetime) -> None:
        with writing():
            cls.update(ended_at=at).where(
                (cls.token_hash == digest(token)) & cls.ended_at.is_null()
            ).execute()

    @classmethod
    def find(
        cls, token: str, now: datetime, idle: timedelta, longest: timedelta
    ) -> tuple[Account, datetime] | None:
        """The account of a running session and when it was last seen; asked at every request."""
        found = rows(FIND, (digest(token), instant(now - idle), instant(now - longest)))
        if not found:
            return None
        number, email, name, seen_at = found[0]
        return Account(id=number, email=email, name=name), as_instant(seen_at)

    @classmethod
    def touch(cls, token: str, at: datetime) -> None:
        """Note that the session is in use."""
        with writing():
            cls.update(seen_at=at).where(cls.token_hash == digest(token)).execute()


FIND = """
SELECT a.id, a.email, a.name, s.seen_at
FROM sessions s JOIN accounts a ON a.id = s.account_id
WHERE s.token_hash = ? AND s.ended_at IS NULL AND a.disabled_at IS NULL
  AND s.seen_at > ? AND s.created_at > ?
"""
