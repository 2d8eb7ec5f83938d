"""단수 알림 받기: choosing places and ways, confirming, stopping."""

from typing import Any

from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, limits
from app.access import by_link, customer, public
from app.accounts import reach
from app.accounts.session import current_account
from app.accounts.subscriptions import GuestBrowser, Keys, Subscription
from app.alerts import sending, wishes  # noqa: F401 sending registers its work
from app.alerts.forms import BrowserForm, PlaceForm, VisitorForm
from app.alerts.models import CHANNELS, Alert, Wish, homes_of
from app.alerts.told import place_name
from app.db import writing
from app.errors import wait
from app.language import _, later
from app.messages import channels
from app.messages.models import Channel
from app.outages.area import Place
from app.push import vapid
from app.web import page

bp = Blueprint("alerts", __name__, url_prefix="/outages/alerts")

TITLES = {
    Channel.MAIL.value: later("이메일"),
    Channel.SMS.value: later("문자"),
    Channel.PUSH.value: later("기기 알림"),
}


def offered(*but: str) -> list[tuple[str, str]]:
    """The channels that this service has, with their names."""
    app = reach.app()
    return [
        (name, str(TITLES[name]))
        for name in CHANNELS
        if name not in but and channels.is_on(name, app)
    ]


def whole_name(one: Alert) -> str:
    house = f" {one.road} {one.number}" if one.road else ""
    return f"{place_name(one.place)}{house}"


@bp.route("/", methods=["GET", "POST"])
@public
def index() -> ResponseReturnValue:
    """For who has no account: a dong or an address, told to a mail address or a phone."""
    form = VisitorForm(offered(Channel.PUSH))
    if form.validate_on_submit():
        now, source = clock.now(), limits.network(request.remote_addr)
        if not wishes.ask(form.wish, source, current_app.config, now):
            return wait(limits.window_end(now, limits.HOUR) - now)
        return redirect(url_for(".sent"), 303)
    by_browser = channels.is_on(Channel.PUSH, reach.app())
    return page("alerts/index.html", form=form, by_browser=by_browser), form.status


@bp.route("/browser", methods=["GET", "POST"])
@public
def browser() -> ResponseReturnValue:
    """For who has no account: told in this browser, which asks its person by itself."""
    if not channels.is_on(Channel.PUSH, reach.app()):
        abort(404)
    form = BrowserForm([(Channel.PUSH.value, "")])
    if form.validate_on_submit() and (keys := form.keys()):
        return kept_here(form, keys)
    told = Alert.referred(request.args.get("told", ""))
    return page(
        "alerts/browser.html",
        form=form,
        key=vapid.public(vapid.private(current_app.config)),
        told=whole_name(told) if told else "",
        stop=url_for(".stop", alert=told.reference) if told else "",
    ), form.status


def kept_here(form: BrowserForm, keys: Keys) -> ResponseReturnValue:
    """Keep a wish of this browser, when it is not one too many."""
    now, source = clock.now(), limits.network(request.remote_addr)
    key = str(current_app.config["SECRET_KEY"])
    if not limits.may("alert from", key, source, wishes.PER_SOURCE, now, limits.HOUR):
        return wait(limits.window_end(now, limits.HOUR) - now)
    with writing():
        found = Alert.begin(form.wish(GuestBrowser.keep(keys, now)), now)
    if found is None:
        back = (url_for(".browser"), _("이 브라우저에서"))
        return page("alerts/full.html", back=back), 422
    return redirect(url_for(".browser", told=found.reference), 303)


@bp.post("/browser/end")
@public
def end_browser() -> ResponseReturnValue:
    """This browser gives up its address: nothing is sent there any more."""
    keys = BrowserForm([(Channel.PUSH.value, "")]).keys() or abort(422)
    Subscription.forget(keys.endpoint)
    return page("alerts/stop.html", place="", done=True)


@bp.get("/sent")
@public
def sent() -> ResponseReturnValue:
    return page("alerts/sent.html")


@bp.route("/confirm/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> ResponseReturnValue:
    """The link in the message; opening it changes nothing, because programs open links, too."""
    alert = wishes.asked(token) or abort(404)
    if request.method == "POST" and not Alert.confirm(alert.reference, clock.now()):
        abort(404)
    done = request.method == "POST" or alert.confirmed_at is not None
    stop = url_for(".stop", alert=alert.reference)
    return page("alerts/confirm.html", place=whole_name(alert), done=done, stop=stop)


@bp.route("/stop/<alert>", methods=["GET", "POST"])
@by_link
def stop(alert: str) -> ResponseReturnValue:
    """The link in each message; a mail program may send the POST by itself (RFC 8058)."""
    if request.method == "POST":
        Alert.stop(alert)
        return page("alerts/stop.html", place="", done=True)
    found = Alert.referred(alert)
    place = place_name(found.place) if found else ""  # whoever was sent the message on sees it
    return page("alerts/stop.html", place=place, done=found is None)


def chosen(account_id: int) -> list[dict[str, Any]]:
    """What an account is told, place by place."""
    today = clock.today().isoformat()
    names = {number: name for number, name, _district, _dong in homes_of(account_id, today)}
    return [
        {
            "reference": one.reference,
            "place": names.get(one.premises_id or 0) or whole_name(one),
            "channel": str(TITLES[one.channel]),
        }
        for one in Alert.of(account_id)
    ]


@bp.route("/mine", methods=["GET", "POST"])
@customer
def mine() -> ResponseReturnValue:
    account = current_account()
    form = PlaceForm(offered())
    if form.validate_on_submit():
        wish = Wish(form.channel.data, form.place, account.language, account.id)
        return kept(wish)
    homes = homes_of(account.id, clock.today().isoformat())
    return page(
        "alerts/mine.html", form=form, homes=homes, ways=offered(), chosen=chosen(account.id)
    ), form.status


@bp.post("/mine/homes/<any(mail, sms, push):channel>")
@customer
def homes(channel: str) -> ResponseReturnValue:
    """Be told of all of one's own homes by a channel."""
    account = current_account()
    if channel not in dict(offered()):
        abort(404)
    answer: ResponseReturnValue = redirect(url_for(".mine"), 303)
    for number, _name, district, dong in homes_of(account.id, clock.today().isoformat()):
        wish = Wish(
            channel, Place(district, dong), account.language, account.id, premises_id=number
        )
        answer = kept(wish)
    return answer


def kept(wish: Wish) -> ResponseReturnValue:
    """Keep an account's wish; first the channel must be ready."""
    account_id = wish.account_id or 0
    if reach.steps(account_id, wish.channel, "-")[0][0] != wish.channel:
        return redirect("/profile/phone" if wish.channel == Channel.SMS else "/push/", 303)
    if Alert.begin(wish, clock.now()) is None:
        back = (url_for(".mine"), _("내 단수 알림"))
        return page("alerts/full.html", back=back), 422
    return redirect(url_for(".mine"), 303)


@bp.post("/mine/<alert>/end")
@customer
def end(alert: str) -> ResponseReturnValue:
    if not Alert.end(current_account().id, alert):
        abort(404)
    return redirect(url_for(".mine"), 303)
