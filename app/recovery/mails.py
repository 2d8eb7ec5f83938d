"""Mails about a lost password."""

from datetime import datetime, timedelta

from app import words
from app.accounts.models import Account, digest
from app.accounts.reach import by_phone
from app.language import current, speaking
from app.messages.kinds import Kind, Priority, register
from app.messages.models import Channel
from app.messages.outbox import queue
from app.web import absolute

RESET = register(Kind("reset", Priority.URGENT, timedelta(minutes=30)))
NOBODY = register(Kind("reset_unknown", Priority.URGENT, timedelta(minutes=30)))
CHANGED = register(
    Kind(
        "password_changed",
        Priority.URGENT,
        timedelta(days=3),
        channels=(Channel.MAIL, Channel.SMS),
    )
)


def reset(account: Account, token: str, now: datetime) -> None:
    """The link with which a new password can be chosen."""
    values = {"name": account.name, "link": absolute(f"/recovery/{token}")}
    queue(
        RESET, to=account.email, values=values, key=f"reset:{digest(token)}",
        language=account.language, now=now, account_id=account.id,
    )  # fmt: skip


def unknown(email: str, token: str, now: datetime) -> None:
    """Somebody asked for an address that nobody joined with: its reader may have used another."""
    queue(
        NOBODY, to=email, values={"link": absolute("/signup/")}, key=f"reset:{digest(token)}",
        language=current(), now=now,
    )  # fmt: skip


def password_changed(account: Account, key: str, now: datetime) -> None:
    """The password is another one since now (S-21)."""
    with speaking(account.language):
        when = words.moment(now)
    values = {"name": account.name, "when": when, "link": absolute("/recovery/")}
    queue(
        CHANGED, to=account.email, values=values, key=f"password_changed:{key}",
        language=account.language, now=now, account_id=account.id,
        otherwise=by_phone(account.id),
    )  # fmt: skip
