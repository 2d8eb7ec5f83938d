"""Consents: their texts by version (consents.yaml), and who gave or withdrew which when (S-47)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from peewee import AutoField, CharField, ForeignKeyField

from app.accounts.models import Account
from app.db import BaseModel, InstantColumn, as_instant, one_of, rows, writing
from app.language import later

GIVEN, WITHDRAWN = "given", "withdrawn"
WEB, MAIL, PHONE, TIME = "web", "mail", "080", "renewal"
WAYS = {
    WEB: later("누리집"),
    MAIL: later("메일의 링크"),
    PHONE: later("무료 전화"),
    TIME: later("2년이 지나서"),
}
"""How somebody decided, or did not."""
HOLDS, ASKED_BEFORE = timedelta(days=2 * 365), timedelta(days=30)
"""A consent to advertising holds for two years; its giver is asked again a month before."""


class ConsentText(NamedTuple):
    """One version of what people agree to; texts by language."""

    code: str
    version: str
    required: bool
    title: dict[str, str]
    what: dict[str, str]
    purpose: dict[str, str]
    period: dict[str, str]
    refusing: dict[str, str]
    text: dict[str, list[str]]
    advertising: bool = False
    """By law it ends after two years, and who decides about it is told the result."""
    later: bool = False
    """It is not asked for at the sign-up."""


class Standing(NamedTuple):
    """The last decision of an account about a consent."""

    version: str
    given: bool
    decided_at: datetime
    number: int
    """Of the row."""
    channel: str = WEB

    def ends_at(self, text: ConsentText) -> datetime | None:
        """When a given consent ends by itself; never, unless it is for advertising."""
        return self.decided_at + HOLDS if self.given and text.advertising else None

    def may_be_renewed(self, text: ConsentText, now: datetime) -> bool:
        """Whether it ends so soon that its giver is asked again."""
        ends_at = self.ends_at(text)
        return ends_at is not None and ends_at - ASKED_BEFORE <= now


class Consent(BaseModel):
    """A decision. Rows are only added: what was given and withdrawn before stays readable."""

    id = AutoField()
    account = ForeignKeyField(Account, backref="+", on_delete="CASCADE")
    code = CharField(20)
    version = CharField(10)
    decision = CharField(9, constraints=[one_of("decision", GIVEN, WITHDRAWN)])
    decided_at = InstantColumn(index=True)
    channel = CharField(10)

    class Meta:
        table_name = "consents"


@cache
def texts() -> tuple[ConsentText, ...]:
    """Every version of every consent, in the order of the file."""
    found = yaml.safe_load(Path(__file__).with_name("consents.yaml").read_text("utf-8"))
    return tuple(ConsentText(**row) for row in found)


@cache
def register() -> dict[str, ConsentText]:
    """The newest version of each consent, by code."""
    return {text.code: text for text in texts()}


@cache
def by_version() -> dict[tuple[str, str], ConsentText]:
    """Every version of every consent, by code and version."""
    return {(text.code, text.version): text for text in texts()}


def at_signup() -> list[ConsentText]:
    """The consents that somebody new is asked for."""
    return [text for text in register().values() if not text.later]


CURRENT = """
SELECT code, version, decision, decided_at, id, channel FROM consents
WHERE account_id = ? ORDER BY id
"""


def current(account: Account) -> dict[str, Standing]:
    """What an account has decided last about each consent, by code."""
    return {
        code: Standing(version, decision == GIVEN, as_instant(decided_at), number, channel)
        for code, version, decision, decided_at, number, channel in rows(CURRENT, (account.id,))
    }


def record(
    account: Account, versions: Iterable[tuple[str, str]], now: datetime, channel: str = WEB
) -> None:
    """Note that an account gave these consents (code, version), within its creation."""
    for code, version in versions:
        note(account, code, version, GIVEN, now, channel)


def give(account: Account, code: str, now: datetime, channel: str = WEB) -> None:
    """Agree to the newest version; nothing happens when that was done before, unless it is time
    to agree again.
    """
    newest = register()[code].version
    with writing():
        known = current(account).get(code)
        is_new = known is None or not known.given or known.version != newest
        if is_new or (known and known.may_be_renewed(register()[code], now)):
            note(account, code, newest, GIVEN, now, channel)


def withdraw(account: Account, code: str, now: datetime, channel: str = WEB) -> None:
    """Take an optional consent back; ValueError for a required one, which ends with the account."""
    if register()[code].required:
        raise ValueError(f"The consent {code} ends with the account.")
    with writing():
        known = current(account).get(code)
        if known and known.given:
            note(account, code, known.version, WITHDRAWN, now, channel)


def note(
    account: Account, code: str, version: str, decision: str, now: datetime, channel: str
) -> None:
    Consent.create(
        account=account,
        code=code,
        version=version,
        decision=decision,
        decided_at=now,
        channel=channel,
    )
