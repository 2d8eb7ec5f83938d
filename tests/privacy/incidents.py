"""An incident of the tests: accounts and homes that may have been seen for a day."""

from datetime import UTC, datetime, timedelta

from app.privacy import breach
from app.privacy.breach import Said, Scope, Window
from app.privacy.models import Cause, Incident, IncidentPerson

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
DAY = timedelta(days=1)
SECRET = "tests-only-secret-key-of-thirty-two-signs"


def opened(*tables, offices=(), accounts=(), cause=Cause.UNKNOWN, known=NOW, **window):
    """An open incident about these tables, from two days ago until one day ago."""
    begin, end = window.get("begin", NOW - 2 * DAY), window.get("end", NOW - DAY)
    said = Said(breach.HOW, breach.ADVICE, breach.MEASURES)
    scope = Scope(tables, tuple(offices), tuple(accounts))
    return breach.open_incident(Window(begin, end, known), cause, scope, said, "김담당", NOW)


def people(incident):
    """The persons of an incident with the channel that they were told by."""
    mine = IncidentPerson.select().where(IncidentPerson.incident == incident)
    return {one.person: one.channel for one in mine}


def again(incident):
    return Incident.get_by_id(incident.id)
