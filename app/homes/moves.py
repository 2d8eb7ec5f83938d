"""A move: the tenancy changes, links get another time, and people are told, in one transaction."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from app.db import writing
from app.homes import windows
from app.homes.windows import Changed
from app.supply import moves
from app.supply.models import Premises
from app.supply.moves import Newcomer


class Office(NamedTuple):
    """Who records a move, and when."""

    by: str
    now: datetime
    today: date


def recorded(number: str, office: Office, act: Callable[[Premises], None]) -> Changed:
    """Do something to the tenancies of a premises, and give each link its time after it.

    Raises MoveError, and then nothing has changed.
    """
    with writing():
        place = moves.held(number)
        before = moves.users(place)
        act(place)
        return windows.settle(place, before, office.by, office.now)


def move(number: str, on: date, newcomer: Newcomer, office: Office) -> Changed:
    """The present user's last day was `on`, the newcomer's first is the next."""

    def act(place: Premises) -> None:
        if moves.is_inhabited(place):
            moves.move_out(place, on, office.today)
        moves.move_in(place, on, newcomer, office.today)

    return recorded(number, office, act)


def move_out(number: str, on: date, office: Office) -> Changed:
    """The present user's last day was `on`; nobody lives there now."""
    return recorded(number, office, lambda place: moves.move_out(place, on, office.today))


def move_in(number: str, on: date, newcomer: Newcomer, office: Office) -> Changed:
    """Somebody's first day in an empty home was `on`."""

    def act(place: Premises) -> None:
        moves.check_past(on, office.today)
        moves.move_in(place, on - moves.DAY, newcomer, office.today)

    return recorded(number, office, act)


def correct(number: str, was: date, on: date, office: Office) -> Changed:
    """A move was recorded for a wrong day; as `supply.moves.correct`."""
    return recorded(number, office, lambda place: moves.correct(place, was, on, office.today))
