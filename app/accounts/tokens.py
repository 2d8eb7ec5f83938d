"""Single-use links in mails, and six-digit codes: only their hashes are kept (S-17)."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from peewee import CharField, Check, CompositeKey, ForeignKeyField, SmallIntegerField

from app.accounts.models import Account, digest
from app.db import BaseModel, InstantColumn, one_of, rows, writing

TRIES = 5
CODE_MINUTES = 5
MOMENT = timedelta(seconds=30)


class Purpose(StrEnum):
    """What a link is for, with how long it holds."""

    VERIFY = "verify"
    RESET = "reset"
    EMAIL = "email"
    UNDO = "undo"


LIFETIME = {
    Purpose.VERIFY: timedelta(hours=24),
    Purpose.RESET: timedelta(minutes=30),
    Purpose.EMAIL: timedelta(hours=24),
    Purpose.UNDO: timedelta(days=7),
}


class Token(BaseModel):
    """A link that somebody got by mail. `subject` is an address or a reference, by the purpose."""

    token_hash = CharField(64, primary_key=True)
    purpose = CharField(10, constraints=[one_of("purpose", *Purpose)])
    account = ForeignKeyField(Account, backref="+", on_delete="CASCADE", null=True)
    subject = CharField(254)
    created_at = InstantColumn()
    expires_at = InstantColumn(index=True)

    class Meta:
        table_name = "tokens"
        without_rowid = True

    @classmethod
    def make(cls, purpose: Purpose, account: Account | None, subject: str, now: datetime) -> str:
        """A new token of 256 bits; earlier ones of the same purpose and person die.

        Those that undo a change of address live on: a second change must not take away the way
        back from the first.
        """
        token = secrets.token_urlsafe(32)
        whose = cls.account == account if account else cls.account.is_null()
        if account is None:
            whose &= cls.subject == subject
        with writing():
            if purpose != Purpose.UNDO:
                cls.delete().where((cls.purpose == purpose) & whose).execute()
            cls.create(
                token_hash=digest(token),
                purpose=purpose,
                account=account,
                subject=subject,
                created_at=now,
                expires_at=now + LIFETIME[purpose],
            )
        return token

    @classmethod
    def is_fresh(
        cls, purpose: Purpose, account: Account | None, subject: str, now: datetime
    ) -> bool:
        """Whether one was made a moment ago: a double click sends one mail (S-45)."""
        whose = cls.account == account if account else cls.account.is_null()
        same = (cls.purpose == purpose) & whose & (cls.subject == subject)
        return cls.select().where(same & (cls.created_at > now - MOMENT)).exists()

    @classmethod
    def find(cls, purpose: Purpose, token: str, now: datetime) -> Self | None:
        """The link of a token while it holds; looking at it changes nothing."""
        found = cls.get_or_none((cls.token_hash == digest(token)) & (cls.purpose == purpose))
        if found is None or found.expires_at <= now or found.created_at > now:
            return None
        if found.account and found.account.disabled_at:
            return None
        return found

    @classmethod
    def end_all(cls, account: Account) -> None:
        """No link of the account holds any more but the one that undoes a change of address."""
        mine = (cls.account == account) & (cls.purpose != Purpose.UNDO)
        with writing():
            cls.delete().where(mine).execute()

    @classmethod
    def end_undoing(cls, account: Account, since: datetime) -> None:
        """Links that undo later changes of address hold no more."""
        later = (cls.account == account) & (cls.purpose == Purpose.UNDO) & (cls.created_at >= since)
        with writing():
            cls.delete().where(later).execute()

    def use(self) -> bool:
        """Spend the link; False when somebody was faster. Within the transaction of its effect."""
        spent = type(self).delete().where(type(self).token_hash == self.token_hash)
        return bool(spent.execute())


class Code(BaseModel):
    """Six digits that were sent to somebody, for one browser and one purpose."""

    purpose = CharField(10, constraints=[one_of("purpose", "proof", "home", "phone")])
    browser_hash = CharField(64)
    subject = CharField(64)
    code_hash = CharField(64)
    tries = SmallIntegerField(constraints=[Check("tries >= 0")])
    expires_at = InstantColumn(index=True)

    class Meta:
        table_name = "codes"
        primary_key = CompositeKey("purpose", "browser_hash")
        without_rowid = True

    @classmethod
    def make(cls, purpose: str, browser: str, subject: str, key: str, now: datetime) -> str:
        """A new code for this browser and a subject (what it is used for); an earlier one dies."""
        code = f"{secrets.randbelow(10**6):06d}"
        with writing():
            cls.replace_for(purpose, digest(browser))
            cls.create(
                purpose=purpose,
                browser_hash=digest(browser),
                subject=digest(subject),
                code_hash=keyed(key, purpose, browser, subject, code),
                tries=0,
                expires_at=now + timedelta(minutes=CODE_MINUTES),
            )
        return code

    @classmethod
    def is_fresh(cls, purpose: str, browser: str, now: datetime, subject: str = "") -> bool:
        """Whether one was made a moment ago and not tried yet: a double click sends one message.
        With a subject only one for it counts.
        """
        mine = (cls.purpose == purpose) & (cls.browser_hash == digest(browser)) & (cls.tries == 0)
        if subject:
            mine &= cls.subject == digest(subject)
        made = cls.expires_at > now + timedelta(minutes=CODE_MINUTES) - MOMENT
        return cls.select().where(mine & made).exists()

    @classmethod
    def end_for(cls, purpose: str, subject: str) -> None:
        """End the codes for a subject in all browsers."""
        about = (cls.purpose == purpose) & (cls.subject == digest(subject))
        cls.delete().where(about).execute()

    @classmethod
    def replace_for(cls, purpose: str, browser_hash: str) -> None:
        mine = (cls.purpose == purpose) & (cls.browser_hash == browser_hash)
        cls.delete().where(mine).execute()

    @classmethod
    def spend(
        cls, purpose: str, browser: str, subject: str, key: str, code: str, now: datetime
    ) -> bool:
        """Whether the code is right; a right one is used up, five wrong ones kill it."""
        with writing():
            found = rows(TRY, (purpose, digest(browser), digest(subject), TRIES))
            if not found:
                return False
            right = hmac.compare_digest(found[0][0], keyed(key, purpose, browser, subject, code))
            row = cls.get((cls.purpose == purpose) & (cls.browser_hash == digest(browser)))
            if right and row.expires_at > now:
                cls.replace_for(purpose, digest(browser))
                return True
        return False


TRY = """
UPDATE codes SET tries = tries + 1
WHERE purpose = ? AND browser_hash = ? AND subject = ? AND tries < ? RETURNING code_hash
"""


def keyed(key: str, *parts: str) -> str:
    """A hash of a code that cannot be tried out without the key."""
    text = "\x00".join(parts).encode()
    return hmac.digest(hashlib.sha256(key.encode()).digest(), text, hashlib.sha256).hex()


def forget(now: datetime) -> None:
    """Delete links and codes that hold no more."""
    forget_links(now)
    forget_codes(now)


def forget_links(now: datetime) -> int:
    """Delete links that hold no more; how many."""
    with writing():
        return Token.delete().where(Token.expires_at <= now).execute()


def forget_codes(now: datetime) -> int:
    """Delete codes that hold no more; how many."""
    with writing():
        return Code.delete().where(Code.expires_at <= now).execute()
