"""내 집: the homes of an account, their names, who else sees them, and how links end."""

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, references, words
from app.access import customer
from app.accounts.session import current_account
from app.forms import Form
from app.homes import links, models, texts
from app.homes.forms import NameForm
from app.homes.models import HomeRequest, Link, Person
from app.language import _, later
from app.web import page

bp = Blueprint("homes", __name__, url_prefix="/homes")

DONE = {
    "linked": later("%(home)s: 연결했습니다. 이제 요금조회에서 고지서를 볼 수 있습니다."),
    "there": later("%(home)s: 이미 연결한 집입니다."),
    "raised": later("%(home)s: 이제 명의자입니다."),
}
CHANGED = {
    "name": later("이름을 바꿨습니다."),
    "people": later("연결을 끊었습니다."),
}
DECISIONS = {
    "": later("담당자가 보고 있습니다."),
    "granted": later("연결했습니다."),
    "refused": later("연결하지 않았습니다."),
}


@bp.get("/")
@customer
def index() -> ResponseReturnValue:
    account = current_account()
    homes = models.mine(account)
    return page(
        "homes/index.html",
        homes=[card(one) for one in homes],
        requests=[listed(one) for one in HomeRequest.of(account).limit(10)],
        done=done({one.reference: one.name for one in homes}),
    )


def done(names: dict[str, str]) -> str:
    """What has just been done, from the address that the form led to."""
    for what, text in DONE.items():
        if name := names.get(request.args.get(what, "")):
            return str(text) % {"home": name}
    return _("연결을 끊었습니다.") if request.args.get("ended") == "yes" else ""


def card(link: Link) -> dict[str, Any]:
    """A link in words."""
    return {
        "reference": link.reference,
        "name": link.name,
        "number": words.number(link.number),
        "address": link.address,
        "role": texts.ROLE_NAMES[link.role],
        "may": texts.MANAGES if link.manages else texts.MAY[link.role],
        "proof": texts.PROOFS[link.level],
        "time": texts.time(link),
        "manages": link.manages,
        "can_prove": not link.manages and (link.until_on or clock.today()) >= clock.today(),
    }


def listed(wish: HomeRequest) -> dict[str, Any]:
    """A request to the office in words."""
    return {
        "reference": wish.reference,
        "grouped": references.grouped(wish.reference, 4),
        "about": words.number(wish.number) if wish.number else wish.address,
        "role": texts.ROLE_NAMES[wish.role],
        "day": words.day(words.local_day(wish.asked_at)),
        "decision": str(DECISIONS[wish.decision]),
        "waits": wish.decided_at is None,
        "answer": wish.answer,
    }


def asked(home: str) -> Link:
    """The asked home, or the same 404 for another's as for none."""
    return models.one(current_account(), home) or abort(404)


@bp.route("/<home>", methods=["GET", "POST"])
@customer
def show(home: str) -> ResponseReturnValue:
    link = asked(home)
    form = NameForm(data={"name": link.name})
    if form.validate_on_submit():
        links.rename(link, current_account(), form.name.data)
        return redirect(url_for(".show", home=home, changed="name"), 303)
    people = models.people(link) if link.manages else []
    shown = page(
        "homes/show.html",
        home=card(link),
        form=form,
        people=[described(one) for one in people],
        done=CHANGED.get(request.args.get("changed", ""), ""),
    )
    return shown, form.status


def described(person: Person) -> dict[str, Any]:
    """Somebody who sees a home, in words."""
    linked_at = person.linked_at
    return {
        "link": person.link,
        "name": person.name,
        "role": texts.ROLE_NAMES[person.role],
        "since": words.day(words.local_day(linked_at)) if linked_at else "",
        "own": person.own,
        "may_be_ended": person.may_be_ended,
    }


@bp.route("/<home>/ending", methods=["GET", "POST"])
@customer
def ending(home: str) -> ResponseReturnValue:
    link, form = asked(home), Form()
    if form.validate_on_submit():
        links.end(link, current_account(), clock.now())
        return redirect(url_for(".index", ended="yes"), 303)
    return page("homes/ending.html", home=card(link), form=form), form.status


@bp.route("/<home>/people/<link>/ending", methods=["GET", "POST"])
@customer
def ending_of_other(home: str, link: str) -> ResponseReturnValue:
    mine, form = asked(home), Form()
    others = models.people(mine) if mine.manages else []
    person = next((one for one in others if one.link == link and one.may_be_ended), None)
    if person is None:
        abort(404)
    if form.validate_on_submit():
        links.end_of_other(mine, link, current_account(), clock.now()) or abort(404)
        return redirect(url_for(".show", home=home, changed="people"), 303)
    shown = page("homes/ending_of_other.html", home=card(mine), person=described(person), form=form)
    return shown, form.status
