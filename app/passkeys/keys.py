"""What happens to passkeys: one is added, answers a challenge, gets a name, goes."""

from datetime import datetime
from typing import Any

from peewee import IntegrityError

from app.accounts.models import Account
from app.accounts.passkeys import MOST, Challenge, Passkey, Use
from app.db import writing
from app.observe import log
from app.passkeys import check, mails
from app.passkeys.check import WrongAnswerError


def answered(answer: dict[str, Any], use: Use, browser: str, now: datetime) -> Passkey | None:
    """The passkey that rightly answered this browser's challenge; nothing otherwise.

    A challenge is used up by its first answer, right or wrong. A counter that went back tells of a
    copied key: it does not count, and its owner is told.
    """
    try:
        challenge = check.challenge_in(answer)
        if not Challenge.spend(challenge, use, browser, now):
            return None
        found = Passkey.known(answer.get("id"))
        if found is None:
            return None
        count = check.count(answer, found, challenge)
    except WrongAnswerError:
        return None
    if (found.sign_count and count <= found.sign_count) or count < found.sign_count:
        copied(found, now)
        return None
    with writing():
        changed = Passkey.update(sign_count=count, used_at=now).where(
            (Passkey.id == found.id) & (Passkey.sign_count == found.sign_count)
        )
        return found if changed.execute() else None


def copied(passkey: Passkey, now: datetime) -> None:
    """Its counter went back: somebody may hold a copy of the key."""
    log.error("a passkey's counter went back", extra={"fields": {"passkey": passkey.reference}})
    with writing():
        mails.tell(mails.COPIED, passkey.account, passkey, now)


def add(account: Account, answer: dict[str, Any], name: str, browser: str, now: datetime) -> bool:
    """Store the passkey that an answer brings; False when it is not right or is known already."""
    try:
        challenge = check.challenge_in(answer)
        if not Challenge.spend(challenge, Use.ADD, browser, now):
            return False
        columns = check.new(answer, challenge)
    except WrongAnswerError:
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
