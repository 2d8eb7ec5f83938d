"""A customer number and the code printed on a bill: the proof that somebody has the paper."""

import hmac
from datetime import date, timedelta
from typing import NamedTuple

from app.accounts.models import Account
from app.db import as_day, rows
from app.homes.events import ended_by_another
from app.supply import tenancies
from app.supply.tenancies import Tenancy

HOLDS = timedelta(days=365)
COMPARED = 24
"""Codes that are compared in every case, so that an unknown number costs the same."""
NO_CODE = "0000000000"  # no bill's code: 0 is not in the alphabet
NO_BILL = (NO_CODE, 0, "2000-01-01", "2000-01-02", "2000-01-03", "", 0)
"""Stands in where no bill has the code: what is asked of bills is asked of it too."""
PRINTED = """
SELECT b.code, b.premises_id, b.from_on, b.to_on, b.issued_on, b.month, b.revision
FROM premises p JOIN bills b ON b.premises_id = p.id
WHERE p.number = ? AND b.issued_on >= ? ORDER BY b.month DESC, b.revision DESC
"""


class Proved(NamedTuple):
    """Whose time a bill is of, and which one it is, for the record."""

    tenancy: Tenancy
    bill: str


def proved(account: Account, number: str, code: str, today: date) -> Proved | None:
    """Whose time the bill is of that has this code, when it came within the last year.

    A bill over a move proves nothing: its paper may lie with either tenant. No more does one that
    was issued when they had left, for it went to who lives there now; nor one that came before
    somebody else ended this account's link.
    """
    found = rows(PRINTED, (number, (today - HOLDS).isoformat()))
    codes = [row[0] for row in found]
    codes += [NO_CODE] * (COMPARED - len(codes))
    same = [hmac.compare_digest(printed.encode(), code.encode()) for printed in codes]
    is_there = True in same[: len(found)]
    _, premises_id, from_on, to_on, issued_on, month, revision = (
        found[same.index(True)] if is_there else NO_BILL
    )
    tenancy = tenancies.of_bill(premises_id, as_day(from_on), as_day(to_on))
    ended_on = ended_by_another(account, premises_id)
    if not is_there or tenancy is None or not came_to(tenancy, as_day(issued_on), today):
        return None
    if ended_on and as_day(issued_on) <= ended_on:
        return None
    return Proved(tenancy, f"bill {month}/{revision}")


def came_to(tenancy: Tenancy, issued_on: date, today: date) -> bool:
    """Whether a bill came while they lived there."""
    return tenancy.lasts(today) or tenancy.lasts(issued_on)
