"""What a person types to verify their phone."""

from typing import Any

from wtforms import StringField
from wtforms.validators import ValidationError

from app import phones
from app.accounts.forms import CODE_LENGTH
from app.forms import Form, Required, TextField, joined
from app.language import _, later


class PhoneForm(Form):
    """The number of a mobile phone."""

    phone = TextField(later("휴대전화 번호"), [Required(later("휴대전화 번호를 넣어 주십시오."))])

    def validate_phone(self, field: Any) -> None:
        if not phones.is_mobile(phones.stored(field.data)):
            raise ValidationError(_("010으로 시작하는 번호를 010-1234-5678처럼 넣어 주십시오."))

    @property
    def number(self) -> str:
        return phones.stored(self.phone.data)


def six_digits(form: Any, field: Any) -> None:
    if not (len(field.data) == CODE_LENGTH and field.data.isdecimal()):
        raise ValidationError(_("문자에 적힌 숫자 6자리를 넣어 주십시오."))


class PhoneCodeForm(Form):
    """Six digits that were sent by text message."""

    code = StringField(
        later("확인번호"),
        [Required(later("문자에 적힌 숫자 6자리를 넣어 주십시오.")), six_digits],
        filters=[joined],
    )

    def refuse(self) -> None:
        """The same words whether it is wrong, too old, or tried too often."""
        self.code.errors = [
            _("확인번호가 맞지 않거나 시간이 지났습니다. 다시 넣거나 새 번호를 받아 주십시오.")
        ]
