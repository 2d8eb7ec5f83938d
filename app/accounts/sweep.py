"""What holds no more is deleted: sessions, links, codes, challenges, counters of tries.

The retention job would do it too, a little later; the record names its rules.
"""

from datetime import datetime, timedelta

from app import destructions, limits
from app.accounts import throttle, tokens
from app.accounts.models import Device, Session
from app.accounts.passkeys import Challenge
from app.db import writing
from app.messages.timetable import register

SESSIONS_KEPT, DEVICES_KEPT = timedelta(days=1), timedelta(days=366)


def sweep(now: datetime) -> None:
    """Delete what has ended, on record; a session a day after it was last seen."""
    with writing():
        for what, rule, count in (
            ("sessions", "seen_at 1d", Session.forget(now - SESSIONS_KEPT)),
            ("devices", "seen_at 366d", Device.forget(now - DEVICES_KEPT)),
            ("tokens", "expires_at 0d", tokens.forget_links(now)),
            ("codes", "expires_at 0d", tokens.forget_codes(now)),
            ("tries", "ends_at 0d", throttle.forget(now)),
            ("challenges", "expires_at 0d", Challenge.forget(now)),
            ("limits", "ends_at 0d", limits.forget(now)),
        ):
            destructions.note(what, rule, count, now)


register(timedelta(minutes=15), sweep)
