"""The receipt of a bill that was looked up and paid: in that browser, while it may see the bill."""

from flask import abort, redirect, session, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.access import public
from app.documents import printer
from app.lookup.models import Lookup
from app.paying.receipts import WITH_MONEY, printed, told
from app.paying.views import bp
from app.payments.models import Attempt, Owner, Payment
from app.payments.views import visitor
from app.web import page


def found(order: str) -> tuple[Attempt, Payment]:
    """What this browser paid as a guest; the same 404 for another's as for none."""
    attempt = Attempt.of_order(order)
    if attempt is None or attempt.owner != Owner.GUEST or attempt.state not in WITH_MONEY:
        abort(404)
    payment = Payment.of(attempt.id) if attempt.belongs_to(visitor()) else None
    return (attempt, payment) if payment else abort(404)


def may_see(attempt: Attempt) -> bool:
    """Whether this browser has looked up its bills a moment ago: others may sit here now."""
    browser, now = session.get("browser", ""), clock.now()
    seen = [Lookup.sees(browser, bill.premises_id, bill.month, now) for bill in attempt.bills]
    return bool(seen) and all(seen)


@bp.get("/guest/receipts/<order>")
@public
def guest_receipt(order: str) -> ResponseReturnValue:
    attempt, payment = found(order)
    if not may_see(attempt):
        return page("paying/receipt_again.html", order=order), 403
    pdf = url_for(".guest_pdf", order=order) if printer.available() else ""
    return page("paying/receipt.html", **told(attempt, payment) | {"pdf": pdf})


@bp.get("/guest/receipts/<order>/pdf")
@public
def guest_pdf(order: str) -> ResponseReturnValue:
    attempt, payment = found(order)
    if not printer.available():
        abort(404)
    if not may_see(attempt):
        return redirect(url_for(".guest_receipt", order=order), 303)
    return printed(attempt, told(attempt, payment), f"guest {order}")
