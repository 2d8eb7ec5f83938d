"""What a person asks the calculator; everything but the use has a usual value."""

import re
import unicodedata
from typing import Any

from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from app import clock, words
from app.calculator.estimate import Asked
from app.calculator.names import class_name
from app.forms import Form, TextField
from app.language import _, current, later
from app.tariff import active
from app.tariff.engine import Grant, Terms
from app.tariff.table import whole_months

MONTH = re.compile("20[0-9]{2}-(0[1-9]|1[0-2])")
MONTHS_BACK, MONTHS_AHEAD = 24, 12
EXAMPLE_M3 = "24"
WRONG_CHOICE = later("목록에 있는 것을 골라 주십시오.")


class WholeNumber(TextField):
    """Digits, also full-width ones, with commas or the unit; `number` is their value."""

    def __init__(self, label: Any, low: int, high: int, message: Any, **options: Any) -> None:
        super().__init__(label, **options)
        self.low, self.high, self.message = low, high, message
        self.number = 0

    def pre_validate(self, form: Any) -> None:
        plain = unicodedata.normalize("NFKC", self.data or "").strip().removesuffix("m3").strip()
        if not plain and self.low == 0 and self.default == "":
            return
        if not re.fullmatch(r"\d{1,3}(,\d{3})+|\d{1,9}", plain, re.ASCII):
            raise StopValidation(str(self.message))
        self.number = int(plain.replace(",", ""))
        if not self.low <= self.number <= self.high:
            raise StopValidation(str(self.message))


class Choice(SelectField):
    """One of a list."""

    def __init__(self, label: Any, choices: Any, **options: Any) -> None:
        super().__init__(label, choices=choices, invalid_choice_message=WRONG_CHOICE, **options)


class MonthField(SelectField):
    """A billing month: the recent ones are listed, and the asked one when it is older."""

    def __init__(self, label: Any, validators: Any, **options: Any) -> None:
        super().__init__(
            label,
            validators,
            choices=recent_months,
            validate_choice=False,
            default=this_month,
            **options,
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        known = recent_months()
        listed = any(choice.value == self.data for choice in known)
        if not listed and MONTH.fullmatch(self.data):
            self.choices = [*known, SelectChoice(self.data, words.month(self.data))]


def this_month() -> str:
    return f"{clock.today():%Y-%m}"


def use_classes() -> list[SelectChoice]:
    """The use classes of the table, in its order."""
    codes = dict.fromkeys(r.use_class for r in active.table().rates.values() if r.part == "water")
    return [SelectChoice(code, class_name(code)) for code in codes]


def diameters() -> list[SelectChoice]:
    """The meter diameters that have a base charge."""
    codes = {rate.use_class for rate in active.table().rates.values() if rate.part == "base"}
    return [SelectChoice(code, f"{code}mm") for code in sorted(codes, key=int)]


def sewer_classes() -> list[SelectChoice]:
    return [SelectChoice("", _("수도와 같음")), *use_classes()]


def ticks() -> list[SelectChoice]:
    """The reductions that a resident can simply tick."""
    known = active.table().reductions.values()
    return [SelectChoice(one.code, one.name[current()]) for one in known if one.asked]


def recent_months() -> list[SelectChoice]:
    """The next month, this one and two years back."""
    months = [clock.add_months(this_month(), -back) for back in range(-1, MONTHS_BACK + 1)]
    return [SelectChoice(month, words.month(month)) for month in months]


def a_month(form: Any, field: Any) -> None:
    """A month of this century that is not far ahead; the table tells whether it has rates."""
    last = clock.add_months(this_month(), MONTHS_AHEAD)
    if not MONTH.fullmatch(field.data) or field.data > last:
        raise ValidationError(_("2026-11처럼 연도와 달을 골라 주십시오."))


def only_with_another_class(form: Any, field: Any) -> None:
    if field.number and form.use_class.data == "household":
        raise ValidationError(
            _("가정용에는 쓰지 않는 칸입니다. 비우고 집의 수는 세대수에 넣어 주십시오.")
        )


class CalculatorForm(Form):
    """Read from the address, so that it can be shared; it changes nothing and needs no token."""

    class Meta:
        csrf = False

    usage = WholeNumber(
        later("사용량(㎥)"),
        0,
        99_999,
        later("사용량은 0부터 99,999까지, 소수점 없이 넣어 주십시오."),
        default=EXAMPLE_M3,
    )
    months = Choice(
        later("쓴 기간"),
        [SelectChoice("2", later("두 달")), SelectChoice("1", later("한 달"))],
        default="2",
    )
    use_class = Choice(later("업종"), use_classes, default="household")
    households = WholeNumber(
        later("세대수"),
        1,
        9999,
        later("세대수는 1부터 9,999까지의 숫자로 넣어 주십시오."),
        default="1",
    )
    diameter = Choice(later("계량기 구경"), diameters, default="15")
    month = MonthField(later("납기"), [a_month])
    sewer_class = Choice(later("하수도 업종"), sewer_classes, default="")
    dwellings = WholeNumber(
        later("함께 쓰는 집의 수"),
        0,
        9999,
        later("집의 수는 0부터 9,999까지의 숫자로 넣어 주십시오."),
        validators=[only_with_another_class],
        default="",
    )
    reductions = SelectMultipleField(
        later("감면"),
        choices=ticks,
        invalid_choice_message=lambda count: str(WRONG_CHOICE),
        default=[],
    )

    RARE = ("diameter", "month", "sewer_class", "dwellings", "reductions")

    @property
    def rare_is_used(self) -> bool:
        """Whether a field of the folded part says something that should be seen."""
        return any(self[name].errors or self[name].data != usual(self[name]) for name in self.RARE)

    def asked(self) -> Asked:
        """The question, after validation."""
        use_class = self.use_class.data
        return Asked(
            Terms(
                use_class,
                self.sewer_class.data or use_class,
                int(self.diameter.data),
                self.households.number,
                self.dwellings.number,
            ),
            whole_months(self.month.data, int(self.months.data)),
            self.usage.number,
            tuple(Grant(code) for code in self.reductions.data),
        )

    def refuse_month(self) -> None:
        """No rate is known for some day of the asked months."""
        self.month.errors = [
            _("이 달에 쓸 단가가 없습니다. 다른 달이나 업종을 골라 주십시오."),
        ]


def usual(field: Any) -> Any:
    """A field's value on an untouched page."""
    return field.default() if callable(field.default) else field.default
