"""The public list and map of street problems, and following one instead of reporting it again."""

from typing import Any

from flask import abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app import clock, limits, phones
from app.access import by_link, public
from app.accounts import reach
from app.accounts.forms import looks_like_email
from app.complaints import following, kinds, progress
from app.complaints import public as released
from app.complaints.models import Complaint
from app.complaints.photo_views import given
from app.complaints.steps import here, is_locked
from app.complaints.views import bp
from app.complaints.visitors import few, later_again, network
from app.db import writing
from app.forms import AtMost, Form, TextField
from app.language import _, current, later
from app.messages import channels
from app.messages.models import Channel
from app.web import page

PER_NETWORK, PER_ADDRESS = 20, 5
"""Wishes in an hour, and messages in a day to an address that nobody has proved."""


class FollowForm(Form):
    """By mail, or by text message where there are any."""

    channel = RadioField(
        later("받는 방법"),
        choices=[
            SelectChoice(Channel.MAIL.value, later("이메일")),
            SelectChoice(Channel.SMS.value, later("문자")),
        ],
        default=Channel.MAIL.value,
        validate_choice=False,
    )
    email = TextField(later("이메일"), [AtMost(254, later("이메일 주소가 너무 깁니다."))])
    phone = TextField(later("휴대전화 번호"))
    texts = False

    @property
    def way(self) -> Channel:
        wanted = self.texts and self.channel.data == Channel.SMS
        return Channel.SMS if wanted else Channel.MAIL

    def validate_email(self, field: Any) -> None:
        if self.way is Channel.MAIL:
            looks_like_email(self, field)

    def validate_phone(self, field: Any) -> None:
        if self.way is Channel.SMS and not phones.is_mobile(phones.stored(field.data or "")):
            raise ValidationError(_("010으로 시작하는 번호를 010-1234-5678처럼 넣어 주십시오."))

    @property
    def address(self) -> str:
        by_text = self.way is Channel.SMS
        return phones.stored(self.phone.data) if by_text else self.email.data.lower()


@bp.get("/public")
@public
def list_public() -> ResponseReturnValue:
    code = request.args.get("kind", "")
    shown = released.listed(clock.now(), code)
    spots = released.spots(shown)
    return page(
        "complaints/public.html",
        shown=shown,
        spots=spots,
        names=released.names(spots),
        bar=released.bar(shown),
        width=released.WIDTH,
        height=released.HEIGHT,
        kinds=[one for one in kinds.types().values() if one.public],
        code=code,
    )


def found(number: str) -> Complaint:
    """A complaint that everybody may see something of; 404 otherwise."""
    one = Complaint.referred(number)
    return one if one and released.is_public(one) else abort(404)


@bp.route("/public/<number>", methods=["GET", "POST"])
@public
def show_public(number: str) -> ResponseReturnValue:
    """What everybody may know of it; a POST is somebody who wants to hear of it."""
    one, form = found(number), FollowForm()
    form.texts = channels.is_on(Channel.SMS, reach.app())
    if one.is_open and form.validate_on_submit():
        address, key = form.address, current_app.config["SECRET_KEY"]
        if not few("complaint follow", network(), PER_NETWORK):
            return later_again()
        with writing():
            if limits.may("follow mail", key, address, PER_ADDRESS, clock.now(), limits.DAY):
                following.ask(one, address, current(), clock.now(), form.way)
        return redirect(url_for(".asked_to_follow", number=number), 303)
    shown = released.shown(one, 1)
    draft = here()
    draft = None if draft and is_locked(draft) else draft
    return page("complaints/public_one.html", form=form, one=shown, open=one.is_open,
                draft=draft if draft and draft.type == one.type else None), form.status  # fmt: skip


@bp.get("/public/<number>/asked")
@public
def asked_to_follow(number: str) -> ResponseReturnValue:
    return page("complaints/asked.html", one=released.shown(found(number), 1))


@bp.get("/public/<number>/photos/<photo>")
@public
def public_photo(number: str, photo: str) -> ResponseReturnValue:
    names = [one.name for one in released.released(found(number))]
    return given(photo, small=True) if photo in names else abort(404)


@bp.route("/follow/<token>", methods=["GET", "POST"])
@public
def follow(token: str) -> ResponseReturnValue:
    """The link in the first mail confirms it by a button; later it shows how the thing stands."""
    one, form = following.find(token) or abort(404), Form()
    if form.validate_on_submit():
        following.confirm(one, clock.now())
        return redirect(url_for(".follow", token=token), 303)
    complaint = one.complaint
    shown = {"kind": kinds.name(complaint.type), "badge": progress.badge(complaint.state)}
    area = following.about(complaint)["area"]
    confirmed = one.confirmed_at is not None
    return page("complaints/follow.html", token=token, area=area, confirmed=confirmed, **shown)


@bp.route("/follow/<token>/end", methods=["GET", "POST"])
@by_link
def end_following(token: str) -> ResponseReturnValue:
    """The link in each mail; a mail program may send the POST by itself (RFC 8058)."""
    one = following.find(token)
    if request.method == "POST":
        if one:
            following.end(one)
        return page("complaints/follow_ended.html")
    return page("complaints/follow_end.html") if one else abort(404)
