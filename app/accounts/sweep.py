"""What holds no more is deleted: sessions, links, codes, challenges, counters of tries."""

from datetime import datetime, timedelta

from app import limits
from app.accounts import throttle, tokens
from app.accounts.models import Device, Session
from app.accounts.passkeys import Challenge
from app.messages.timetable import register

SESSIONS_KEPT, DEVICES_KEPT = timedelta(days=1), timedelta(days=366)


def sweep(now: datetime) -> None:
    """Delete what has ended; a session a day after it was last seen."""
    Session.forget(now - SESSIONS_KEPT)
    Device.forget(now - DEVICES_KEPT)
    tokens.forget(now)
    throttle.forget(now)
    Challenge.forget(now)
    limits.forget(now)


register(timedelta(minutes=15), sweep)
