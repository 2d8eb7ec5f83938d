"""Asking somebody without an account whether it was they who want to be told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from app.alerts.models import Alert, Wish
from app.alerts.told import place_name
from app.db import writing
from app.limits import DAY, HOUR, may
from app.messages.kinds import Kind, Priority, register
from app.messages.models import Channel
from app.messages.outbox import queue
from app.web import absolute

KIND = register(
    Kind(
        "alert_confirm", Priority.NORMAL, timedelta(hours=12), channels=(Channel.MAIL, Channel.SMS)
    )
)
PER_SOURCE, PER_RECIPIENT = 10, 3
"""Requests in an hour from one source, and messages in a day to one address."""


def signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="outage alert")


def ask(wish: Wish, source: str, config: Mapping[str, Any], now: datetime) -> bool:
    """Send a link with which the address confirms the wish. False when there were too many from
    this source; of too many to one address nothing is said: it may be another's.
    """
    key = str(config["SECRET_KEY"])
    if not may("alert from", key, source, PER_SOURCE, now, HOUR):
        return False
    few = may("alert to", key, wish.recipient, PER_RECIPIENT, now, DAY)
    with writing():
        alert = Alert.begin(wish, now) if few else None
        if alert is not None and alert.confirmed_at is None:
            link = absolute(f"/outages/alerts/confirm/{signer().dumps(alert.reference)}")
            queue(
                KIND,
                to=wish.recipient,
                values={"place": place_name(wish.place), "link": link},
                key=f"alert:{alert.reference}:{now:%Y%m%d%H%M%S}",
                language=wish.language,
                now=now,
                channel=wish.channel,
            )
    return True


def asked(token: str) -> Alert | None:
    """The wish that a link is about; None for one that is gone, or a link that is not ours."""
    try:
        return Alert.referred(str(signer().loads(token)))
    except BadData:
        return None
