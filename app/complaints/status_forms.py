"""What a person types to follow a complaint and to answer."""

from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app import phones
from app.complaints.filing import REFERENCE
from app.forms import AtMost, Form, LongTextField, ReferenceField, Required, TextField
from app.language import _, later
from app.limits import Refusal

REFUSALS = {
    Refusal.NO_MATCH: later(
        "접수 번호와 전화번호가 맞지 않습니다. 접수할 때 받은 번호와 적은 전화번호를 넣어 주십시오."
    ),
    Refusal.MORE_PROOF: later(
        "오늘 이 번호로 여러 번 맞지 않았습니다. 내일 다시 하거나 120에 전화해 주십시오."
    ),
}
LONGEST = 1500
TOO_LONG = later("1,500자까지 넣을 수 있습니다.")


class StatusForm(Form):
    number = ReferenceField(
        later("접수 번호"), REFERENCE, later("접수할 때 받은 번호 10자리를 넣어 주십시오.")
    )
    phone = TextField(
        later("전화번호"), [Required(later("접수할 때 적은 전화번호를 넣어 주십시오."))]
    )

    @property
    def stored(self) -> str:
        """The number as it is stored; a landline's extension or a foreign one is no match."""
        return phones.stored(self.phone.data) or "-"

    def refuse(self, refusal: Refusal) -> None:
        """The same words whether the number is unknown or the phone differs."""
        self.form_errors.append(str(REFUSALS[refusal]))


class MessageForm(Form):
    text = LongTextField(
        later("담당자에게 남길 말"),
        [Required(later("남길 말을 적어 주십시오.")), AtMost(LONGEST, TOO_LONG)],
        id="message",
    )


def reasons() -> list[SelectChoice]:
    return [
        SelectChoice("still", _("아직 그대로예요")),
        SelectChoice("objection", _("답변에 이의가 있습니다")),
    ]


class ReopeningForm(Form):
    why = RadioField(later("왜 다시 여나요?"), choices=reasons, default="still")
    text = LongTextField(
        later("어떤 점이 그런가요?"),
        [Required(later("어떤 점이 그런지 적어 주십시오.")), AtMost(LONGEST, TOO_LONG)],
        id="reason",
    )


def stars() -> list[SelectChoice]:
    names = (_("매우 불만"), _("불만"), _("보통"), _("만족"), _("매우 만족"))
    return [SelectChoice(str(at), name) for at, name in enumerate(names, 1)]


class RatingForm(Form):
    stars = RadioField(later("처리에 만족하십니까?"), choices=stars, validate_choice=False)
    text = LongTextField(later("하실 말씀"), [AtMost(LONGEST, TOO_LONG)], id="opinion")

    def validate_stars(self, field: Any) -> None:
        if field.data not in ("1", "2", "3", "4", "5"):
            raise ValidationError(_("하나를 골라 주십시오."))
