"""Our payments beside the gateway's, both ways; what we have lost is found again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app import clock
from app.clock import SEOUL
from app.crashpoint import crashpoint
from app.db import as_day, as_instant, instant, rows
from app.money import Money
from app.payments import gate, journal, settle
from app.payments.gateway import Done, Transaction, Truth, current
from app.payments.models import Attempt, AttemptBill, AttemptEvent, Channel, Owner, Payment, State
from app.payments.records import Discrepancy, Kind, ReconciliationRun
from app.payments.refund_models import Refund
from app.payments.states import WINDOW
from app.words import local_day

OURS = """
SELECT p.id FROM payments p WHERE p.paid_at >= ? AND p.paid_at < ? ORDER BY p.id
"""
HOME = "SELECT 1 FROM premises WHERE id = ?"
NEWEST = "SELECT max(created_at) FROM attempts"
OLDEST = "SELECT min(created_at) FROM attempts"
LAST_RUN = "SELECT max(to_on) FROM reconciliation_runs WHERE finished_at IS NOT NULL"
LOOK_BACK = timedelta(days=2)


@dataclass
class Found:
    """What a comparison came to."""

    theirs: int = 0
    ours: int = 0
    settled: int = 0
    problems: list[str] = field(default_factory=list)


def compare(first: date, last: date, now: datetime | None = None) -> Found:
    """Compare some days; raises UnreadableError when the gateway's list cannot be had.

    Everything of theirs that we do not know is booked: for its bills where the journal knows them,
    else in suspense. What stays different afterwards is told.
    """
    began = now or clock.now()
    run = ReconciliationRun.create(
        from_on=first, to_on=last, started_at=began, finished_at=None,
        theirs=0, ours=0, settled=0, problems=0,
    )  # fmt: skip
    found = Found()
    by_order = grouped(current().transactions(first, last))
    crashpoint("reconcile.after_list")
    keys = {one.key for listed in by_order.values() for one in listed}
    for step in (theirs_in_ours(by_order, first, found), ours_in_theirs(first, last, keys, found)):
        for _ in step:
            crashpoint("reconcile.after_one")
    run.finished_at, run.theirs, run.ours = clock.now(), found.theirs, found.ours
    run.settled, run.problems = found.settled, len(found.problems)
    run.save()
    return found


def grouped(listed: Iterable[Transaction]) -> dict[str, list[Transaction]]:
    """What happened, by order."""
    found: dict[str, list[Transaction]] = defaultdict(list)
    for one in listed:
        found[one.order_id].append(one)
    return found


def theirs_in_ours(
    by_order: dict[str, list[Transaction]], first: date, found: Found
) -> Iterator[None]:
    """Each of theirs must be one of ours."""
    unknown = {order for order in by_order if Attempt.of_order(order) is None}
    kept = journal.find(unknown, first - LOOK_BACK)
    for order, listed in by_order.items():
        found.theirs += len(listed)
        attempt = Attempt.of_order(order)
        if attempt is None:
            attempt = made_again(order, kept.get(order))
            if attempt is None:
                found.problems.append(f"{order}: cannot be looked up")
                yield
                continue
        if not {one.key for one in listed} <= keys_of(attempt):
            before = attempt.state, len(keys_of(attempt))
            answer = settle.settle(attempt)
            found.settled += (attempt.state, len(keys_of(attempt))) != before
            if not isinstance(answer, Done):
                found.problems.append(f"{order}: {answer}")
            else:
                check(attempt, answer.value, found)
        yield


def keys_of(attempt: Attempt) -> set[str]:
    """The gateway's transactions that we have booked."""
    payment = Payment.of(attempt.id)
    if payment is None:
        return set()
    return {payment.transaction_key} | {str(one.provider_tx) for one in Refund.of(payment.id)}


def check(attempt: Attempt, truth: Truth, found: Found) -> None:
    """After both sides were brought together: the same amount must be held for the same order."""
    payment = Payment.of(attempt.id)
    theirs = int(truth.left) if truth.was_paid else 0
    ours = held(payment) if payment else 0
    if ours != theirs:
        found.problems.append(f"{attempt.order_id}: ours {ours}, theirs {theirs}")
        Discrepancy.tell(
            Kind.AMOUNT,
            f"{attempt.order_id}:{ours}:{theirs}",
            clock.now(),
            order_id=attempt.order_id,
            payment_id=payment.id if payment else None,
            ours=ours,
            theirs=theirs,
        )


def held(payment: Payment) -> int:
    """What the gateway should have of a payment: nothing when it was undone."""
    back = sum(
        one.amount for one in Refund.of(payment.id) if one.state == "done" and one.way == "gateway"
    )
    return 0 if payment.reversed_at else int(payment.amount) - int(back)


