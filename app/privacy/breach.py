"""Incidents: opening one, and listing whose data it concerns, from the register (S-58)."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from app import clock, references
from app.db import DayColumn, instant, rows, writing
from app.privacy.models import Cause, Incident, IncidentPerson
from app.privacy.register import Block, blocks, models

HOURS = timedelta(hours=72)
"""Within so long people are told, and the commission where it must be (PIPA 34)."""
MANY = 1000


class IncidentError(ValueError):
    """What cannot be done with an incident, in a sentence for the operator."""


@dataclass(frozen=True)
class Scope:
    """Which data: tables, and only some offices or accounts of them where that is known."""

    tables: tuple[str, ...]
    offices: tuple[str, ...] = ()
    accounts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Said:
    """What the notice says besides the items, by language: how it happened, what people can do
    about it, and what we do.
    """

    how: dict[str, str]
    advice: dict[str, str]
    measures: dict[str, str]


@dataclass(frozen=True)
class Window:
    """From when to when data was out, and when we came to know."""

    from_at: datetime
    to_at: datetime
    known_at: datetime


HOW = {
    "ko": "자세한 경위를 알아보고 있습니다. 확인되는 대로 다시 알려 드립니다.",
    "en": "We are finding out how it happened and will tell you again as soon as we know.",
}
ADVICE = {
    "ko": "비밀번호를 바꾸고, 수도 요금을 말하는 전화나 문자의 링크를 누르지 마십시오.",
    "en": "Change your password, and do not follow links in calls or texts about water bills.",
}
MEASURES = {
    "ko": "새어 나간 길을 막고 접속 기록을 살피고 있습니다. 피해가 있으면 구제를 도와드립니다.",
    "en": "We have closed the way out and are examining the logs. We help you if you suffer harm.",
}


def block_of(table: str) -> Block:
    """What the register says of a table in which people can be found."""
    block = blocks().get(table)
    if block is None or not (block.person or block.premises):
        known = ", ".join(one.table for one in blocks().values() if one.person or one.premises)
        raise IncidentError(f"{table} leads to nobody. Tables: {known}.")
    return block


def open_incident(
    window: Window, cause: Cause, scope: Scope, said: Said, by: str, now: datetime
) -> Incident:
    """A new incident. Raises IncidentError."""
    for table in scope.tables:
        if scope.accounts and not block_of(table).person:
            raise IncidentError(f"{table} is of homes, not of accounts: leave out --account.")
        block_of(table)
    if not window.from_at <= window.to_at:
        raise IncidentError("It cannot have ended before it began.")
    if not window.to_at <= now or not window.known_at <= now:
        raise IncidentError("It lies in the future.")
    with writing():
        made: Incident = Incident.create(
            reference=references.new(8),
            opened_at=now,
            cause=cause,
            scope=json.dumps(asdict(scope)),
            said=json.dumps(asdict(said), ensure_ascii=False),
            opened_by=by,
            **asdict(window),
        )
    return made


def find(reference: str) -> Incident:
    """The incident of a reference; raises IncidentError."""
    found: Incident | None = Incident.get_or_none(Incident.reference == reference)
    if found is None:
        raise IncidentError(f"There is no incident {reference}.")
    return found


def scope_of(incident: Incident) -> Scope:
    found = json.loads(incident.scope)
    return Scope(**{name: tuple(values) for name, values in found.items()})


def said_of(incident: Incident) -> Said:
    return Said(**json.loads(incident.said))


def deadline(incident: Incident) -> datetime:
    return incident.known_at + HOURS


def marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


class Question:
    """SQL with its values, put together from the register's names."""

    def __init__(self, sql: str, *values: str | int) -> None:
        self.sql, self.values = sql, [*values]

    def and_(self, sql: str, *values: str | int) -> None:
        self.sql += f" AND {sql}"
        self.values += values


def until(block: Block, incident: Incident) -> tuple[str, str]:
    """The condition that a row of a table was there before the incident ended, and its value."""
    column = models()[block.table]._meta.columns[block.since]
    if isinstance(column, DayColumn):
        return f"t.{block.since} <= ?", incident.to_at.astimezone(clock.SEOUL).date().isoformat()
    return f"t.{block.since} <= ?", instant(incident.to_at)


