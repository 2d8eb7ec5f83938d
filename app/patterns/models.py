"""What a home used, by bill and by day: only within the person's own time there (S-04)."""

from datetime import date
from typing import NamedTuple

from app import masks
from app.accounts.models import Account
from app.bills.seen import IN_TIME, VIEWER
from app.db import as_day, rows


class SeenHome(NamedTuple):
    """A home of an account, with what its premises are known by."""

    account_id: int
    reference: str
    name: str
    number: str
    district: str
    left: bool
    """Whether somebody else lives there now."""


class Use(NamedTuple):
    """What the valid bill of a month says of the use; `charges` without arrears and late fees."""

    month: str
    usage_m3: int
    months: int
    households: int
    water_class: str
    reading_kind: str
    from_on: date
    to_on: date
    charges: int

    def monthly(self) -> int:
        """Tenths of a m3 in a month of the bill's period, cut like on the bill."""
        return self.usage_m3 * 10 // self.months


class Day(NamedTuple):
    """The use of a day; `night` is its quietest hour between 1 and 5 o'clock, where known."""

    day: date
    litres: int
    night: int | None


HOME = """
SELECT h.name, p.number, p.district, h.until_on, h.role
FROM homes h JOIN premises p ON p.id = h.premises_id
WHERE h.account_id = ? AND h.reference = ?
"""
USES = f"""
SELECT b.month, b.usage_m3, b.months, b.households, b.water_class, b.reading_kind, b.from_on,
       b.to_on, b.total - b.late_fee
{IN_TIME} WHERE h.account_id = ? AND h.reference = ? AND b.revision = (
    SELECT max(x.revision) FROM bills x WHERE x.premises_id = b.premises_id AND x.month = b.month)
ORDER BY b.month
"""  # noqa: S608 a text of ours
DAYS_IN_TIME = """
FROM homes h
JOIN daily_uses d ON d.premises_id = h.premises_id
    AND d.day > h.since_on AND (h.until_on IS NULL OR d.day <= h.until_on)
WHERE h.account_id = ? AND h.reference = ? AND (h.tenancy = 'user' OR NOT EXISTS (
    SELECT 1 FROM occupancies o WHERE o.premises_id = h.premises_id AND o.role = 'user'
        AND o.started_on <= d.day AND (o.ended_on IS NULL OR o.ended_on >= d.day)))
"""
"""An owner sees bills of a tenant's time, but not when somebody is at home and when asleep."""
DAYS = f"""
SELECT d.day, d.litres, d.night_litres {DAYS_IN_TIME} AND d.day BETWEEN ? AND ? ORDER BY d.day
"""
SPAN = f"""
SELECT (SELECT d.day {DAYS_IN_TIME} ORDER BY d.day LIMIT 1),
       (SELECT d.day {DAYS_IN_TIME} ORDER BY d.day DESC LIMIT 1)
"""


def home(account: Account, reference: str, today: date) -> SeenHome | None:
    """A home of the account; None when it has none of this name."""
    found = rows(HOME, (account.id, reference))
    if not found:
        return None
    name, number, district, until_on, role = found[0]
    if role == VIEWER:
        number = masks.digits(number)
    left = until_on is not None and as_day(until_on) < today
    return SeenHome(account.id, reference, name, number, district, left)


def uses(seen: SeenHome) -> list[Use]:
    """The use of all months, oldest first; a corrected bill counts instead of the first one."""
    return [
        Use._make((*row[:6], as_day(row[6]), as_day(row[7]), row[8]))
        for row in rows(USES, (seen.account_id, seen.reference))
    ]


def span(seen: SeenHome) -> tuple[date, date] | None:
    """The first and the last day that is known; None without daily readings."""
    key = (seen.account_id, seen.reference)
    ((first, last),) = rows(SPAN, (*key, *key))
    return None if first is None else (as_day(first), as_day(last))


def days(seen: SeenHome, first: date, last: date) -> list[Day]:
    """The known days from the first to the last."""
    asked = (seen.account_id, seen.reference, first.isoformat(), last.isoformat())
    return [Day(as_day(day), litres, night) for day, litres, night in rows(DAYS, asked)]
