"""Messages that wait to be sent, and what was said of them."""

from datetime import timedelta

from app import references
from app.messages.models import Message
from app.texts.models import MessageEvent
from tests.make.base import LONG_AGO, create, numbers


def message(**values):
    """A mail that nobody has tried to send yet."""
    return create(
        Message,
        values,
        reference=lambda: references.new(16),
        kind="test",
        channel="mail",
        language="ko",
        recipient="person@example.com",
        content='{"time": "12:00"}',
        dedupe_key=f"test:{next(numbers)}",
        account_id=None,
        priority=1,
        state="created",
        attempts=0,
        run_after=LONG_AGO,
        lease="",
        created_at=LONG_AGO,
        expires_at=LONG_AGO + timedelta(days=1),
        finished_at=None,
        problem="",
    )


def message_event(**values):
    """A report of delivery."""
    return create(
        MessageEvent,
        values,
        key=lambda: f"hook:{next(numbers)}",
        message=message,
        source="hook",
        code="4000",
        provider_id="M4V",
        at=LONG_AGO,
    )
