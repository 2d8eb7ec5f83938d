"""Bills a month: every premises whose reading falls in its cycle, in batches, restartable.

A batch is one transaction and leaves out premises that have their bill, so a killed run goes on
where it ended and a second run changes nothing. No model objects in here: the city has millions.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from app.clock import add_months, first_day, month_end
from app.db import as_day, database, insert_many, is_postgres, rows, statement, writing
from app.references import keyed
from app.supply import usage
from app.supply.plausible import meter_spans
from app.tariff.engine import Charge, Terms, charge
from app.tariff.table import Period, Table, TariffError
from app.workdays import next_business_day

BATCH = 5_000
NOTICE = timedelta(days=7)
CYCLE_DAYS = 5  # a reading counts when made within five days of the regular days (W-RULE art. 49)

DUE = """
SELECT p.id, p.number, p.water_class, p.sewer_class, p.diameter_mm, p.households, p.billing_months,
       r.read_on, r.reading_m3, r.kind, b.to_on, b.current_m3, b.month, f.installed_on, f.start_m3,
       m.installed_on, m.start_m3, m.digits
FROM premises p
JOIN readings r ON r.premises_id = p.id AND r.read_on = (
    SELECT max(x.read_on) FROM readings x
    WHERE x.premises_id = p.id AND x.read_on BETWEEN ? AND ? AND x.kind <> 'final')
JOIN meters m ON m.premises_id = p.id AND m.installed_on = (
    SELECT max(x.installed_on) FROM meters x
    WHERE x.premises_id = p.id AND x.installed_on < r.read_on)
LEFT JOIN bills b ON b.premises_id = p.id AND b.revision = 0 AND b.month = (
    SELECT max(x.month) FROM bills x WHERE x.premises_id = p.id)
LEFT JOIN meters f ON b.month IS NULL AND f.premises_id = p.id AND f.installed_on = (
    SELECT min(x.installed_on) FROM meters x WHERE x.premises_id = p.id)
WHERE p.id > ? AND p.id <= ?
  AND NOT EXISTS (SELECT 1 FROM bills x WHERE x.premises_id = p.id AND x.month = ?)
ORDER BY p.id
"""

BILL_COLUMNS = [
    "premises_id",
    "month",
    "revision",
    "code",
    "from_on",
    "to_on",
    "previous_m3",
    "current_m3",
    "reading_kind",
    "usage_m3",
    "months",
    "households",
    "diameter_mm",
    "water_class",
    "sewer_class",
    "water",
    "sewer",
    "levy",
    "total",
    "due_on",
    "issued_on",
]
LINE_COLUMNS = [
    "premises_id",
    "month",
    "revision",
    "position",
    "part",
    "kind",
    "quantity",
    "rate",
    "days",
    "of_days",
    "amount",
    "rate_key",
]


class Due(NamedTuple):
    """A premises to be billed: its terms, the reading of the cycle, the bill before, its meter.

    `begun_on` and `begun_m3` are the first meter's beginning, where no bill came before: nothing
    that ran is left out, however late the first run is.
    """

    premises_id: int
    number: str
    water_class: str
    sewer_class: str
    diameter_mm: int
    households: int
    billing_months: int
    read_on: Any
    reading_m3: int
    kind: str
    billed_on: Any
    billed_m3: int | None
    billed_month: str | None
    begun_on: Any
    begun_m3: int | None
    installed_on: Any
    start_m3: int
    digits: int


class Outcome(NamedTuple):
    """Bills made and their sum in won, and the customer numbers that were refused, with reasons."""

    bills: int
    total: int
    refused: list[tuple[str, str]]


class Counted(NamedTuple):
    """How a month stands: premises with a bill, and those in supply whose cycle lacks a reading."""

    billed: int
    unread: int


UNREAD = """
SELECT count(*) FROM premises p
JOIN bills b ON b.premises_id = p.id AND b.revision = 0 AND b.month = ?
WHERE p.removed_on IS NULL AND p.paused_on IS NULL AND p.billing_months = ?
  AND NOT EXISTS (SELECT 1 FROM bills x WHERE x.premises_id = p.id AND x.month = ?)
"""


def counted(month: str) -> Counted:
    """Premises are due when their last bill lies one of their cycles back."""
    ((billed,),) = rows("SELECT count(*) FROM bills WHERE month = ? AND revision = 0", (month,))
    unread = [rows(UNREAD, (add_months(month, -n), n, month))[0][0] for n in (1, 2)]
    return Counted(billed, sum(unread))


def cycle(month: str) -> tuple[date, date]:
    """First and last day on which a reading counts for a billing month (21st to 8th, ± 5 days)."""
    first = first_day(add_months(month, -1)).replace(day=21) - timedelta(days=CYCLE_DAYS)
    last = first_day(month).replace(day=8) + timedelta(days=CYCLE_DAYS)
    return first, last


def due_date(month: str, today: date = date.min) -> date:
    """The last day of the month, or the next business day (W-ORD art. 28(1)).

    A bill that is made late is due a week after it was made at the earliest (W-RULE art. 29).
    """
    usual = month_end(first_day(month))
    return next_business_day(max(usual, today + NOTICE) if today > date.min else usual)


def is_due(due: Due, month: str) -> bool:
    """Whether a premises' cycle ends with this month; a stray reading makes no bill of its own."""
    since = due.billed_month
    return since is None or since > month or months_between(since, month) >= due.billing_months


