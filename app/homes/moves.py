"""A move: the tenancy changes, links get their end, and the people are told, in one transaction."""

from datetime import date, datetime

from app.accounts.models import Account
from app.db import writing
from app.homes import mails
from app.homes.links import note
from app.homes.models import What
from app.supply import moves
from app.supply.models import Home
from app.supply.moves import EndedLink, Newcomer


def move(number: str, on: date, newcomer: Newcomer, by: str, now: datetime, today: date) -> int:
    """The present user's last day was `on`, the newcomer's first is the next.

    Returns how many links got their end. Raises MoveError, and then nothing has changed.
    """
    with writing():
        ended = moves.move_out(number, on, today) if moves.is_inhabited(number) else []
        ended += moves.move_in(number, on, newcomer, today)
        for link in ended:
            tell(link, by, now)
        return len(ended)


def tell(link: EndedLink, by: str, now: datetime) -> None:
    home = Home.get(Home.reference == link.reference)
    note(Account(id=link.account_id), home.premises.get_id(), What.MOVED_OUT, by, now)
    mails.tell_moved(home, now)
