"""Mails about people's own data: it was downloaded, a request was answered, an account is gone."""

from datetime import datetime, timedelta

from app import words
from app.accounts.models import Account
from app.language import later, speaking
from app.messages.kinds import Kind, Priority, register
from app.messages.outbox import queue
from app.privacy.models import Decision, RightsRequest
from app.web import absolute

DOWNLOADED = register(Kind("data_downloaded", Priority.URGENT, timedelta(days=3)))
ANSWERED = register(Kind("rights_answered", Priority.NORMAL, timedelta(days=30)))
CLOSED = register(Kind("account_closed", Priority.URGENT, timedelta(days=3)))
DECISIONS = {
    Decision.OPEN: later("담당자가 보고 있습니다"),
    Decision.DONE: later("요청대로 했습니다"),
    Decision.PARTLY: later("일부를 요청대로 했습니다"),
    Decision.REFUSED: later("요청대로 할 수 없습니다"),
    Decision.WITHDRAWN: later("거두셨습니다"),
}


def downloaded(account: Account, now: datetime) -> None:
    """Somebody who is signed in took everything away: the owner should know."""
    with speaking(account.language):
        values = {"name": account.name, "when": words.moment(now)}
    queue(
        DOWNLOADED, to=account.email, values={**values, "link": absolute("/profile/data/")},
        key=f"data_downloaded:{account.id}:{now.timestamp()}", language=account.language, now=now,
        account_id=account.id,
    )  # fmt: skip


def answered(request: RightsRequest, now: datetime) -> None:
    account: Account = request.account
    with speaking(account.language):
        values = {"name": account.name, "decision": str(DECISIONS[Decision(request.decision)])}
    values["answer"] = " ".join(request.answer.split())
    link = absolute("/profile/data/requests")
    queue(
        ANSWERED, to=account.email, values={**values, "link": link},
        key=f"rights_answered:{request.reference}", language=account.language, now=now,
        account_id=account.id,
    )  # fmt: skip


def closed(account: Account, now: datetime) -> None:
    """The last one: it belongs to no account any more, and its address is forgotten once sent."""
    with speaking(account.language):
        values = {"when": words.moment(now), "link": absolute("/guide/privacy/items")}
    queue(
        CLOSED, to=account.email, values=values, key=f"account_closed:{account.id}",
        language=account.language, now=now,
    )  # fmt: skip
