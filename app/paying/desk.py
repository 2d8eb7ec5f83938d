"""The desk of payments: finding one, its time line, refunds by two, what does not agree, today."""

import re
import secrets
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import staff, staff_fresh
from app.audit.trail import About
from app.billing.paid import decide_late_fee, held
from app.db import writing
from app.language import later
from app.ledger.book import credit_of, moves
from app.paying import desk_found
from app.paying.desk_forms import DecideForm, FindForm, GateForm
from app.paying.desk_texts import (
    book,
    discrepancy,
    event,
    gate_word,
    held_why,
    refund_state,
    state_word,
)
from app.payments import gate, settle
from app.payments.credits import ConfirmingError, CreditError, apply_credit
from app.payments.models import Attempt, Payment
from app.payments.records import Discrepancy
from app.payments.refund_models import Refund
from app.payments.refunds import is_wish
from app.staff import desk
from app.staff.desk import Offices, Place, Waiting
from app.staff.looks import looked
from app.staff.session import audit, current_member, scope
from app.supply.models import Premises
from app.web import page

bp = Blueprint("payments_desk", __name__, url_prefix="/staff/payments")

SEE, REFUND, APPROVE = "payments.see", "payments.refund", "payments.approve"
ORDER = re.compile(r"[A-Za-z0-9_-]{6,64}")


def waiting(offices: Offices, now: datetime) -> Waiting:
    """Refunds and discrepancies; those of yesterday are late."""
    member = current_member()
    refunds = desk_found.waiting_refunds(member, SEE)
    open_ones = desk_found.discrepancies(member, SEE)
    since = [one.requested_at for one in refunds] + [one.found_at for one in open_ones]
    return Waiting(len(since), sum((now - at).days >= 1 for at in since))


desk.register(Place("/staff/payments/", later("수납"), SEE, waiting, order=30))


def me() -> str:
    """How the books name the member: the reference tells two of a name apart."""
    member = current_member()
    return f"{member.name[:40]} {member.reference}"


@bp.route("/", methods=["GET", "POST"])
@staff(SEE)
def index() -> ResponseReturnValue:
    """Find a payment; today's numbers; what waits."""
    form, member = FindForm(), current_member()
    if form.validate_on_submit():
        query = form.query.data.replace("-", "").replace(" ", "")
        if re.fullmatch(r"\d{9}", query):
            return redirect(url_for(".of", number=query), 303)
        if ORDER.fullmatch(query) and desk_found.attempt(member, query, SEE):
            return redirect(url_for(".show", order=query), 303)
        form.form_errors.append(str(NOT_FOUND))
    now, everywhere = clock.now(), member.may_everywhere(SEE)
    return page(
        "paying/desk.html",
        form=form,
        today=shown_today(now) if everywhere else None,
        refunds=[shown_refund(one) for one in desk_found.waiting_refunds(member, SEE)],
        open_ones=[discrepancy(one) for one in desk_found.discrepancies(member, SEE)],
        gate=gate_word(gate.why_closed()) if everywhere else "",
        gate_form=GateForm(formdata=None),
        may_gate=member.may_everywhere("payments.gate"),
        is_open=gate.why_closed() is None,
        done=request.args.get("done", ""),
    ), form.status


NOT_FOUND = later("담당 사업소에 그런 결제가 없습니다.")


def shown_today(now: datetime) -> dict[str, Any]:
    found = desk_found.today(now)
    return {
        "channels": [(book(name), count, words.won(won)) for name, count, won in found.channels],
        "back": (found.back[0], words.won(found.back[1])),
        "unknown": found.unknown,
        "unknown_since": words.moment(found.unknown_since) if found.unknown_since else "",
    }


CUSTOMER = later("고객")


def shown_refund(one: Refund) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "order": one.payment.order_id,
        "amount": words.won(one.amount),
        "state": refund_state(one.state),
        "at": words.moment(one.requested_at),
        "by": str(CUSTOMER) if is_wish(one) else one.requested_by,
    }


NOT_SET_OFF = {
    "credit": later("더 낸 금액으로 그 고지서를 다 낼 수 없거나, 낼 것이 없습니다."),
    "confirming": later(
        "그 고지서는 지금 다른 결제를 확인하고 있습니다. 결과가 나온 뒤에 다시 하십시오."
    ),
}


def premises(number: str) -> Premises:
    found = Premises.numbered(number).where(Premises.office.in_(scope())).first()
    return found if found is not None else abort(404)


