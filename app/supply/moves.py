"""Moving out and in: a tenancy ends, the next begins, and so does what each account may see."""

from datetime import date, timedelta
from typing import NamedTuple

from app.db import rows, writing
from app.supply import tenancies
from app.supply.models import Occupancy, Premises
from app.supply.tenancies import USER, Tenancy


class MoveError(ValueError):
    """A move that cannot have been, in a sentence for the operator."""


class Newcomer(NamedTuple):
    """Who moves in, with the contact on file; nothing as billing address is the premises' own."""

    name: str
    email: str = ""
    phone: str = ""
    billing_address: str = ""


class EndedLink(NamedTuple):
    """A link that a move gave an end."""

    account_id: int
    reference: str


END_TENANCY = """
UPDATE occupancies SET ended_on = ? WHERE premises_id = ? AND role = 'user' AND ended_on IS NULL
RETURNING started_on
"""
END_LINKS = """
UPDATE homes SET until_on = ?
WHERE premises_id = ? AND tenancy = 'user' AND since_on <= ? AND (until_on IS NULL OR until_on > ?)
RETURNING account_id, reference
"""


def held(number: str) -> Premises:
    """The premises of a customer number, which nobody else changes until the transaction ends."""
    place: Premises | None = Premises.numbered(number).first()
    if place is None:
        raise MoveError(f"There is no premises {number}.")
    Premises.hold([place.get_id()])
    return place


def users(place: Premises) -> list[Tenancy]:
    return [one for one in tenancies.of(place.get_id()) if one.side == USER]


def is_inhabited(number: str) -> bool:
    """Whether a user's tenancy is running."""
    place = Premises.numbered(number).first()
    return bool(place) and any(one.until_on is None for one in users(place))


def check_day(on: date, today: date, known: list[Tenancy]) -> None:
    """Raise MoveError for a day that is not there yet, or is another tenant's."""
    if on > today:
        raise MoveError(f"{on} has not come yet: record a move on its day or later.")
    for one in known:
        if one.until_on and one.since_on < on < one.until_on:
            raise MoveError(f"{on} lies within a tenancy that ended on {one.until_on}.")


def move_out(number: str, on: date, today: date) -> list[EndedLink]:
    """The present user's last day was `on`; what their links may see ends with it.

    Links of the owner stay. Raises MoveError.
    """
    with writing():
        place = held(number)
        known = users(place)
        check_day(on, today, known)
        present = next((one for one in known if one.until_on is None), None)
        if present is None:
            raise MoveError("Nobody is recorded as living there.")
        if on <= present.since_on:
            first = present.since_on + timedelta(days=1)
            raise MoveError(f"{on} is before the present tenancy began ({first}).")
        rows(END_TENANCY, (on.isoformat(), place.get_id()))
        return end_links(place, on)


def move_in(number: str, last: date, newcomer: Newcomer, today: date) -> list[EndedLink]:
    """The next user's first day is the one after `last`. Raises MoveError.

    Links of an owner to the time without a user end with it.
    """
    with writing():
        place = held(number)
        known = users(place)
        check_day(last, today, known)
        if any(one.until_on is None for one in known):
            raise MoveError("The present user has not moved out.")
        if any(one.until_on and one.until_on > last for one in known):
            raise MoveError(f"{last} is before the last move.")
        Occupancy.create(
            premises=place,
            role=USER,
            started_on=last + timedelta(days=1),
            name=newcomer.name,
            billing_address=newcomer.billing_address or place.road_address,
            email=newcomer.email,
            phone=newcomer.phone,
        )
        return end_links(place, last)


def end_links(place: Premises, on: date) -> list[EndedLink]:
    day = on.isoformat()
    return [EndedLink(*row) for row in rows(END_LINKS, (day, place.get_id(), day, day))]
