"""A code to the contact on file: the proof that somebody is the holder. Nobody learns who is."""

import unicodedata
from datetime import date, datetime
from typing import NamedTuple

from app import references
from app.accounts.models import Account
from app.accounts.tokens import Code
from app.db import database, writing
from app.homes import mails
from app.limits import DAY, HOUR, may
from app.supply import tenancies
from app.supply.models import Premises
from app.supply.tenancies import USER, Tenancy

PER_HOUR, PER_DAY = 5, 10
NOBODY = Tenancy(0, USER, date.min, None, "", "", "nobody@arisu.invalid")
"""Stands in where nothing matches: the same work is done for it, and then taken back."""


class Claim(NamedTuple):
    """Who somebody says to be: the holder's name for a customer number."""

    number: str
    name: str


class Asking(NamedTuple):
    """Who asks, from which browser, and the key that hides what is counted."""

    account: Account
    browser: str
    key: str


def plain(name: str) -> str:
    """A name as it is compared: without blanks, whatever the width of its signs."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def claimed(claim: Claim, today: date) -> Tenancy | None:
    """The running tenancy of this name, if it has a contact on file; users first."""
    place = Premises.numbered(claim.number).first()
    known = tenancies.running(place.id if place else 0, today)
    wanted = plain(claim.name)
    same = [one for one in known if plain(one.name) == wanted and one.contact]
    return same[0] if same else None


def subject(asking: Asking, claim: Claim, tenancy: Tenancy) -> str:
    """What a code is good for: this account, this tenancy, and nothing else."""
    who = f"{asking.account.id} {claim.number} {plain(claim.name)}"
    return f"{who} {tenancy.side} {tenancy.since_on}"


def send(asking: Asking, claim: Claim, now: datetime, today: date) -> None:
    """Send a code when number, name and contact are known; otherwise do the same for nobody."""
    found = claimed(claim, today)
    tenancy = found or NOBODY
    counted = tenancy.contact.lower() if found else f"{claim.number} {plain(claim.name)}"
    few = may("home code", asking.key, counted, PER_HOUR, now, HOUR) and may(
        "home code day", asking.key, counted, PER_DAY, now, DAY
    )
    with writing():
        about = subject(asking, claim, tenancy)
        code = Code.make("home", asking.browser, about, asking.key, now)
        with database.atomic() as sending:
            key = f"home-code:{references.new(12)}"
            mails.send_code(tenancy, code, key, asking.account.language, now)
            if not (found and few):
                sending.rollback()


def proved(asking: Asking, claim: Claim, code: str, now: datetime, today: date) -> Tenancy | None:
    """The tenancy whose contact got this code, in this browser and for this account."""
    found = claimed(claim, today)
    about = subject(asking, claim, found or NOBODY)
    right = Code.spend("home", asking.browser, about, asking.key, code, now)
    return found if right else None
