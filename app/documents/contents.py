"""What a document says, as facts and as texts in both languages, ready to be kept as JSON."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from app import words
from app.accounts.models import Account
from app.bills import line_texts
from app.bills.seen import IN_TIME, VIEWER, SeenBill, seen
from app.bills.views import parts
from app.db import as_day, as_instant, rows
from app.language import LANGUAGES, current, use
from app.tariff import active
from app.tariff.lines import Line

OF_HOLDER_OR_PAYER = "WHERE h.account_id = ? AND h.reference = ? AND h.role <> 'viewer'"
"""A document names a person and a place: who only looks on gets none (S-03)."""
HOMES = f"""
SELECT h.reference, h.name, b.month {IN_TIME} WHERE h.account_id = ? AND h.role <> 'viewer'
ORDER BY h.id, b.month DESC
"""
OF_HOME = """
SELECT p.id, p.number, p.road_address FROM homes h JOIN premises p ON p.id = h.premises_id
WHERE h.account_id = ? AND h.reference = ?
"""
BILLED = f"""
SELECT b.month, b.revision, b.from_on, b.to_on, b.usage_m3
{IN_TIME} {OF_HOLDER_OR_PAYER} AND b.month BETWEEN ? AND ?
ORDER BY b.month, b.revision
"""
PAID = f"""
SELECT b.month, b.revision, b.total - b.paid_before, CAST(b.paid_at AS TEXT)
{IN_TIME} {OF_HOLDER_OR_PAYER} AND b.month BETWEEN ? AND ?
    AND b.paid_at IS NOT NULL AND b.total > b.paid_before AND NOT EXISTS (
        SELECT 1 FROM instalments i WHERE i.premises_id = b.premises_id AND i.month = b.month)
"""  # noqa: S608 put together from our own texts
PAID_IN_PARTS = f"""
SELECT b.month, b.revision, i.amount, CAST(i.paid_at AS TEXT)
{IN_TIME} JOIN instalments i ON i.premises_id = b.premises_id AND i.month = b.month
{OF_HOLDER_OR_PAYER} AND b.month BETWEEN ? AND ?
    AND i.paid_at IS NOT NULL AND b.revision = (
        SELECT max(n.revision) FROM bills n
        WHERE n.premises_id = b.premises_id AND n.month = b.month)
"""  # noqa: S608 put together from our own texts


class Asked(NamedTuple):
    """A document that somebody wants: of which home, from which month to which."""

    home: str
    first: str
    last: str


class Issuable(NamedTuple):
    """Content for a document about a premises."""

    premises_id: int
    content: dict[str, Any]


class Billed(NamedTuple):
    """The newest bill of a month."""

    month: str
    revision: int
    from_on: date
    to_on: date
    usage_m3: int


class Paid(NamedTuple):
    """One payment, with the bill that it was for; `paid_on` is the day in Seoul."""

    month: str
    revision: int
    paid_on: date
    amount: int


def homes(account: Account) -> dict[str, tuple[str, list[str]]]:
    """The homes that an account has bills of: name and months, newest first."""
    found: dict[str, tuple[str, list[str]]] = {}
    for reference, name, month in rows(HOMES, (account.id,)):
        months = found.setdefault(reference, (name, []))[1]
        if month not in months:
            months.append(month)
    return found


def in_each_language(texts: Callable[[], dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The same texts in every language that the site speaks."""
    before, found = current(), {}
    try:
        for language in LANGUAGES:
            use(language)
            found[language] = texts()
    finally:
        use(before)
    return found


def plain(value: Any) -> Any:
    """Values as JSON keeps them: named tuples with their names, days as text."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: plain(part) for name, part in value._asdict().items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return str(value) if isinstance(value, date) else value


def bill(account: Account, asked: Asked) -> Issuable | None:
    """The bill of a month, with every line."""
    found = seen(account, asked.home, asked.first)
    if found is None or found.role == VIEWER:
        return None
    texts = in_each_language(lambda: bill_texts(found))
    facts = {"number": found.number, "address": found.address, "name": account.name}
    bills = [[found.month, found.revision]]
    return Issuable(found.premises_id, {**facts, "bills": bills, "texts": texts})


def bill_texts(found: SeenBill) -> dict[str, Any]:
    lines = line_texts.lines(found, active.table())
    said = {**parts(found), "lines": lines, "sources": line_texts.sources(lines)}
    texts = {name: plain(value) for name, value in said.items()}
    for text, values in zip(texts["lines"], found.lines(), strict=True):
        text["kind"] = Line(*values).kind
    return texts


def billed(account: Account, asked: Asked) -> list[Billed]:
    """The bills of a home within some months, oldest first."""
    found: dict[str, Billed] = {}
    for month, revision, from_on, to_on, usage_m3 in rows(BILLED, (account.id, *asked)):
        first = as_day(from_on) + timedelta(days=1)
        found[month] = Billed(month, revision, first, as_day(to_on), usage_m3)
    return list(found.values())


def paid(account: Account, asked: Asked) -> list[Paid]:
    """What was paid for those months: bills, corrections and instalments, each on its day."""
    whose = account.id, *asked
    found = [*rows(PAID, whose), *rows(PAID_IN_PARTS, whose)]
    return sorted(
        Paid(month, revision, words.local_day(as_instant(paid_at)), amount)
        for month, revision, amount, paid_at in found
    )


def payment(account: Account, asked: Asked) -> Issuable | None:
    """납부확인서: what was paid, by month, with the day."""
    payments = paid(account, asked)

    def texts() -> dict[str, Any]:
        lines = [
            (words.month(one.month), words.day(one.paid_on), words.won(one.amount))
            for one in payments
        ]
        return {"rows": plain(lines), "total": words.won(sum(one.amount for one in payments))}

    return of_period(account, asked, payments, texts)


def usage(account: Account, asked: Asked) -> Issuable | None:
    """사용량 확인서: the water used, by billing month."""
    bills = billed(account, asked)

    def texts() -> dict[str, Any]:
        lines = [
            (
                words.month(bill.month),
                f"{words.day(bill.from_on)} – {words.day(bill.to_on)}",
                words.volume(bill.usage_m3),
            )
            for bill in bills
        ]
        return {"rows": plain(lines), "total": words.volume(sum(b.usage_m3 for b in bills))}

    return of_period(account, asked, bills, texts)


def of_period(
    account: Account,
    asked: Asked,
    bills: Sequence[Billed | Paid],
    texts: Callable[[], dict[str, Any]],
) -> Issuable | None:
    """A statement over some months; None when there is nothing to state."""
    if not bills:
        return None
    ((premises_id, number, address),) = rows(OF_HOME, (account.id, asked.home))

    def said() -> dict[str, Any]:
        span = words.month(asked.first), words.month(asked.last)
        return {**texts(), "period": " – ".join(dict.fromkeys(span))}

    return Issuable(
        premises_id,
        {
            "number": number,
            "address": address,
            "name": account.name,
            "bills": plain(sorted({bill.month: bill.revision for bill in bills}.items())),
            "texts": in_each_language(said),
        },
    )
