"""What a person types to file a complaint, a form for each step."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from app import addresses, phones
from app.accounts.forms import looks_like_email
from app.complaints import kinds
from app.complaints.drafts import Draft
from app.complaints.kinds import Question, Type
from app.forms import AtMost, Form, LongTextField, Required, TextField, tidy
from app.language import _, current, later

AS_TYPED, OTHER = "as_typed", "other"
LONGEST = 1500
PRIVATE = re.compile(r"(?<!\d)(?:0\d{1,2}[-. ]?\d{3,4}[-. ]?\d{4}|\d{2,6}-\d{2,6}-\d{4,8})(?!\d)")
"""What looks like a telephone or an account number."""
LIMITS = ((Decimal("37.3"), Decimal("37.8")), (Decimal("126.6"), Decimal("127.3")))
"""Around the city; a place elsewhere is none of ours."""


def district_choices() -> list[SelectChoice]:
    english = current() == "en"
    named = [
        SelectChoice(one.name, f"{one.name_en} ({one.name})" if english else one.name)
        for one in addresses.districts().values()
    ]
    return [SelectChoice("", _("고르십시오")), *named]


def coordinates(latitude: str, longitude: str) -> tuple[int, int] | None:
    """Two typed degrees as millionths; none for what is no place in the city."""
    found = []
    for text, (least, most) in zip((latitude, longitude), LIMITS, strict=True):
        try:
            degrees = Decimal(text or "x")
        except InvalidOperation:
            return None
        if not (degrees.is_finite() and least <= degrees <= most):
            return None
        found.append(int(degrees * 1_000_000))
    return found[0], found[1]


class Elsewhere:
    """The field is needed when no home was chosen."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if form.homes and form.home.data != OTHER:
            raise StopValidation()
        if not field.data:
            raise StopValidation(str(self.message))


class PlaceForm(Form):
    """One of the own homes; or district, dong or road, and words. `near` are names to choose from
    when the typed one is not known; a script may add where the phone is.
    """

    home = RadioField(later("어디의 일입니까?"), choices=[], validate_choice=False)
    district = SelectField(
        later("구"),
        [Elsewhere(later("구를 골라 주십시오."))],
        choices=district_choices,
        invalid_choice_message=later("목록에 있는 것을 골라 주십시오."),
    )
    dong = TextField(
        later("동이나 길 이름"),
        [
            Elsewhere(later("동이나 길 이름을 넣어 주십시오. 예: 역삼동, 테헤란로")),
            AtMost(20, later("동이나 길 이름은 20자까지 넣을 수 있습니다.")),
        ],
    )
    place = TextField(
        later("찾아갈 수 있는 설명"),
        [
            Elsewhere(later("어디인지 적어 주십시오. 예: 12번지 앞 횡단보도")),
            AtMost(120, later("120자까지 넣을 수 있습니다.")),
        ],
    )
    chosen = RadioField(later("어느 것인가요?"), choices=[], validate_choice=False)
    offered = TextField("")
    latitude = HiddenField()
    longitude = HiddenField()
    homes: Mapping[str, str] = {}
    kept = Draft("")
    near: tuple[str, ...] = ()
    found = ""

    @property
    def at_home(self) -> bool:
        return self.home.data in self.homes

    def validate_home(self, field: Any) -> None:
        if self.homes and field.data not in (*self.homes, OTHER):
            raise ValidationError(_("집을 고르거나 다른 곳을 골라 주십시오."))

    def validate_chosen(self, field: Any) -> None:
        typed, district = self.dong.data, self.district.data
        known = addresses.districts().get(district)
        nowhere = self.homes and self.home.data != OTHER
        if nowhere or not (typed and known) or len(typed) > 20:
            return
        matches = addresses.find(district, typed)
        answer = field.data if self.offered.data == typed else None
        same = (district, typed) == (self.kept.district, self.kept.dong)
        if answer == AS_TYPED or same:
            self.found = typed
        else:
            self.found = answer if answer in known.names else matches.exact
        if not self.found:
            self.near, self.offered.data = matches.near, typed
            message = _("%(name)s 이름이 이 구의 목록에 없습니다. 골라 주십시오.", name=typed)
            raise StopValidation(message)

    @property
    def answers(self) -> dict[str, Any]:
        if self.at_home:
            nowhere = dict.fromkeys(("district", "dong", "place"), "")
            return {"home": self.home.data, **nowhere, "latitude": None, "longitude": None}
        at = coordinates(self.latitude.data or "", self.longitude.data or "") or (None, None)
        return {
            "home": "",
            "district": self.district.data,
            "dong": self.found,
            "place": self.place.data,
            "latitude": at[0],
            "longitude": at[1],
        }

    @staticmethod
    def typed(draft: Draft) -> dict[str, Any]:
        def degrees(value: int | None) -> str:
            return "" if value is None else str(Decimal(value) / 1_000_000)

        return {
            "home": draft.home or (OTHER if draft.district else ""),
            "district": draft.district,
            "dong": draft.dong,
            "place": draft.place,
            "latitude": degrees(draft.latitude),
            "longitude": degrees(draft.longitude),
        }


