"""Refunds at the desk: asked for by one, above a limit approved by another, then carried out."""

import json
import secrets
from datetime import datetime

from flask import Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, masks, words
from app.access import staff, staff_fresh
from app.db import writing
from app.language import later
from app.money import Money
from app.paying import desk_found
from app.paying.desk import APPROVE, REFUND, SEE, bp, found, me, shown_refund
from app.paying.desk_forms import RefundForm
from app.paying.desk_found import may_decide, outside
from app.paying.desk_texts import refund_problem, why
from app.payments import carry_out, refunds
from app.payments.banks import bank_name
from app.payments.gateway import Refund as To
from app.payments.models import Channel, Payment
from app.payments.refund_models import Refund, RefundPart, RefundState, Way
from app.payments.refunds import (
    Part,
    RefundError,
    approve,
    available,
    is_wish,
    paid_out,
    request_refund,
    take_over_request,
    withdraw,
)
from app.staff.session import audit, current_member
from app.supply.models import Premises
from app.web import page


def named(parts: list[Part]) -> dict[str, Part]:
    """Parts by what their boxes are called."""
    places = Premises.with_ids([one.premises_id for one in parts])
    numbers = {one.get_id(): one.number for one in places}
    return {f"{numbers[one.premises_id]}.{one.month}.{one.position}": one for one in parts}


def shown_part(name: str, one: Part) -> dict[str, str]:
    place: Premises = Premises.get_by_id(one.premises_id)
    month = words.month(one.month) if one.month else str(CREDIT)
    return {
        "name": name,
        "id": name.replace(".", "_"),
        "text": f"{words.number(place.number)} · {month} · {words.won(one.amount)}",
    }


CREDIT = later("더 낸 금액")
UNDECIDED = (RefundState.REQUESTED, RefundState.APPROVED)
SHARED = later(
    "다른 사업소의 고지서가 함께 들어 있습니다. 그 사업소들을 모두 맡은 직원만 결정할 수 있습니다."
)


@bp.route("/order/<order>/refund", methods=["GET", "POST"])
@staff_fresh(REFUND)
def refund(order: str) -> ResponseReturnValue:
    """Ask for a refund; above the limit somebody else approves it (S-08)."""
    attempt = found(order, REFUND)
    payment = Payment.of(attempt.id)
    if payment is None:
        abort(404)
    left = available(payment)
    everything = [*left.bills, *left.credits]
    foreign = outside(current_member(), REFUND, {one.premises_id for one in everything})
    own = [one for one in everything if one.premises_id not in foreign]
    parts = named(own)
    form = RefundForm(attempt.channel == Channel.DEPOSIT)
    form.parts.choices = [(name, name) for name in parts]
    if form.validate_on_submit():
        chosen = [parts[name] for name in form.parts.data if name in parts]
        try:
            made = asked(payment, chosen, form)
            return redirect(url_for(".refund_page", reference=made.reference), 303)
        except RefundError as error:
            form.form_errors.append(why(error))
    form.believed.data = str(int(available(payment).total))
    form.key.data = form.key.data or secrets.token_urlsafe(24)
    return page(
        "paying/desk_refund_form.html",
        form=form,
        order=order,
        parts=[shown_part(name, one) for name, one in parts.items()],
        chosen=[*parts] if request.method == "GET" and len(parts) == 1 else form.parts.data or [],
        total=words.won(min(sum(one.amount for one in own), left.room)),
        is_shared=bool(foreign),
        limit=words.won(int(current_app.config["REFUND_ALONE"])),
        may_approve=current_member().may(APPROVE),
    ), form.status


def asked(payment: Payment, parts: list[Part], form: RefundForm) -> Refund:
    text = form.believed.data or ""
    believed = Money(int(text) if text.isdecimal() and len(text) < 13 else -1)
    to = None
    if form.wants_account:
        to = To(form.bank.data, form.number.data, form.holder.data)
    with writing():
        made = request_refund(
            payment, parts, form.reason.data, me(), clock.now(), believed=believed, to=to,
            way=Way(form.way.data), form_key=f"desk {form.key.data}"[:64],
        )  # fmt: skip
        audit("payments.refund_asked", reference=made.reference, won=int(made.amount))
    return made


