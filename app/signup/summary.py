"""What the pages of the sign-up show of consents and answers."""

from typing import Any, NamedTuple

from flask import url_for

from app import phones
from app.accounts import consents
from app.language import _, current
from app.signup.forms import ConsentsForm
from app.signup.models import Answers


class Row(NamedTuple):
    """One answer on the check page; `change` leads to the step where it was typed."""

    name: str
    value: str
    change: str


def consent_groups(form: ConsentsForm) -> list[dict[str, Any]]:
    """The required and the optional consents, apart, each with its box."""
    texts = consents.at_signup()
    return [
        {
            "required": required,
            "items": [
                {"box": form[f"consent_{text.code}"], **in_words(text)}
                for text in texts
                if text.required is required
            ],
        }
        for required in (True, False)
    ]


def in_words(text: consents.ConsentText) -> dict[str, Any]:
    """A consent's texts in the language of the request."""
    language = current()
    names = ("title", "what", "purpose", "period", "refusing", "text")
    return {"code": text.code, **{name: getattr(text, name)[language] for name in names}}


def rows(answers: Answers) -> list[Row]:
    """All answers, in the order of the steps."""
    return [
        Row(_("나이"), _("만 14세 이상"), url_for(".index")),
        *[
            Row(
                text.title[current()],
                _("동의함") if text.code in answers.consents else _("동의하지 않음"),
                url_for(".consents"),
            )
            for text in consents.at_signup()
        ],
        Row(_("이름"), answers.name, url_for(".person")),
        Row(_("전화번호"), phones.shown(answers.phone), url_for(".person")),
        Row(_("주소"), answers.full_address, url_for(".address")),
        Row(_("이메일"), answers.email, url_for(".access")),
        Row(_("비밀번호"), _("정해 두었습니다. 보여 드리지 않습니다."), url_for(".access")),
    ]
