"""The record of links: what happened to each, through whom, and by what proof."""

import re
from datetime import date, datetime
from typing import NamedTuple, Self

from peewee import fn

from app import words
from app.accounts.models import Account
from app.db import as_day, rows
from app.homes.models import HomeEvent, What
from app.limits import DAY, window_end
from app.supply import moves, tenancies
from app.supply.models import Premises
from app.supply.tenancies import Tenancy

BY_CONTACT = "contact"
PER_DAY = 5
"""So often an account may be linked to one premises in a day."""
PROVED = re.compile(r", (bill|day|contact)(?: ([-/\d]+))?, (\w+)$", re.ASCII)
BILL = """
SELECT from_on, to_on, issued_on FROM bills WHERE premises_id = ? AND month = ? AND revision = ?
"""


def by(account: Account) -> str:
    """How an account is named as who did something."""
    return f"account {account.id}"


def note(account: Account, premises_id: int, what: What, actor: str, now: datetime) -> int:
    """Keep what happened to a link; the number of the entry."""
    made = HomeEvent.create(account=account, premises=premises_id, what=what, actor=actor, at=now)
    return int(made.id)


def proof_of(actor: str, proof: str, home: str) -> str:
    """Through whom, by what and which home was linked: `account 7, bill 2026-11/0, 7K2MQ9XD4F`.

    A proof is `bill` with its month and revision, `day` (one that the office knows that they lived
    there on), or `contact`.
    """
    return f"{actor}, {proof}, {home}"


class Record(NamedTuple):
    """When a link was proved, and by what, where that was noted."""

    made_on: date
    kind: str = ""
    what: str = ""

    @classmethod
    def of(cls, place: Premises) -> dict[str | int, Self]:
        """The newest record of each home; under the account's number where no home was noted."""
        proofs = (HomeEvent.what == What.LINKED) | (HomeEvent.what == What.RAISED)
        mine = (HomeEvent.premises == place) & proofs
        found: dict[str | int, Self] = {}
        for event in HomeEvent.select().where(mine).order_by(HomeEvent.id):
            made_on = words.local_day(event.at)
            if given := PROVED.search(event.actor):
                found[given[3]] = cls(made_on, given[1], given[2] or "")
            else:
                found[event.account_id] = cls(made_on)
        return found

    def tenancy(self, place: Premises) -> Tenancy | None:
        """Whose time a bill or a day is of, as tenancies stand now; None when nobody can tell."""
        premises_id = place.get_id()
        if self.kind == "day":
            day = date.fromisoformat(self.what)
            users = moves.users(place)
            return next((one for one in users if one.since_on < day and one.lasts(day)), None)
        month, _, revision = self.what.partition("/")
        bill = rows(BILL, (premises_id, month, int(revision)))
        if not bill:
            return None
        from_on, to_on, issued_on = map(as_day, bill[0])
        found = tenancies.of_bill(premises_id, from_on, to_on)
        return found if found and found.lasts(issued_on) else None


def ended_by_another(account: Account, premises_id: int) -> date | None:
    """The last day on which another account ended a link of this one to a premises."""
    ended = (HomeEvent.account == account) & (HomeEvent.premises == premises_id)
    ended &= (HomeEvent.what == What.ENDED) & (HomeEvent.actor != by(account))
    others = HomeEvent.actor.startswith("account ")
    at = HomeEvent.select(fn.MAX(HomeEvent.at)).where(ended & others).scalar()
    return at and words.local_day(at)


def may_link(account: Account, premises_id: int, now: datetime) -> bool:
    """Whether the account was not yet linked to a premises too often today."""
    today = window_end(now, DAY) - DAY
    linked = (HomeEvent.account == account) & (HomeEvent.premises == premises_id)
    linked &= (HomeEvent.what == What.LINKED) & (HomeEvent.at >= today)
    return HomeEvent.select().where(linked).count() < PER_DAY
