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
LEFT = register(Kind("email_left", Priority.URGENT, timedelta(days=3)))
PERSON = register(Kind("person_changed", Priority.URGENT, timedelta(days=3)))


def send(kind: Kind, account: Account, to: str, key: str, now: datetime, **values: str) -> None:
    """Queue one of the mails above, in the language of the account."""
    with speaking(account.language):
        when = words.moment(now)
    queue(
        kind, to=to, values={"when": when, **values}, key=f"{kind.name}:{key}",
        language=account.language, now=now, account_id=account.id,
    )  # fmt: skip


def confirm(account: Account, new: str, token: str, now: datetime) -> None:
    send(CONFIRM, account, new, digest(token), now, link=absolute(f"/profile/email/{token}"))


def taken(owner: Account, key: str, now: datetime) -> None:
    """To an address that has an account: somebody wanted to move another account there."""
    send(TAKEN, owner, owner.email, key, now, link=absolute("/login"))


def changed(account: Account, old: str, new: str, undo: str, now: datetime) -> None:
    """To the old address: what happened, and a link that turns it back."""
    link = absolute(f"/profile/undo/{undo}")
    send(
        CHANGED, account, old, digest(undo), now, name=account.name, new=masks.email(new), link=link
    )


def undone(account: Account, to: str, reset: str, now: datetime) -> None:
    """To the address that holds again, with a link to choose a new password."""
    send(UNDONE, account, to, digest(reset), now, link=absolute(f"/recovery/{reset}"))


def left(account: Account, address: str, key: str, now: datetime) -> None:
    """To an address from which the account was turned back to an earlier one."""
    send(LEFT, account, address, key, now)


def person_changed(account: Account, key: str, now: datetime) -> None:
    """Name or phone are other ones since now."""
    link = absolute("/profile/")
    send(PERSON, account, account.email, key, now, name=account.name, link=link)
