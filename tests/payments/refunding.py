"""What people do with refunds in these tests."""

from app import clock
from app.bills.models import Bill
from app.payments import refunds


def ask(counter, payment, *parts, by="가 담당", **named):
    believed = named.pop("believed", counter.do(refunds.available, payment).total)
    return counter.do(
        refunds.request_refund, payment, parts, "두 번 냄", by, clock.now(),
        believed=believed, **named,
    )  # fmt: skip


def whole(counter, payment):
    found = counter.do(refunds.available, payment)
    return (*found.bills, *found.credits)


def approve(counter, refund, by="나 담당"):
    counter.do(refunds.approve, refund, by, clock.now())


def is_paid(bill):
    return Bill.get_by_id((bill.premises_id, bill.month, bill.revision)).paid_at is not None
