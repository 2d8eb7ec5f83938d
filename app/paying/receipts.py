"""영수증: what was paid, as a page, on paper and as PDF; and asking for a payment back."""

import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, masks, references, words
from app.access import customer, strong
from app.accounts.session import current_account
from app.documents import pdfs, printer
from app.documents.kept import Edition
from app.language import _, current
from app.ledger.book import left_of_payment
from app.ledger.models import Book
from app.money import Money
from app.paying.forms import CancelForm, DepositCancelForm
from app.payments.banks import bank_name
from app.payments.gateway import Refund as To
from app.payments.models import Attempt, AttemptBill, Channel, Owner, Payer, Payment, State
from app.payments.refund_models import Refund, RefundState
from app.payments.refunds import Part, RefundError, available, request_refund
from app.supply.models import Premises
from app.web import page, sheet

bp = Blueprint("receipts", __name__, url_prefix="/pay/receipts")

MOST = 60
CANCEL_WITHIN = timedelta(days=7)
"""So long a payer may ask for a payment back here; later the office is asked."""
WISH = "cancel "
"""How the form keys of payers' own requests begin."""
WITH_MONEY = (State.PAID, State.REFUNDED, State.REVERSED)


def mine() -> Any:
    return Attempt.of(Payer.of(current_account())).where(Attempt.state.in_(WITH_MONEY))


def found(order: str) -> tuple[Attempt, Payment]:
    """A payment of one's own, or the same 404 for another's as for none."""
    attempt = mine().where(Attempt.order_id == order).first()
    payment = Payment.of(attempt.id) if attempt else None
    return (attempt, payment) if attempt and payment else abort(404)


@bp.get("/")
@customer
def index() -> ResponseReturnValue:
    rows = []
    for attempt in mine().limit(MOST):
        payment = Payment.of(attempt.id)
        rows.append(
            {
                "order": attempt.order_id,
                "name": attempt.order_name,
                "amount": words.won(attempt.amount),
                "paid": words.moment(payment.paid_at) if payment else "",
                "state": attempt.state,
            }
        )
    return page("paying/receipts.html", rows=rows)


@bp.get("/<order>")
@customer
def show(order: str) -> ResponseReturnValue:
    attempt, payment = found(order)
    here = {
        "pdf": url_for(".pdf", order=order) if printer.available() else "",
        "asked": request.args.get("asked") == "1",
        "may_cancel": may_cancel(attempt, payment),
    }
    return page("paying/receipt.html", **told(attempt, payment) | here)


def told(attempt: Attempt, payment: Payment) -> dict[str, Any]:
    """Everything that the receipt says; of a guest no name and no whole customer number."""
    guest = attempt.owner == Owner.GUEST
    refunds = Refund.of(payment.id)
    back = [one for one in refunds if one.state == RefundState.DONE]
    open_ones = [one for one in refunds if one.state not in ENDED]
    method = (
        _("가상계좌 입금") if attempt.channel == Channel.DEPOSIT else payment.method or _("카드")
    )
    return {
        "order": references.grouped(attempt.order_id, 6),
        "order_id": attempt.order_id,
        "name": "" if guest else current_account().name,
        "guest": guest,
        "paid": words.moment(payment.paid_at),
        "method": method,
        "card": payment.card,
        "bank": bank_name(attempt.bank) if attempt.bank else "",
        "total": words.won(attempt.amount),
        "lines": [line(one, guest) for one in attempt.bills],
        "refunds": [refund_line(one) for one in back],
        "refused": [refund_line(one) for one in refunds if was_refused(one)],
        "waiting": [refund_line(one) for one in open_ones],
        "left": words.won(attempt.amount - sum(one.amount for one in back)),
        "undone": attempt.state == State.REVERSED,
        "pdf": "",
        "asked": False,
        "may_cancel": False,
        "city": str(current_app.config["SITE_NAME_EN" if current() == "en" else "SITE_NAME"]),
    }


