"""Whose time a premises was in: windows of days that one tenant may see and no other (S-04)."""

from datetime import date, timedelta
from typing import NamedTuple, Self

from app.db import as_day, rows

USER, OWNER = "user", "owner"


class Tenancy(NamedTuple):
    """An occupancy with its window: the days after `since_on`, up to `until_on`.

    `since_on` is the day before the first one, that of the reading with which it begins. `side` is
    `user` or `owner`; `contact` is the e-mail on file, or empty.
    """

    premises_id: int
    side: str
    since_on: date
    until_on: date | None
    name: str
    billing_address: str
    contact: str

    def holds(self, from_on: date, to_on: date) -> bool:
        """Whether a bill's period lies within; the same rule as `bills.seen.IN_TIME`."""
        return self.since_on <= from_on and (self.until_on is None or to_on <= self.until_on)

    def meets(self, from_on: date, to_on: date) -> bool:
        """Whether a bill's period has a day within."""
        return self.since_on < to_on and (self.until_on is None or from_on < self.until_on)

    def lasts(self, day: date) -> bool:
        """Whether it has not ended before a day."""
        return self.until_on is None or day <= self.until_on

    def ended(self, on: date) -> Self:
        return self if self.until_on and self.until_on <= on else self._replace(until_on=on)


OF = """
SELECT role, started_on, ended_on, name, billing_address, email FROM occupancies
WHERE premises_id = ? ORDER BY role DESC, started_on
"""


def of(premises_id: int) -> list[Tenancy]:
    """All tenancies of a premises, users first, oldest first; no two users share a day."""
    found: list[Tenancy] = []
    for side, started_on, ended_on, *who in rows(OF, (premises_id,)):
        since_on = as_day(started_on) - timedelta(days=1)
        until_on = None if ended_on is None else as_day(ended_on)
        if found and found[-1].side == side:
            open_end = found[-1].until_on is None
            found[-1] = before = found[-1].ended(since_on if open_end else as_day(started_on))
            since_on = max(since_on, before.until_on or since_on)
        found.append(Tenancy(premises_id, side, since_on, until_on, *who))
    return found


def of_bill(premises_id: int, from_on: date, to_on: date) -> Tenancy | None:
    """The tenancy that a bill's period lies in. A bill over a move lies in none.

    A bill of a time without any user belongs to the owner, for as long as there is none.
    """
    known = of(premises_id)
    users = [one for one in known if one.side == USER]
    if any(user.meets(from_on, to_on) for user in users):
        return next((user for user in users if user.holds(from_on, to_on)), None)
    owners = [one for one in known if one.side == OWNER and one.holds(from_on, to_on)]
    return between(owners[0], users, from_on) if owners else None


def between(owner: Tenancy, users: list[Tenancy], from_on: date) -> Tenancy:
    """The owner's time between the users before a bill and those after it; ends with a move-in."""
    before = [user.until_on for user in users if user.until_on and user.until_on <= from_on]
    after = [user.since_on for user in users if user.since_on > from_on]
    own = owner.ended(min(after)) if after else owner
    return own._replace(side=USER, since_on=max([owner.since_on, *before]))


def running(premises_id: int, today: date) -> list[Tenancy]:
    """The tenancies that have not ended, users first."""
    return [one for one in of(premises_id) if one.lasts(today)]


def now(tenancy: Tenancy) -> Tenancy | None:
    """The same tenancy as it stands now, within a transaction that holds its premises."""
    known = of(tenancy.premises_id)
    same = [one for one in known if (one.side, one.since_on) == (tenancy.side, tenancy.since_on)]
    if same:
        return same[0]
    free = [one for one in known if one.side == OWNER]
    users = [one for one in known if one.side == USER]
    gaps = [
        between(one, users, tenancy.since_on) for one in free if one.since_on <= tenancy.since_on
    ]
    return next((one for one in gaps if one.since_on == tenancy.since_on), None)
