"""What a person types who has lost the password."""

from app.accounts.forms import email_field, new_password_field
from app.forms import Form


class AskForm(Form):
    email = email_field()


class ResetForm(Form):
    """A new password; `known_texts` are what others know of the person."""

    password = new_password_field()
    known_texts: tuple[str, ...] = ()

    def known(self) -> tuple[str, ...]:
        return self.known_texts
