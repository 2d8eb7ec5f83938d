"""What the desk types about refunds, credits and discrepancies."""

from typing import Any

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from app.forms import AtMost, Form, LongTextField, Required, TextField, joined
from app.language import _, later
from app.paying.forms import account_number, choice_of_banks
from app.payments.banks import NAMES
from app.payments.refund_models import Way

WAYS = {Way.GATEWAY: later("결제한 방법으로"), Way.BANK: later("은행 계좌로")}


class FindForm(Form):
    query = TextField(
        later("고객번호나 주문번호"),
        [
            Required(later("고객번호나 주문번호를 넣어 주십시오.")),
            AtMost(64, later("64자까지 쓸 수 있습니다.")),
        ],
    )


class RefundForm(Form):
    """What of a payment goes back, why, and where to."""

    parts = SelectMultipleField(later("돌려줄 것"))
    reason = LongTextField(
        later("이유"),
        [
            Required(later("왜 돌려주는지 적어 주십시오.")),
            AtMost(150, later("150자까지 쓸 수 있습니다.")),
        ],
    )
    way = SelectField(later("방법"))
    bank = SelectField(later("은행"), validate_choice=False)
    number = StringField(later("계좌번호"), filters=[joined])
    holder = TextField(later("예금주"), [AtMost(30, later("이름은 30자까지 쓸 수 있습니다."))])
    believed = HiddenField()
    key = HiddenField()

    def __init__(self, needs_account: bool, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.needs_account = needs_account
        self.bank.choices = choice_of_banks([*NAMES])
        self.way.choices = [(way.value, str(name)) for way, name in WAYS.items()]

    @property
    def wants_account(self) -> bool:
        return self.needs_account or self.way.data == Way.BANK.value

    def validate_bank(self, field: SelectField) -> None:
        if self.wants_account and field.data not in NAMES:
            raise ValidationError(_("은행을 골라 주십시오."))

    def validate_number(self, field: StringField) -> None:
        if self.wants_account:
            account_number(self, field)

    def validate_holder(self, field: TextField) -> None:
        if self.wants_account and not field.data:
            raise ValidationError(_("예금주 이름을 넣어 주십시오."))


class DecideForm(Form):
    decision = LongTextField(
        later("어떻게 처리했습니까?"),
        [
            Required(later("어떻게 처리했는지 적어 주십시오.")),
            AtMost(200, later("200자까지 쓸 수 있습니다.")),
        ],
    )
    key = HiddenField()


class GateForm(Form):
    reason = TextField(
        later("이유"),
        [
            Required(later("이유를 적어 주십시오.")),
            AtMost(200, later("200자까지 쓸 수 있습니다.")),
        ],
    )