def right(question: Question) -> Any:
    """A validator: the answer can be one to this question."""
    messages = {
        "choice": later("하나를 골라 주십시오."),
        "number": later("숫자만 넣어 주십시오. 예: 1234"),
        "date": later("날을 2026-11-26처럼 넣어 주십시오."),
        "text": later("적어 주십시오."),
    }

    def check(form: Any, field: Any) -> None:
        if question.wrong(field.data or ""):
            raise ValidationError(str(messages[question.kind]))

    return check


def field_of(question: Question) -> Field:
    label = kinds.said(question.label)
    if question.kind == "choice":
        choices = [SelectChoice(code, kinds.said(text)) for code, text in question.choices.items()]
        return RadioField(label, [right(question)], choices=choices, validate_choice=False)
    if question.kind == "text":
        most = AtMost(200, later("200자까지 넣을 수 있습니다."))
        return TextField(label, [right(question), most])
    return StringField(label, [right(question)], filters=[tidy])


class DetailsForm(Form):
    """The kind's own questions, and what happened in words."""

    body = LongTextField(
        later("더 알릴 내용"), [AtMost(LONGEST, later("1,500자까지 넣을 수 있습니다."))]
    )
    keep = BooleanField(later("번호를 그대로 보냅니다"))
    kind: Type
    warned = False

    def validate_body(self, field: Any) -> None:
        if not field.data and not self.kind.questions:
            raise ValidationError(_("내용을 적어 주십시오."))
        said = " ".join([field.data or "", *map(str, self.answers["answers"].values())])
        if PRIVATE.search(unicodedata.normalize("NFKC", said)):
            self.warned = True
            if not self.keep.data:
                message = _(
                    "전화번호나 계좌번호로 보이는 숫자가 있습니다. 지우거나, 꼭 필요하면 "
                    "아래를 고르고 계속하십시오."
                )
                raise ValidationError(message)

    @property
    def asked(self) -> list[tuple[Question, Field]]:
        return [(one, self[f"q_{one.code}"]) for one in self.kind.questions]

    @property
    def answers(self) -> dict[str, Any]:
        given = {one.code: field.data or "" for one, field in self.asked}
        return {"answers": given, "body": self.body.data or ""}


def details_form(draft: Draft) -> DetailsForm:
    """The form of a draft's kind with what was typed."""
    kind = draft.kind
    fields: dict[str, Any] = {f"q_{one.code}": field_of(one) for one in kind.questions}
    made = type("KindForm", (DetailsForm,), {"kind": kind, **fields})
    kept = {f"q_{code}": answer for code, answer in draft.answers.items()}
    form: DetailsForm = made(data={"body": draft.body, **kept})
    return form


def email_or_nothing(form: Any, field: Any) -> None:
    if not field.data:
        raise StopValidation()


class ContactForm(Form):
    name = TextField(later("이름"), [AtMost(40, later("이름은 40자까지 넣을 수 있습니다."))])
    phone = TextField(
        later("전화번호"),
        [Required(later("전화번호를 넣어 주십시오. 처리 상태를 볼 때도 씁니다."))],
    )
    wants_texts = BooleanField(later("처리할 때마다 문자로 알려 주십시오"))
    wants_push = BooleanField(later("처리할 때마다 내 기기 알림으로 알려 주십시오"))
    email = TextField(
        later("이메일로도 받기 (적으면 보냅니다)"),
        [email_or_nothing, AtMost(254, later("이메일 주소가 너무 깁니다.")), looks_like_email],
    )
    kind: Type

    def validate_name(self, field: Any) -> None:
        if not field.data and self.kind.place != "street":
            raise ValidationError(_("이름을 넣어 주십시오."))

    def validate_phone(self, field: Any) -> None:
        if not phones.stored(field.data):
            raise ValidationError(_("한국의 전화번호를 010-1234-5678처럼 넣어 주십시오."))

    def validate_wants_texts(self, field: Any) -> None:
        if field.data and not phones.is_mobile(phones.stored(self.phone.data or "")):
            raise ValidationError(_("문자는 010으로 시작하는 휴대전화로만 보냅니다."))

    @property
    def answers(self) -> dict[str, Any]:
        return {
            "name": self.name.data,
            "phone": phones.stored(self.phone.data),
            "wants_texts": self.wants_texts.data,
            "wants_push": self.wants_push.data,
            "email": (self.email.data or "").lower(),
        }

    @staticmethod
    def typed(draft: Draft) -> dict[str, Any]:
        return {
            "name": draft.name,
            "phone": phones.shown(draft.phone),
            "wants_texts": draft.wants_texts,
            "wants_push": draft.wants_push,
            "email": draft.email,
        }
