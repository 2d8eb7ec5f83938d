"""What members of staff type about themselves and their colleagues."""

from typing import Any

from wtforms import PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.accounts.forms import CODE_LENGTH, email_field, new_password_field, password_field
from app.forms import AtMost, Form, LongTextField, Required, TextField, joined
from app.language import _, later
from app.staff.models import ALL_OFFICES
from app.staff.roles import roles
from app.supply.offices import offices


def six_digits(form: Any, field: Any) -> None:
    if not (len(field.data) == CODE_LENGTH and field.data.isdecimal()):
        raise ValidationError(_("인증 앱에 보이는 숫자 6자리를 넣어 주십시오."))


class SignInForm(Form):
    email = email_field()
    password = password_field()

    def refuse(self) -> None:
        """The same words whether the address is unknown or the password differs."""
        self.form_errors.append(_("이메일이나 비밀번호가 맞지 않습니다. 다시 넣어 주십시오."))


class FactorForm(Form):
    """The code of an app."""

    code = StringField(
        later("인증 앱의 번호"),
        [Required(later("인증 앱에 보이는 숫자 6자리를 넣어 주십시오.")), six_digits],
        filters=[joined],
    )

    def refuse(self) -> None:
        self.form_errors.append(
            _("번호가 맞지 않거나 이미 쓴 번호입니다. 앱에 다음 번호가 나오면 넣어 주십시오.")
        )


class ChoosePasswordForm(Form):
    """A password for the first time, or a new one."""

    password: PasswordField = new_password_field()

    def __init__(self, *known: str, **options: Any) -> None:
        super().__init__(**options)
        self.texts = known

    def known(self) -> list[str]:
        """What others know of the person."""
        return [*self.texts]


class ReasonForm(Form):
    """Why something is done; it is kept."""

    reason = LongTextField(
        later("이유"),
        [
            Required(later("왜 필요한지 적어 주십시오. 기록으로 남습니다.")),
            AtMost(400, later("이유는 400자까지 쓸 수 있습니다.")),
        ],
    )


def office_choices() -> list[SelectChoice]:
    every = [SelectChoice(office.code, office.shown) for office in offices().values()]
    return [SelectChoice(ALL_OFFICES, _("모든 사업소")), *every]


class GrantForm(ReasonForm):
    """A role for somebody, in an office or in all."""

    role = SelectField(later("역할"))
    office = SelectField(later("사업소"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.role.choices = [SelectChoice(one.code, one.name) for one in roles().values()]
        self.office.choices = office_choices()


class InviteForm(GrantForm):
    """Somebody new, with a first role that a second person must approve."""

    email = email_field()
    name = TextField(
        later("이름"),
        [
            Required(later("이름을 넣어 주십시오.")),
            AtMost(60, later("이름은 60자까지 쓸 수 있습니다.")),
        ],
    )
    unit = TextField(later("부서"), [AtMost(60, later("부서는 60자까지 쓸 수 있습니다."))])
    phone = TextField(
        later("업무 전화"), [AtMost(30, later("전화번호는 30자까지 쓸 수 있습니다."))]
    )


class AnswerForm(Form):
    """A decision's words: they may be empty when it is a yes."""

    answer = LongTextField(
        later("결정에 덧붙이는 말"), [AtMost(400, later("400자까지 쓸 수 있습니다."))]
    )
