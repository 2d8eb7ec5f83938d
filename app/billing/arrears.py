"""What earlier bills still bring: late fees that are final now, and amounts that are unpaid."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from app.clock import SEOUL
from app.db import as_day, as_instant, insert_many, rows
from app.tariff.late import Late, last_day, late_fee
from app.tariff.lines import Line
from app.tariff.table import Table

EARLIER = """
SELECT b.premises_id, b.month, b.total - b.late_fee - b.paid_before, b.total - b.paid_before,
       b.due_on, CAST(b.paid_at AS TEXT), b.reading_kind,
       EXISTS (SELECT 1 FROM late_fees f
           WHERE f.premises_id = b.premises_id AND f.month = b.month)
           OR EXISTS (SELECT 1 FROM late_holds h WHERE h.premises_id = b.premises_id
               AND h.month = b.month AND h.decision <> 'charge'),
       (SELECT min(i.agreed_at) FROM instalments i
           WHERE i.premises_id = b.premises_id AND i.month = b.month),
       (SELECT min(i.due_on) FROM instalments i
           WHERE i.premises_id = b.premises_id AND i.month = b.month AND i.paid_at IS NULL),
       (SELECT coalesce(sum(i.amount), 0) FROM instalments i
           WHERE i.premises_id = b.premises_id AND i.month = b.month AND i.paid_at IS NOT NULL)
FROM bills b
WHERE b.premises_id IN ({marks}) AND b.month < ?
  AND (b.paid_at IS NULL OR CAST(b.paid_at AS TEXT) >= CAST(b.due_on AS TEXT)
       OR b.reading_kind = 'final')
  AND b.to_on >= coalesce((
      SELECT max(o.started_on) FROM occupancies o
      WHERE o.premises_id = b.premises_id AND o.role = 'user'), b.to_on)
  AND NOT EXISTS (SELECT 1 FROM bills n WHERE n.premises_id = b.premises_id
      AND n.month = b.month AND n.revision > b.revision)
ORDER BY b.premises_id, b.month DESC
"""
"""Bills that may have left something, of who uses the premises now; nobody hears of the debts of
those before. A fee that somebody has yet to decide about counts as charged.
"""
AT_ONCE = 500
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


class Past(NamedTuple):
    """The newest document of an earlier bill; `agreed_at` and `next_part_on` of its instalments."""

    month: str
    charge: int
    left: int
    due_on: Any
    paid_at: str | None
    kind: str
    charged: int
    agreed_at: Any
    next_part_on: Any
    parts_paid: int

    def unpaid(self, today: date) -> int:
        """What is due and not paid; a plan of instalments counts once one of them is late."""
        if self.paid_at is not None or as_day(self.due_on) >= today:
            return 0
        if self.next_part_on is not None and as_day(self.next_part_on) >= today:
            return 0
        return max(self.left - self.parts_paid, 0)

    def late_until(self, today: date) -> date | None:
        """The day up to which it was late, once that can change no more: the payment, the plan,
        or a month after the due date.
        """
        if self.paid_at is not None or self.agreed_at is not None:
            moment = as_instant(self.paid_at or self.agreed_at)
            return moment.astimezone(SEOUL).date()
        return today if today > last_day(self.month, as_day(self.due_on)) else None


def past(premises_ids: Sequence[int], month: str) -> dict[int, list[Past]]:
    """The earlier bills of each premises' present user, newest first, up to the last settlement."""
    found: dict[int, list[Past]] = defaultdict(list)
    ended: set[int] = set()
    for at in range(0, len(premises_ids), AT_ONCE):
        part = premises_ids[at : at + AT_ONCE]
        sql = EARLIER.format(marks=", ".join("?" * len(part)))
        for premises_id, *values in rows(sql, (*part, month)):
            one = Past(*values)
            if one.kind == "final":
                ended.add(premises_id)
            elif premises_id not in ended:
                found[premises_id].append(one)
    return found


def earlier(
    premises_id: int, month: str, bills: Sequence[Past], table: Table, today: date, waived: bool
) -> Earlier:
    """What earlier bills leave to the bill of a month.

    A late fee is charged once, when no more can accrue. Bills that are older than the limitation
    (W-ORD art. 34) are left out.
    """
    oldest = today.replace(year=today.year - table.rules.limitation_years, day=1)
    found, unpaid = Earlier([], [], 0), 0
    for one in bills:
        due = as_day(one.due_on)
        if due < oldest:
            continue
        unpaid += one.unpaid(today)
        until = one.late_until(today)
        if one.charged or waived or one.charge <= 0 or until is None:
            continue
        fee = late_fee(table.rules.late_fee, one.charge, one.month, due, until)
        if fee.amount:
            found.lines.append(fee_line(one.month, one.charge, fee, table))
            row = premises_id, one.month, month, one.charge, fee.days, fee.amount
            found.fees.append(row)
    return found._replace(unpaid=unpaid)


def fee_line(of: str, owed: int, fee: Late, table: Table) -> Line:
    percent = table.rules.late_fee.percent
    return Line("late", "late", owed, percent, fee.days, fee.of_days, fee.amount, of)


def store_fees(fees: list[tuple[Any, ...]]) -> None:
    """Note which bills' late fees are charged; a second time is refused by the key."""
    if fees:
        insert_many("late_fees", FEE_COLUMNS, fees)