def refund_of(reference: str, permission: str = SEE) -> Refund:
    one: Refund | None = Refund.get_or_none(Refund.reference == reference)
    member = current_member()
    if one is None or not desk_found.may_see(member, one.payment.attempt_id, permission):
        abort(404)
    return one


@bp.get("/refunds/<reference>")
@staff(SEE)
def refund_page(reference: str) -> ResponseReturnValue:
    return as_refund(refund_of(reference))


def destination(one: Refund, whole: bool) -> dict[str, str] | None:
    """Where the money goes to: who approves sees the end of the number, who pays all of it."""
    if not one.account:
        return None
    to = To(**json.loads(one.account))
    number = to.number if whole else masks.account(to.number)
    return {"bank": bank_name(to.bank), "number": number, "holder": to.holder}


def as_refund(one: Refund, problem: str = "", whole: bool = False) -> Response:
    member, alone = current_member(), int(current_app.config["REFUND_ALONE"])
    by_customer, needs_other = is_wish(one), refunds.needs_other(one, me())
    waits = one.state == RefundState.REQUESTED
    may_refund, may_approve = (may_decide(member, one, right) for right in (REFUND, APPROVE))
    may_pay = one.state == RefundState.APPROVED and one.way == Way.BANK and may_refund
    sees_all = not outside(member, SEE, {part.premises_id for part in RefundPart.of(one.id)})
    return page(
        "paying/desk_refund.html",
        one=shown_refund(one) | {"reason": one.reason, "problem": refund_problem(one.problem)},
        to=destination(one, whole),
        is_whole=whole,
        approved=one.approved_by,
        parts=[
            {"month": words.month(part.month) if part.month else str(CREDIT),
             "amount": words.won(part.amount)}
            for part in RefundPart.of(one.id)
        ],
        may_take=waits and by_customer and one.amount > alone and may_refund,
        may_approve=waits and not needs_other and may_approve,
        may_withdraw=waits and may_refund,
        may_pay=may_pay,
        shared="" if sees_all or one.state not in UNDECIDED else str(SHARED),
        needs_other=waits and needs_other,
        problem=problem,
    )  # fmt: skip


def do(decision: str, one: Refund, now: datetime) -> None:
    """What was decided, in the transaction of its log; raises RefundError."""
    if decision == "taken":
        take_over_request(one, me(), now)
    elif decision == "approved":
        approve(one, me(), now)
    elif decision == "withdrawn":
        withdraw(one, me(), now)
    elif decision == "paid":
        paid_out(one, request.form.get("bank_reference", "")[:50], me(), now)
    elif one.state != RefundState.APPROVED or one.way != Way.BANK:
        raise RefundError("it is not waiting to be paid")


@bp.post("/refunds/<reference>/<decision>")
@staff_fresh(SEE)
def decide(reference: str, decision: str) -> ResponseReturnValue:
    """Take a customer's wish over, approve and carry out, turn down, see the account to pay to, or
    note the bank's payment.
    """
    wanted = {
        "taken": REFUND, "approved": APPROVE, "withdrawn": REFUND, "paid": REFUND, "account": REFUND
    }  # fmt: skip
    if decision not in wanted:
        abort(404)
    if not current_member().may(wanted[decision]):
        abort(403)
    one, now = refund_of(reference, wanted[decision]), clock.now()
    if not may_decide(current_member(), one, wanted[decision]):
        return as_refund(one, str(SHARED)), 403
    try:
        with writing():
            do(decision, one, now)
            audit(f"payments.refund_{decision}", reference=reference, won=int(one.amount))
    except RefundError as error:
        return as_refund(refund_of(reference), why(error)), 409
    if decision == "account":
        return as_refund(one, whole=True)
    if decision == "approved":
        carry_out.execute(one)
    return redirect(url_for(".refund_page", reference=reference), 303)
