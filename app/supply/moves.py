"""Moving out and in, and mending a wrong day of it: from when to when somebody lives there."""

from datetime import date, timedelta
from typing import NamedTuple

from app.db import rows, writing
from app.supply import tenancies
from app.supply.models import Occupancy, Premises
from app.supply.tenancies import USER, Tenancy

DAY = timedelta(days=1)


class MoveError(ValueError):
    """A move that cannot have been, in a sentence for the operator."""


class Newcomer(NamedTuple):
    """Who moves in, with the contact on file; nothing as billing address is the premises' own."""

    name: str
    email: str = ""
    phone: str = ""
    billing_address: str = ""


END = """
UPDATE occupancies SET ended_on = ? WHERE premises_id = ? AND role = 'user' AND started_on = ?
RETURNING started_on
"""
BEGIN = """
UPDATE occupancies SET started_on = ? WHERE premises_id = ? AND role = 'user' AND started_on = ?
RETURNING started_on
"""


def held(number: str) -> Premises:
    """The premises of a customer number, which nobody else changes until the transaction ends."""
    place: Premises | None = Premises.numbered(number).first()
    if place is None:
        raise MoveError(f"There is no premises {number}.")
    Premises.hold([place.get_id()])
    return place


def users(place: Premises) -> list[Tenancy]:
    """The users' tenancies, oldest first."""
    return [one for one in tenancies.of(place.get_id()) if one.side == USER]


def is_inhabited(place: Premises) -> bool:
    """Whether a user's tenancy is running."""
    return any(one.until_on is None for one in users(place))


def begun(place: Premises) -> list[date]:
    """The recorded first days of the users' tenancies, in the order of `users`."""
    mine = (Occupancy.premises == place) & (Occupancy.role == USER)
    return [one.started_on for one in Occupancy.select().where(mine).order_by(Occupancy.started_on)]


def check_past(day: date, today: date) -> None:
    """Raise MoveError for a day that is not there yet."""
    if day > today:
        raise MoveError(f"{day} has not come yet: record a move on its day or later.")


def check_day(on: date, today: date, known: list[Tenancy]) -> None:
    """Raise MoveError for a day that is not there yet, or is another tenant's."""
    check_past(on, today)
    for one in known:
        if one.until_on and one.since_on < on < one.until_on:
            raise MoveError(f"{on} lies within a tenancy that ended on {one.until_on}.")


def move_out(place: Premises, on: date, today: date) -> None:
    """The present user's last day was `on`. Raises MoveError. For a premises that is held."""
    known = users(place)
    check_day(on, today, known)
    if not known or known[-1].until_on is not None:
        raise MoveError("Nobody is recorded as living there.")
    check_begun(on, known[-1])
    with writing():
        rows(END, (on.isoformat(), place.get_id(), begun(place)[-1].isoformat()))


def check_begun(on: date, tenancy: Tenancy) -> None:
    if on <= tenancy.since_on:
        first = tenancy.since_on + DAY
        raise MoveError(f"{on} is before the present tenancy began ({first}).")


def move_in(place: Premises, last: date, newcomer: Newcomer, today: date) -> None:
    """The next user's first day is the one after `last`. Raises MoveError."""
    known = users(place)
    check_day(last, today, known)
    if any(one.until_on is None for one in known):
        raise MoveError("The present user has not moved out.")
    if any(one.until_on and one.until_on > last for one in known):
        raise MoveError(f"{last} is before the last move.")
    with writing():
        Occupancy.create(
            premises=place,
            role=USER,
            started_on=last + DAY,
            name=newcomer.name,
            billing_address=newcomer.billing_address or place.road_address,
            email=newcomer.email,
            **Occupancy.with_phone(newcomer.phone),
        )


def correct(place: Premises, was: date, on: date, today: date) -> None:
    """A move that is recorded for the day `was` happened on another. Raises MoveError.

    A recorded last day changes together with the first day of who came right after; otherwise
    `was` is the first day of somebody who moved into an empty home.
    """
    check_past(on, today)
    known = users(place)
    ends, firsts = [one.until_on for one in known], [one.since_on + DAY for one in known]
    if was in ends:
        correct_end(place, ends.index(was), on)
    elif was in firsts:
        correct_beginning(place, firsts.index(was), on)
    else:
        raise MoveError(f"No move is recorded for {was}.")


def correct_end(place: Premises, at: int, on: date) -> None:
    """Another last day, and where the next user came at once, another first day of theirs."""
    known, first = users(place), [day.isoformat() for day in begun(place)]
    if on <= known[at].since_on:
        raise MoveError(f"{on} is before that tenancy began ({known[at].since_on + DAY}).")
    after = known[at + 1] if at + 1 < len(known) else None
    follows = after is not None and after.since_on == known[at].until_on
    if after and not follows and on > after.since_on:
        raise MoveError(
            f"{on} lies within the next tenancy, which began on {after.since_on + DAY}."
        )
    if after and follows and after.until_on and on >= after.until_on:
        raise MoveError(f"{on} is not before the next tenancy ended ({after.until_on}).")
    with writing():
        rows(END, (on.isoformat(), place.get_id(), first[at]))
        if follows:
            rows(BEGIN, ((on + DAY).isoformat(), place.get_id(), first[at + 1]))


def correct_beginning(place: Premises, at: int, on: date) -> None:
    """Another first day, not within the tenancy before."""
    known, first = users(place), begun(place)[at].isoformat()
    before = known[at - 1].until_on if at else None
    if before and on <= before:
        raise MoveError(f"{on} lies within the tenancy before, which ended on {before}.")
    until = known[at].until_on
    if until and on > until:
        raise MoveError(f"{on} is after that tenancy ended ({until}).")
    with writing():
        rows(BEGIN, (on.isoformat(), place.get_id(), first))
