"""Telling each person of an incident once: by mail, by letter where there is no mail address."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from app import limits, words
from app.db import as_day, rows, writing
from app.language import FIRST, speaking
from app.messages.kinds import Kind, Priority, register
from app.messages.outbox import queue
from app.privacy.breach import block_of, said_of, scope_of
from app.privacy.models import Incident, IncidentPerson
from app.web import absolute

NOTICE = register(Kind("breach_notice", Priority.NORMAL, timedelta(days=14)))
BATCH = 200
UNTOLD = """
SELECT person FROM incident_people WHERE incident_id = ? AND channel = '' ORDER BY person LIMIT ?
"""
MAILED = """
SELECT person FROM incident_people WHERE incident_id = ? AND channel = 'mail' AND person > ?
ORDER BY person LIMIT ?
"""
ACCOUNT = "SELECT email, name, language, closed_at FROM accounts WHERE id = ?"
OCCUPANT = """
SELECT o.email, o.name, o.billing_address, o.ended_on, p.road_address, (
    SELECT a.email FROM homes h JOIN accounts a ON a.id = h.account_id
    WHERE h.premises_id = o.premises_id AND h.tenancy = o.role AND h.role = 'holder'
        AND h.level >= 2 AND a.closed_at IS NULL AND h.since_on <= o.started_on
        AND (h.until_on IS NULL OR h.until_on > o.started_on) ORDER BY h.id LIMIT 1)
FROM occupancies o JOIN premises p ON p.id = o.premises_id
WHERE o.role = ? AND o.premises_id = ? AND o.started_on = ?
"""
LANGUAGE = "SELECT language FROM accounts WHERE email = ? AND closed_at IS NULL"
FAILED = """
SELECT 1 FROM messages WHERE dedupe_key = ? AND (state = 'failed' OR state = 'expired')
"""


class Contact(NamedTuple):
    """How somebody can be reached; nothing where nobody knows."""

    name: str = ""
    email: str = ""
    address: str = ""
    language: str = FIRST

    @property
    def channel(self) -> str:
        return "mail" if self.email else "letter" if self.address else "none"


def contact(person: str, today: date) -> Contact:
    """The contact of a person of the list, as it is now.

    A letter to the home of somebody who left would be read by the next one there.
    """
    kind, *rest = person.split()
    if kind == "account":
        ((email, name, language, closed_at),) = rows(ACCOUNT, (int(rest[0]),))
        return Contact() if closed_at else Contact(name, email, "", language)
    found = rows(OCCUPANT, (kind, int(rest[0]), rest[1]))
    if not found:
        return Contact()
    email, name, billing, ended_on, own, of_account = found[0]
    email = email or of_account or ""
    gone = ended_on is not None and as_day(ended_on) < today
    address = "" if gone and billing == own else billing
    known = rows(LANGUAGE, (email.lower(),)) if email else []
    return Contact(name, email, address, known[0][0] if known else FIRST)


def items(incident: Incident) -> str:
    """What the data was, in the language that is spoken."""
    parts = []
    for table in scope_of(incident).tables:
        block = block_of(table)
        shown = ", ".join(block.said(text) for text in block.personal.values())
        parts.append(f"{block.said(block.title)} ({shown})" if shown else block.said(block.title))
    return " / ".join(parts)


def values(incident: Incident, language: str) -> dict[str, str | int]:
    """What the law wants the notice to say (PIPA 34(1)), in a language."""
    said = said_of(incident)
    with speaking(language):
        return {
            "possible": int(incident.confirmed_at is None),
            "items": items(incident),
            "begin": words.moment(incident.from_at),
            "end": words.moment(incident.to_at),
            "how": said.how[language],
            "advice": said.advice[language],
            "measures": said.measures[language],
            "link": absolute("/guide/privacy"),
        }


def key_of(incident: Incident, to: str, secret: str) -> str:
    """One notice for each address and state of knowledge, whoever is reached there."""
    phase = "possible" if incident.confirmed_at is None else "confirmed"
    return f"breach:{incident.reference}:{phase}:{limits.hidden(secret, 'breach', to.lower())}"


def send(incident: Incident, to: Contact, channel: str, secret: str, now: datetime) -> None:
    recipient = to.email if channel == "mail" else " ".join(f"{to.address} {to.name}".split())
    queue(
        NOTICE, to=recipient, values=values(incident, to.language),
        key=key_of(incident, recipient, secret), language=to.language, now=now, channel=channel,
    )  # fmt: skip


def notify(incident: Incident, secret: str, now: datetime) -> Iterator[int]:
    """Queue the notices that are still to be queued, a batch in each transaction; how many.

    Who is noted as told is told: notice and note are one transaction, so neither a kill nor a
    second run tells anybody twice.
    """
    number, today = incident.get_id(), words.local_day(now)
    while True:
        with writing():
            found = [person for (person,) in rows(UNTOLD, (number, BATCH))]
            for person in found:
                tell(incident, person, secret, today, now)
        yield len(found)
        if len(found) < BATCH:
            break
    yield from by_letter(incident, secret, now)


def tell(incident: Incident, person: str, secret: str, today: date, now: datetime) -> None:
    to = contact(person, today)
    if to.channel != "none":
        send(incident, to, to.channel, secret, now)
    note(incident, person, to.channel, now)


def note(incident: Incident, person: str, channel: str, now: datetime) -> None:
    mine = (IncidentPerson.incident == incident) & (IncidentPerson.person == person)
    told_at = None if channel == "none" else now
    IncidentPerson.update(channel=channel, told_at=told_at).where(mine).execute()


def by_letter(incident: Incident, secret: str, now: datetime) -> Iterator[int]:
    """Who could not be reached by mail gets a letter, where an address is known."""
    number, today, after = incident.get_id(), words.local_day(now), ""
    while True:
        found = [person for (person,) in rows(MAILED, (number, after, BATCH))]
        with writing():
            for person in found:
                again(incident, person, secret, today, now)
        if len(found) < BATCH:
            return
        after = found[-1]
        yield 0


def again(incident: Incident, person: str, secret: str, today: date, now: datetime) -> None:
    """A letter instead of a mail that has failed; `none` where there is no address either."""
    to = contact(person, today)
    if to.email and rows(FAILED, (key_of(incident, to.email, secret),)):
        channel = "letter" if to.address else "none"
        if channel == "letter":
            send(incident, to, channel, secret, now)
        note(incident, person, channel, now)
