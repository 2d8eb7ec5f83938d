"""What a person writes to ask something about their own data."""

from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.forms import AtMost, Form, LongTextField, Required
from app.language import _, later
from app.mydata.person import WISHES


class WishForm(Form):
    kind = RadioField(
        later("무엇을 원하시나요?"),
        choices=[SelectChoice(wish.value, name) for wish, name in WISHES.items()],
        validate_choice=False,
    )
    about = LongTextField(
        later("어떤 정보를 어떻게 해 드릴까요?"),
        [
            Required(later("어떤 정보를 어떻게 할지 써 주십시오. 예: 청구지가 옛 주소입니다.")),
            AtMost(1000, later("1000자까지 쓸 수 있습니다.")),
        ],
    )

    def validate_kind(self, field: Any) -> None:
        if field.data not in {wish.value for wish in WISHES}:
            raise ValidationError(_("하나를 골라 주십시오."))

    def refuse(self) -> None:
        self.form_errors.append(
            _("아직 답을 기다리는 요청이 5건 있습니다. 답을 받은 뒤에 다시 요청해 주십시오.")
        )
