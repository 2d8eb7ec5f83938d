"""The retention job in the worker's timetable."""

from collections.abc import Iterator
from datetime import datetime

from flask import current_app

from app.messages.timetable import register
from app.privacy import retention
from app.privacy.rules import Gone


def destroy(now: datetime) -> Iterator[Gone]:
    """Destroy what is due, a batch at each step, so that messages go out meanwhile."""
    yield from retention.steps(current_app.config, now)


register(retention.AGAIN, destroy)
