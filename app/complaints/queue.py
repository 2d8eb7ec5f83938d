"""What the desk works on: the open complaints of some offices, what is due first on top; and how
staff find one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from peewee import Expression, ModelSelect

from app import phones
from app.complaints import words
from app.complaints.models import Complaint, State
from app.db import instant, rows
from app.sealed import lookup_hash
from app.supply.models import Premises

SIZE = 50
SOON = timedelta(hours=4)
"""What is due within so long is marked."""
MOST_FOUND = 200
WAITS = "waiting"
COUNTED = """
SELECT count(*) FROM (SELECT 1 FROM complaints
    WHERE office = ? AND closed_at IS NULL AND due_at < ? LIMIT 5000) counted
"""
FOREVER = "9999-12-31"
COLUMNS = (
    Complaint.id,
    Complaint.reference,
    Complaint.type,
    Complaint.state,
    Complaint.office,
    Complaint.district,
    Complaint.dong,
    Complaint.place,
    Complaint.channel,
    Complaint.received_at,
    Complaint.due_at,
    Complaint.assigned_to,
    Complaint.closed_at,
    Complaint.reopened,
    Complaint.version,
    Complaint.changed_at,
)
"""All that a line of the queue says; nothing of it is sealed."""


class Wanted(NamedTuple):
    """How the queue is narrowed; empty is everything. `state` also `waiting`, for those whose clock
    stands, which are not in the queue otherwise.
    """

    type: str = ""
    state: str = ""
    assigned_to: int | None = None
    unassigned: bool = False
    soon: bool = False
    """Only what is late, or due within `SOON`."""
    late: bool = False


class Counts(NamedTuple):
    """How many open ones have a date, and how many of them are over it; up to 5,000 an office."""

    total: int
    late: int


def counts(offices: Iterable[str], now: datetime) -> Counts:
    total = late = 0
    for office in offices:
        total += int(rows(COUNTED, (office, FOREVER))[0][0])
        late += int(rows(COUNTED, (office, instant(now)))[0][0])
    return Counts(total, late)


def page(
    offices: Sequence[str], wanted: Wanted, now: datetime, after: Complaint | None = None
) -> list[Complaint]:
    """The next lines of the queue, one more than fit when there is another page.

    Each office is asked by itself, in the order of an index, and the answers are merged.
    """
    asked = [list(of_office(office, wanted, now, after)) for office in offices]
    return list(islice(merge(*asked, key=position), SIZE + 1))


def position(one: Complaint) -> tuple[Any, int]:
    return one.due_at or one.changed_at, one.id


def of_office(
    office: str, wanted: Wanted, now: datetime, after: Complaint | None
) -> "ModelSelect[Complaint]":
    stands = wanted.state == WAITS
    date = Complaint.changed_at if stands else Complaint.due_at
    chosen = [Complaint.office == office, Complaint.closed_at.is_null(), *narrowed(wanted, now)]
    chosen.append(Complaint.due_at.is_null(stands))
    if after is not None:
        at = position(after)[0]
        chosen.append((date > at) | ((date == at) & (Complaint.id > after.id)))
        chosen.append(date >= at)  # what the index understands
    select = Complaint.select(*COLUMNS).where(*chosen)
    return select.order_by(date, Complaint.id).limit(SIZE + 1)


def narrowed(wanted: Wanted, now: datetime) -> list[Expression]:
    found: list[Expression] = []
    if wanted.type:
        found.append(Complaint.type == wanted.type)
    if wanted.state and wanted.state != WAITS:
        found.append(Complaint.state == wanted.state)
    if wanted.assigned_to is not None:
        found.append(Complaint.assigned_to == wanted.assigned_to)
    if wanted.unassigned:
        found.append(Complaint.assigned_to.is_null())
    if wanted.soon:
        found.append(Complaint.due_at < now + SOON)
    if wanted.late:
        found.append(Complaint.due_at < now)
    return found


def find(typed: str, offices: Sequence[str]) -> list[Complaint]:
    """By number, customer number, telephone, or words of text and place; the newest first."""
    text = " ".join(typed.split())[:200]
    plain = text.replace("-", "").replace(" ", "").upper()
    if not plain:
        return []
    mine = Complaint.select(*COLUMNS).where(Complaint.office.in_(offices))
    newest = mine.order_by(Complaint.id.desc()).limit(MOST_FOUND)
    for hit in by_number(plain, text):
        if found := list(newest.where(hit)):
            return found
    ids = words.find(text, MOST_FOUND)
    return list(newest.where(Complaint.id.in_(ids))) if ids else []


def of_premises(number: str, offices: Sequence[str]) -> tuple[int, list[Complaint]] | None:
    """The id of a premises of these offices, and the complaints about it, the newest first."""
    known = Premises.numbered(number).where(Premises.office.in_(offices)).first()
    if known is None:
        return None
    mine = (Complaint.premises == known) & Complaint.office.in_(offices)
    newest = Complaint.select(*COLUMNS).where(mine).order_by(Complaint.id.desc())
    return known.get_id(), list(newest.limit(MOST_FOUND))


def by_number(plain: str, text: str) -> list[Expression]:
    """What a number may be the number of."""
    found = [Complaint.reference == plain]
    if plain.isascii() and plain.isdigit() and len(plain) == 9:
        premises = Premises.numbered(plain).first()
        found += [Complaint.premises == premises] if premises else []
    phone = phones.stored(text)
    if phone:
        theirs = Complaint.phone_hash == lookup_hash(phone)
        found.append(theirs & (Complaint.phone_hash != ""))  # as its index says
    return found


def is_late(one: Complaint, now: datetime) -> bool:
    return one.closed_at is None and one.due_at is not None and one.due_at < now


def is_soon(one: Complaint, now: datetime) -> bool:
    """Due within a few hours, and not late."""
    return one.closed_at is None and one.due_at is not None and now <= one.due_at < now + SOON


def scoped(reference: str, offices: Sequence[str]) -> Complaint | None:
    """A complaint of these offices; none for another's as for one that is not there."""
    found: Complaint | None = Complaint.get_or_none(
        (Complaint.reference == reference) & Complaint.office.in_(offices)
    )
    return found


CLOSED = (State.DONE, State.TRANSFERRED, State.WITHDRAWN, State.RETURNED, State.MERGED)


def last_closed(offices: Sequence[str]) -> list[Complaint]:
    """What was closed last, the newest first."""
    asked = [
        Complaint.select(*COLUMNS)
        .where(Complaint.office == office, Complaint.closed_at.is_null(False))
        .order_by(Complaint.closed_at.desc(), Complaint.id.desc())
        .limit(SIZE)
        for office in offices
    ]
    newest = merge(*asked, key=lambda one: (one.closed_at, one.id), reverse=True)
    return list(islice(newest, SIZE))
