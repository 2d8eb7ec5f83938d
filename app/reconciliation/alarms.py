"""What an operator hears of money: payments whose end is not known, closed doors, differences."""

from datetime import datetime, timedelta

from flask import current_app

from app import health
from app.language import _
from app.payments import gate, keys
from app.payments.models import Attempt, State
from app.payments.records import Discrepancy
from app.payments.texts import GATES

LONG = timedelta(minutes=10)


def unknown(now: datetime) -> str | None:
    """Payments of which the gateway has not said for ten minutes whether they were made."""
    old = Attempt.select().where(
        Attempt.state.in_((State.UNKNOWN, State.CONFIRMING)) & (Attempt.changed_at <= now - LONG)
    )
    count = old.count()
    if not count:
        return None
    return _("결과를 10분 넘게 모르는 결제 %(count)s건 (flask payments sweep)", count=count)


def closed(now: datetime) -> str | None:
    """Online payment takes nothing, though it is set up."""
    if not keys.are_set(current_app.config):
        return None
    why = gate.why_closed()
    if why is None:
        return None
    return _("온라인 납부가 닫혔습니다: %(why)s (flask payments status)", why=GATES[why])


def different(now: datetime) -> str | None:
    """What does not agree, and nobody has decided."""
    count = Discrepancy.open().count()
    return _("장부와 다른 결제 %(count)s건을 결정해야 합니다", count=count) if count else None


health.register("unknown payments", unknown)
health.register("online payment", closed)
health.register("payments that differ", different)
