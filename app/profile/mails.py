"""Mails about changes of an account: to the new address a link, to the old one a way back."""

from datetime import datetime, timedelta

from app import masks, words
from app.accounts.models import Account, digest
from app.accounts.tokens import LIFETIME, Purpose
from app.language import speaking
from app.messages.kinds import Kind, Priority, register
from app.messages.outbox import queue
from app.web import absolute

CONFIRM = register(Kind("email_confirm", Priority.URGENT, LIFETIME[Purpose.EMAIL]))
TAKEN = register(Kind("email_taken", Priority.URGENT, LIFETIME[Purpose.EMAIL]))
CHANGED = register(Kind("email_changed", Priority.URGENT, timedelta(days=3)))
UNDONE = register(Kind("email_undone", Priority.URGENT, timedelta(days=3)))
PERSON = register(Kind("person_changed", Priority.URGENT, timedelta(days=3)))


def send(kind: Kind, account: Account, to: str, key: str, now: datetime, **values: str) -> None:
    """Queue one of the mails above."""
    with speaking(account.language):
        when = words.moment(now)
    queue(
        kind, to=to, values={"name": account.name, "when": when, **values},
        key=f"{kind.name}:{key}", language=account.language, now=now, account_id=account.id,
    )  # fmt: skip


def confirm(account: Account, new: str, token: str, now: datetime) -> None:
    send(CONFIRM, account, new, digest(token), now, link=absolute(f"/profile/email/{token}"))


def taken(account: Account, new: str, key: str, now: datetime) -> None:
    """To an address that has an account: somebody wanted to move another account there."""
    send(TAKEN, account, new, key, now, link=absolute("/login"))


def changed(account: Account, old: str, new: str, undo: str, now: datetime) -> None:
    """To the old address: what happened, and a link that turns it back."""
    link = absolute(f"/profile/undo/{undo}")
    send(CHANGED, account, old, digest(undo), now, new=masks.email(new), link=link)


def undone(account: Account, to: str, key: str, now: datetime) -> None:
    send(UNDONE, account, to, key, now, link=absolute("/recovery/"))


def person_changed(account: Account, key: str, now: datetime) -> None:
    """Name or phone are other ones since now."""
    send(PERSON, account, account.email, key, now, link=absolute("/profile/"))
