"""Bills a month: every premises whose reading falls in its cycle, in batches, restartable.

A batch is one transaction and leaves out premises that have their bill, so a killed run goes on
where it ended and a second run changes nothing. No model objects in here: the city has millions.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from peewee import DataError, IntegrityError

from app.billing import arrears, estimate, joined
from app.billing.assess import Assessed, assess, period_of
from app.billing.due import DUE, FINAL, Due, irregular, is_due, row_settled
from app.billing.facts import Facts, facts_of
from app.billing.periods import RUN_LOCK, cycle, due_date, final_month, months_between
from app.bills import similar
from app.bills.models import encoded
from app.db import as_day, bulk, database, insert_many, is_postgres, rows, statement, writing
from app.references import hashed, keyed
from app.tariff.engine import PLAIN, Charge, Terms, plan, planned
from app.tariff.reductions import runs
from app.tariff.table import Period, Table, TariffError

BATCH = 5_000

BILL_COLUMNS = (
    "premises_id", "month", "revision", "code", "from_on", "to_on", "previous_m3", "current_m3",
    "reading_kind", "usage_m3", "months", "households", "diameter_mm", "water_class",
    "sewer_class", "water", "sewer", "levy", "discount", "late_fee", "total", "arrears",
    "paid_before", "due_on", "issued_on", "lines",
)  # fmt: skip


BILLED = "SELECT 1 FROM bills WHERE premises_id = ? AND month = ?"


class Outcome(NamedTuple):
    """Bills made and their sum in won, and the customer numbers that were refused, with reasons."""

    bills: int
    total: int
    refused: list[tuple[str, str]]


class Run:
    """The billing of one month with one tariff."""

    def __init__(self, month: str, table: Table, code_key: bytes, today: date) -> None:
        self.month = month
        self.table = table
        self.code_key = hashed(code_key)
        self.today = today
        self.issued_on = today.isoformat()
        self.due_on = due_date(month, today).isoformat()
        self.cycle = tuple(day.isoformat() for day in cycle(month))
        self.periods: dict[Any, Any] = {}
        self.past: dict[int, list[arrears.Past]] = {}
        self.unread: set[int] = set()
        self.bills: list[tuple[Any, ...]] = []
        self.fees: list[tuple[Any, ...]] = []
        self.uses: list[tuple[str, int, str, int, int]] = []
        self.refused: list[tuple[str, str]] = []

    def batch(self, below: int, upto: int) -> Outcome:
        """Write the bills of some premises; those that cannot be billed are named."""
        self.bills, self.fees, self.uses, self.refused = [], [], [], []
        self.past, self.unread = {}, set()
        facts = facts_of(below, upto, self.table, self.cycle[0])
        made = self.finals(below, upto, facts)
        odd = facts.odd()
        due_rows = {row[0]: row for row in rows(DUE, (*self.cycle, below, upto))}
        self.past = arrears.past(
            [one for one, row in due_rows.items() if one in facts.open or not row_settled(row)],
            self.month,
        )
        for premises_id, row in due_rows.items():
            if premises_id in facts.joined:
                continue
            if premises_id in odd or not self.plain(row, facts):
                self.unusual(Due._make(row), facts)
        unread = estimate.unread(below, upto, self.month) if facts.faults else []
        self.unread = {due.premises_id for due in unread}
        self.past |= arrears.past(sorted(self.unread), self.month)
        for due in unread:
            self.unusual(due, facts)
        made += self.store()
        made += self.finals(below, upto, facts)
        return Outcome(len(made), sum(made), self.refused)

    def finals(self, below: int, upto: int, facts: Facts) -> list[int]:
        """Bill final readings, each by itself, where no regular one of the cycle comes first; the
        totals. One for each premises and round, as the next begins where it ends.
        """
        made: list[int] = []
        while found := rows(FINAL, (*self.cycle, below, upto, self.cycle[1])):
            for row in found:
                due = Due._make(row)
                self.take(
                    due, facts, final_month(as_day(due.read_on), due.billed_month, self.month)
                )
            stored = self.store()
            made += stored
            if not stored:
                break
        return made

    def plain(self, row: tuple[Any, ...], facts: Facts) -> bool:
        """Bill a premises in the ordinary way; False when something is out of the ordinary."""
        (
            premises_id, number, district, water_class, sewer_class, diameter_mm, households,
            dwellings, billing_months, read_on, reading_m3, kind, since, start, start_m3,
            billed_kind, _, _, _, installed_on, _, digits,
        ) = row  # fmt: skip
        if since is None or start is None or billed_kind == "final" or installed_on >= start:
            return False
        key = since, start, read_on, water_class, sewer_class, diameter_mm, dwellings > 0
        found = self.periods.get(key) or self.prepare(key)
        months, terms, period, parts = found
        if months < billing_months or not start_m3 <= reading_m3 < 10**digits:
            return False
        before = arrears.NOTHING
        if premises_id in self.past:
            before = self.earlier(premises_id, facts, self.month)
        if households != 1 or dwellings:
            terms = terms._replace(households=households, dwellings=dwellings)
        grants = self.table.by_reading.get(kind, ())
        if premises_id in facts.lasting:
            grants += facts.lasting[premises_id]
        elif premises_id in facts.reductions:
            grants += self.table.grants(facts.reductions[premises_id], period)
        used = reading_m3 - start_m3
        made = planned(self.table, parts, terms, period, used, grants, PLAIN)
        water, sewer, levy, discount, total, lines = made
        fee = 0
        if before.lines:
            fee, lines = before.fee, lines + before.lines
            self.fees += before.fees
        self.bills.append((
            premises_id, self.month, 0, keyed(self.code_key, f"{number} {self.month} 0"),
            start, read_on, start_m3, reading_m3, kind, used, months, households, diameter_mm,
            water_class, sewer_class, water, sewer, levy, discount, fee, total + fee,
            before.unpaid, 0, self.due_on, self.issued_on, encoded(lines),
        ))  # fmt: skip
        self.uses.append((district, households, water_class, used, months))
        return True

    def prepare(self, key: tuple[Any, ...]) -> Any:
        """What is the same for all premises with the same days and terms."""
        since, start, read_on, water_class, sewer_class, diameter_mm, mixed = key
        months = months_between(since, self.month)
        terms = Terms(water_class, sewer_class, diameter_mm, 1, int(mixed))
        period = Period(self.month, as_day(start), as_day(read_on), max(months, 1))
        try:
            parts = plan(self.table, terms, period) if months > 0 else None
        except TariffError:
            parts = None
        found = self.periods[key] = (months if parts else 0, terms, period, parts)
        return found

    def unusual(self, due: Due, facts: Facts) -> None:
        """Bill one premises the long way, or leave it out because its cycle is not over."""
        if due.billed_month is not None and due.billed_month >= self.month:
            if not rows(BILLED, (due.premises_id, self.month)):
                self.refused.append((due.number, "a later month is billed already"))
        elif is_due(due, self.month):
            self.take(due, facts, self.month)

    def take(self, due: Due, facts: Facts, month: str) -> None:
        """One bill with all rules, or its reason among the refused."""
        try:
            due, found = self.assessed(due, facts, month)
            others = joined.meters(due, facts, month) if due.kind != "final" else []
            found = joined.added(found, others, self.table)
            made = found.charge(self.table)
            before = arrears.NOTHING
            if due.billed_month is not None:
                before = self.earlier(due.premises_id, facts, month)
        except TariffError as error:
            self.refused.append((due.number, str(error)))
        except (ArithmeticError, LookupError, ValueError) as error:
            self.refused.append((due.number, f"it cannot be worked out: {error!r}"))
        else:
            self.keep(due, found, made, before, others)
            for other in others:
                self.bills.append(joined.bill(other, due, month, self.code_key, self.issued_on))

    def assessed(self, due: Due, facts: Facts, month: str) -> tuple[Due, Assessed]:
        """The period and its use, estimated where the meter was faulty."""
        period = period_of(due, month)
        faults = facts.faults.get(due.premises_id, ())
        if due.premises_id not in self.unread and not estimate.fault_within(faults, period):
            return due, assess(due, facts, month, self.table)
        used, whole = estimate.assumed(due, period, self.table)
        if whole and due.kind != "final":
            due = due._replace(kind="estimated")
        return due, assess(due, facts, month, self.table, used)

    def earlier(self, premises_id: int, facts: Facts, month: str) -> arrears.Earlier:
        """Late fees and unpaid amounts of the bills before."""
        bills = self.past.get(premises_id) if month == self.month else None
        if bills is None:
            bills = arrears.past([premises_id], month)[premises_id]
        held = facts.reductions.get(premises_id, ())
        waiving = self.table.rules.late_fee.waived_for
        waived = any(
            code in waiving and runs(applied_on, ended_on, self.today, self.today)
            for code, applied_on, ended_on, _ in held
        )
        return arrears.earlier(premises_id, month, bills, self.table, self.today, waived)

    def keep(
        self,
        due: Due,
        found: Assessed,
        made: Charge,
        before: arrears.Earlier,
        others: "list[joined.Joined]",
    ) -> None:
        """Put a bill among those to be stored."""
        fee = before.fee
        self.fees += before.fees
        lines = [*made.lines, *joined.lines(others), *before.lines]
        month = found.period.month
        if not irregular(due):
            terms = found.terms
            use = due.district, terms.households, terms.water_class, found.used_m3
            self.uses.append((*use, found.period.months))
        due_on = self.due_on if month == self.month else due_date(month, self.today).isoformat()
        self.bills.append((
            due.premises_id, month, 0, keyed(self.code_key, f"{due.number} {month} 0"),
            found.period.start.isoformat(), found.period.end.isoformat(), found.start_m3,
            due.reading_m3, due.kind, found.used_m3, found.period.months, found.terms.households,
            found.terms.diameter_mm, found.terms.water_class, found.terms.sewer_class, made.water,
            made.sewer, made.levy, made.discount, fee, made.total + fee, before.unpaid, 0, due_on,
            self.issued_on, encoded(lines),
        ))  # fmt: skip

    def store(self) -> list[int]:
        """Write what waits; the totals of the bills."""
        if self.bills:
            insert_many("bills", BILL_COLUMNS, sorted(self.bills))
            arrears.store_fees(self.fees)
            similar.count(self.month, self.uses)
        totals = [bill[20] for bill in self.bills]
        self.bills, self.fees, self.uses = [], [], []
        return totals


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
    ((lowest, highest),) = rows("SELECT min(id), max(id) FROM premises")
    made, total, refused = 0, 0, list[tuple[str, str]]()
    for below, upto in spans(lowest or 1, highest or 0):
        with bulk():
            found = stored(work, below, upto)
        made, total = made + found.bills, total + found.total
        refused += found.refused
        seen(upto - lowest + 1, highest - lowest + 1)
    return Outcome(made, total, refused)


def stored(work: Run, below: int, upto: int) -> Outcome:
    """One batch in one transaction. A premises that the database refuses stops only itself: the
    batch is halved until it stands alone.
    """
    try:
        with writing():
            if is_postgres():
                database.execute_sql(statement(RUN_LOCK))
            return work.batch(below, upto)
    except (IntegrityError, DataError) as error:
        if upto - below == 1:
            ((number,),) = rows("SELECT number FROM premises WHERE id = ?", (upto,))
            return Outcome(0, 0, [(number, f"its bill cannot be stored: {error}")])
    half = (below + upto) // 2
    first, second = stored(work, below, half), stored(work, half, upto)
    return Outcome(
        first.bills + second.bills, first.total + second.total, first.refused + second.refused
    )


def reasons(outcome: Outcome) -> Counter[str]:
    """How many premises were refused for which reason."""
    return Counter(reason for _, reason in outcome.refused)
