"""What a person types to be told of outages."""

from typing import Any

from flask import current_app
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app import addresses, phones
from app.accounts.forms import looks_like_email
from app.accounts.subscriptions import GuestBrowser, Keys
from app.alerts.models import Wish
from app.forms import AtMost, Form, Required, TextField
from app.language import _, current, later
from app.messages.models import Channel
from app.outages import phrases, search
from app.outages.area import Place
from app.push import browsers

NOT_THERE = later("목록에 있는 동 이름을 넣어 주십시오. 예: 역삼동")


class PlaceForm(Form):
    """A dong, and the road and number for who wants to be told of the own house only."""

    district = SelectField(later("구"), [Required(later("구를 골라 주십시오."))])
    dong = TextField(
        later("동"),
        [Required(NOT_THERE), AtMost(20, later("동 이름은 20자까지 쓸 수 있습니다."))],
    )
    house = TextField(
        later("길 이름과 건물 번호(선택)"),
        [AtMost(40, later("길 이름과 번호는 40자까지 쓸 수 있습니다."))],
    )
    channel = RadioField(later("받는 방법"))

    def __init__(self, ways: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self.district.choices = [
            SelectChoice("", _("고르십시오")),
            *(SelectChoice(name, phrases.district_name(name)) for name in addresses.districts()),
        ]
        self.channel.choices = [SelectChoice(name, title) for name, title in ways]
        self.channel.data = self.channel.data or ways[0][0]

    def validate_dong(self, field: Any) -> None:
        """An exact name: whoever is misspelt would never be told."""
        if not self.district.data:
            return  # that is asked for first
        found = addresses.find(self.district.data or "", field.data)
        if found.exact.endswith(("동", "가")):
            field.data = found.exact
            return
        near = [name for name in found.near if name.endswith(("동", "가"))]
        if near:
            raise ValidationError(
                _("이 구에 그런 동이 없습니다. 혹시 %(names)s?", names=", ".join(near))
            )
        raise ValidationError(str(NOT_THERE))

    def validate_house(self, field: Any) -> None:
        if field.data and not all(self.road()):
            raise ValidationError(_("테헤란로 123처럼 길 이름과 번호를 함께 넣어 주십시오."))

    def road(self) -> tuple[str, int]:
        return search.house(search.WORD.findall(addresses.plain_words(self.house.data or "")))

    @property
    def place(self) -> Place:
        road, number = self.road() if self.house.data else ("", 0)
        return Place(self.district.data, self.dong.data, road, number)


class BrowserForm(PlaceForm):
    """The same for who is notified in this browser: with what the browser gave (static/push.js)."""

    answer = HiddenField()

    def keys(self) -> Keys | None:
        """What the browser gave; None, and the form says so, when that is nothing of use."""
        found = browsers.read(self.answer.data or "", current_app.config)
        if found is None:
            self.form_errors.append(_("이 브라우저가 알림을 받겠다고 답하지 않았습니다."))
        return found

    def wish(self, browser: GuestBrowser) -> Wish:
        push = Channel.PUSH.value
        return Wish(push, self.place, current(), recipient=browser.reference, browser_id=browser.id)


class VisitorForm(PlaceForm):
    """The same for who has no account: with the address that is then asked to confirm."""

    email = TextField(later("이메일"), [AtMost(254, later("이메일 주소가 너무 깁니다."))])
    phone = TextField(later("휴대전화 번호"))

    @property
    def wanted(self) -> str:
        return "phone" if self.channel.data == Channel.SMS else "email"

    def validate_email(self, field: Any) -> None:
        if self.wanted == "email":
            looks_like_email(self, field)

    def validate_phone(self, field: Any) -> None:
        if self.wanted == "phone" and not phones.is_mobile(phones.stored(field.data or "")):
            raise ValidationError(_("010으로 시작하는 번호를 010-1234-5678처럼 넣어 주십시오."))

    @property
    def wish(self) -> Wish:
        recipient = self.email.data.lower() if self.wanted == "email" else ""
        recipient = recipient or phones.stored(self.phone.data)
        return Wish(self.channel.data, self.place, current(), recipient=recipient)
