"""A code to the contact on file: the proof that somebody is the holder. Nobody learns who is."""

import unicodedata
from datetime import date, datetime
from typing import NamedTuple

from app import references
from app.accounts.models import Account, digest
from app.accounts.tokens import TRIES, Code
from app.db import database, writing
from app.homes import mails
from app.limits import DAY, HOUR, hidden, may, take_back, window_end
from app.supply import tenancies
from app.supply.models import Premises
from app.supply.tenancies import USER, Tenancy

PER_HOUR, PER_DAY = 5, 10
WRONG, WRONG_PER_DAY = "home code wrong", 20
"""Wrong codes for one tenancy in a day, over all accounts; then no code of that day is right."""
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


def counted(claim: Claim, tenancy: Tenancy | None) -> str:
    """By what tries at a tenancy are counted, whoever asks; as much for one that is not there."""
    if tenancy is None:
        return f"{claim.number} {plain(claim.name)}"
    return f"{claim.number} {tenancy.side} {tenancy.since_on}"


def send(asking: Asking, claim: Claim, now: datetime, today: date) -> None:
    """Send a code when number, name and contact are known; otherwise do the same for nobody.

    So too when the contact got as many as it may: a code that is not sent cannot be guessed either.
    """
    found = claimed(claim, today)
    name = found.contact.lower() if found else counted(claim, None)
    few = may("home code", asking.key, name, PER_HOUR, now, HOUR) and may(
        "home code day", asking.key, name, PER_DAY, now, DAY
    )
    tenancy = found if found and few else NOBODY
    language = mails.language_of(tenancy.contact)
    with writing():
        about = subject(asking, claim, tenancy)
        code = Code.make("home", asking.browser, about, asking.key, now)
        with database.atomic() as sending:
            key = f"home-code:{references.new(12)}"
            mails.send_code(tenancy, code, key, language, now)
            if tenancy is NOBODY:
                sending.rollback()


def is_sent(asking: Asking, about: str) -> bool:
    """Whether this browser got a code that may still be tried."""
    mine = (Code.purpose == "home") & (Code.browser_hash == digest(asking.browser))
    live = (Code.subject == digest(about)) & (Code.tries < TRIES)
    return Code.select().where(mine & live).exists()


def proved(asking: Asking, claim: Claim, code: str, now: datetime, today: date) -> Tenancy | None:
    """The tenancy whose contact got this code, in this browser and for this account.

    A try is counted before it is answered, and taken back when it was right.
    """
    found = claimed(claim, today)
    about, name = subject(asking, claim, found or NOBODY), counted(claim, found)
    with writing():
        few = not is_sent(asking, about) or may(WRONG, asking.key, name, WRONG_PER_DAY, now, DAY)
        right = Code.spend("home", asking.browser, about, asking.key, code, now)
        if right:
            take_back(WRONG, hidden(asking.key, WRONG, name), window_end(now, DAY))
    return found if right and few else None
