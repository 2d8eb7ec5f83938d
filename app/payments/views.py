"""Where the gateway sends browsers and notices to."""

from flask import Blueprint, Response, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app import clock, limits
from app.access import by_link, public
from app.accounts.models import digest
from app.language import current
from app.observe import log
from app.payments import gateway, hooks, opening
from app.payments.confirm import WAITS_FOR_US, confirm_return
from app.payments.models import Attempt, Owner, Payer
from app.payments.results import result_of
from app.payments.settle import settle
from app.web import absolute, page

bp = Blueprint("payments", __name__, url_prefix="/payments")
hooks_bp = Blueprint("hooks", __name__, url_prefix="/hooks")

LONGEST_CODE = 60
MOST_LOOKS = 20
"""So often an hour the gateway is asked about an order whose payer comes back without it."""


def visitor() -> Payer:
    """Who is in front of this browser, as a payer: the customer, or the browser itself."""
    account = getattr(g.get("_login_user"), "account", None)
    if account is not None:
        return Payer.of(account)
    browser = session.get("browser", "")
    return Payer(Owner.GUEST, digest(browser) if browser else "", None, "", "", current())


def window(attempt: Attempt) -> dict[str, str]:
    """What the page of the payment window hands to the gateway's script (or, with `page`, to the
    emulator's address); the attempt counts as opened from now on.
    """
    opening.window_opened(attempt)
    success, fail = absolute(url_for("payments.success")), absolute(url_for("payments.fail"))
    return dict(gateway.current().window(opening.order_of(attempt), success, fail))


@bp.get("/success")
@public
def success() -> ResponseReturnValue:
    """Back from the window: take the money, then show what became of it on a page that may be
    loaded again.
    """
    order = request.args.get("orderId", "")
    given = request.args.get("paymentKey", ""), request.args.get("amount", "")
    attempt = confirm_return(order, *given)
    if attempt is None:
        abort(404)
    return redirect(url_for("payments.result", order=attempt.order_id), 303)


@bp.get("/fail")
@public
def fail() -> ResponseReturnValue:
    """Back from the window without a payment. Anybody can open this address: only what the gateway
    says when it is asked changes anything.
    """
    order, code = request.args.get("orderId", ""), request.args.get("code", "")
    known = code[:LONGEST_CODE] if code.replace("_", "").isalnum() and code.isascii() else "none"
    log.info("payments: back without a payment", extra={"fields": {"code": known}})
    attempt = Attempt.of_order(order) if order else None
    if attempt is not None:
        mine = attempt.state in WAITS_FOR_US and attempt.belongs_to(visitor())
        key, now = current_app.config["SECRET_KEY"], clock.now()
        if mine and limits.may("came back", key, order, MOST_LOOKS, now):
            settle(attempt)  # a window that was refused cannot be opened again: the gateway knows
        return redirect(url_for("payments.result", order=order), 303)
    return page("payments/result.html", result=result_of(None, visitor(), came_back=True))


@bp.get("/result/<order>")
@public
def result(order: str) -> ResponseReturnValue:
    """What became of an attempt, for who began it; others learn nothing of it (S-41)."""
    attempt = Attempt.of_order(order) or abort(404)
    return page("payments/result.html", result=result_of(attempt, visitor()))


@hooks_bp.post("/payments")
@by_link
def payments() -> ResponseReturnValue:
    """A notice of the gateway: stored, and looked up by the worker. The answer says nothing."""
    body = request.get_data(cache=False)
    if request.content_length not in (None, len(body)):
        abort(400)  # cut off: it is sent again with the same id, and must be new then
    hooks.receive(body, dict(request.headers), clock.now())
    return Response("", 200)


@bp.after_request
def not_for_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response
