"""What somebody chooses to pay with, and what a refund needs to know."""

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.accounts.forms import looks_like_email
from app.forms import AtMost, Form, LongTextField, Required, TextField, joined
from app.language import _, later
from app.payments.banks import NAMES
from app.payments.models import Channel
from app.payments.opening import Why
from app.payments.texts import CHANNELS

ISSUING = ("20", "06", "88", "81", "11", "03", "71")
"""Banks that issue accounts for deposits."""
REFUSED = {
    Why.CLOSED: later(
        "지금은 온라인 납부를 받지 않습니다. 잠시 뒤에 다시 하거나 120으로 전화해 주십시오."
    ),
    Why.NOTHING: later("이미 냈거나 낼 것이 없는 고지서가 들어 있습니다. 다시 골라 주십시오."),
    Why.CHANGED: later("그사이 금액이 바뀌었습니다. 새 금액을 확인해 주십시오."),
    Why.IN_PROGRESS: later(
        "이 고지서는 다른 결제가 진행되고 있습니다. 결과를 먼저 확인해 주십시오."
    ),
    Why.TOO_SMALL: later("금액이 너무 작아 이 방법으로는 낼 수 없습니다."),
    Why.TOO_MANY: later("한 번에 60건까지 낼 수 있습니다."),
    Why.TOO_OFTEN: later("너무 여러 번 시작했습니다. 한 시간 뒤에 다시 해 주십시오."),
    Why.CONFLICT: later("같은 화면에서 다른 내용으로 이미 보냈습니다. 처음부터 다시 해 주십시오."),
}


def choice_of_banks(codes: tuple[str, ...] | list[str]) -> list[SelectChoice]:
    return [SelectChoice(code, NAMES[code]) for code in codes]


class MethodForm(Form):
    """How to pay what was chosen. `shown` is the sum on the page, `key` the form's own."""

    channel = RadioField(
        later("어떻게 낼까요?"),
        choices=[SelectChoice(code.value, name) for code, name in CHANNELS.items()],
        default=Channel.CARD.value,
    )
    bank = SelectField(later("입금할 은행"), choices=choice_of_banks(ISSUING))
    shown = HiddenField()
    key = HiddenField()

    def refuse(self, why: Why) -> None:
        self.form_errors.append(str(REFUSED[why]))

    @property
    def shown_amount(self) -> int:
        """The sum that the payer saw; something else than a number is nobody's sum."""
        text = self.shown.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 13 else -1


class GuestForm(MethodForm):
    """The same for somebody without an account, who may want the receipt by mail."""

    email = TextField(
        later("영수증을 받을 이메일(선택)"), [AtMost(254, later("이메일 주소가 너무 깁니다."))]
    )

    def validate_email(self, field: TextField) -> None:
        if field.data:
            looks_like_email(self, field)


def account_number(form: Form, field: StringField) -> None:
    if not (6 <= len(field.data) <= 20 and field.data.isdecimal()):
        raise ValidationError(_("계좌번호를 숫자로 넣어 주십시오."))


class CancelForm(Form):
    """Why a payment is to be taken back."""

    reason = LongTextField(
        later("취소하는 까닭"),
        [
            Required(later("취소하는 까닭을 적어 주십시오.")),
            AtMost(120, later("120자까지 쓸 수 있습니다.")),
        ],
    )


class DepositCancelForm(CancelForm):
    """A deposit goes back to an account of the payer's."""

    bank = SelectField(later("돌려받을 은행"))
    number = StringField(
        later("계좌번호"),
        [Required(later("계좌번호를 숫자로 넣어 주십시오.")), account_number],
        filters=[joined],
    )
    holder = TextField(
        later("예금주"),
        [
            Required(later("예금주 이름을 넣어 주십시오.")),
            AtMost(30, later("이름은 30자까지 쓸 수 있습니다.")),
        ],
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.bank.choices = choice_of_banks([*NAMES])
