"""A customer number and the code printed on a bill: the proof that somebody has the paper."""

import hmac
from datetime import date, timedelta

from app.db import as_day, rows
from app.supply import tenancies
from app.supply.tenancies import Tenancy

HOLDS = timedelta(days=365)
COMPARED = 24
"""Codes that are compared in every case, so that an unknown number costs the same."""
NO_CODE = "0000000000"  # no bill's code: 0 is not in the alphabet
PRINTED = """
SELECT b.code, b.premises_id, b.from_on, b.to_on
FROM premises p JOIN bills b ON b.premises_id = p.id
WHERE p.number = ? AND b.issued_on >= ? ORDER BY b.month DESC, b.revision DESC
"""


def proved(number: str, code: str, today: date) -> Tenancy | None:
    """Whose time the bill is of that has this code, when it came within the last year.

    A bill over a move proves nothing: its paper may lie with either tenant.
    """
    found = rows(PRINTED, (number, (today - HOLDS).isoformat()))
    codes = [row[0] for row in found]
    codes += [NO_CODE] * (COMPARED - len(codes))
    same = [hmac.compare_digest(printed.encode(), code.encode()) for printed in codes]
    if True not in same:
        return None
    _, premises_id, from_on, to_on = found[same.index(True)]
    return tenancies.of_bill(premises_id, as_day(from_on), as_day(to_on))