def months_of(due: Due, start_on: date, read_on: date, month: str) -> int:
    """Billing months since the last bill; without one, the whole months that the days come to."""
    if due.billed_month is not None:
        return months_between(due.billed_month, month)
    return max(((read_on - start_on).days * 24 + 365) // 730, 1)  # half a month counts as one


@lru_cache(256)
def months_between(since: str, until: str) -> int:
    return (int(until[:4]) - int(since[:4])) * 12 + int(until[5:]) - int(since[5:])


def start_of(due: Due) -> tuple[Any, int]:
    """Where the period begins: the last bill, or the premises' first meter."""
    if due.billed_on is not None:
        return due.billed_on, due.billed_m3 or 0
    return due.begun_on, due.begun_m3 or 0


def used_since(start_on: date, start_m3: int, due: Due) -> int:
    """m3 since the start of the period; raises TariffError when the meters contradict it."""
    installed_on = as_day(due.installed_on)
    first = due.billed_on is None and due.begun_on == due.installed_on
    if installed_on < start_on or first:
        found = usage.dial(start_m3, due.reading_m3, due.digits)
    else:
        spans = meter_spans(due.premises_id, as_day(due.read_on))
        found = usage.between(start_on, start_m3, due.reading_m3, spans)
    if found is None:
        raise TariffError("the readings contradict the meter")
    return found


class Run:
    """The billing of one month with one tariff."""

    def __init__(self, month: str, table: Table, code_key: bytes, today: date) -> None:
        self.month = month
        self.table = table
        self.code_key = hashlib.sha256(code_key).digest()
        self.issued_on = today.isoformat()
        self.due_on = due_date(month, today).isoformat()

    def bill(self, due: Due) -> tuple[tuple[Any, ...], Charge]:
        """One premises' bill row and charge; raises TariffError when it cannot be billed."""
        if due.billed_month is not None and due.billed_month > self.month:
            raise TariffError("a later month is billed already")
        start, start_m3 = start_of(due)
        start_on, read_on = as_day(start), as_day(due.read_on)
        if start_on >= read_on:
            raise TariffError("the reading is not later than the start of the period")
        used = used_since(start_on, start_m3, due)
        months = months_of(due, start_on, read_on, self.month)
        terms = Terms(due.water_class, due.sewer_class, due.diameter_mm, due.households)
        found = charge(self.table, terms, Period(self.month, start_on, read_on, months), used)
        row = (
            due.premises_id, self.month, 0,
            keyed(self.code_key, f"{due.number} {self.month} 0"),
            start, due.read_on, start_m3, due.reading_m3, due.kind, used,
            months, due.households, due.diameter_mm, due.water_class, due.sewer_class,
            found.water, found.sewer, found.levy, found.total, self.due_on, self.issued_on,
        )  # fmt: skip
        return row, found

    def batch(self, part: list[Due]) -> Outcome:
        """Write the bills of some premises; those that cannot be billed are named."""
        bills, lines, refused, total = [], [], [], 0
        for due in part:
            if not is_due(due, self.month):
                continue
            try:
                row, found = self.bill(due)
            except TariffError as error:
                refused.append((due.number, str(error)))
                continue
            bills.append(row)
            total += found.total
            key = (due.premises_id, self.month, 0)
            lines += [(*key, position, *line) for position, line in enumerate(found.lines)]
        insert_many("bills", BILL_COLUMNS, bills)
        insert_many("bill_lines", LINE_COLUMNS, lines)
        return Outcome(len(bills), total, refused)


def spans(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Ranges of row ids, each of one batch: above the first number, up to the second."""
    for below in range(first - 1, last, BATCH):
        yield below, min(below + BATCH, last)


def run(
    month: str,
    table: Table,
    code_key: bytes,
    today: date,
    seen: Callable[[int, int], None] = lambda done, all_: None,
) -> Outcome:
    """Bill a month; `seen` hears of (done, all) premises."""
    work = Run(month, table, code_key, today)
    first, last = (day.isoformat() for day in cycle(month))
    ((lowest, highest),) = rows("SELECT min(id), max(id) FROM premises")
    made, total, refused = 0, 0, list[tuple[str, str]]()
    for below, upto in spans(lowest or 1, highest or 0):
        with writing():
            if is_postgres():
                database.execute_sql(statement("SELECT pg_advisory_xact_lock(7214032)"))
            asked = (first, last, below, upto, month)
            found = work.batch([Due._make(row) for row in rows(DUE, asked)])
        made, total = made + found.bills, total + found.total
        refused += found.refused
        seen(upto - lowest + 1, highest - lowest + 1)
    return Outcome(made, total, refused)


def reasons(outcome: Outcome) -> Counter[str]:
    """How many premises were refused for which reason."""
    return Counter(reason for _, reason in outcome.refused)
