"""Which statement somebody wants, and what is typed from a paper to check it."""

from typing import Any

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app import words
from app.documents.models import CODE, NUMBER, Kind
from app.forms import Form, ReferenceField
from app.language import _, later
from app.limits import Refusal

REFUSALS = {
    Refusal.NO_MATCH: later(
        "문서번호와 확인 코드가 맞는 문서가 없습니다. 종이를 보고 다시 넣어 주십시오."
    ),
    Refusal.MORE_PROOF: later(
        "오늘 이 문서번호로 여러 번 맞지 않았습니다. 내일 다시 하거나 120에 전화해 주십시오."
    ),
}
YEAR = 6  # bills; most homes have one every two months


class IssueForm(Form):
    kind = RadioField(
        later("어떤 문서인가요?"),
        choices=[
            SelectChoice(Kind.PAYMENT, later("납부확인서 (언제 얼마를 냈는지)")),
            SelectChoice(Kind.USAGE, later("사용량 확인서 (달마다 얼마나 썼는지)")),
        ],
        default=Kind.PAYMENT,
    )
    home = SelectField(later("집"))
    first = SelectField(later("첫 달"))
    last = SelectField(later("마지막 달"))

    def offer(self, homes: dict[str, tuple[str, list[str]]]) -> None:
        """Let people choose among homes and their months, newest first; usual is a year."""
        self.home.choices = [SelectChoice(home, name) for home, (name, _) in homes.items()]
        months = sorted({month for _, found in homes.values() for month in found}, reverse=True)
        for field in (self.first, self.last):
            field.choices = [SelectChoice(month, words.month(month)) for month in months]
        self.first.data = self.first.data or months[:YEAR][-1]

    def validate_last(self, field: Any) -> None:
        if field.data and field.data < (self.first.data or ""):
            raise ValidationError(_("마지막 달은 첫 달과 같거나 그 뒤여야 합니다."))

    def refuse(self) -> None:
        self.form_errors.append(_("고른 기간에는 문서에 쓸 내용이 없습니다. 달을 바꿔 주십시오."))


class VerifyForm(Form):
    number = ReferenceField(
        later("문서번호"), NUMBER, later("문서에 인쇄된 문서번호 12자리를 넣어 주십시오.")
    )
    code = ReferenceField(
        later("확인 코드"), CODE, later("문서에 인쇄된 확인 코드 10자리를 넣어 주십시오.")
    )

    def refuse(self, refusal: Refusal) -> None:
        """The same words whether the number is unknown or the code differs."""
        self.form_errors.append(str(REFUSALS[refusal]))
