"""After a move was recorded or corrected: which time each link sees now, told to its person."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from app.db import writing
from app.homes import mails
from app.homes.events import BY_CONTACT, Record, note
from app.homes.models import CONTACT, END_OF_TIME, What
from app.supply import moves
from app.supply.models import Home, Premises
from app.supply.tenancies import USER, Tenancy


class Window(NamedTuple):
    """The days after `since_on`, up to `until_on`."""

    since_on: date
    until_on: date | None

    @property
    def end(self) -> date:
        return self.until_on or END_OF_TIME


class Change(NamedTuple):
    """A link whose time changes; to None when nobody can tell whose time it proves."""

    home: Home
    window: Window | None


class Changed(NamedTuple):
    """How many links got another time, and how many have to be made again."""

    timed: int
    ended: int


def window(of: Home | Tenancy) -> Window:
    return Window(of.since_on, of.until_on)


def settle(place: Premises, before: list[Tenancy], by: str, now: datetime) -> Changed:
    """Give every link to a user's time the one that its proof stands for now.

    `before` are the users' tenancies as they were. Links of the owner stay.
    """
    after, records = moves.users(place), Record.of(place)
    homes = list(Home.select().where(Home.premises == place).order_by(Home.level.desc(), Home.id))
    taken = {(home.account_id, home.since_on) for home in homes if home.tenancy != USER}
    changes = []
    for home in homes:
        if home.tenancy != USER:
            continue
        record = records.get(home.reference) or records.get(home.account_id)
        wanted = proved(home, record, followed(home, before, after), place)
        if wanted and (home.account_id, wanted.since_on) in taken:
            wanted = None
        if wanted:
            taken.add((home.account_id, wanted.since_on))
        if wanted != window(home):
            changes.append(Change(home, wanted))
    return carry_out(changes, by, now)


def proved(home: Home, record: Record | None, own: Window | None, place: Premises) -> Window | None:
    """The time that a link's proof stands for; `own` is what its tenancy became.

    A code to the contact on file proves who somebody is, so the link follows them. A bill or a day
    proves a time. Of a link without a record it counts whether it was made in that time.
    """
    if record is None or home.level == CONTACT or record.kind == BY_CONTACT:
        return own
    if record.kind:
        found = record.tenancy(place)
        if found:
            return window(found)
    elif own and own.since_on < record.made_on <= own.end:
        return own
    return own if own == window(home) else None


def followed(home: Home, before: list[Tenancy], after: list[Tenancy]) -> Window | None:
    """What the tenancy of a link became: the same one in a row that has grown or changed its days.

    A link to a time without a user lies between those of users.
    """
    for was, is_now in zip(before, after, strict=False):
        if was.since_on <= home.since_on < window(was).end:
            since_on = is_now.since_on
            if home.since_on != was.since_on:
                since_on = max(home.since_on, since_on)
            until_on = is_now.until_on
            if home.until_on != was.until_on:
                until_on = min(filter(None, (home.until_on, until_on)), default=None)
            return Window(since_on, until_on) if since_on < (until_on or END_OF_TIME) else None
    return between(window(home), after)


def between(empty: Window, users: list[Tenancy]) -> Window | None:
    """What is left of a time without a user."""
    earlier = [one for one in users if one.since_on < empty.since_on]
    since_on = max([empty.since_on, *(window(one).end for one in earlier)])
    ends = [one.since_on for one in users if one not in earlier]
    until_on = min([*ends, empty.end])
    if since_on >= until_on:
        return None
    return Window(since_on, None if until_on == END_OF_TIME else until_on)


def carry_out(changes: list[Change], by: str, now: datetime) -> Changed:
    """Change the links, first those that free a place for others; then tell their people."""
    with writing():
        for home, wanted in changes:
            if wanted is None:
                home.delete_instance()
        for home, wanted in in_order(changes):
            has_left = window(home) == (wanted.since_on, None)
            home.since_on, home.until_on = wanted
            home.save()
            entry = note(home.account, home.premises_id, What.MOVED_OUT, by, now)
            tell = mails.tell_moved if has_left else mails.tell_timed
            tell(home, entry, now)
        lost = [home for home, wanted in changes if wanted is None]
        for home in lost:
            entry = note(home.account, home.premises_id, What.ENDED, by, now)
            mails.tell_again(home, entry, now)
    return Changed(len(changes) - len(lost), len(lost))


def in_order(changes: Iterable[Change]) -> list[tuple[Home, Window]]:
    """Links that get a time, those first whose beginning nobody has: an account has each once."""
    had = {change.home.since_on for change in changes}
    found = [(home, wanted) for home, wanted in changes if wanted]
    return sorted(found, key=lambda one: one[1].since_on in had)
