"""What an operator hears of money: payments whose end is not known, closed doors, differences."""

from datetime import datetime, timedelta

from flask import current_app

from app import health
from app.payments import gate, keys
from app.payments.models import Attempt, State
from app.payments.records import Discrepancy

LONG = timedelta(minutes=10)


def unknown(now: datetime) -> str | None:
    """Payments of which the gateway has not said for ten minutes whether they were made."""
    old = Attempt.select().where(
        Attempt.state.in_((State.UNKNOWN, State.CONFIRMING)) & (Attempt.changed_at <= now - LONG)
    )
    count = old.count()
    return f"{count} payments are unknown for 10 minutes (flask payments sweep)" if count else None


def closed(now: datetime) -> str | None:
    """Online payment takes nothing, though it is set up."""
    if not keys.are_set(current_app.config):
        return None
    why = gate.why_closed()
    return f"online payment is closed: {why} (flask payments status)" if why else None


def different(now: datetime) -> str | None:
    """What does not agree, and nobody has decided."""
    count = Discrepancy.open().count()
    return f"{count} differences in payments wait for a decision" if count else None


health.register("unknown payments", unknown)
health.register("online payment", closed)
health.register("payments that differ", different)
