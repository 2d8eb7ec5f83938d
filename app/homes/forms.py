"""What a person types to link a home, to name it, or to ask the office for it."""

from typing import Any

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.accounts.forms import CodeForm
from app.forms import (
    AtMost,
    CustomerNumberField,
    Form,
    ReferenceField,
    Required,
    TextField,
    no_resident_number,
    tidy,
)
from app.homes.models import HOLDER, PAYER, VIEWER
from app.homes.texts import ROLE_NAMES
from app.language import _, later
from app.limits import Refusal
from app.signs import has_odd_signs

NUMBER = later("고지서 위쪽에 있는 고객번호 9자리를 넣어 주십시오.")
REFUSALS = {
    Refusal.NO_MATCH: later(
        "고객번호와 조회 번호가 맞지 않거나, 그 고지서로는 연결할 수 없습니다. "
        "받은 지 1년이 넘은 고지서, 이사한 뒤에 나온 고지서, 쓴 기간에 이사가 들어 있는 고지서, "
        "연결이 끊기기 전에 받은 고지서로는 연결할 수 없습니다."
    ),
    Refusal.MORE_PROOF: later(
        "오늘 이 번호로 여러 번 맞지 않아 확인이 더 필요합니다. "
        "등록된 연락처로 연결하거나 담당자에게 신청해 주십시오."
    ),
}


class HomeName(TextField):
    """What somebody calls a home of theirs."""

    def __init__(self, **options: Any) -> None:
        rules = [
            Required(later("집 이름을 넣어 주십시오. 예: 우리집")),
            AtMost(30, later("집 이름은 30자까지 쓸 수 있습니다.")),
        ]
        super().__init__(later("집 이름"), rules, **options)


class NameForm(Form):
    name = HomeName()


class PaperForm(Form):
    number = CustomerNumberField(later("고객번호"), NUMBER)
    code = ReferenceField(
        later("조회 번호"),
        10,
        later(
            "고지서에 인쇄된 조회 번호 10자리를 넣어 주십시오. 0, 1, I, L, O, U는 쓰지 않습니다."
        ),
    )
    role = RadioField(
        later("이 집에서 나는"),
        choices=[SelectChoice(role, ROLE_NAMES[role]) for role in (PAYER, VIEWER)],
        default=PAYER,
    )
    name = HomeName(default=lambda: _("우리집"))

    def refuse(self, refusal: Refusal) -> None:
        """The same words whether number, code or bill is wrong."""
        self.form_errors.append(str(REFUSALS[refusal]))


class ContactForm(Form):
    number = CustomerNumberField(later("고객번호"), NUMBER)
    name = TextField(
        later("명의자 이름"),
        [
            Required(later("고지서에 적힌 명의자 이름을 넣어 주십시오.")),
            AtMost(60, later("이름은 60자까지 쓸 수 있습니다.")),
        ],
    )


class HomeCodeForm(CodeForm):
    """The digits, and what the home is to be called."""

    home = HomeName(default=lambda: _("우리집"))


class OptionalNumber(CustomerNumberField):
    """As CustomerNumberField, or nothing."""

    def pre_validate(self, form: Any) -> None:
        if self.data:
            super().pre_validate(form)


def lines(text: str | None) -> str:
    """Text of several lines, with one kind of line end."""
    return tidy(text).replace("\r\n", "\n").replace("\r", "\n")


def no_odd_lines(form: Any, field: Any) -> None:
    """As no_odd_signs, but line ends are not odd here."""
    if has_odd_signs((field.data or "").replace("\n", "")):
        raise ValidationError(_("쓸 수 없는 글자가 들어 있습니다. 지우고 다시 써 주십시오."))


class RequestForm(Form):
    number = OptionalNumber(later("고객번호 (선택)"), NUMBER)
    address = TextField(
        later("집 주소 (선택)"), [AtMost(160, later("주소는 160자까지 쓸 수 있습니다."))]
    )
    role = RadioField(
        later("이 집에서 나는"),
        choices=[SelectChoice(role, name) for role, name in ROLE_NAMES.items()],
        default=HOLDER,
    )
    reason = TextAreaField(
        later("신청하는 까닭"),
        [
            Required(later("신청하는 까닭을 써 주십시오. 예: 집을 샀습니다.")),
            AtMost(1000, later("1000자까지 쓸 수 있습니다.")),
            no_odd_lines,
            no_resident_number,
        ],
        filters=[lines],
    )

    def validate_address(self, field: Any) -> None:
        if not field.data and not self.number.data:
            raise ValidationError(_("고객번호나 집 주소 가운데 하나를 넣어 주십시오."))

    def refuse(self) -> None:
        self.form_errors.append(
            _("아직 보고 있는 신청이 3건 있습니다. 답을 받은 뒤에 다시 신청해 주십시오.")
        )
