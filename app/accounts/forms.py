"""What a person types to sign in."""

from typing import Any

from wtforms import PasswordField
from wtforms.validators import ValidationError

from app.forms import AtMost, Form, Required, TextField
from app.language import _, later


def looks_like_email(form: Any, field: Any) -> None:
    name, at, host = (field.data or "").rpartition("@")
    if not (name and at and host) or " " in field.data:
        raise ValidationError(_("이메일 주소를 name@example.com 처럼 넣어 주십시오."))


class LoginForm(Form):
    email = TextField(
        later("이메일"),
        [
            Required(later("이메일 주소를 넣어 주십시오.")),
            looks_like_email,
            AtMost(254, later("이메일 주소가 너무 깁니다.")),
        ],
    )
    password = PasswordField(
        later("비밀번호"),
        [
            Required(later("비밀번호를 넣어 주십시오.")),
            AtMost(256, later("비밀번호가 너무 깁니다.")),
        ],
    )

    def refuse(self) -> None:
        """The same words whether the address is unknown or the password differs."""
        self.form_errors.append(_("이메일이나 비밀번호가 맞지 않습니다. 다시 넣어 주십시오."))
