"""Which bills somebody may pay, found from their owner, and what is owed of them."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from app import words
from app.accounts.models import Account
from app.billing.paid import Owed, owed_of
from app.homes import models as homes
from app.homes.models import VIEWER, Link
from app.language import _
from app.money import Money
from app.payments.opening import MOST_BILLS, Item

NAMED = re.compile(r"([0-9A-Z]{6,12})\.(\d{4}-\d\d)(?:\.(\d{1,2}))?")


class Payable(NamedTuple):
    """A bill, or the next part of one, that its owner may pay. `name` stands in addresses."""

    name: str
    home_name: str
    owed: Owed

    @property
    def item(self) -> Item:
        return Item(self.owed.premises_id, self.owed.month, self.owed.position)


def holds(link: Link, owed: Owed, periods: dict[str, tuple[date, date]]) -> bool:
    """Whether a bill lies in the time of a link: one's own, not the tenant's before (S-04)."""
    found = periods.get(owed.month)
    if found is None:
        return False
    from_on, to_on = found
    return link.since_on <= from_on and (link.until_on is None or to_on <= link.until_on)


def payable(account: Account, names: Collection[str] | None = None) -> list[Payable]:
    """What an account may pay: overdue first. Viewers pay nothing. With `names`, what is owed of
    the homes that these name.
    """
    found: list[Payable] = []
    asked = None if names is None else {name.partition(".")[0] for name in names}
    for link in homes.mine(account):
        if link.role == VIEWER or (asked is not None and link.reference not in asked):
            continue
        periods = homes.periods(link.premises_id)
        for owed in owed_of(link.premises_id):
            if holds(link, owed, periods):
                part = f".{owed.position}" if owed.position else ""
                found.append(Payable(f"{link.reference}.{owed.month}{part}", link.name, owed))
    unique = {one.owed.name: one for one in reversed(found)}
    return sorted(unique.values(), key=lambda one: (one.owed.due_on, one.name))


def chosen(account: Account, names: Iterable[str]) -> list[Payable]:
    """Those of one's own that the address names; another's is as if it were not named."""
    wanted = [name for name in names if NAMED.fullmatch(name)][:MOST_BILLS]
    known = {one.name: one for one in payable(account, wanted)}
    return [known[name] for name in dict.fromkeys(wanted) if name in known]


def total(found: Iterable[Payable]) -> Money:
    return Money(sum(one.owed.amount for one in found))


def row(one: Payable, today: date) -> dict[str, Any]:
    """A bill as the pages show it."""
    late = one.owed.due_on < today
    month = words.month(one.owed.month)
    part = _(" %(position)s번째 몫", position=one.owed.position) if one.owed.position else ""
    return {
        "name": one.name,
        "id": one.name.replace(".", "_"),
        "home": one.home_name,
        "month": f"{month}{part}",
        "amount": words.won(one.owed.amount),
        "due": words.day(one.owed.due_on),
        "late": late,
    }
