"""The desk of people's requests about their own data: what waits, how long, and the answer."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app import clock, words
from app.access import staff
from app.audit.trail import About
from app.db import rows
from app.forms import AtMost, Form, LongTextField
from app.language import _, later
from app.mydata.person import WISHES
from app.privacy import mails, rights
from app.privacy.models import ANSWERS, Decision, RightsRequest, WaitingRequest, Wish
from app.privacy.models import waiting as all_waiting
from app.staff import desk
from app.staff.desk import Offices, Place, Waiting
from app.staff.looks import looked
from app.staff.session import actor, scope
from app.web import page

bp = Blueprint("data_requests", __name__, url_prefix="/staff/data")

OFFICES_OF = """
SELECT DISTINCT p.office FROM homes h JOIN premises p ON p.id = h.premises_id
WHERE h.account_id = ?
"""


class AnswerForm(Form):
    decision = RadioField(
        later("결과"),
        choices=[SelectChoice(one.value, mails.DECISIONS[one]) for one in ANSWERS],
        validate_choice=False,
    )
    answer = LongTextField(
        later("요청한 사람에게 보낼 답"), [AtMost(1000, later("1000자까지 쓸 수 있습니다."))]
    )

    def validate_decision(self, field: Any) -> None:
        if field.data not in [one.value for one in ANSWERS]:
            raise ValidationError(_("하나를 골라 주십시오."))

    def validate_answer(self, field: Any) -> None:
        if not field.data and self.decision.data != Decision.DONE.value:
            raise ValidationError(_("요청대로 하지 않는 까닭을 적어 주십시오."))


def is_theirs(account_id: int, allowed: Offices) -> bool:
    """Whether an account has a home in one of these offices, or no home at all."""
    found = {office for (office,) in rows(OFFICES_OF, (account_id,))}
    return not found or bool(found & {*allowed})


def theirs(allowed: Offices, now: datetime) -> list[WaitingRequest]:
    today = words.local_day(now)
    return [one for one in all_waiting(today) if is_theirs(one.account_id, allowed)]


def waiting(allowed: Offices, now: datetime) -> Waiting:
    found = theirs(allowed, now)
    return Waiting(len(found), sum(one.days_left < 0 for one in found))


desk.register(Place("/staff/data/", later("개인정보 요청"), "requests.handle", waiting, order=30))


@bp.get("/")
@staff("requests.handle")
def index() -> ResponseReturnValue:
    found = [
        {
            "reference": one.reference,
            "kind": str(WISHES[one.kind]),
            "at": words.moment(one.asked_at),
            "due": words.day(one.due_on),
            "left": one.days_left,
        }
        for one in theirs(scope(), clock.now())
    ]
    return page("mydata/desk.html", rows=found, done=request.args.get("done", ""))


def asked(reference: str) -> RightsRequest:
    """A request of the member's offices, or the same 404 for another's as for none."""
    one: RightsRequest | None = RightsRequest.get_or_none(RightsRequest.reference == reference)
    if one is None or not is_theirs(one.account.id, scope()):
        abort(404)
    return one


@bp.route("/<reference>", methods=["GET", "POST"])
@staff("requests.handle")
def show(reference: str) -> ResponseReturnValue:
    one, form = asked(reference), AnswerForm()
    if form.validate_on_submit():
        try:
            decision = Decision(form.decision.data)
            rights.answer(reference, decision, form.answer.data, actor(), clock.now())
            return redirect(url_for(".index", done="answered"), 303)
        except rights.AnswerError:
            form.form_errors.append(_("그사이에 끝난 요청입니다."))
    looked("data.request_seen", About(one.account.id), (one.account.name,))
    return page(
        "mydata/desk_request.html",
        wish=one,
        kind=str(WISHES[Wish(one.kind)]),
        at=words.moment(one.asked_at),
        due=words.day(one.due_on),
        left=one.days_left(clock.today()),
        decided=str(mails.DECISIONS[Decision(one.decision)]) if one.decision else "",
        form=form,
    ), form.status
