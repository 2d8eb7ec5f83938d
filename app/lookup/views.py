"""이번 요금만 보기: the newest bill for somebody who holds its paper, without an account."""

import secrets

from flask import Blueprint, Response, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app import clock, limits, masks, words
from app.access import public
from app.bills import statement
from app.bills.seen import state
from app.errors import wait
from app.limits import Door, Refusal, Try
from app.lookup.forms import LookupForm
from app.lookup.models import Lookup, current, looked_up
from app.web import page

bp = Blueprint("lookup", __name__, url_prefix="/lookup")


@bp.route("/", methods=["GET", "POST"])
@public
def index() -> ResponseReturnValue:
    form = LookupForm()
    if form.validate_on_submit():
        number, code, now = form.number.data, form.code.data, clock.now()
        config = current_app.config
        door = Door("lookup", config["SECRET_KEY"], config["FAILURE_ALARM"])
        attempt = Try(number, limits.network(request.remote_addr), now)
        found = limits.ask(door, attempt, lambda: current(number, code))
        if found is Refusal.WAIT:
            return wait(limits.window_end(now, limits.HOUR) - now)
        if not isinstance(found, Refusal):
            browser = session.setdefault("browser", secrets.token_urlsafe(32))
            reference = Lookup.begin(found, browser, now)
            return redirect(url_for(".show", reference=reference), 303)
        form.refuse(found)
    return page("lookup/index.html", form=form), form.status


@bp.get("/<reference>")
@public
def show(reference: str) -> ResponseReturnValue:
    found = looked_up(reference, session.get("browser", ""), clock.now())
    if found is None:  # the same for a bill of another's as for none
        return page("lookup/ended.html"), 404
    bill, payable = found.listed, found.payable(clock.today())
    total = bill.owed if payable else bill.total
    return page(
        "lookup/show.html",
        reference=reference,
        number=masks.number(found.number),
        month_text=words.month(bill.month),
        total=words.won(found.part.amount if found.part else total),
        due=words.day(found.part.due_on if found.part else bill.due_on),
        payable=payable,
        badge=statement.badge(state(bill, clock.today())),
        until=words.clock_time(found.expires_at),
    )


@bp.after_request
def not_for_search_engines(response: Response) -> Response:
    if request.endpoint == "lookup.show":
        response.headers["X-Robots-Tag"] = "noindex"
    return response
