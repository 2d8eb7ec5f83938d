"""Mails about an account's safety: what happened, when, and what to do if it was somebody else."""

from datetime import datetime, timedelta

from app import words
from app.accounts.models import Account, digest
from app.language import speaking
from app.messages.kinds import Kind, Priority, register
from app.messages.outbox import queue
from app.web import absolute

NEW_DEVICE = register(Kind("new_device", Priority.URGENT, timedelta(days=3)))
PROOF_CODE = register(Kind("proof_code", Priority.URGENT, timedelta(minutes=5)))


def new_device(account: Account, token: str, agent: str, now: datetime) -> None:
    """Somebody signed in from a browser that this account has not seen (S-21)."""
    with speaking(account.language):
        values = {
            "name": account.name,
            "when": words.moment(now),
            "agent": agent,
            "link": absolute("/profile/sessions"),
            "recovery": absolute("/recovery/"),
        }
    key = f"new_device:{digest(token)}"
    queue(
        NEW_DEVICE, to=account.email, values=values, key=key, language=account.language, now=now,
        account_id=account.id,
    )  # fmt: skip


def proof_code(account: Account, code: str, key: str, now: datetime) -> None:
    """The six digits with which a signed-in customer proves to read the account's mail."""
    queue(
        PROOF_CODE, to=account.email, values={"code": code}, key=f"proof_code:{key}",
        language=account.language, now=now, account_id=account.id,
    )  # fmt: skip
