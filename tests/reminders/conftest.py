"""A home with a bill of which its customer wants to be told, and what is queued about it."""

from datetime import date

import pytest

from app import clock
from app.messages import kinds
from app.messages.kinds import Waiting
from app.messages.models import Message
from app.reminders import mails
from tests import make
from tests.outbox import queued

TODAY = "2026-11-20 10:00"


@pytest.fixture
def home(db, clock_at):
    """The home of a customer who wants both kinds of mail, with a new bill that is due in days."""
    clock_at(TODAY)
    found = make.home(level=2, name="바닷가 집")
    for topic in ("bill", "due"):
        make.notice_choice(account=found.account, topic=topic)
    make.bill(
        premises=found.premises,
        month="2026-11",
        issued_on=date(2026, 11, 18),
        due_on=date(2026, 11, 23),
    )
    return found


@pytest.fixture
def sent(app):
    """sent() queues what is due, and is the kinds of all that has been queued."""

    def queue():
        with app.app_context():
            sum(mails.queue_due(clock.now()))
        return [mail.kind for mail in queued()]

    return queue


@pytest.fixture
def wanted():
    """wanted() is the kinds of all that has been queued and would be sent now."""

    def ask():
        found = zip(queued(), Message.select().order_by(Message.id), strict=True)
        asked = [
            (mail.kind, Waiting(mail.values, mail.to, row.account_id, clock.now(), row.channel))
            for mail, row in found
        ]
        return [kind for kind, one in asked if kinds.find(kind).wanted(one)]

    return ask
