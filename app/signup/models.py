"""A sign-up that is being filled in: one for each browser, sealed, gone after a day."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Self

from peewee import CharField, IntegrityError

from app import destructions
from app.accounts import consents
from app.accounts.models import Account, digest
from app.accounts.tokens import Token
from app.db import BaseModel, InstantColumn, instant, rows, writing
from app.sealed import SealedText, seal

LIFETIME = timedelta(days=1)
AGAIN_AFTER = timedelta(minutes=1)
STEPS = ("index", "consents", "person", "address", "access", "check")
CITY = "서울특별시"


@dataclass(frozen=True)
class Answers:
    """What was typed so far. Of the birth date only this stays: old enough."""

    of_age: bool = False
    consents: dict[str, str] = field(default_factory=dict)
    """The versions of what was agreed to, by code."""
    agreed_at: str = ""
    name: str = ""
    phone: str = ""
    district: str = ""
    street: str = ""
    detail: str = ""
    email: str = ""
    password_hash: str = ""
    language: str = "ko"

    @property
    def agreed(self) -> bool:
        """Whether the newest version of every required consent was given."""
        required = (text for text in consents.register().values() if text.required)
        return all(self.consents.get(text.code) == text.version for text in required)

    @property
    def first_open(self) -> str:
        """The first step without its answer; the last step when all others have theirs."""
        done = (
            self.of_age,
            self.agreed,
            bool(self.name and self.phone),
            bool(self.street),
            bool(self.email and self.password_hash),
        )
        return next(
            (step for step, is_done in zip(STEPS, done, strict=False) if not is_done), "check"
        )

    def reaches(self, step: str) -> bool:
        """Whether a step may be shown: all before it are done (S-69)."""
        return STEPS.index(step) <= STEPS.index(self.first_open)

    @property
    def full_address(self) -> str:
        city = (CITY, self.district) if self.district else ()
        return " ".join(part for part in (*city, self.street, self.detail) if part)

    @property
    def own_texts(self) -> list[str]:
        """What others may know of the person, and a password must not be made of."""
        return [text for text in (self.name, self.email, self.phone) if text]


KEEP = """
INSERT INTO signups (browser_hash, typed, token_hash, expires_at) VALUES (?, ?, '', ?)
ON CONFLICT (browser_hash) DO UPDATE SET typed = excluded.typed, expires_at = excluded.expires_at
WHERE signups.sent_at IS NULL RETURNING browser_hash
"""


class Signup(BaseModel):
    """`token_hash` is that of the link in the newest mail, `sent_at` when that was sent."""

    browser_hash = CharField(64, primary_key=True)
    typed = SealedText()
    token_hash = CharField(64, index=True)
    sent_at = InstantColumn(null=True)
    expires_at = InstantColumn(index=True)

    class Meta:
        table_name = "signups"
        without_rowid = True

    @property
    def answers(self) -> Answers:
        return Answers(**json.loads(self.typed))

    @classmethod
    def of(cls, browser: str, now: datetime) -> Self | None:
        """The sign-up of a browser."""
        return cls.get_or_none((cls.browser_hash == digest(browser)) & (cls.expires_at > now))

    @classmethod
    def keep(cls, browser: str, answers: Answers, now: datetime) -> None:
        """Store what was typed so far; nothing changes once the mail was sent."""
        typed = seal(as_text(answers))
        with writing():
            rows(KEEP, (digest(browser), typed, instant(now + LIFETIME)))

    @classmethod
    def drop(cls, browser: str) -> None:
        with writing():
            cls.delete().where(cls.browser_hash == digest(browser)).execute()

    def close(self, answers: Answers, now: datetime) -> bool:
        """End the typing because a mail goes out; False when one went out a moment ago.

        Of two requests at the same time one gets True.
        """
        cls = type(self)
        idle = cls.sent_at.is_null() | (cls.sent_at <= now - AGAIN_AFTER)
        changed = cls.update(typed=as_text(answers), sent_at=now, expires_at=now + LIFETIME)
        with writing():
            return bool(changed.where((cls.browser_hash == self.browser_hash) & idle).execute())

    def link(self, token: str) -> None:
        """Remember the link that was sent. Within the transaction of its mail."""
        mine = type(self).browser_hash == self.browser_hash
        type(self).update(token_hash=digest(token)).where(mine).execute()

    def reopen(self) -> None:
        """Let the person change the answers; the link that was sent leads nowhere any more."""
        mine = type(self).browser_hash == self.browser_hash
        with writing():
            type(self).update(token_hash="", sent_at=None).where(mine).execute()

    @classmethod
    def waiting(cls, token: Token) -> Self | None:
        """The sign-up to which the link in a mail belongs."""
        return cls.get_or_none(cls.token_hash == token.token_hash)


def as_text(answers: Answers) -> str:
    return json.dumps(asdict(answers), ensure_ascii=False)


def finish(token: Token, now: datetime) -> Account | None:
    """Make the account of a link's sign-up; None when somebody was faster or the link is over."""
    try:
        with writing():
            signup = Signup.waiting(token)
            if signup is None or not token.use():
                return None
            answers = signup.answers
            if Account.get_or_none(Account.email == answers.email):
                return None
            account = Account.create(
                email=answers.email,
                name=answers.name,
                password_hash=answers.password_hash,
                created_at=now,
                **Account.with_phone(answers.phone),
                address=answers.full_address,
                language=answers.language,
            )
            agreed_at = datetime.fromisoformat(answers.agreed_at)
            consents.record(account, answers.consents.items(), agreed_at)
            signup.delete_instance()
            return account
    except IntegrityError:  # the same address at the same moment
        return None


def forget(now: datetime) -> None:
    """Delete sign-ups that were not finished within their time, on record."""
    with writing():
        gone = Signup.delete().where(Signup.expires_at <= now).execute()
        destructions.note("signups", "expires_at 0d", gone, now)
