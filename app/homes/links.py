"""Linking, raising and ending, each in one transaction with its event and its messages."""

from datetime import datetime
from typing import NamedTuple

from app import references
from app.accounts.models import Account
from app.db import writing
from app.homes import mails
from app.homes.models import CONTACT, ROLES, HomeEvent, Link, What, one, people
from app.supply import tenancies
from app.supply.models import Home, Premises
from app.supply.tenancies import Tenancy


class Wish(NamedTuple):
    """As what an account wants to be linked, how that was proved, and through whom."""

    role: str
    level: int
    name: str
    actor: str


class Linked(NamedTuple):
    """A home, and whether it is new, was raised, or was there already."""

    reference: str
    what: What | None


def link(account: Account, tenancy: Tenancy, wish: Wish, now: datetime) -> Linked | None:
    """Link an account to a tenancy; None when that has gone meanwhile.

    An account has one link to a tenancy: a second wish leads to it, and raises it where it was
    proved better than by paper.
    """
    with writing():
        Premises.hold([tenancy.premises_id])
        found = tenancies.now(tenancy)
        if found is None:
            return None
        home = existing(account, found)
        if home is None:
            home = Home.create(
                account=account,
                premises=found.premises_id,
                reference=references.new(),
                name=wish.name,
                role=wish.role,
                level=wish.level,
                tenancy=found.side,
                since_on=found.since_on,
                until_on=found.until_on,
            )
            what = What.LINKED
        elif raised(home, wish):
            what = What.RAISED
        else:
            return Linked(home.reference, None)
        note(account, found.premises_id, what, wish.actor, now)
        mails.tell_linked(account, home, found, now)
        return Linked(home.reference, what)


def existing(account: Account, tenancy: Tenancy) -> Home | None:
    """The account's link to a tenancy, whichever day it was given as its beginning."""
    mine = (Home.account == account) & (Home.premises == tenancy.premises_id)
    meets = Home.until_on.is_null() | (Home.until_on > tenancy.since_on)
    if tenancy.until_on:
        meets &= Home.since_on < tenancy.until_on
    same = (Home.tenancy == tenancy.side) | (Home.since_on == tenancy.since_on)
    found: Home | None = Home.select().where(mine & meets & same).order_by(Home.id).first()
    return found


def raised(home: Home, wish: Wish) -> bool:
    """Give a link the role and level of a better proof; nothing is taken away by it."""
    role = min(home.role, wish.role, key=ROLES.index)
    level = max(home.level, wish.level)
    if wish.level < CONTACT or (role, level) == (home.role, home.level):
        return False
    home.role, home.level = role, level
    home.save()
    return True


def end(link: Link, by: Account, now: datetime) -> None:
    """Take one's own link away: the very next request finds nothing (S-05)."""
    with writing():
        mine = (Home.id == link.id) & (Home.account == by)
        if Home.delete().where(mine).execute():
            note(by, link.premises_id, What.ENDED, f"account {by.id}", now)


def end_of_other(holder: Link, reference: str, by: Account, now: datetime) -> bool:
    """A holder ends another's link to the same tenancy; False when they may not, or no more."""
    with writing():
        Premises.hold([holder.premises_id])
        current = one(by, holder.reference)
        if current is None or not current.manages:
            return False
        ours = {person.link for person in people(current) if person.may_be_ended}
        home = Home.get_or_none((Home.reference == reference) & Home.reference.in_(ours))
        if home is None:
            return False
        home.delete_instance()
        note(home.account, holder.premises_id, What.ENDED, f"account {by.id}", now)
        mails.tell_ended(home, now)
        return True


def rename(link: Link, account: Account, name: str) -> None:
    with writing():
        mine = (Home.id == link.id) & (Home.account == account)
        Home.update(name=name).where(mine).execute()


def note(account: Account, premises_id: int, what: What, actor: str, now: datetime) -> None:
    """Keep what happened to a link."""
    HomeEvent.create(account=account, premises=premises_id, what=what, actor=actor, at=now)
