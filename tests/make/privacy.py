"""People's requests about their data, what is kept of closed accounts, destructions, incidents."""

from datetime import timedelta

from app.destructions import Destruction
from app.privacy.models import Incident, IncidentPerson, KeptRecord, RightsRequest
from tests.make.base import LONG_AGO, START, create, numbers
from tests.make.supply import account


def rights_request(**values):
    """A request that nobody has answered."""
    return create(
        RightsRequest,
        values,
        account=account,
        reference=f"RGHT{next(numbers):08d}",
        kind="correct",
        about="청구지가 옛 주소입니다.",
        asked_at=LONG_AGO,
        due_on=LONG_AGO.date() + timedelta(days=10),
        decided_at=None,
        decided_by="",
        decision="",
        answer="",
    )


def kept_record(**values):
    """The consents of an account that was closed."""
    return create(
        KeptRecord,
        values,
        account_id=next(numbers),
        what="consents",
        content="[]",
        kept_at=LONG_AGO,
        destroy_on=START + timedelta(days=1096),
    )


def destruction(**values):
    """Three sign-ups were destroyed."""
    return create(
        Destruction,
        values,
        day=START,
        what="signups",
        rule="expires_at 0d",
        count=3,
        from_on=START,
        to_on=START,
        at=LONG_AGO,
    )


def incident(**values):
    """Somebody may have seen accounts for a day."""
    return create(
        Incident,
        values,
        reference=f"NCDT{next(numbers):08d}",
        opened_at=LONG_AGO,
        known_at=LONG_AGO,
        from_at=LONG_AGO - timedelta(days=1),
        to_at=LONG_AGO,
        cause="unknown",
        scope='{"tables": ["accounts"], "offices": [], "accounts": []}',
        said="{}",
        opened_by="김담당",
        confirmed_at=None,
        listed_at=None,
        reported_at=None,
        closed_at=None,
    )


def incident_person(**values):
    """Somebody who was not told yet."""
    return create(
        IncidentPerson, values, incident=incident, person="account 1", channel="", told_at=None
    )
