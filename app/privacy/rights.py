"""Answering what people ask about their own data, and telling them."""

from datetime import datetime

from app.audit import trail
from app.audit.trail import About, Actor
from app.db import writing
from app.privacy import mails
from app.privacy.models import ANSWERS, Decision, RightsRequest


class AnswerError(ValueError):
    """An answer that cannot be, in a sentence for the operator."""


def answer(reference: str, decision: Decision, text: str, who: Actor, now: datetime) -> None:
    """Answer a request; its person is told in the same transaction. Raises AnswerError.

    Part of it or nothing is only done with the reason (PIPA 35(4)).
    """
    if decision not in ANSWERS:
        raise AnswerError(f"{decision.value or 'nothing'} is no answer.")
    if decision is not Decision.DONE and not text.strip():
        raise AnswerError("Say why it is not done as asked.")
    with writing():
        request = RightsRequest.get_or_none(RightsRequest.reference == reference)
        if request is None:
            raise AnswerError(f"There is no request {reference}.")
        if not request.decide(decision, text.strip(), who.name, now):
            raise AnswerError(f"{reference} has ended already ({request.decision}).")
        request.decision, request.answer = decision, text.strip()
        mails.answered(request, now)
        about = About(request.account.id)
        trail.record(who, "data.answered", about, now=now, details={"decision": decision.value})
