"""Mails that tell of passkeys which came or went (S-21)."""

from datetime import datetime, timedelta

from app import words
from app.accounts.models import Account
from app.accounts.passkeys import Passkey
from app.language import speaking
from app.messages.kinds import Kind, Priority, register
from app.messages.outbox import queue
from app.web import absolute

HOLDS = timedelta(days=3)
ADDED = register(Kind("passkey_added", Priority.URGENT, HOLDS))
REMOVED = register(Kind("passkey_removed", Priority.URGENT, HOLDS))
COPIED = register(Kind("passkey_copied", Priority.URGENT, HOLDS))


def tell(kind: Kind, account: Account, passkey: Passkey, now: datetime) -> None:
    """What happened to a passkey, and when."""
    with speaking(account.language):
        when = words.moment(now)
    values = {
        "name": account.name, "passkey": passkey.name, "when": when,
        "link": absolute("/passkeys/"), "recovery": absolute("/recovery/"),
    }  # fmt: skip
    queue(
        kind, to=account.email, values=values,
        key=f"{kind.name}:{passkey.reference}:{now.timestamp()}", language=account.language,
        now=now, account_id=account.id,
    )  # fmt: skip
