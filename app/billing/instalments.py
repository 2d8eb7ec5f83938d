"""Paying one bill in parts (W-ORD art. 28(3))."""

from datetime import date, datetime

from app.billing.models import Instalment
from app.billing.periods import due_date
from app.bills.models import Bill
from app.clock import add_months
from app.db import writing
from app.supply.models import Premises
from app.tariff.table import Table


class PlanError(ValueError):
    """A plan that cannot be agreed; says why."""


def agree(
    number: str, month: str, parts: int, agreed_by: str, agreed_at: datetime, table: Table
) -> list[Instalment]:
    """Divide what is unpaid of a bill into parts, due at the ends of the coming months.

    All parts are equal but the first, which takes what cannot be divided by 10 won. Raises
    PlanError.
    """
    if not 2 <= parts <= table.rules.instalments:
        raise PlanError(f"a bill can be paid in 2 to {table.rules.instalments} parts")
    if not agreed_by.strip():
        raise PlanError("say who agreed to it")
    with writing():
        place = Premises.numbered(number).first()
        if place:
            Premises.hold([place.id])
        bill = Bill.documents(place.id, month).first() if place else None
        if bill is None:
            raise PlanError("there is no such bill")
        owed = bill.total - bill.paid_before if bill.paid_at is None else 0
        if owed < parts * 10:
            raise PlanError("there is nothing to divide")
        if Instalment.select().where(of(bill)).exists():
            raise PlanError("this bill is paid by instalments already")
        each = owed // parts // 10 * 10
        this = agreed_at.date().isoformat()[:7]
        return [
            Instalment.create(
                premises=bill.premises_id,
                month=month,
                position=position,
                due_on=instalment_day(this, position),
                amount=owed - each * (parts - 1) if position == 1 else each,
                agreed_by=agreed_by.strip(),
                agreed_at=agreed_at,
            )
            for position in range(1, parts + 1)
        ]


def of(bill: Bill) -> object:
    """The instalments of a bill, as a condition."""
    return (Instalment.premises == bill.premises_id) & (Instalment.month == bill.month)


def instalment_day(month: str, position: int) -> date:
    """The end of the month so many months later, or the next business day."""
    return due_date(add_months(month, position))
