"""Form: what a person typed, and the fields that several features use."""

import re
import unicodedata
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.csrf import _FlaskFormCSRF
from flask_wtf.form import _Auto
from wtforms import StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from app import references
from app.form_tokens import csrf_token
from app.language import _
from app.signs import has_odd_signs, has_resident_number


def tidy(text: str | None) -> str:
    """NFC, no blanks around."""
    return unicodedata.normalize("NFC", text).strip() if isinstance(text, str) else ""


class KeptToken(_FlaskFormCSRF):
    """The form token as the frame has it: it is signed once, not for each form."""

    def generate_csrf_token(self, csrf_token_field: Any) -> str:
        return csrf_token()


class Form(FlaskForm):
    """A form whose answer is 422 as long as something is wrong."""

    class Meta:
        locales = ("ko",)
        csrf_class = KeptToken

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was typed; a file in the place of a text is nothing, and JSON is no form."""
            if formdata is not _Auto:
                return formdata
            return request.form if request.method == "POST" else None

    @property
    def status(self) -> int:
        return 422 if self.errors else 200

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(id of the field, message) in the order of the page, for the list on top."""
        found = [(f.id, str(e)) for f in self if f.name != "csrf_token" for e in f.errors]
        return found + [("", str(error)) for error in self.form_errors]

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.data.items() if name != "csrf_token"}


class Required:
    """The field must not be empty; the message says what to type."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data:
            raise StopValidation(str(self.message))


class AtMost:
    """The text must not be longer than what is stored of it."""

    def __init__(self, most: int, message: Any) -> None:
        self.most = most
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if len(field.data or "") > self.most:
            raise ValidationError(str(self.message))


def no_odd_signs(form: Any, field: Any) -> None:
    """Refuse a text with signs that cannot be shown (S-31)."""
    if has_odd_signs(field.data or ""):
        raise ValidationError(_("쓸 수 없는 글자가 들어 있습니다. 지우고 다시 써 주십시오."))


def no_resident_number(form: Any, field: Any) -> None:
    """Refuse a resident registration number wherever somebody may write (S-51)."""
    if has_resident_number(field.data or ""):
        raise ValidationError(_("주민등록번호는 받지 않습니다. 그 번호를 지워 주십시오."))


class TextField(StringField):
    """One line of text, normalised at the door."""

    def __init__(self, label: Any, validators: Any = (), **options: Any) -> None:
        checks = [*validators, no_odd_signs, no_resident_number]
        super().__init__(label, checks, filters=[tidy], **options)


def no_odd_lines(form: Any, field: Any) -> None:
    """As `no_odd_signs`, but lines may end."""
    if any(has_odd_signs(line) for line in (field.data or "").splitlines()):
        raise ValidationError(_("쓸 수 없는 글자가 들어 있습니다. 지우고 다시 써 주십시오."))


class LongTextField(TextAreaField):
    """Some lines of text, normalised at the door."""

    def __init__(self, label: Any, validators: Any = (), **options: Any) -> None:
        checks = [*validators, no_odd_lines, no_resident_number]
        super().__init__(label, checks, filters=[tidy], **options)


def joined(text: str | None) -> str:
    """What was typed from paper: full-width signs as usual ones, without blanks and hyphens."""
    return re.sub(r"[\s\-‐-―−ー_.]", "", unicodedata.normalize("NFKC", text or "")).upper()


class CustomerNumberField(StringField):
    """Nine digits, however they are grouped."""

    def __init__(self, label: Any, message: Any, **options: Any) -> None:
        super().__init__(label, filters=[joined], **options)
        self.message = message

    def pre_validate(self, form: Any) -> None:
        if not re.fullmatch("[0-9]{9}", self.data or ""):
            raise StopValidation(str(self.message))


class ReferenceField(StringField):
    """A reference or code of `length` signs (app/references.py), however it is grouped."""

    def __init__(self, label: Any, length: int, message: Any, **options: Any) -> None:
        super().__init__(label, filters=[joined], **options)
        self.length = length
        self.message = message

    def pre_validate(self, form: Any) -> None:
        typed = self.data or ""
        if len(typed) != self.length or not set(typed) <= set(references.ALPHABET):
            raise StopValidation(str(self.message))
