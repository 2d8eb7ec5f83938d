"""Who is told of outages, and what was told."""

from app import references
from app.alerts.models import REFERENCE, Alert, Revision
from app.sealed import lookup_hash
from tests.make.base import LONG_AGO, create, numbers
from tests.make.supply import account
from tests.outages import files


def outage_alert(**values):
    """An account is told of a dong by mail; with `recipient` somebody who has none."""
    if "recipient" in values:
        values = {"account": None, "recipient_hash": lookup_hash(values["recipient"]), **values}
    return create(
        Alert,
        values,
        reference=lambda: references.new(REFERENCE),
        account=account,
        channel="mail",
        recipient="",
        recipient_hash="",
        language="ko",
        district="강남구",
        dong="역삼동",
        road="",
        number=0,
        premises=None,
        browser=None,
        mark=lambda: f"mark {next(numbers)}",
        created_at=LONG_AGO,
        confirmed_at=LONG_AGO,
    )


def outage_revision(**values):
    """The first revision of an outage, told to nobody yet."""
    return create(
        Revision,
        values,
        outage=lambda: f"outage-{next(numbers)}",
        number=1,
        record=files.text,
        seen_at=LONG_AGO,
        reached=0,
        queued=0,
        told_at=None,
    )
