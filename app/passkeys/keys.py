"""What happens to passkeys: one is added, answers a challenge, gets a name, goes."""

from datetime import datetime
from typing import Any

from peewee import IntegrityError

from app.accounts import answers
from app.accounts.models import Account
from app.accounts.passkeys import MOST, Passkey, Use
from app.db import writing
from app.observe import log
from app.passkeys import check, mails


def answered(answer: dict[str, Any], use: Use, browser: str, now: datetime) -> Passkey | None:
    """The passkey that rightly answered this browser's challenge; nothing otherwise."""

    def owner(passkey: Passkey) -> bytes:
        return check.handle(passkey.account)

    return answers.answered(
        Passkey, owner, answer, (use, browser, now), lambda passkey: copied(passkey, now)
    )


def copied(passkey: Passkey, now: datetime) -> None:
    """Its counter went back: somebody may hold a copy of the key."""
    log.error("a passkey's counter went back", extra={"fields": {"passkey": passkey.reference}})
    with writing():
        mails.tell(mails.COPIED, passkey.account, passkey, now)


def add(account: Account, answer: dict[str, Any], name: str, browser: str, now: datetime) -> bool:
    """Store the passkey that an answer brings; False when it is not right or is known already."""
    columns = answers.offered(answer, browser, now)
    if columns is None:
        return False
    try:
        with writing():
            if Passkey.of(account).count() >= MOST:
                return False
            made = Passkey.create(account=account, name=name, created_at=now, **columns)
            mails.tell(mails.ADDED, account, made, now)
    except IntegrityError:  # another account has it
        return False
    return True


def rename(passkey: Passkey, name: str) -> None:
    with writing():
        Passkey.update(name=name).where(Passkey.id == passkey.id).execute()


def remove(account: Account, passkey: Passkey, now: datetime) -> None:
    with writing():
        if passkey.delete_instance():
            mails.tell(mails.REMOVED, account, passkey, now)
