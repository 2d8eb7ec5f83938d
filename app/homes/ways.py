"""집 연결하기: with a bill's paper, with a code to the contact on file, or through the office."""

from typing import Any
from urllib.parse import urlencode

from flask import abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app import clock, limits
from app.access import customer
from app.accounts.session import current_account
from app.errors import wait
from app.homes import contact, links, models, paper
from app.homes import views as homes
from app.homes.contact import Asking, Claim
from app.homes.events import BY_CONTACT, by
from app.homes.forms import ContactForm, HomeCodeForm, PaperForm, RequestForm
from app.homes.links import Linked, Wish
from app.homes.models import CONTACT, HOLDER, PAPER, VIEWER, HomeRequest, What
from app.homes.views import listed
from app.limits import Door, Refusal, Try
from app.sealed import SealBrokenError, opened, seal
from app.sessions import browser
from app.web import page

bp = homes.bp
TRIES, SENDS = 10, 20
CLAIM, BETWEEN = "home_claim", "\t"
LANDING = {What.LINKED: "linked", What.RAISED: "raised", None: "there"}


@bp.get("/new")
@customer
def new() -> ResponseReturnValue:
    return page("homes/new.html")


def landed(found: Linked) -> ResponseReturnValue:
    """To the list of homes, which says what was done."""
    query = urlencode({LANDING[found.what]: found.reference})
    return redirect(f"{url_for('homes.index')}?{query}", 303)


def few(kind: str, name: str, most: int) -> bool:
    """Whether somebody has not yet tried so often within the hour."""
    return limits.may(kind, current_app.config["SECRET_KEY"], name, most, clock.now())


def too_often() -> ResponseReturnValue:
    now = clock.now()
    return wait(limits.window_end(now, limits.HOUR) - now)


@bp.route("/new/paper", methods=["GET", "POST"])
@customer
def by_paper() -> ResponseReturnValue:
    form, account = PaperForm(), current_account()
    if form.validate_on_submit():
        number, code, now = form.number.data, form.code.data, clock.now()
        config = current_app.config
        door = Door("link", config["SECRET_KEY"], config["FAILURE_ALARM"])
        attempt = Try(number, limits.network(request.remote_addr), now)
        if not few("link account", str(account.id), TRIES):
            return too_often()
        today = clock.today()
        found = limits.ask(door, attempt, lambda: paper.proved(account, number, code, today))
        if found is Refusal.WAIT:
            return too_often()
        if isinstance(found, Refusal):
            form.refuse(found)
        else:
            wish = Wish(form.role.data, PAPER, form.name.data, by(account), found.bill)
            linked = links.link(account, found.tenancy, wish, now)
            if linked:
                return landed(linked)
            form.refuse(Refusal.NO_MATCH)
    return page("homes/paper.html", form=form), form.status


@bp.route("/new/contact", methods=["GET", "POST"])
@customer
def by_contact() -> ResponseReturnValue:
    form = ContactForm(data=known())
    if form.validate_on_submit():
        source = limits.network(request.remote_addr)
        if not few("home code source", source, SENDS):
            return too_often()
        if not few("home code account", str(current_account().id), TRIES):
            return too_often()
        claim = Claim(form.number.data, form.name.data)
        contact.send(asking(), claim, clock.now(), clock.today())
        session[CLAIM] = seal(BETWEEN.join(claim))
        return redirect(url_for(".code"), 303)
    return page("homes/contact.html", form=form), form.status


def known() -> dict[str, Any]:
    """The number of the home that the page was asked for, where its role may see it."""
    link = models.one(current_account(), request.args.get("home", ""))
    return {"number": link.number} if link and link.role != VIEWER else {}


def asking() -> Asking:
    return Asking(current_account(), browser(), current_app.config["SECRET_KEY"])


def claim_of_session() -> Claim | None:
    """What was typed on the page before; None for a browser that did not come from there."""
    try:
        number, _, name = opened(session.get(CLAIM, "")).partition(BETWEEN)
    except SealBrokenError:
        return None
    return Claim(number, name) if number else None


@bp.route("/new/contact/code", methods=["GET", "POST"])
@customer
def code() -> ResponseReturnValue:
    claim = claim_of_session()
    if claim is None:
        return redirect(url_for(".by_contact"), 303)
    form, account, now = HomeCodeForm(), current_account(), clock.now()
    if form.validate_on_submit():
        found = contact.proved(asking(), claim, form.code.data, now, clock.today())
        wish = Wish(HOLDER, CONTACT, form.home.data, by(account), BY_CONTACT)
        linked = links.link(account, found, wish, now) if found else None
        if linked:
            del session[CLAIM]
            return landed(linked)
        form.refuse()
    return page("homes/code.html", form=form), form.status


@bp.route("/new/request", methods=["GET", "POST"])
@customer
def by_request() -> ResponseReturnValue:
    form = RequestForm()
    if form.validate_on_submit():
        wish = {**form.values, "number": form.number.data or ""}
        made = HomeRequest.ask(current_account(), wish, clock.now())
        if made:
            return redirect(url_for(".asked_for", wish=made.reference), 303)
        form.refuse()
    return page("homes/request.html", form=form), form.status


@bp.get("/requests/<wish>")
@customer
def asked_for(wish: str) -> ResponseReturnValue:
    mine = HomeRequest.of(current_account()).where(HomeRequest.reference == wish)
    found = mine.first() or abort(404)
    return page("homes/asked_for.html", wish=listed(found))
