"""The desk of link requests: who wants which home, and what the office answers (S 3 of A.3)."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from app import clock, masks, words, workdays
from app.access import staff, staff_fresh
from app.audit.trail import About
from app.db import writing
from app.forms import AtMost, Form, LongTextField, Required
from app.homes import decide
from app.homes.decide import DecisionError, Grant, LinkedError
from app.homes.models import ROLES, HomeRequest
from app.homes.texts import ROLE_NAMES, period
from app.language import Later, later
from app.staff import desk
from app.staff.desk import Offices, Place, Waiting
from app.staff.looks import looked
from app.staff.session import audit, current_member, scope
from app.supply import tenancies
from app.supply.models import Premises
from app.supply.offices import offices
from app.web import page

bp = Blueprint("home_requests", __name__, url_prefix="/staff/homes")

PROMISED_DAYS = 3
SIDES = {"user": later("사용자"), "owner": later("소유자")}


class GrantForm(Form):
    """Which tenancy of the premises, and as what."""

    tenancy = RadioField(later("누구의 기간"), validate_choice=False)
    role = SelectField(
        later("역할"), choices=[SelectChoice(role, ROLE_NAMES[role]) for role in ROLES]
    )


class RefuseForm(Form):
    answer = LongTextField(
        later("거절하는 까닭"),
        [
            Required(later("신청한 사람에게 보낼 까닭을 적어 주십시오.")),
            AtMost(400, later("400자까지 쓸 수 있습니다.")),
        ],
    )


def office_of(one: HomeRequest) -> str:
    """The office of the premises that is asked for, by its number or its district; or none."""
    if place := Premises.numbered(one.number).first():
        return str(place.office)
    named = (o.code for o in offices().values() if any(d in one.address for d in o.districts))
    return next(named, "")


def theirs(allowed: Offices) -> list[HomeRequest]:
    """The open requests of these offices, and those of which nobody knows the office."""
    return [one for one in HomeRequest.waiting() if office_of(one) in (*allowed, "")]


def is_late(one: HomeRequest, today: date) -> bool:
    """The page promises an answer within three working days."""
    day = words.local_day(one.asked_at)
    for _day in range(PROMISED_DAYS):
        day = workdays.next_business_day(day + timedelta(days=1))
    return today > day


def waiting(allowed: Offices, now: datetime) -> Waiting:
    found, today = theirs(allowed), words.local_day(now)
    return Waiting(len(found), sum(is_late(one, today) for one in found))


desk.register(Place("/staff/homes/", later("집 연결 신청"), "homes.decide", waiting, order=20))


@bp.get("/")
@staff("homes.decide")
def index() -> ResponseReturnValue:
    today = clock.today()
    wishes = theirs(scope())
    numbers = ", ".join(one.number for one in wishes if one.number)
    looked("home.requests_seen", About(), found=len(wishes), numbers=numbers[:400])
    rows = [
        {
            "reference": one.reference,
            "at": words.moment(one.asked_at),
            "place": words.number(one.number) if one.number else masks.address(one.address),
            "role": str(ROLE_NAMES[one.role]),
            "late": is_late(one, today),
        }
        for one in wishes
    ]
    return page("homes/desk.html", rows=rows, done=request.args.get("done", ""))


def found(reference: str) -> HomeRequest:
    """A request of the member's offices, or the same 404 for another's as for none."""
    one: HomeRequest | None = HomeRequest.get_or_none(HomeRequest.reference == reference)
    if one is None or office_of(one) not in (*scope(), ""):
        abort(404)
    return one


def candidate(one: HomeRequest) -> Premises | None:
    """The premises that is meant: of the number, or of one looked up by hand (`?number=`)."""
    number = request.args.get("number", "").replace("-", "") or one.number
    return Premises.numbered(number).where(Premises.office.in_(scope())).first()


@bp.get("/<reference>")
@staff("homes.decide")
def show(reference: str) -> ResponseReturnValue:
    one = found(reference)
    return as_page(one, GrantForm(formdata=None, role=one.role), RefuseForm())


def as_page(one: HomeRequest, grant: GrantForm, refuse: RefuseForm) -> ResponseReturnValue:
    place = candidate(one)
    names: tuple[str, ...] = (one.account.name,)
    times: list[dict[str, Any]] = []
    if place:
        for time in reversed(tenancies.of(place.get_id())):
            first = time.since_on + timedelta(days=1)
            side = str(SIDES[time.side])
            same = time.name == one.account.name  # another's name is not the clerk's to know here
            value = f"{time.side} {first}"
            name = time.name if same else masks.name(time.name)
            shown = f"{name} · {side} · {period(first, time.until_on)}"
            times.append({"value": value, "text": shown, "same": same})
    looked("home.request_seen", About(one.account.id, place.get_id() if place else None), names)
    if place and one.decision == "" and place.number != one.number:
        looked("home.place_seen", About(None, place.get_id()), ())
    wanted = next((time["value"] for time in times if time["same"]), "")
    return page(
        "homes/desk_request.html",
        wish=one,
        at=words.moment(one.asked_at),
        asked_role=str(ROLE_NAMES[one.role]),
        place=place,
        number=words.number(place.number) if place else "",
        times=times,
        chosen=grant.tenancy.data or wanted,
        grant=grant,
        refuse=refuse,
        decided=one.decision,
    ), 422 if grant.errors or refuse.errors or grant.form_errors else 200


def signature() -> str:
    """Who decided, as the record keeps it."""
    return f"{current_member().name}"[:30]


@bp.post("/<reference>/grant")
@staff_fresh("homes.decide")
def grant(reference: str) -> ResponseReturnValue:
    one, form, refusal = found(reference), GrantForm(), RefuseForm(formdata=None)
    place = candidate(one)
    side, _blank, since = (form.tenancy.data or "").partition(" ")
    if not form.validate_on_submit() or place is None or side not in SIDES:
        form.form_errors.append(str(CHOOSE))
        return as_page(one, form, refusal)
    try:
        given = Grant(place.number, form.role.data, side, date.fromisoformat(since), signature())
        with writing():
            decide.grant(reference, given, clock.now())
            audit("home.granted", About(one.account.id, place.get_id()), role=form.role.data)
    except ValueError as error:  # DecisionError too
        form.form_errors.append(str(why_not(error)))
        return as_page(found(reference), form, refusal)
    return redirect(url_for(".index", done="granted"), 303)


def why_not(error: ValueError) -> Later:
    if isinstance(error, LinkedError):
        return LINKED
    return CHANGED if isinstance(error, DecisionError) else CHOOSE


LINKED = later("이 계정은 이미 이 집에 연결되어 있습니다. 거절하고 까닭을 적어 주십시오.")
CHOOSE = later("고객번호로 집을 찾고, 누구의 기간인지 골라 주십시오.")
CHANGED = later("그사이에 결정되었거나 이사가 기록되었습니다. 다시 확인해 주십시오.")


@bp.post("/<reference>/refusal")
@staff("homes.decide")
def refuse(reference: str) -> ResponseReturnValue:
    one, form = found(reference), RefuseForm()
    if not form.validate_on_submit():
        return as_page(one, GrantForm(formdata=None, role=one.role), form)
    try:
        with writing():
            decide.refuse(reference, form.answer.data, signature(), clock.now())
            audit("home.refused", About(one.account.id))
    except DecisionError:
        form.form_errors.append(str(CHANGED))
        return as_page(found(reference), GrantForm(formdata=None, role=one.role), form)
    return redirect(url_for(".index", done="refused"), 303)