ENDED = (RefundState.DONE, RefundState.REFUSED, RefundState.WITHDRAWN)


def was_refused(one: Refund) -> bool:
    """Whether the payer asked for it in vain."""
    wish = (one.form_key or "").startswith(WISH)
    return wish and one.state in (RefundState.REFUSED, RefundState.WITHDRAWN)


def line(one: AttemptBill, masked: bool) -> dict[str, str]:
    place: Premises = Premises.get_by_id(one.premises_id)
    part = _(" %(position)s번째 몫", position=one.position) if one.position else ""
    return {
        "number": words.number(masks.digits(place.number) if masked else place.number),
        "month": f"{words.month(one.month)}{part}",
        "amount": words.won(one.amount),
    }


def refund_line(one: Refund) -> dict[str, str]:
    at = one.done_at or one.requested_at
    return {"amount": words.won(one.amount), "at": words.moment(at), "reason": one.reason}


@bp.get("/<order>/pdf")
@customer
def pdf(order: str) -> ResponseReturnValue:
    attempt, payment = found(order)
    if not printer.available():
        abort(404)
    return printed(attempt, told(attempt, payment), str(current_account().id))


def printed(attempt: Attempt, shown: dict[str, Any], whose: str) -> ResponseReturnValue:
    """A receipt as PDF; `whose` is by whom the new ones of an hour are counted."""
    said = [attempt.state, shown["name"], shown["refunds"], shown["waiting"], shown["refused"]]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    name = f"receipt-{attempt.order_id}"
    edition = Edition(name, current(), digest)
    return pdfs.given(edition, name, lambda: sheet("paying/receipt.html", **shown), whose)


def may_cancel(attempt: Attempt, payment: Payment) -> bool:
    """Whether the payer may still ask here to have it back: not twice, and not for ever."""
    young = clock.now() - payment.paid_at <= CANCEL_WITHIN
    asked = [one for one in Refund.of(payment.id) if one.state not in ENDED]
    return attempt.state == State.PAID and young and not asked and bool(own_parts(payment))


def own_parts(payment: Payment) -> list[Part]:
    """What a payer may ask back: the bills of this payment, and what it paid too much, not what the
    home has of other payments.
    """
    left = available(payment)
    room = left.room - sum(one.amount for one in left.bills)
    surplus = {
        one.premises_id: -one.amount
        for one in left_of_payment(payment.id)
        if one.account is Book.CREDIT
    }
    parts = list(left.bills)
    for one in left.credits:
        most = Money(min(one.amount, surplus.get(one.premises_id, 0), room))
        if most > 0:
            parts.append(one._replace(amount=most))
            room -= most
    return parts


@bp.route("/<order>/cancel", methods=["GET", "POST"])
@strong
def cancel(order: str) -> ResponseReturnValue:
    """Ask for a payment back: the office decides, and the same way or account gets the money."""
    attempt, payment = found(order)
    if not may_cancel(attempt, payment):
        return redirect(url_for(".show", order=order), 303)
    deposit = attempt.channel == Channel.DEPOSIT
    form = DepositCancelForm() if deposit else CancelForm()
    parts, left = own_parts(payment), available(payment)
    if form.validate_on_submit():
        to = To(form.bank.data, form.number.data, form.holder.data) if deposit else None
        key = f"{WISH}{request.form.get('key', '')}"[:64]
        try:
            request_refund(
                payment,
                parts,
                form.reason.data,
                f"account {current_account().id}",
                clock.now(),
                believed=Money(left.total),
                to=to,
                form_key=key,
            )
        except RefundError:
            form.form_errors.append(_("그사이 결제가 바뀌었습니다. 영수증을 다시 확인해 주십시오."))
        else:
            return redirect(url_for(".show", order=order, asked=1), 303)
    return page(
        "paying/cancel.html",
        form=form,
        deposit=deposit,
        order=order,
        total=words.won(sum(one.amount for one in parts)),
        key=request.form.get("key") or secrets.token_urlsafe(24),
    ), form.status
