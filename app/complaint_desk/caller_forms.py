"""What a member of staff types for somebody who calls or stands at the counter."""

import secrets
from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from app import phones
from app.accounts.forms import looks_like_email
from app.complaints import kinds
from app.complaints.filing import Filing
from app.complaints.forms import district_choices, email_or_nothing, field_of
from app.complaints.kinds import Question
from app.complaints.labels import CHANNELS
from app.complaints.models import Channel
from app.forms import AtMost, Form, LongTextField, Required, TextField, joined
from app.language import _, later
from app.supply.models import Premises

HERE = (Channel.PHONE, Channel.COUNTER, Channel.KIOSK)
"""How somebody comes whose complaint staff write down."""
CHOOSE = later("목록에 있는 것을 골라 주십시오.")


def type_choices() -> list[SelectChoice]:
    known = [SelectChoice(code, kind.name) for code, kind in kinds.types().items()]
    return [SelectChoice("", _("고르십시오")), *known]


def new_key() -> str:
    return secrets.token_urlsafe(24)


class CallerForm(Form):
    """As short as a call: what, where, who. `form_key` makes it one complaint. The kind's own
    questions stand in a form of `caller_form`; who calls may not know the answers.
    """

    form_key = HiddenField(default=new_key)
    channel = RadioField(
        later("어떻게 왔습니까?"),
        choices=[SelectChoice(code.value, CHANNELS[code]) for code in HERE],
        default=Channel.PHONE.value,
        validate_choice=False,
    )
    type = SelectField(
        later("종류"),
        [Required(later("종류를 골라 주십시오."))],
        choices=type_choices,
        invalid_choice_message=CHOOSE,
    )
    asked_of = HiddenField(name="asked")
    """The kind whose questions were shown."""
    number = TextField(later("고객번호 (집의 일이면)"))
    district = SelectField(later("구"), choices=district_choices, invalid_choice_message=CHOOSE)
    dong = TextField(
        later("동이나 길 이름"), [AtMost(20, later("동이나 길 이름은 20자까지 넣을 수 있습니다."))]
    )
    place = TextField(
        later("찾아갈 수 있는 설명"), [AtMost(120, later("120자까지 넣을 수 있습니다."))]
    )
    body = LongTextField(
        later("내용"),
        [
            Required(later("내용을 적어 주십시오.")),
            AtMost(1500, later("1,500자까지 쓸 수 있습니다.")),
        ],
    )
    name = TextField(later("이름"), [AtMost(40, later("이름은 40자까지 넣을 수 있습니다."))])
    phone = TextField(
        later("전화번호"),
        [Required(later("전화번호를 넣어 주십시오. 처리 상태를 볼 때도 씁니다."))],
    )
    wants_texts = BooleanField(later("처리할 때마다 문자로 알려 주기"))
    email = TextField(
        later("이메일 (적으면 보냅니다)"),
        [email_or_nothing, AtMost(254, later("이메일 주소가 너무 깁니다.")), looks_like_email],
    )
    language = RadioField(
        later("알릴 언어"),
        choices=[SelectChoice("ko", later("한국어")), SelectChoice("en", later("영어"))],
        default="ko",
        validate_choice=False,
    )
    told_by = TextField(
        later("본인이 아니면, 누가 알려 주었습니까?"),
        [AtMost(60, later("60자까지 쓸 수 있습니다."))],
    )
    premises: Premises | None = None
    questions: tuple[Question, ...] = ()

    @property
    def asked(self) -> list[tuple[Question, Field]]:
        return [(one, self[f"q_{one.code}"]) for one in self.questions]

    def validate_form_key(self, field: Any) -> None:
        """What is no key of ours is a new form."""
        if not 20 <= len(field.data or "") <= 50:
            field.data = new_key()

    def validate_type(self, field: Any) -> None:
        if self.questions and self.asked_of.data != field.data:
            message = _("이 종류의 물음이 아래에 있습니다. 아는 것을 고르고 다시 접수하십시오.")
            raise ValidationError(message)

    def validate_channel(self, field: Any) -> None:
        if field.data not in [*HERE]:
            raise ValidationError(_("하나를 골라 주십시오."))

    def validate_language(self, field: Any) -> None:
        if field.data not in ("ko", "en"):
            raise ValidationError(_("하나를 골라 주십시오."))

    def validate_number(self, field: Any) -> None:
        if not field.data:
            raise StopValidation()
        self.premises = Premises.numbered(joined(field.data)).first()
        if self.premises is None:
            raise ValidationError(
                _("그 번호의 집이 없습니다. 고지서의 아홉 자리를 확인해 주십시오.")
            )

    def validate_district(self, field: Any) -> None:
        kind = kinds.types().get(self.type.data or "")
        if kind and kind.place != "none" and not field.data and not self.number.data:
            raise ValidationError(_("구나 고객번호를 넣어 주십시오."))

    def validate_phone(self, field: Any) -> None:
        if not phones.stored(field.data):
            raise ValidationError(_("한국의 전화번호를 010-1234-5678처럼 넣어 주십시오."))

    def validate_wants_texts(self, field: Any) -> None:
        if field.data and not phones.is_mobile(phones.stored(self.phone.data or "")):
            raise ValidationError(_("문자는 010으로 시작하는 휴대전화로만 보냅니다."))

    def filing(self) -> Filing:
        home = self.premises
        return Filing(
            type=self.type.data,
            form_key=f"desk {self.form_key.data}",
            answers={one.code: field.data for one, field in self.asked if field.data},
            body=self.body.data,
            name=self.name.data,
            phone=phones.stored(self.phone.data),
            email=(self.email.data or "").lower(),
            wants_texts=self.wants_texts.data,
            language=self.language.data,
            channel=Channel(self.channel.data),
            premises=home,
            district=home.district if home else self.district.data,
            dong=home.dong if home else self.dong.data,
            place=self.place.data,
        )


def caller_form(sent: Mapping[str, str]) -> CallerForm:
    """The form with the questions of the kind that was sent."""
    kind = kinds.types().get(sent.get("type", ""))
    asked = tuple(one._replace(required=False) for one in kind.questions) if kind else ()
    fields: dict[str, Any] = {f"q_{one.code}": field_of(one) for one in asked}
    made: type[CallerForm] = type("KindCallerForm", (CallerForm,), {"questions": asked, **fields})
    return made()
