"""What the desk shows of a premises or of an account: people, links, bills, messages, a time line.

Everything is read within the member's offices; what is masked is masked here.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from app import masks, phones, words
from app.accounts.models import Account
from app.bills.models import State
from app.bills.seen import ListedBill, state
from app.customers.search import padded
from app.db import as_day, as_instant, rows
from app.sealed import opened
from app.supply.models import Premises

BILLS, MESSAGES, EVENTS = 12, 20, 40
OF_HOMES = ("bill_", "home_", "payment_", "deposit_", "refund_")
"""How the kinds of messages begin that are about a home."""


class Contact(NamedTuple):
    """Somebody who owned or used a premises, with their contact on file."""

    role: str
    name: str
    email: str
    phone: str
    billing_address: str
    since: date
    until: date | None


class Linked(NamedTuple):
    """An account and a premises that are linked, from either side."""

    reference: str
    number: str
    name: str
    email: str
    role: str
    level: int
    since: date
    until: date | None


class Event(NamedTuple):
    """One line of the time line."""

    at: datetime
    what: str
    who: str


CONTACTS = """
SELECT role, name, email, phone, billing_address, started_on, ended_on FROM occupancies
WHERE premises_id = ? ORDER BY ended_on IS NOT NULL, started_on DESC
"""
LINKS = """
SELECT a.reference, p.number, a.name, a.email, h.role, h.level, h.since_on, h.until_on, p.office
FROM homes h JOIN accounts a ON a.id = h.account_id JOIN premises p ON p.id = h.premises_id
"""
OF_PREMISES = LINKS + "WHERE h.premises_id = ? ORDER BY h.until_on IS NOT NULL, h.id"
OF_ACCOUNT = LINKS + "WHERE h.account_id = ? ORDER BY h.until_on IS NOT NULL, h.id"
BILLED = """
SELECT b.month, b.usage_m3, b.total, b.due_on, CAST(b.paid_at AS TEXT), b.paid_before,
    EXISTS (SELECT 1 FROM instalments i WHERE i.premises_id = b.premises_id AND i.month = b.month),
    b.revision
FROM bills b WHERE b.premises_id = ? AND b.revision = (
    SELECT max(n.revision) FROM bills n WHERE n.premises_id = b.premises_id AND n.month = b.month)
ORDER BY b.month DESC LIMIT ?
"""
SENT = """
SELECT kind, channel, state, created_at, problem FROM messages WHERE account_id = ?
ORDER BY id DESC LIMIT ?
"""
HAPPENED = """
SELECT at, what, actor FROM home_events WHERE premises_id = ? ORDER BY id DESC LIMIT ?
"""
HAPPENED_TO = """
SELECT e.at, e.what, e.actor FROM home_events e JOIN premises p ON p.id = e.premises_id
WHERE e.account_id = ? AND p.office IN (?, ?, ?, ?, ?, ?, ?, ?) ORDER BY e.id DESC LIMIT ?
"""
CORRECTED = """
SELECT made_at, 'corrected', made_by FROM corrections WHERE premises_id = ?
ORDER BY made_at DESC LIMIT ?
"""
RECORDED = """
SELECT at, action, actor_name FROM audit WHERE premises_id = ? ORDER BY id DESC LIMIT ?
"""
RECORDED_OF = """
SELECT e.at, e.action, e.actor_name FROM audit e LEFT JOIN premises p ON p.id = e.premises_id
WHERE e.account_id = ? AND COALESCE(p.office, e.office) IN ('', ?, ?, ?, ?, ?, ?, ?, ?)
ORDER BY e.id DESC LIMIT ?
"""


def place(number: str, scope: tuple[str, ...]) -> Premises | None:
    """The premises of a number, in one of these offices."""
    return Premises.numbered(number).where(Premises.office.in_(scope)).first()


def account(reference: str, scope: tuple[str, ...]) -> Account | None:
    """The account of a reference, with a home in one of these offices or with none at all."""
    found: Account | None = Account.get_or_none(
        (Account.reference == reference) & (Account.reference != "")
    )
    if found is None:
        return None
    offices = {row[8] for row in rows(OF_ACCOUNT, (found.id,))}
    return found if not offices or offices & set(scope) else None


def contacts(premises_id: int) -> list[Contact]:
    found = rows(CONTACTS, (premises_id,))
    return [
        Contact(
            role, name, email, phones.shown_or(opened(phone)), address, as_day(since), last(end)
        )
        for role, name, email, phone, address, since, end in found
    ]


def last(day: Any) -> date | None:
    return None if day is None else as_day(day)


def hidden_contact(one: Contact) -> Contact:
    return one._replace(
        name=masks.name(one.name),
        email=masks.email(one.email) if one.email else "",
        phone=masks.phone(one.phone),
        billing_address=masks.unit(one.billing_address),
    )


def links_of_premises(premises_id: int) -> list[Linked]:
    return [linked(row) for row in rows(OF_PREMISES, (premises_id,))]


def links_of_account(account_id: int, scope: tuple[str, ...]) -> list[Linked]:
    """The homes of an account in these offices; others are not the member's to see."""
    return [linked(row) for row in rows(OF_ACCOUNT, (account_id,)) if row[8] in scope]


def linked(row: tuple[Any, ...]) -> Linked:
    return Linked._make([*row[:6], as_day(row[6]), last(row[7])])


def hidden_link(one: Linked) -> Linked:
    return one._replace(name=masks.name(one.name), email=masks.email(one.email))


def bills(premises_id: int, today: date) -> list[tuple[ListedBill, State]]:
    """The newest bills with where each stands."""
    found = []
    for month, usage, total, due, paid_at, before, planned, revision in rows(
        BILLED, (premises_id, BILLS)
    ):
        one = ListedBill(
            "", "", month, usage, total, as_day(due), paid_at, before, bool(planned), revision
        )
        found.append((one, state(one, today)))
    return found


def messages(account_id: int, scope: tuple[str, ...]) -> list[dict[str, Any]]:
    """What was sent to an account: without what it said.

    Messages do not say which home they are about. So of an account with homes in other offices,
    too, those about homes and money are not the member's to see.
    """
    elsewhere = any(row[8] not in scope for row in rows(OF_ACCOUNT, (account_id,)))
    return [
        {"kind": kind, "channel": channel, "state": state, "at": words.moment(as_instant(at))}
        for kind, channel, state, at, _problem in rows(SENT, (account_id, MESSAGES))
        if not (elsewhere and kind.startswith(OF_HOMES))
    ]


def timeline(*questions: str, values: tuple[int | str, ...]) -> list[Event]:
    """What happened, newest first, from several tables."""
    found = [
        Event(as_instant(at), what, who)
        for sql in questions
        for at, what, who in rows(sql, (*values, EVENTS))
    ]
    return sorted(found, reverse=True)[:EVENTS]


def of_premises(premises_id: int) -> list[Event]:
    return timeline(HAPPENED, CORRECTED, RECORDED, values=(premises_id,))


def of_account(account_id: int, scope: tuple[str, ...]) -> list[Event]:
    """What happened to an account in these offices; the rest is not the member's to see."""
    return timeline(HAPPENED_TO, RECORDED_OF, values=(account_id, *padded(scope)))
