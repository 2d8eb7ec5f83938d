"""Bills as their owners see them: fixed SQL and plain rows, each home in its time (S-04)."""

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from app import masks
from app.accounts.models import Account
from app.bills.models import State, late_from
from app.clock import add_months
from app.db import as_day, rows


def state(bill: "ListedBill | SeenBill", today: date) -> State:
    """W-ORD art. 28(1), 33(1): late from the day after the due date, in Seoul."""
    if bill.total <= bill.paid_before:
        return State.PAID if bill.paid_before else State.NOTHING
    if bill.paid_at is None:
        if bill.planned:
            return State.PLANNED
        return State.OVERDUE if bill.due_on < today else State.OPEN
    return State.PAID_LATE if bill.paid_at >= late_from(bill.due_on) else State.PAID


class ListedBill(NamedTuple):
    """What a list or the chart shows of a bill. `paid_at` is UTC text: lists only compare it.

    `planned` is true when it is paid by instalments.
    """

    home: str
    home_name: str
    month: str
    usage_m3: int
    total: int
    due_on: date
    paid_at: str | None
    paid_before: int
    planned: bool
    revision: int = 0

    @property
    def owed(self) -> int:
        """What the document asks for, beyond what was paid on those that it replaced."""
        return max(self.total - self.paid_before, 0)


class SeenBill(NamedTuple):
    """One bill as the owner of a home sees it; begins like ListedBill."""

    home: str
    home_name: str
    month: str
    usage_m3: int
    total: int
    due_on: date
    paid_at: str | None
    paid_before: int
    planned: bool
    revision: int
    from_on: date
    to_on: date
    issued_on: date
    number: str
    address: str
    office: str
    premises_id: int
    code: str
    previous_m3: int
    current_m3: int
    reading_kind: str
    months: int
    households: int
    diameter_mm: int
    water_class: str
    sewer_class: str
    water: int
    sewer: int
    levy: int
    discount: int
    late_fee: int
    arrears: int
    encoded_lines: str
    role: str

    @property
    def owed(self) -> int:
        """As ListedBill.owed."""
        return max(self.total - self.paid_before, 0)

    def lines(self) -> list[tuple[str, str, int, int, int, int, int, str]]:
        """(part, kind, quantity, rate, days, of_days, amount, key) in order."""
        return [(*line,) for line in json.loads(self.encoded_lines)]


VIEWER = "viewer"
LISTED = """h.reference, h.name, b.month, b.usage_m3, b.total, b.due_on, CAST(b.paid_at AS TEXT),
    b.paid_before, EXISTS (
        SELECT 1 FROM instalments i WHERE i.premises_id = b.premises_id AND i.month = b.month),
    b.revision"""
WHOLE = (
    LISTED + ", b.from_on, b.to_on, b.issued_on, p.number, p.road_address, p.office, b.premises_id,"
    " b.code, b.previous_m3, b.current_m3, b.reading_kind, b.months, b.households,"
    " b.diameter_mm, b.water_class, b.sewer_class, b.water, b.sewer, b.levy, b.discount,"
    " b.late_fee, b.arrears, b.lines, h.role"
)
IN_TIME = """
FROM homes h
JOIN bills b ON b.premises_id = h.premises_id
    AND b.from_on >= h.since_on AND (h.until_on IS NULL OR b.to_on <= h.until_on)
"""
SEEN_BY = f"""
SELECT {LISTED} {IN_TIME} WHERE h.account_id = ?
ORDER BY b.month DESC, h.id, b.revision DESC
"""
SEEN = f"""
SELECT {WHOLE} {IN_TIME} JOIN premises p ON p.id = h.premises_id
WHERE h.account_id = ? AND h.reference = ? AND b.month = ? ORDER BY b.revision DESC
"""
WITH_PAST = f"""
SELECT {WHOLE} {IN_TIME} JOIN premises p ON p.id = h.premises_id
WHERE h.account_id = ? AND h.reference = ? AND b.month >= ? AND b.month <= ?
ORDER BY b.month DESC, b.revision DESC
"""
MONTH = re.compile(r"\d{4}-\d\d", re.ASCII)
DAYS = tuple(SeenBill._fields.index(name) for name in ("due_on", "from_on", "to_on", "issued_on"))


def seen_by(account: Account) -> list[ListedBill]:
    """All bills an account may see, newest first: those of its homes, each in its time (S-04)."""
    return newest(rows(SEEN_BY, (account.id,)))


def seen_documents(account: Account, home: str, month: str) -> list[SeenBill]:
    """All documents of a month, the one that holds first; none when the account may not see it."""
    return [whole(row) for row in rows(SEEN, (account.id, home, month))]


def whole(row: tuple[Any, ...]) -> SeenBill:
    """A row of WHOLE with its days made dates; a viewer gets no number, code or address (S-03)."""
    values = list(row)
    for place in DAYS:
        values[place] = as_day(values[place])
    found = SeenBill._make(values)
    if found.role != VIEWER:
        return found
    number, address = masks.digits(found.number), masks.address(found.address)
    return found._replace(code="", number=number, address=address)


def seen(account: Account, home: str, month: str) -> SeenBill | None:
    """The bill of a month that holds; None when the account may not see it or there is none."""
    found = seen_documents(account, home, month)
    return found[0] if found else None


def seen_with_past(
    account: Account, home: str, month: str
) -> tuple[list[SeenBill], list[ListedBill]]:
    """As seen_documents, and the bills of the year before, newest first; one query for both."""
    if not MONTH.fullmatch(month):
        return [], []
    found = rows(WITH_PAST, (account.id, home, add_months(month, -12), month))
    documents = [whole(row) for row in found if row[2] == month]
    return documents, newest(row[:10] for row in found[len(documents) :])


def newest(found: Iterable[tuple[Any, ...]]) -> list[ListedBill]:
    """Rows of LISTED with their due dates made dates; of each bill the newest document."""
    bills: list[ListedBill] = []
    last: tuple[str, str] | None = None
    for row in found:
        home, name, month, usage_m3, total, due_on, paid_at, paid_before, planned, revision = row
        if (home, month) != last:
            last = home, month
            paid = paid_at, paid_before, bool(planned), revision
            bills.append(ListedBill(home, name, month, usage_m3, total, as_day(due_on), *paid))
    return bills
