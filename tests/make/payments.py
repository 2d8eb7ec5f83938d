"""Attempts to pay, payments, refunds, the ledger, and what the gateway said."""

from datetime import date, timedelta

from app import references
from app.billing.models import LateHold
from app.ledger.models import Entry, Operation
from app.payments.models import Attempt, AttemptBill, AttemptEvent, Payment
from app.payments.records import Discrepancy, Gate, GatewayEvent, OutboundCall, ReconciliationRun
from app.payments.refund_models import Refund, RefundPart
from tests.make.base import LONG_AGO, create, numbers
from tests.make.supply import premises


def attempt(**values):
    """A window for 31,680 won that nobody has opened yet."""
    return create(
        Attempt,
        values,
        order_id=lambda: references.new(24),
        channel="card",
        amount=31_680,
        tax_free=31_680,
        order_name="2026년 11월 수도요금",
        state="created",
        reason="",
        owner="account",
        owner_key="1",
        account_id=None,
        name="김보기",
        email="",
        language="ko",
        form_key=lambda: references.new(20),
        form_digest="-",
        payment_key=None,
        secret="",
        bank="",
        account_number="",
        deposit_until=None,
        created_at=LONG_AGO,
        changed_at=LONG_AGO,
        expires_at=LONG_AGO + timedelta(minutes=30),
        authenticated_at=None,
        check_at=None,
        checks=0,
    )


def attempt_bill(**values):
    return create(
        AttemptBill,
        values,
        attempt=attempt,
        premises=premises,
        month="2026-11",
        position=0,
        revision=0,
        amount=31_680,
        closed_at=None,
    )


def attempt_event(**values):
    return create(
        AttemptEvent,
        values,
        attempt=attempt,
        at=LONG_AGO,
        state="created",
        what="created",
        detail="",
        actor="",
    )


def payment(**values):
    """What came of an attempt; nothing of it is in the ledger."""
    return create(
        Payment,
        values,
        attempt=attempt,
        channel="card",
        external_ref=lambda: references.new(20),
        order_id=lambda: references.new(24),
        amount=31_680,
        method="카드",
        card="12345678****000*",
        receipt_url="",
        transaction_key=lambda: references.new(20),
        paid_at=LONG_AGO,
        booked_at=LONG_AGO,
        reversed_at=None,
        settled_on=None,
    )


def refund(**values):
    return create(
        Refund,
        values,
        reference=lambda: references.new(10),
        payment=payment,
        amount=1_000,
        way="gateway",
        state="requested",
        reason="두 번 냄",
        problem="",
        account="",
        requested_by="보기 담당",
        requested_at=LONG_AGO,
        approved_by="",
        approved_at=None,
        done_at=None,
        provider_tx=None,
        form_key=None,
        check_at=None,
        checks=0,
    )


def refund_part(**values):
    return create(
        RefundPart,
        values,
        refund=refund,
        premises=premises,
        month="",
        position=0,
        revision=0,
        amount=1_000,
    )


def operation(**values):
    return create(
        Operation,
        values,
        key=lambda: f"test:{next(numbers)}",
        kind="test",
        payment_id=None,
        refund_id=None,
        event_at=LONG_AGO,
        created_at=LONG_AGO,
        actor="",
    )


def entry(**values):
    """One half of an operation."""
    return create(
        Entry,
        values,
        operation=operation,
        line=1,
        account="gateway",
        premises=None,
        month="",
        revision=0,
        position=0,
        amount=31_680,
        event_at=LONG_AGO,
        created_at=LONG_AGO,
    )


def late_hold(**values):
    return create(
        LateHold,
        values,
        premises=premises,
        month="2026-09",
        since=LONG_AGO,
        reason="deposit undone",
        decision="",
        decided_by="",
        decided_at=None,
    )


def gateway_event(**values):
    return create(
        GatewayEvent,
        values,
        transmission_id=lambda: references.new(20),
        received_at=LONG_AGO,
        headers="{}",
        body="{}",
        kind="PAYMENT_STATUS_CHANGED",
        order_id="",
        attempt_id=None,
        try_at=None,
        tries=0,
        handled_at=None,
        outcome="unknown",
    )


def outbound_call(**values):
    return create(
        OutboundCall,
        values,
        operation_key=lambda: f"confirm:{references.new(20)}",
        request_digest="-",
        state="intent",
        tries=1,
        first_at=LONG_AGO,
        last_at=LONG_AGO,
        answer="",
    )


def reconciliation_run(**values):
    return create(
        ReconciliationRun,
        values,
        from_on=date(2026, 11, 24),
        to_on=date(2026, 11, 26),
        started_at=LONG_AGO,
        finished_at=LONG_AGO,
        theirs=0,
        ours=0,
        settled=0,
        problems=0,
    )


def discrepancy(**values):
    return create(
        Discrepancy,
        values,
        key=lambda: f"amount:{next(numbers)}",
        kind="amount",
        order_id="",
        payment_id=None,
        refund_id=None,
        premises_id=None,
        ours=1,
        theirs=2,
        found_at=LONG_AGO,
        decided_at=None,
        decided_by="",
        decision="",
    )


def gate(**values):
    return create(
        Gate, values, state="open", reason="", changed_by="보기 담당", changed_at=LONG_AGO
    )
