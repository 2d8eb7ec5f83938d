"""What a customer changes about their own account."""

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from app.accounts.forms import email_field, new_password_field
from app.forms import Form
from app.language import LANGUAGES, later
from app.signup.forms import PersonForm


class EmailForm(Form):
    """The new address."""

    email = email_field()


class NewPasswordForm(Form):
    """A new password; `known_texts` are what others know of the person."""

    password = new_password_field()
    known_texts: tuple[str, ...] = ()

    def known(self) -> tuple[str, ...]:
        return self.known_texts


class OwnPersonForm(PersonForm):
    """Name and phone number as at the sign-up, and the language of mails."""

    language = SelectField(
        later("메일을 받을 언어"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
    )


TAKEN = later("이미 쓰고 있는 주소입니다. 다른 주소를 넣어 주십시오.")
