"""What customers want to be told."""

from app.reminders.models import NoticeChoice
from tests.make.base import LONG_AGO, create
from tests.make.supply import account


def notice_choice(**values):
    """Somebody wants a mail when a bill is out."""
    return create(
        NoticeChoice, values, account=account, topic="bill", channel="mail", chosen_at=LONG_AGO
    )