@bp.get("/of/<number>")
@staff(SEE)
def of(number: str) -> ResponseReturnValue:
    """A premises' payments, its account, and its credit."""
    place = premises(number)
    number_ = place.get_id()
    looked("customer.payments_seen", About(None, number_))
    return page(
        "paying/desk_premises.html",
        number=words.number(place.number),
        raw=place.number,
        attempts=[
            one | {"state": state_word(one["state"])} for one in desk_found.of_premises(number_)
        ],
        credit=words.won(credit_of(number_)),
        has_credit=credit_of(number_) > 0,
        key=secrets.token_urlsafe(24),
        moves=[
            {
                "at": words.moment(one.event_at),
                "kind": event(one.kind),
                "book": book(one.account),
                "month": words.month(one.month) if one.month else "",
                "amount": words.won(one.amount),
                "actor": one.actor,
            }
            for one in moves(number_)
        ],
        held=[
            {
                "month": month,
                "text": words.month(month),
                "why": held_why(why),
                "at": words.moment(since),
            }
            for month, since, why in held(number_)
        ],
        may_refund=current_member().may(REFUND),
        problem=NOT_SET_OFF.get(request.args.get("problem", "")),
    )


@bp.post("/of/<number>/set_off")
@staff_fresh(REFUND)
def set_off(number: str) -> ResponseReturnValue:
    """Pay a bill from the premises' credit, as the customer wishes."""
    place, month = premises(number), request.form.get("month", "")[:7]
    key = request.form.get("key", "")[:40]
    try:
        with writing():
            if used := apply_credit(place.get_id(), month, me(), clock.now(), key):
                audit("payments.set_off", About(None, place.get_id()), month=month, won=int(used))
    except CreditError as error:
        problem = "confirming" if isinstance(error, ConfirmingError) else "credit"
        return redirect(url_for(".of", number=number, problem=problem), 303)
    return redirect(url_for(".of", number=number), 303)


@bp.post("/of/<number>/late_fee")
@staff_fresh(REFUND)
def late_fee(number: str) -> ResponseReturnValue:
    """Whether a late fee is due for a bill whose payment was undone or went back."""
    place, month = premises(number), request.form.get("month", "")
    charge = request.form.get("fee") == "charge"
    with writing():
        if decide_late_fee(place.get_id(), month, charge, me(), clock.now()):
            audit("payments.late_fee", About(None, place.get_id()), month=month, charge=charge)
    return redirect(url_for(".of", number=number), 303)


def found(order: str, permission: str = SEE) -> Attempt:
    return desk_found.attempt(current_member(), order, permission) or abort(404)


@bp.get("/order/<order>")
@staff(SEE)
def show(order: str) -> ResponseReturnValue:
    attempt = found(order)
    bills = desk_found.bills_of(attempt, scope())
    place = Premises.numbered(bills[0]["number"]).first() if bills else None
    looked("customer.payments_seen", About(attempt.account_id, place.get_id() if place else None))
    payment = Payment.of(attempt.id)
    return page(
        "paying/desk_order.html",
        attempt=attempt,
        state=state_word(attempt.state),
        amount=words.won(attempt.amount),
        bills=bills,
        paid=words.moment(payment.paid_at) if payment else "",
        refunds=[shown_refund(one) for one in Refund.of(payment.id)] if payment else [],
        lines=[
            one._replace(what=event(one.what), detail=event(book(one.detail)))._asdict()
            | {"at": words.moment(one.at)}
            for one in desk_found.timeline(attempt)
        ],
        may_refund=bool(payment) and current_member().may(REFUND),
        as_of=words.moment(clock.now()),
    )


@bp.post("/order/<order>/look")
@staff(SEE)
def look(order: str) -> ResponseReturnValue:
    """Ask the gateway now what became of it."""
    attempt = found(order)
    audit("payments.looked_up", About(attempt.account_id), order=order)
    settle.settle(attempt)
    return redirect(url_for(".show", order=order), 303)


@bp.post("/discrepancies")
@staff_fresh(REFUND)
def decide_discrepancy() -> ResponseReturnValue:
    """Note how something that did not agree was settled."""
    form = DecideForm()
    known = {one.key: one for one in desk_found.discrepancies(current_member(), REFUND)}
    one: Discrepancy | None = known.get(form.key.data or "")
    if one is None:
        abort(404)
    if form.validate_on_submit():
        with writing():
            one.decide(form.decision.data, me(), clock.now())
            audit("payments.decided", kind=one.kind, order=one.order_id)
        return redirect(url_for(".index", done="decided"), 303)
    return redirect(url_for(".index", done="why"), 303)


@bp.post("/gate")
@staff_fresh("payments.gate")
def change_gate() -> ResponseReturnValue:
    """Close payments at once, or open what was closed by hand."""
    if not current_member().may_everywhere("payments.gate"):
        abort(403)
    form, now = GateForm(), clock.now()
    if form.validate_on_submit():
        closed = gate.why_closed()
        with writing():
            if closed is None:
                gate.close(form.reason.data, me(), now)
            elif closed is gate.Closed.BY_HAND:
                gate.open_again(form.reason.data, me(), now)
            audit("payments.gate", was=closed.value if closed else "open", reason=form.reason.data)
    return redirect(url_for(".index", done="gate" if not form.errors else "why"), 303)