def ours_in_theirs(first: date, last: date, keys: set[str], found: Found) -> Iterator[None]:
    """Each of ours must be one of theirs. Deposits are looked up even so: one may be undone."""
    for (number,) in rows(OURS, (start_of(first), start_of(last + timedelta(days=1)))):
        payment: Payment = Payment.get_by_id(number)
        found.ours += 1
        if payment.transaction_key in keys and payment.channel != Channel.DEPOSIT:
            continue
        attempt: Attempt = payment.attempt
        before = attempt.state
        answer = settle.settle(attempt)
        found.settled += attempt.state != before
        if isinstance(answer, Done):
            check(attempt, answer.value, found)
        else:
            found.problems.append(f"{attempt.order_id}: {answer}")
        yield


def start_of(day: date) -> str:
    return instant(datetime.combine(day, time(), SEOUL))


def made_again(order: str, line: dict[str, Any] | None) -> Attempt | None:
    """An attempt that our database does not have (any more), from the journal or from nothing."""
    answer = current().lookup(order)
    if not isinstance(answer, Done):
        return None
    truth: Truth = answer.value
    now = clock.now()
    with gate.booking():
        attempt = Attempt.create(**columns(truth, line, now))
        bills = line["bills"] if line and are_known(line) else []
        for premises_id, month, position, revision, amount in bills:
            AttemptBill.create(
                attempt=attempt, premises=premises_id, month=month, position=position,
                revision=revision, amount=Money(amount), closed_at=now,
            )  # fmt: skip
        AttemptEvent.note(attempt, "found at the gateway", now)
        if not bills:
            Discrepancy.tell(
                Kind.THEIRS_NOT_OURS, order, now, order_id=order, theirs=int(truth.total)
            )
        crashpoint("reconcile.before_commit")
    return attempt


def are_known(line: dict[str, Any]) -> bool:
    """Whether the homes of a journal's line are in the database: a backup may be older."""
    return all(rows(HOME, (one[0],)) for one in line["bills"])


def columns(truth: Truth, line: dict[str, Any] | None, now: datetime) -> dict[str, Any]:
    """Everything that is known of such an attempt."""
    kept = line or {}
    channel = Channel.DEPOSIT if truth.account else Channel.CARD
    made = datetime.fromisoformat(kept["at"]) if line else now
    return {
        "order_id": truth.order_id,
        "channel": kept.get("channel", channel),
        "amount": truth.total,
        "tax_free": Money(min(kept.get("tax_free", 0), truth.total)),
        "order_name": kept.get("name", ""),
        "state": State.UNKNOWN,
        "reason": "",
        "owner": kept.get("owner", Owner.OFFICE),
        "owner_key": kept.get("owner_key", ""),
        "account_id": kept.get("account_id"),
        "name": "",
        "email": "",
        "language": kept.get("language", "ko"),
        "form_key": None,
        "form_digest": "",
        "payment_key": truth.payment_key,
        "secret": truth.secret,
        "bank": truth.account.bank if truth.account else "",
        "account_number": truth.account.number if truth.account else "",
        "deposit_until": truth.account.due_at if truth.account else None,
        "created_at": made.astimezone(UTC),
        "changed_at": now,
        "expires_at": made.astimezone(UTC) + WINDOW,
        "authenticated_at": None,
        "check_at": now,
        "checks": 0,
    }


def days_behind(now: datetime) -> tuple[date, date]:
    """The days that a comparison covers by itself: yesterday and the day before; more when the last
    one is longer ago; after a restored backup all since the newest attempt that is known.
    """
    today = local_day(now)
    last = rows(LAST_RUN)[0][0]
    known = rows(NEWEST if gate.is_restored() else OLDEST)[0][0]
    begun = local_day(as_instant(known)) if known else today - journal.KEPT
    since = min(as_day(last), begun) if last and gate.is_restored() else as_day(last or begun)
    return min(today - LOOK_BACK, since - timedelta(days=1)), today


def reconcile(
    first: date | None = None, last: date | None = None, now: datetime | None = None
) -> Found:
    """Compare, and open payments again that a restored backup had closed, when all agrees."""
    moment = now or clock.now()
    gate.note_restored(moment)
    closed = gate.why_closed()
    usual = days_behind(moment)
    found = compare(first or usual[0], last or usual[1], moment)
    whole = (first or usual[0]) <= usual[0] and (last or usual[1]) >= usual[1]
    waiting = (gate.Closed.RESTORED, gate.Closed.UNMARKED)
    if closed in waiting and whole and not found.problems:
        if gate.is_closed_by_hand():
            gate.caught_up()  # who has closed them opens them
        else:
            gate.open_again("compared with the gateway", "reconcile", moment)
    return found
