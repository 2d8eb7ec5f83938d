"""Passkeys' answers, of customers and of staff: each answers one challenge of one browser once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from app import authenticators
from app.accounts.passkeys import Challenge, Use
from app.authenticators import WrongAnswerError
from app.db import writing

Key = TypeVar("Key", bound=Any)


def answered(
    model: type[Key],
    owner: Callable[[Key], bytes],
    answer: dict[str, Any],
    asked: tuple[Use, str, datetime],
    copied: Callable[[Key], None],
) -> Key | None:
    """The row of `model` whose key rightly answered; nothing otherwise.

    `asked` is for what use, which browser, and when; `owner` gives a row's handle. A challenge is
    used up by its first answer, right or wrong. A counter that went back tells of a copied key: it
    does not count, and `copied` is called.
    """
    use, browser, now = asked
    try:
        challenge = authenticators.challenge_in(answer)
        if not Challenge.spend(challenge, use, browser, now):
            return None
        found = model.known(answer.get("id"))
        if found is None:
            return None
        count = authenticators.count(answer, found.public_key, owner(found), challenge)
    except WrongAnswerError:
        return None
    if (found.sign_count and count <= found.sign_count) or count < found.sign_count:
        copied(found)
        return None
    with writing():
        changed = model.update(sign_count=count, used_at=now).where(
            (model.id == found.id) & (model.sign_count == found.sign_count)
        )
        return found if changed.execute() else None


def offered(answer: dict[str, Any], browser: str, now: datetime) -> dict[str, Any] | None:
    """The columns of a new passkey that rightly answers this browser's challenge."""
    try:
        challenge = authenticators.challenge_in(answer)
        if not Challenge.spend(challenge, Use.ADD, browser, now):
            return None
        return authenticators.new(answer, challenge)
    except WrongAnswerError:
        return None