ADD = """
INSERT INTO incident_people (incident_id, person, channel) {question}
ON CONFLICT (incident_id, person) DO NOTHING RETURNING person
"""
ACCOUNTS = """
SELECT DISTINCT CAST(? AS INTEGER), 'account ' || a.id, '' FROM accounts a
JOIN {table} t ON t.{person} = a.id WHERE (a.closed_at IS NULL OR a.closed_at >= ?)
"""
OF_OFFICE = """
EXISTS (SELECT 1 FROM homes h JOIN premises p ON p.id = h.premises_id
WHERE h.account_id = a.id AND p.office IN ({offices}))
"""
OCCUPANTS = """
SELECT DISTINCT CAST(? AS INTEGER), o.role || ' ' || o.premises_id || ' ' || o.started_on, ''
FROM occupancies o JOIN premises p ON p.id = o.premises_id
JOIN {table} t ON t.{premises} = o.premises_id WHERE o.started_on <= ?
"""
SAME_ROW = "t.role = o.role AND t.started_on = o.started_on"
THEIR_TIME = "t.{since} >= o.started_on AND (o.ended_on IS NULL OR t.{since} <= o.ended_on)"


def accounts_in(block: Block, scope: Scope, incident: Incident) -> Question:
    """The accounts with something in a table, also those that were closed since."""
    sql = ACCOUNTS.format(table=block.table, person=block.person)
    question = Question(sql, incident.get_id(), instant(incident.from_at))
    if block.since:
        question.and_(*until(block, incident))
    if scope.accounts:
        question.and_(f"a.id IN ({marks(scope.accounts)})", *scope.accounts)
    if scope.offices:
        question.and_(OF_OFFICE.format(offices=marks(scope.offices)), *scope.offices)
    return question


def occupants_in(block: Block, scope: Scope, incident: Incident) -> Question:
    """Users and owners of premises with something in a table, of their own time there."""
    sql = OCCUPANTS.format(table=block.table, premises=block.premises)
    last = incident.to_at.astimezone(clock.SEOUL).date().isoformat()
    question = Question(sql, incident.get_id(), last)
    if block.table == "occupancies":
        question.and_(SAME_ROW)
    elif block.since and block.table != "premises":
        question.and_(*until(block, incident))
        if isinstance(models()[block.table]._meta.columns[block.since], DayColumn):
            question.and_(THEIR_TIME.format(since=block.since))
    if scope.offices:
        question.and_(f"p.office IN ({marks(scope.offices)})", *scope.offices)
    return question


def affected(incident: Incident, now: datetime) -> int:
    """List whose data it concerns; who is listed already stays. How many there are now."""
    scope = scope_of(incident)
    with writing():
        for table in scope.tables:
            block = block_of(table)
            ask = accounts_in if block.person else occupants_in
            question = ask(block, scope, incident)
            rows(ADD.format(question=question.sql), tuple(question.values))
        Incident.update(listed_at=now).where(Incident.id == incident.id).execute()
    return IncidentPerson.select().where(IncidentPerson.incident == incident).count()


def sensitive(scope: Scope) -> list[str]:
    """The tables of a scope with what the law protects most (PIPA 23, 24)."""
    return [table for table in scope.tables if block_of(table).sensitive]


def reasons_to_report(incident: Incident, count: int) -> list[str]:
    """Why the commission must be told; none when it need not (decree 40)."""
    scope = scope_of(incident)
    found = [f"{count:,} persons (1,000 or more)"] if count >= MANY else []
    if tables := sensitive(scope):
        found.append(f"sensitive data: {', '.join(tables)}")
    if incident.cause == Cause.INTRUSION:
        found.append("intrusion from outside")
    return found


def confirm(incident: Incident, now: datetime) -> None:
    """It is certain now: everybody of the list has to be told so, also who knows it may be."""
    with writing():
        mine = IncidentPerson.incident == incident
        IncidentPerson.update(channel="", told_at=None).where(mine).execute()
        Incident.update(confirmed_at=now).where(Incident.id == incident.id).execute()
    incident.confirmed_at = now


def open_ones() -> list[Incident]:
    """The incidents that nobody has closed, oldest first."""
    return list(Incident.select().where(Incident.closed_at.is_null()).order_by(Incident.id))
