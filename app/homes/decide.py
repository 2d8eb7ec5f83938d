"""What the office decides on requests to be linked."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from app.db import writing
from app.homes import links, mails
from app.homes.links import Wish
from app.homes.models import STAFF, HomeRequest
from app.language import _, speaking
from app.supply import tenancies
from app.supply.models import Premises
from app.supply.tenancies import Tenancy


class DecisionError(ValueError):
    """A decision that cannot be, in a sentence for the operator."""


class LinkedError(DecisionError):
    """Nothing would change: the account has this home already, as much or more than it asks for."""


class Grant(NamedTuple):
    """As what somebody is linked: to which premises, and to the tenancy of which day."""

    number: str
    role: str
    side: str
    since: date
    by: str


def grant(reference: str, given: Grant, now: datetime) -> str:
    """Link the account that asked; the reference of its home. Raises DecisionError."""
    with writing():
        request = undecided(reference)
        tenancy = window(given)
        if not request.decide("granted", "", given.by, now):
            raise DecisionError(f"{reference} has been decided meanwhile.")
        with speaking(request.account.language):
            name = _("우리집")
        wish = Wish(given.role, STAFF, name, given.by, f"day {given.since}")
        made = links.link(request.account, tenancy, wish, now)
        if made is None:
            raise DecisionError("The tenancy has just changed: look at it again.")
        if made.what is None:
            raise LinkedError(f"{request.account.email} is linked to {given.number} already.")
        return made.reference


def window(given: Grant) -> Tenancy:
    """The tenancy that the first day lies in. Staff cannot open another tenant's time."""
    place = Premises.numbered(given.number).first()
    if place is None:
        raise DecisionError(f"There is no premises {given.number}.")
    before = given.since - timedelta(days=1)
    same = [one for one in tenancies.of(place.id) if one.side == given.side]
    for one in same:
        if one.since_on <= before and one.lasts(given.since):
            return one
    raise DecisionError(
        f"Nobody is recorded as {given.side} of {given.number} on {given.since}: "
        "record the move first (flask homes move, move-in)."
    )


def undecided(reference: str) -> HomeRequest:
    found = HomeRequest.get_or_none(HomeRequest.reference == reference)
    if found is None:
        raise DecisionError(f"There is no request {reference}.")
    if found.decided_at:
        raise DecisionError(f"{reference} was {found.decision} by {found.decided_by}.")
    return found


def refuse(reference: str, reason: str, by: str, now: datetime) -> None:
    """Say no, and why; the person is told. Raises DecisionError."""
    with writing():
        request = undecided(reference)
        if not request.decide("refused", reason, by, now):
            raise DecisionError(f"{reference} has been decided meanwhile.")
        request.answer = reason
        mails.tell_refused(request, now)
