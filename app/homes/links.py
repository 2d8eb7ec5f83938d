"""Linking, raising and ending, each in one transaction with its event and its messages."""

from datetime import datetime
from typing import NamedTuple

from app import references
from app.accounts.models import Account
from app.db import writing
from app.homes import mails
from app.homes.events import by as by_account
from app.homes.events import may_link, note, proof_of
from app.homes.models import CONTACT, ROLES, STAFF, Link, What, one, people
from app.supply import tenancies
from app.supply.models import Home, Premises
from app.supply.tenancies import Tenancy


class Wish(NamedTuple):
    """As what an account wants to be linked, how that was proved, and through whom."""

    role: str
    level: int
    name: str
    actor: str
    proof: str
    """As in `events.proof_of`."""


class Linked(NamedTuple):
    """A home, and whether it is new, was raised, or was there already."""

    reference: str
    what: What | None


def link(account: Account, tenancy: Tenancy, wish: Wish, now: datetime) -> Linked | None:
    """Link an account to a tenancy; None when that has changed meanwhile, or too often in a day.

    An account has one link to a tenancy: a second wish leads to it, gives it the tenancy's time,
    and raises it where it was proved better than by paper.
    """
    with writing():
        Premises.hold([tenancy.premises_id])
        if tenancies.now(tenancy) != tenancy:
            return None
        home, what = existing(account, tenancy), None
        if home is None:
            if wish.level < STAFF and not may_link(account, tenancy.premises_id, now):
                return None
            home, what = new(account, tenancy, wish), What.LINKED
        else:
            has_other_time = timed(home, tenancy)
            what = What.RAISED if raised(home, wish) else None
            if not (what or has_other_time):
                return Linked(home.reference, None)
        actor = proof_of(wish.actor, wish.proof, home.reference)
        note(account, tenancy.premises_id, what or What.RAISED, actor, now)
        mails.tell_linked(account, home, tenancy, now)
        return Linked(home.reference, what)


def new(account: Account, tenancy: Tenancy, wish: Wish) -> Home:
    made: Home = Home.create(
        account=account,
        premises=tenancy.premises_id,
        reference=references.new(),
        name=wish.name,
        role=wish.role,
        level=wish.level,
        tenancy=tenancy.side,
        since_on=tenancy.since_on,
        until_on=tenancy.until_on,
    )
    return made


def existing(account: Account, tenancy: Tenancy) -> Home | None:
    """The account's link to a tenancy, whichever day it was given as its beginning."""
    mine = (Home.account == account) & (Home.premises == tenancy.premises_id)
    meets = Home.until_on.is_null() | (Home.until_on > tenancy.since_on)
    if tenancy.until_on:
        meets &= Home.since_on < tenancy.until_on
    same = (Home.tenancy == tenancy.side) | (Home.since_on == tenancy.since_on)
    best = (Home.since_on == tenancy.since_on).desc()
    found: Home | None = Home.select().where(mine & meets & same).order_by(best, Home.id).first()
    return found


def timed(home: Home, tenancy: Tenancy) -> bool:
    """Give a link the time of the tenancy that was proved, when an earlier record was wrong."""
    window = tenancy.since_on, tenancy.until_on
    if home.tenancy != tenancy.side or (home.since_on, home.until_on) == window:
        return False
    home.since_on, home.until_on = window
    home.save()
    return True


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
            note(by, link.premises_id, What.ENDED, by_account(by), now)


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
        note(home.account, holder.premises_id, What.ENDED, by_account(by), now)
        mails.tell_ended(home, now)
        return True


def rename(link: Link, account: Account, name: str) -> None:
    with writing():
        mine = (Home.id == link.id) & (Home.account == account)
        Home.update(name=name).where(mine).execute()
