"""What a person types to sign in, to prove it again, and to choose a password."""

import re
from typing import Any

from wtforms import PasswordField, StringField
from wtforms.validators import ValidationError

from app.accounts import password_rules
from app.forms import AtMost, Form, Required, TextField, joined
from app.language import _, later

CODE_LENGTH = 6


def looks_like_email(form: Any, field: Any) -> None:
    """Only the shape is looked at; whether it is there shows the mail that is sent to it.

    Addresses of the demo end in `.invalid`, which never gets mail and which the package refuses.
    """
    from email_validator import EmailNotValidError, validate_email  # takes 45 ms to load

    try:
        tried = re.sub(r"\.invalid$", ".example", field.data, flags=re.IGNORECASE)
        found = validate_email(tried, check_deliverability=False)
        if not field.data.isascii():  # one mailbox, one spelling
            field.data = found.ascii_email or ""
    except EmailNotValidError:
        found = None
    if found is None or found.ascii_email is None:
        raise ValidationError(_("이메일 주소를 name@example.com처럼 넣어 주십시오."))


def email_field() -> TextField:
    """An e-mail address; it is stored and compared in small letters."""
    return TextField(
        later("이메일"),
        [
            Required(later("이메일 주소를 넣어 주십시오.")),
            AtMost(254, later("이메일 주소가 너무 깁니다.")),
            looks_like_email,
        ],
    )


def password_field(label: Any = None) -> PasswordField:
    """A password that exists already."""
    return PasswordField(
        label or later("비밀번호"),
        [
            Required(later("비밀번호를 넣어 주십시오.")),
            AtMost(256, later("비밀번호가 너무 깁니다.")),
        ],
    )


def good_password(form: Any, field: Any) -> None:
    """A new password keeps the rules; `form.known()` are texts that others know of the person."""
    if reason := password_rules.problem(field.data, form.known()):
        count = len(field.data)
        raise ValidationError(
            str(reason) % {"count": count} if "%(" in str(reason) else str(reason)
        )


def new_password_field() -> PasswordField:
    """A password that is being chosen; for forms with a method `known()`."""
    return PasswordField(
        later("새 비밀번호"), [Required(later("비밀번호를 넣어 주십시오.")), good_password]
    )


def six_digits(form: Any, field: Any) -> None:
    if not (len(field.data) == CODE_LENGTH and field.data.isdecimal()):
        raise ValidationError(_("메일에 적힌 숫자 6자리를 넣어 주십시오."))


class CodeForm(Form):
    """Six digits that were sent by mail."""

    code = StringField(
        later("확인번호"),
        [Required(later("메일에 적힌 숫자 6자리를 넣어 주십시오.")), six_digits],
        filters=[joined],
    )

    def refuse(self) -> None:
        """The same words whether it is wrong, too old, or tried too often."""
        self.code.errors = [
            _("확인번호가 맞지 않거나 시간이 지났습니다. 다시 넣거나 새 번호를 받아 주십시오.")
        ]


class PasswordForm(Form):
    """The password again."""

    password = password_field()

    def refuse(self) -> None:
        self.form_errors.append(_("비밀번호가 맞지 않습니다. 다시 넣어 주십시오."))


class LoginForm(Form):
    email = email_field()
    password = password_field()

    def refuse(self) -> None:
        """The same words whether the address is unknown or the password differs."""
        self.form_errors.append(_("이메일이나 비밀번호가 맞지 않습니다. 다시 넣어 주십시오."))
