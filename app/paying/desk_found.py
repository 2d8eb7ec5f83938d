"""What the desk finds of payments, within the member's offices."""

from collections.abc import Collection
from datetime import datetime, time
from itertools import islice
from typing import Any, NamedTuple

from app import words
from app.clock import SEOUL
from app.db import as_instant, instant, rows
from app.payments.models import Attempt, AttemptBill, AttemptEvent, Payment
from app.payments.records import Discrepancy, GatewayEvent
from app.payments.refund_models import Refund, RefundPart, RefundState
from app.staff.sign_ins import SignedIn
from app.supply.models import Premises

MOST = 50
MOST_WAITING = 200
OFFICES = """
SELECT DISTINCT p.office FROM attempt_bills b JOIN premises p ON p.id = b.premises_id
WHERE b.attempt_id = ?
"""
OF_PREMISES = """
SELECT DISTINCT a.order_id, a.order_name, a.amount, a.state, a.created_at FROM attempts a
JOIN attempt_bills b ON b.attempt_id = a.id WHERE b.premises_id = ?
ORDER BY a.created_at DESC LIMIT ?
"""
TODAY = """
SELECT channel, count(*), coalesce(sum(amount), 0) FROM payments
WHERE booked_at >= ? AND reversed_at IS NULL GROUP BY channel ORDER BY channel
"""
BACK_TODAY = """
SELECT count(*), coalesce(sum(amount), 0) FROM refunds WHERE state = 'done' AND done_at >= ?
"""
UNKNOWN_SINCE = """
SELECT count(*), min(changed_at) FROM attempts WHERE state = 'unknown' OR state = 'confirming'
"""


def may_see(member: SignedIn, attempt_id: int, permission: str) -> bool:
    """Whether one of an attempt's bills lies in the member's offices; of money that nobody knows,
    whether the member is for all of them.
    """
    offices = {row[0] for row in rows(OFFICES, (attempt_id,))}
    if not offices:
        return member.may_everywhere(permission)
    return bool(offices & set(member.offices(permission)))


def outside(member: SignedIn, permission: str, premises_ids: Collection[int]) -> set[int]:
    """Those of some premises that lie in none of the member's offices."""
    scope = member.offices(permission)
    return {one.get_id() for one in Premises.with_ids(premises_ids) if one.office not in scope}


def may_decide(member: SignedIn, one: Refund, permission: str) -> bool:
    """Whether everything that a refund takes from lies in the member's offices: who is for one of
    two offices decides none over homes of both.
    """
    places = {part.premises_id for part in RefundPart.of(one.id)}
    seen = may_see(member, one.payment.attempt_id, permission)
    return seen and not outside(member, permission, places)


def attempt(member: SignedIn, order: str, permission: str) -> Attempt | None:
    found = Attempt.of_order(order)
    return found if found and may_see(member, found.id, permission) else None


def of_premises(premises_id: int) -> list[dict[str, Any]]:
    return [
        {
            "order": order,
            "name": name,
            "amount": words.won(amount),
            "state": state,
            "at": words.moment(as_instant(at)),
        }
        for order, name, amount, state, at in rows(OF_PREMISES, (premises_id, MOST))
    ]


def bills_of(found: Attempt, scope: tuple[str, ...]) -> list[dict[str, str]]:
    """The bills of an attempt that lie in these offices."""
    places = Premises.with_ids([one.premises_id for one in AttemptBill.of(found.id)])
    known = {one.get_id(): one for one in places if one.office in scope}
    return [
        {
            "number": known[one.premises_id].number,
            "shown": words.number(known[one.premises_id].number),
            "month": words.month(one.month),
            "amount": words.won(one.amount),
        }
        for one in AttemptBill.of(found.id)
        if one.premises_id in known
    ]


class Line(NamedTuple):
    """A line of an attempt's time line."""

    at: datetime
    what: str
    detail: str
    actor: str


def timeline(found: Attempt) -> list[Line]:
    """What happened to an attempt, with every notice of the gateway, oldest first."""
    events = [Line(one.at, one.what, one.detail, one.actor) for one in AttemptEvent.of(found)]
    told = GatewayEvent.select().where(GatewayEvent.attempt_id == found.id)
    notices = [
        Line(one.received_at, f"notice {one.kind}", one.outcome or "waiting", "")
        for one in told.order_by(GatewayEvent.id)
    ]
    return sorted([*events, *notices])


class Today(NamedTuple):
    """Today's numbers."""

    channels: list[tuple[str, int, int]]
    back: tuple[int, int]
    unknown: int
    unknown_since: datetime | None


def today(now: datetime) -> Today:
    since = instant(datetime.combine(now.astimezone(SEOUL).date(), time(), SEOUL))
    channels = [(channel, count, int(amount)) for channel, count, amount in rows(TODAY, (since,))]
    back = rows(BACK_TODAY, (since,))[0]
    count, oldest = rows(UNKNOWN_SINCE)[0]
    return Today(channels, (back[0], int(back[1])), count, oldest and as_instant(oldest))


def waiting_refunds(member: SignedIn, permission: str) -> list[Refund]:
    """Refunds that somebody has to decide or to pay out."""
    bills = AttemptBill.select(AttemptBill.attempt)
    own = Payment.attempt << bills.join(Premises).where(
        Premises.office << member.offices(permission)
    )
    if member.may_everywhere(permission):  # money that nobody knows
        own |= Payment.attempt.not_in(AttemptBill.select(AttemptBill.attempt))
    waits = Refund.state << (RefundState.REQUESTED, RefundState.APPROVED)
    found = Refund.select(Refund, Payment).join(Payment).where(waits & own)
    return list(found.order_by(Refund.id).limit(MOST_WAITING))


def discrepancies(member: SignedIn, permission: str) -> list[Discrepancy]:
    """What somebody has to look at: of the member's offices, or of none."""
    own, everywhere = set(member.offices(permission)), member.may_everywhere(permission)
    theirs = ((one, offices_of(one)) for one in Discrepancy.open().iterator())
    found = (one for one, offices in theirs if offices & own or (everywhere and not offices))
    return list(islice(found, MOST_WAITING))


def offices_of(one: Discrepancy) -> set[str]:
    """The office of a discrepancy's premises, or those of its order's bills."""
    if one.premises_id:
        place = Premises.with_ids([one.premises_id]).first()
        return {place.office} if place else set()
    other = Attempt.of_order(one.order_id) if one.order_id else payment_attempt(one.payment_id)
    return {str(office) for (office,) in rows(OFFICES, (other.id,))} if other else set()


def payment_attempt(payment_id: int | None) -> Attempt | None:
    found = Payment.get_or_none(Payment.id == payment_id) if payment_id else None
    return found.attempt if found else None
