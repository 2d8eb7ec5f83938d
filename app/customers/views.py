"""고객: finding somebody and seeing all that concerns them, masked until it must be whole."""

from typing import Any

from flask import Blueprint, abort, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from app import clock, masks, phones, words
from app.access import staff, staff_fresh
from app.accounts.models import Account
from app.audit.trail import NOBODY, About
from app.customers import person, texts
from app.customers import search as searching
from app.customers.forms import SearchForm, UnmaskForm
from app.customers.person import Contact, Event, Linked
from app.customers.search import AccountHit, Found, Hit
from app.homes.models import HomeRequest
from app.language import current, later
from app.messages.samples import subject
from app.staff import desk
from app.staff.desk import Place
from app.staff.looks import is_whole, looked, unmask
from app.staff.searches import Search
from app.staff.session import current_member, scope
from app.supply.models import Meter, Premises
from app.supply.offices import offices
from app.web import page

bp = Blueprint("customers", __name__, url_prefix="/staff/customers")

desk.register(Place("/staff/customers/", later("고객"), "customers.see", order=10))


@bp.route("/", methods=["GET", "POST"])
@staff("customers.see")
def index() -> ResponseReturnValue:
    form = SearchForm()
    if form.validate_on_submit():
        reference = Search.begin(current_member().id, form.query.data, clock.now())
        return redirect(url_for(".results", search=reference), 303)
    return page("customers/index.html", form=form), form.status


@bp.get("/found/<search>")
@staff("customers.see")
def results(search: str) -> ResponseReturnValue:
    """What fits; the only premises that fits is opened at once."""
    asked = Search.of(current_member().id, search, clock.now())
    if asked is None:
        return redirect(url_for(".index"), 303)
    hits = searching.search(asked.query, scope())
    if len(hits.premises) == 1 and not hits.accounts:
        return redirect(url_for(".show", number=hits.premises[0].number), 303)
    note(hits)
    form = SearchForm(data={"query": asked.query})
    return page(
        "customers/index.html",
        form=form,
        hits=[shown_hit(hit) for hit in hits.premises],
        accounts=[shown_account(hit) for hit in hits.accounts],
        more=hits.more,
    )


def note(hits: Found) -> None:
    """Write down who was found; where it is one only, the row is about them."""
    persons = {About(None, hit.id) for hit in hits.premises}
    persons |= {About(hit.id) for hit in hits.accounts}
    details = {
        "by": hits.how.value,
        "found": len(hits.premises) + len(hits.accounts),
        "numbers": " ".join(hit.number for hit in hits.premises),
        "accounts": " ".join(hit.reference for hit in hits.accounts),
    }
    names = (*(hit.name for hit in hits.premises), *(hit.name for hit in hits.accounts))
    about = next(iter(persons)) if len(persons) == 1 else NOBODY
    looked("customer.searched", about, names, persons, **details)


def shown_hit(hit: Hit) -> dict[str, str]:
    return {
        "number": hit.number,
        "shown": words.number(hit.number),
        "office": offices()[hit.office].shown,
        "address": masks.unit(hit.address),
        "name": masks.name(hit.name),
    }


def shown_account(hit: AccountHit) -> dict[str, str]:
    masked = {"name": masks.name(hit.name), "email": masks.email(hit.email)}
    return {"reference": hit.reference, **masked}


def premises(number: str) -> Premises:
    return person.place(number, scope()) or abort(404)


@bp.get("/<number>")
@staff("customers.see")
def show(number: str) -> ResponseReturnValue:
    """A premises: its people, links, bills, and what happened."""
    one = premises(number)
    whole = is_whole(f"premises {one.get_id()}")
    people, linked = person.contacts(one.get_id()), person.links_of_premises(one.get_id())
    looked("customer.seen", About(None, one.get_id()), tuple(each.name for each in people))
    today = clock.today()
    return page(
        "customers/premises.html",
        place=one,
        number=words.number(one.number),
        office=offices()[one.office],
        address=one.road_address if whole else masks.unit(one.road_address),
        meter=Meter.of(one.get_id()).order_by(Meter.installed_on.desc()).first(),
        people=[shown_contact(each, whole) for each in people],
        links=[shown_link(each, whole) for each in linked],
        bills=[shown_bill(*each) for each in person.bills(one.get_id(), today)],
        events=[shown_event(each) for each in person.of_premises(one.get_id())],
        may_complaints=current_member().may("complaints.see"),
        whole=whole,
        may_unmask=current_member().may("customers.unmask"),
    )


