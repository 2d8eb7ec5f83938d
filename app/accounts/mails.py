"""Mails about an account's safety and consents: what happened, when, and what to do about it."""

from datetime import datetime, timedelta

from app import words
from app.accounts.models import Account, digest
from app.accounts.reach import by_phone
from app.language import speaking
from app.messages.kinds import Kind, Priority, register
from app.messages.models import Channel
from app.messages.outbox import queue
from app.web import absolute

NEW_DEVICE = register(
    Kind("new_device", Priority.URGENT, timedelta(days=3), channels=(Channel.MAIL, Channel.SMS))
)
CONSENT_GIVEN = register(Kind("consent_given", Priority.NORMAL, timedelta(days=14)))
CONSENT_ENDED = register(Kind("consent_ended", Priority.NORMAL, timedelta(days=14)))
CONSENT_ENDS = register(Kind("consent_ends", Priority.NORMAL, timedelta(days=30)))
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
        account_id=account.id, otherwise=by_phone(account.id),
    )  # fmt: skip


def proof_code(account: Account, code: str, key: str, now: datetime) -> None:
    """The six digits with which a signed-in customer proves to read the account's mail."""
    queue(
        PROOF_CODE, to=account.email, values={"code": code}, key=f"proof_code:{key}",
        language=account.language, now=now, account_id=account.id,
    )  # fmt: skip


def consent_told(
    account_id: int, titles: dict[str, str], given: bool, number: int, on: datetime, now: datetime
) -> None:
    """What became of a consent to advertising, or of its withdrawal."""
    kind = CONSENT_GIVEN if given else CONSENT_ENDED
    consent_mail(kind, account_id, titles, f"consent:{number}", on, now)


def consent_ends(
    account_id: int, titles: dict[str, str], ends_at: datetime, number: int, now: datetime
) -> bool:
    """A consent to advertising ends soon unless it is given again; whether that is news."""
    return consent_mail(CONSENT_ENDS, account_id, titles, renewal_key(number), ends_at, now)


def renewal_key(number: int) -> str:
    """The key of the mail that asks for a consent again."""
    return f"consent-ends:{number}"


def consent_mail(
    kind: Kind, account_id: int, titles: dict[str, str], key: str, on: datetime, now: datetime
) -> bool:
    account: Account = Account.select().where(Account.id == account_id).get()
    language = account.language
    with speaking(language):
        values = {
            "name": account.name,
            "what": titles[language],
            "day": words.day(words.local_day(on)),
            "link": absolute("/profile/consents"),
        }
    return queue(
        kind, to=account.email, values=values, key=key, language=language, now=now,
        account_id=account.id,
    )  # fmt: skip
