"""What is sent when a phone is verified: a code to the phone, and mails that it was."""

from datetime import datetime, timedelta

from app import masks, references, words
from app.accounts.models import Account
from app.language import speaking
from app.messages.kinds import CODE_LIFETIME, Kind, Priority, register
from app.messages.models import Channel
from app.messages.outbox import queue
from app.web import absolute

CODE = register(
    Kind("phone_code", Priority.URGENT, CODE_LIFETIME, channels=(Channel.SMS,)),
)
VERIFIED = register(Kind("phone_verified", Priority.URGENT, timedelta(days=3)))
TAKEN = register(Kind("phone_taken", Priority.URGENT, timedelta(days=3)))


def send_code(account_id: int, number: str, code: str, language: str, now: datetime) -> None:
    """Six digits to a phone."""
    queue(
        CODE, to=number, values={"code": code}, key=f"phone_code:{references.new(16)}",
        language=language, now=now, account_id=account_id, channel=Channel.SMS,
    )  # fmt: skip


def verified(account: Account, number: str, now: datetime) -> None:
    """Text messages of this account go to a phone since now (S-21)."""
    tell(VERIFIED, account, number, now)


def taken(account: Account, number: str, now: datetime) -> None:
    """Somebody else has shown that the phone is theirs."""
    tell(TAKEN, account, number, now)


def tell(kind: Kind, account: Account, number: str, now: datetime) -> None:
    with speaking(account.language):
        values = {
            "name": account.name,
            "phone": masks.phone(number),
            "when": words.moment(now),
            "link": absolute("/profile/phone"),
        }
    key = f"{kind.name}:{account.id}:{now.timestamp()}"
    queue(
        kind, to=account.email, values=values, key=key, language=account.language, now=now,
        account_id=account.id,
    )  # fmt: skip
