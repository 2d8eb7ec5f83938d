"""What the gateway told and was told, what does not agree, and whether payments are open."""

from datetime import datetime
from enum import StrEnum
from typing import Self

from peewee import AutoField, BigIntegerField, CharField, Check, IntegerField, ModelSelect

from app.db import BaseModel, DayColumn, InstantColumn, one_of
from app.observe import log
from app.sealed import SealedText


class GatewayEvent(BaseModel):
    """A notice of the gateway as it came, before anything was done about it."""

    id = AutoField()
    transmission_id = CharField(80, unique=True)
    received_at = InstantColumn()
    headers = CharField(1000)
    body = SealedText()
    kind = CharField(40)
    order_id = CharField(64)
    attempt_id = IntegerField(null=True, index=True)
    try_at = InstantColumn(null=True)
    tries = IntegerField(constraints=[Check("tries >= 0")])
    handled_at = InstantColumn(null=True)
    outcome = CharField(40)

    class Meta:
        table_name = "gateway_events"


GatewayEvent.add_index(
    GatewayEvent.index(GatewayEvent.try_at, name="gateway_event_waiting").where(
        GatewayEvent.try_at.is_null(False)
    )
)


class Answered(StrEnum):
    INTENT = "intent"
    """Written down and about to be made, or made and then the process died."""
    DONE = "done"
    DECLINED = "declined"
    UNKNOWN = "unknown"
    OURS = "ours"
    MISSING = "missing"


class OutboundCall(BaseModel):
    """A call that moves money, written down before it is made. `operation_key` is its name."""

    id = AutoField()
    operation_key = CharField(80, unique=True)
    request_digest = CharField(64)
    state = CharField(8, constraints=[one_of("state", *Answered)])
    tries = IntegerField(constraints=[Check("tries > 0")])
    first_at = InstantColumn()
    last_at = InstantColumn()
    answer = CharField(80)

    class Meta:
        table_name = "outbound_calls"


class ReconciliationRun(BaseModel):
    """One comparison of some days of ours with the gateway's."""

    id = AutoField()
    from_on = DayColumn()
    to_on = DayColumn()
    started_at = InstantColumn()
    finished_at = InstantColumn(null=True)
    theirs = IntegerField(constraints=[Check("theirs >= 0")])
    ours = IntegerField(constraints=[Check("ours >= 0")])
    settled = IntegerField(constraints=[Check("settled >= 0")])
    problems = IntegerField(constraints=[Check("problems >= 0")])

    class Meta:
        table_name = "reconciliation_runs"


class Kind(StrEnum):
    """What does not agree, and who of the office has to decide what."""

    THEIRS_NOT_OURS = "theirs_not_ours"
    """Money of an order that nobody knows: it is in suspense."""
    OURS_NOT_THEIRS = "ours_not_theirs"
    AMOUNT = "amount"
    STATE = "state"
    EXTRA_MONEY = "extra_money"
    """It paid no bill any more: it is a credit, to be set off or paid back."""
    UNDONE = "undone"
    """A deposit was undone: the bill is open again; late fee or not is to be decided."""
    FOUND_CANCEL = "found_cancel"
    """Somebody took a payment back at the gateway itself."""
    STALE_CALL = "stale_call"
    """A call that moves money is too old to be made again."""
    REFUND_REFUSED = "refund_refused"
    PAYOUT = "payout"
    OVERDRAWN = "overdrawn"
    """A credit was used up and then taken away: the customer owes it."""
    WRONG_NOTICE = "wrong_notice"
    """A notice with the wrong secret: somebody plays the gateway."""


class Discrepancy(BaseModel):
    """Something that a person has to look at. `key` is told once."""

    id = AutoField()
    key = CharField(120, unique=True)
    kind = CharField(20, constraints=[one_of("kind", *Kind)])
    order_id = CharField(64)
    payment_id = IntegerField(null=True)
    refund_id = IntegerField(null=True)
    premises_id = IntegerField(null=True)
    ours = BigIntegerField(null=True)
    theirs = BigIntegerField(null=True)
    found_at = InstantColumn()
    decided_at = InstantColumn(null=True)
    decided_by = CharField(60)
    decision = CharField(200)

    class Meta:
        table_name = "discrepancies"

    @classmethod
    def open(cls) -> "ModelSelect[Self]":
        """What nobody has decided yet, oldest first."""
        return cls.select().where(cls.decided_at.is_null()).order_by(cls.id)

    @classmethod
    def tell(cls, kind: Kind, key: str, now: datetime, **values: int | str | None) -> None:
        """Write it down, once, and into the log; in the caller's transaction."""
        name = f"{kind}:{key}"
        if cls.select().where(cls.key == name).exists():
            return
        given = {"order_id": "", **values}
        cls.create(key=name, kind=kind, found_at=now, decided_by="", decision="", **given)
        log.error("payments: somebody has to look", extra={"fields": {"kind": kind, "key": key}})

    def decide(self, decision: str, by: str, now: datetime) -> None:
        """What a person made of it."""
        self.decided_at, self.decided_by, self.decision = now, by, decision
        self.save(only=["decided_at", "decided_by", "decision"])


Discrepancy.add_index(
    Discrepancy.index(Discrepancy.id, name="discrepancy_open").where(
        Discrepancy.decided_at.is_null()
    )
)


class Gate(BaseModel):
    """Whether payments are open, as a history; the newest row counts, none is open."""

    id = AutoField()
    state = CharField(8, constraints=[one_of("state", "open", "closed", "restored")])
    reason = CharField(200)
    changed_by = CharField(60)
    changed_at = InstantColumn()

    class Meta:
        table_name = "payment_gate"
