"""What earlier bills still bring: late fees that are final now, and amounts that are unpaid."""

from datetime import date
from typing import Any, NamedTuple

from app.bills.models import late_from
from app.clock import SEOUL
from app.db import as_day, as_instant, insert_many, rows
from app.tariff.late import Late, last_day, late_fee
from app.tariff.lines import Line
from app.tariff.table import Table

EARLIER = """
SELECT b.month, b.total - b.late_fee - b.paid_before, b.total - b.paid_before, b.due_on,
       CAST(b.paid_at AS TEXT),
       EXISTS (SELECT 1 FROM late_fees f WHERE f.premises_id = b.premises_id AND f.month = b.month),
       EXISTS (SELECT 1 FROM instalments i
           WHERE i.premises_id = b.premises_id AND i.month = b.month)
FROM bills b WHERE b.premises_id = ? AND b.month < ? ORDER BY b.month DESC, b.revision DESC
"""
FEE_COLUMNS = ("premises_id", "month", "charged_in", "unpaid", "days", "amount")


class Earlier(NamedTuple):
    """Late fee lines with their rows for `late_fees`, and the won that are unpaid."""

    lines: list[Line]
    fees: list[tuple[Any, ...]]
    unpaid: int

    @property
    def fee(self) -> int:
        return sum(line.amount for line in self.lines)


NOTHING = Earlier([], [], 0)


def settled(due_on: Any, paid_at: str | None, arrears: int) -> bool:
    """Whether the last bill shows that nothing is left: paid in time, and nothing before it."""
    return paid_at is not None and not arrears and paid_at < late_from(as_day(due_on))


def earlier(premises_id: int, month: str, table: Table, today: date, waived: bool) -> Earlier:
    """What the bills before a month leave to its bill.

    A late fee is charged once, when no more can accrue: after the payment, or a month after the due
    date. Bills that are paid by instalments, or older than the limitation (W-ORD art. 34), are left
    out of both.
    """
    oldest = today.replace(year=today.year - table.rules.limitation_years, day=1)
    found, seen = Earlier([], [], 0), set()
    unpaid = 0
    asked = premises_id, month
    for of, owed, left, due_on, paid_at, charged, planned in rows(EARLIER, asked):
        due = as_day(due_on)
        if of in seen or planned or due < oldest:
            continue
        seen.add(of)
        unpaid += left if paid_at is None else 0
        until = as_instant(paid_at).astimezone(SEOUL).date() if paid_at else today
        final = paid_at is not None or today > last_day(of, due)
        if charged or waived or owed <= 0 or not final:
            continue
        fee = late_fee(table.rules.late_fee, owed, of, due, until)
        if fee.amount:
            found.lines.append(fee_line(of, owed, fee, table))
            found.fees.append((premises_id, of, month, owed, fee.days, fee.amount))
    return found._replace(unpaid=unpaid)


def fee_line(of: str, owed: int, fee: Late, table: Table) -> Line:
    percent = table.rules.late_fee.percent
    return Line("late", "late", owed, percent, fee.days, fee.of_days, fee.amount, of)


def store_fees(fees: list[tuple[Any, ...]]) -> None:
    """Note which bills' late fees are charged; a second time is refused by the key."""
    if fees:
        insert_many("late_fees", FEE_COLUMNS, fees)
