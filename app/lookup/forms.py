"""What a guest types from the paper bill."""

from app.forms import CustomerNumberField, Form, ReferenceField
from app.language import later
from app.limits import Refusal

REFUSALS = {
    Refusal.NO_MATCH: later(
        "고객번호와 조회 번호가 맞지 않습니다. 가장 최근 고지서(바로잡은 것이 있으면 그것)를 보고 "
        "다시 넣어 주십시오."
    ),
    Refusal.MORE_PROOF: later(
        "오늘 이 번호로 여러 번 맞지 않아 확인이 더 필요합니다. 로그인하거나 120에 전화해 주십시오."
    ),
}


class LookupForm(Form):
    number = CustomerNumberField(
        later("고객번호"), later("고지서 위쪽에 있는 고객번호 9자리를 넣어 주십시오.")
    )
    code = ReferenceField(
        later("조회 번호"),
        10,
        later(
            "고지서에 인쇄된 조회 번호 10자리를 넣어 주십시오. 0, 1, I, L, O, U는 쓰지 않습니다."
        ),
    )

    def refuse(self, refusal: Refusal) -> None:
        """The same words whether the number is unknown or the code differs."""
        self.form_errors.append(str(REFUSALS[refusal]))
