"""The desk's frame: features register what they have for staff, and what waits there."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from app import clock
from app.staff.sign_ins import SignedIn

Offices = tuple[str, ...]


class Waiting(NamedTuple):
    """How much waits for somebody, and how much of it is late."""

    total: int
    late: int = 0


class Place(NamedTuple):
    """A page of the desk: in the menu, and on the start page when something waits there."""

    path: str
    name: str
    """Korean, marked with `later`."""
    permission: str
    waiting: Callable[[Offices, datetime], Waiting] | None = None
    order: int = 50
    in_menu: bool = True


class Card(NamedTuple):
    """A place on the start page of a member."""

    path: str
    name: str
    total: int
    late: int


_places: dict[str, Place] = {}


def register(place: Place) -> None:
    """Make a page of the desk known; features call it when they are imported."""
    _places[place.path] = place


def places(member: SignedIn) -> list[Place]:
    """The places that a member may enter, in the order of the menu."""
    mine = [one for one in _places.values() if not one.permission or member.may(one.permission)]
    return sorted(mine, key=lambda one: (one.order, one.path))


def menu(member: SignedIn) -> tuple[tuple[str, str], ...]:
    """(path, name) of the places in a member's menu."""
    return tuple((one.path, str(one.name)) for one in places(member) if one.in_menu)


def cards(member: SignedIn) -> list[Card]:
    """What waits for a member: the late first, then the most."""
    now, found = clock.now(), []
    for place in places(member):
        if place.waiting is None:
            continue
        total, late = place.waiting(member.offices(place.permission), now)
        found.append(Card(place.path, str(place.name), total, late))
    return sorted(found, key=lambda card: (-card.late, -card.total))


def permissions() -> set[str]:
    """What the registered places ask for; a test holds it against the roles."""
    return {place.permission for place in _places.values() if place.permission}
