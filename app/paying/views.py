"""온라인 납부: choosing bills and a way, the hand-over to the gateway, accounts, taking back."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import customer, public
from app.accounts.session import current_account
from app.language import current, later
from app.lookup.models import BillKey, Lookup, looked_up
from app.money import Money
from app.paying import choose, window
from app.paying.forms import GuestForm, MethodForm
from app.payments import deposit, gate, others
from app.payments.deposit import live_account
from app.payments.models import Attempt, Channel, Payer, State
from app.payments.opening import Item, RefusedError, Why, open_attempt, opened_before
from app.payments.views import visitor
from app.payments.views import window as gateway_window
from app.sessions import browser
from app.web import page

bp = Blueprint("paying", __name__, url_prefix="/pay")

GUEST_NAME = later("고객")
MOST_TRIES = 20
"""So often a bill may be begun to be paid within an hour."""


@bp.get("/")
@customer
def index() -> ResponseReturnValue:
    """What can be paid; everything is chosen, or what the address names."""
    today, named = clock.today(), request.args.getlist("bill")
    found = choose.payable(current_account())
    rows = [choose.row(one, today) | {"chosen": not named or one.name in named} for one in found]
    return page(
        "paying/index.html",
        rows=rows,
        total=words.won(choose.total(found)),
        closed=gate.why_closed() is not None,
        running=[running(one) for one in waiting_of(Payer.of(current_account()))],
    )


def waiting_of(payer: Payer) -> list[Attempt]:
    """What of a payer's is on its way: an account that waits, or a result that is not known."""
    going = (State.WAITING, State.CONFIRMING, State.UNKNOWN)
    return list(Attempt.of(payer).where(Attempt.state.in_(going)).limit(10))


def running(one: Attempt) -> dict[str, str]:
    return {"order": one.order_id, "name": one.order_name, "amount": words.won(one.amount)}


@bp.route("/method", methods=["GET", "POST"])
@customer
def method() -> ResponseReturnValue:
    """The sum, and a way to pay it; the bills stand in the address."""
    account = current_account()
    found = choose.chosen(account, request.args.getlist("bill"))
    if not found:
        return redirect(url_for(".index"), 303)
    items, payer = [one.item for one in found], Payer.of(account)
    rows = [choose.row(one, clock.today()) for one in found]
    return ask(MethodForm(), items, payer, choose.total(found), rows=rows, guest=False)


@bp.route("/guest/<reference>", methods=["GET", "POST"])
@public
def guest(reference: str) -> ResponseReturnValue:
    """The bill that this browser looked up with number and code; an account has the receipt."""
    now = clock.now()
    seen = looked_up(reference, session.get("browser", ""), now)
    key = Lookup.bill_of(reference, session.get("browser", ""), now)
    if seen is None or key is None:
        return page("lookup/ended.html"), 404
    if request.method == "GET" and not seen.payable(clock.today()):  # come back to after paying
        return redirect(url_for("lookup.show", reference=reference), 303)
    position = seen.part.position if seen.part else 0
    amount = Money(seen.part.amount if seen.part else seen.listed.owed)
    payer = visitor()
    form = GuestForm() if payer.account_id is None else MethodForm()
    if isinstance(form, GuestForm):
        email = (form.email.data or "") if request.method == "POST" else ""
        payer = Payer.guest(browser(), str(GUEST_NAME), current(), email)
    row = {
        "home": words.number("******" + seen.number[6:]),
        "month": words.month(seen.listed.month),
        "amount": words.won(amount),
    }
    items = [item_of(key, position)]
    return ask(form, items, payer, amount, rows=[row], guest=payer.account_id is None)


def item_of(key: BillKey, position: int) -> Item:
    return Item(key.premises_id, key.month, position)


def ask(
    form: MethodForm, items: list[Item], payer: Payer, amount: Money, **shown: Any
) -> ResponseReturnValue:
    """The page that asks how; a sent form opens an attempt, or says why there is none."""
    other, status = "", 0
    if form.validate_on_submit():
        try:
            return begin(form, items, payer, amount)
        except RefusedError as error:
            form.refuse(error.why)
            status = 409 if error.why is Why.CONFLICT else 0
            if error.other is not None and error.other.belongs_to(payer):
                other = error.other.order_id
    form.shown.data = str(int(amount))
    if not form.key.data or form.errors or form.form_errors:
        form.key.data = secrets.token_urlsafe(24)
    closed = gate.why_closed() is not None
    total = words.won(amount)
    return page(
        "paying/method.html", form=form, total=total, other=other, closed=closed, **shown
    ), status or form.status


def begin(form: MethodForm, items: list[Item], payer: Payer, amount: Money) -> ResponseReturnValue:
    """Open the attempt; the way on is the window, or the account to pay into. An account that waits
    is closed for it only when nothing else is in the way.
    """
    now, channel, shown = clock.now(), Channel(form.channel.data), Money(form.shown_amount)
    key = f"pay {form.key.data}"[:64] if form.key.data else None
    attempt = opened_before(items, payer, channel, key)
    if attempt is None:
        if channel is Channel.DEPOSIT and (live := live_account(items, payer, amount, now)):
            return redirect(url_for("payments.result", order=live.order_id), 303)
        refuse_early(items, amount, shown, now)
        if not deposit.close_accounts(items, now, key):
            raise RefusedError(Why.IN_PROGRESS)
        attempt = open_attempt(items, payer, channel, now, shown=shown, form_key=key)
    if channel is Channel.CARD:
        return redirect(url_for(".handover", order=attempt.order_id), 303)
    deposit.issue_account(attempt, form.bank.data)
    return redirect(url_for("payments.result", order=attempt.order_id), 303)


def refuse_early(items: list[Item], amount: Money, shown: Money, now: datetime) -> None:
    """Raise RefusedError for what the attempt would be refused for, and for too many tries: each
    may cost a call and a mail.
    """
    if shown != amount:
        raise RefusedError(Why.CHANGED)
    since = now - timedelta(hours=1)
    if any(others.begun(one.premises_id, one.month, since) >= MOST_TRIES for one in items):
        raise RefusedError(Why.TOO_OFTEN)


def own(order: str) -> Attempt:
    """An attempt of this browser's or account's, or the same 404 for another's as for none."""
    found = Attempt.of_order(order)
    return found if found is not None and found.belongs_to(visitor()) else abort(404)


@bp.get("/window/<order>")
@public
def handover(order: str) -> ResponseReturnValue:
    """Before the gateway's window: whose it is, how long it is open, and the sum."""
    attempt = own(order)
    if attempt.state not in (State.CREATED, State.OPENED):
        return redirect(url_for("payments.result", order=order), 303)
    given = gateway_window(attempt)
    response = page(
        "paying/window.html",
        given=given,
        emulator=given.get("page", ""),
        order=order,
        name=attempt.order_name,
        total=words.won(attempt.amount),
        until=words.clock_time(attempt.expires_at),
    )
    response.headers["Content-Security-Policy"] = window.policy(given)
    return response


@bp.post("/<order>/account/closure")
@public
def close_account(order: str) -> ResponseReturnValue:
    """The payer does not want to pay into the account any more."""
    attempt = own(order)
    if attempt.state != State.WAITING:
        abort(404)
    deposit.close(attempt, clock.now(), State.CANCELLED, "payer")
    return redirect(url_for("payments.result", order=order), 303)


@bp.after_request
def not_for_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    return response