def shown_contact(one: Contact, whole: bool) -> dict[str, Any]:
    one = one if whole else person.hidden_contact(one)
    until = words.day(one.until) if one.until else ""
    found = one._asdict() | {"since": words.day(one.since), "until": until}
    return found | {"role": str(texts.SIDES[one.role])}


def shown_link(one: Linked, whole: bool) -> dict[str, Any]:
    one = one if whole else person.hidden_link(one)
    until = words.day(one.until) if one.until else ""
    found = one._asdict() | {"since": words.day(one.since), "until": until}
    return found | {"role": texts.role(one.role), "shown": words.number(one.number)}


def shown_bill(bill: Any, state: Any) -> dict[str, str]:
    return {
        "month": words.month(bill.month),
        "usage": words.volume(bill.usage_m3),
        "owed": words.won(bill.owed),
        "due": words.day(bill.due_on),
        "state": str(texts.STATES[state]),
        "late": "late" if state.value == "overdue" else "",
    }


def shown_event(one: Event) -> dict[str, str]:
    return {"at": words.moment(one.at), "what": texts.event(one.what), "who": one.who}


def known_account(reference: str) -> Account:
    return person.account(reference, scope()) or abort(404)


@bp.get("/accounts/<account>")
@staff("customers.see")
def show_account(account: str) -> ResponseReturnValue:
    """An account: its homes in the member's offices, messages, requests, and what happened."""
    one = known_account(account)
    whole = is_whole(f"account {one.id}")
    looked("customer.seen", About(one.id), (one.name,))
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    sent = person.messages(one.id, scope()) if current_member().may("messages.see") else []
    return page(
        "customers/account.html",
        account=one,
        name=one.name if whole else masks.name(one.name),
        email=one.email if whole else masks.email(one.email),
        phone=phones.shown_or(one.phone) if whole else masks.phone(one.phone),
        address=one.address if whole else masks.unit(one.address),
        since=words.moment(one.created_at),
        links=[shown_link(each, whole) for each in person.links_of_account(one.id, scope())],
        requests=[shown_request(each) for each in HomeRequest.of(one)],
        messages=[
            each | {"kind": subject(app, each["kind"], current()), "state": sent_word(each)}
            for each in sent
        ],
        events=[shown_event(each) for each in person.of_account(one.id, scope())],
        whole=whole,
        may_unmask=current_member().may("customers.unmask"),
    )


def sent_word(message: dict[str, str]) -> str:
    return str(texts.SENT.get(message["state"], message["state"]))


def shown_request(one: HomeRequest) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "at": words.moment(one.asked_at),
        "decision": one.decision,
        "role": texts.role(one.role),
    }


@bp.route("/<number>/unmasking", methods=["GET", "POST"])
@staff_fresh("customers.unmask")
def unmask_premises(number: str) -> ResponseReturnValue:
    one = premises(number)
    back = url_for(".show", number=number)
    return unmasking(f"premises {one.get_id()}", About(None, one.get_id()), back)


@bp.route("/accounts/<account>/unmasking", methods=["GET", "POST"])
@staff_fresh("customers.unmask")
def unmask_account(account: str) -> ResponseReturnValue:
    one = known_account(account)
    back = url_for(".show_account", account=account)
    return unmasking(f"account {one.id}", About(one.id), back)


def unmasking(subject_: str, about: About, back: str) -> ResponseReturnValue:
    """Say why, then see it whole for ten minutes (S-56)."""
    form = UnmaskForm()
    if form.validate_on_submit():
        unmask(subject_, about, form.reason.data)
        return redirect(back, 303)
    return page("customers/unmask.html", form=form, back=back), form.status
