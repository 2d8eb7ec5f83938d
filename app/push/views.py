"""알림 켜기: the browsers in which somebody is notified, and the script that shows notices."""

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, limits, words
from app.access import customer, public
from app.accounts import agents, entry, reach
from app.accounts.session import current_account, current_sign_in
from app.accounts.subscriptions import Place, Subscription
from app.assets import STATIC
from app.errors import wait
from app.messages import channels
from app.push import browsers, vapid
from app.push.forms import SubscribeForm
from app.web import page

bp = Blueprint("push", __name__)

MOST, PER_HOUR = 10, 20
DONE = ("on", "off")


@bp.before_request
def switched_on() -> None:
    """Without a key there are no such pages."""
    if not channels.is_on("push", reach.app()):
        abort(404)


@bp.get("/push/")
@customer
def index() -> ResponseReturnValue:
    here = current_sign_in().reference
    found = [
        {
            "reference": one.reference,
            "agent": one.agent,
            "since": words.moment(one.created_at),
            "here": one.session_reference == here,
        }
        for one in Subscription.of(current_account().id)
    ]
    done = next((name for name in DONE if name == request.args.get("done")), "")
    key = vapid.public(vapid.private(current_app.config))
    return page("push/index.html", subscriptions=found, key=key, done=done)


@bp.post("/push/subscriptions")
@customer
def subscribe() -> ResponseReturnValue:
    account, now, form = current_account(), clock.now(), SubscribeForm()
    key = current_app.config["SECRET_KEY"]
    if not limits.may("push", key, str(account.id), PER_HOUR, now):
        return wait(limits.window_end(now, limits.HOUR) - now)
    form.validate()
    keys = browsers.read(form.answer.data or "", current_app.config)
    if keys is None:
        abort(422)
    agent = agents.named(request.headers.get("User-Agent", ""))
    device = request.cookies.get(entry.device_cookie(), "")
    place = Place(agent, device, current_sign_in().reference)
    Subscription.keep(account, keys, place, now, MOST)
    return redirect(url_for(".index", done="on"), 303)


@bp.post("/push/<subscription>/end")
@customer
def end(subscription: str) -> ResponseReturnValue:
    if not Subscription.end_one(current_account(), subscription):
        abort(404)
    return redirect(url_for(".index", done="off"), 303)


@bp.get("/push-worker.js")
@public
def worker() -> ResponseReturnValue:
    """At this address, because a browser lets a worker care for what lies below it."""
    return Response((STATIC / "push-worker.js").read_text("utf-8"), mimetype="text/javascript")
