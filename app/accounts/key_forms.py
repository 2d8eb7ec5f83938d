"""What comes with a passkey: the browser's answer, and the name that its owner gives it."""

import json
from typing import Any

from wtforms import HiddenField

from app.forms import AtMost, Form, Required, TextField
from app.language import _, later

LONGEST_ANSWER = 20_000


class AnswerForm(Form):
    """The answer of a browser, as JSON in a field that script fills in."""

    answer = HiddenField()

    def read(self) -> dict[str, Any]:
        """The answer; empty for anything that is none."""
        text = self.answer.data or ""
        try:
            found = json.loads(text) if len(text) <= LONGEST_ANSWER else None
        except (ValueError, RecursionError):
            found = None
        return found if isinstance(found, dict) else {}

    def refuse(self) -> None:
        self.form_errors.append(
            _("패스키를 확인하지 못했습니다. 다시 하거나 비밀번호를 써 주십시오.")
        )


class NameForm(Form):
    name = TextField(
        later("이 패스키의 이름"),
        [
            Required(later("어느 기기인지 알 수 있는 이름을 넣어 주십시오.")),
            AtMost(40, later("이름은 40자까지 쓸 수 있습니다.")),
        ],
    )


class AddForm(AnswerForm, NameForm):
    """A new passkey with its name."""
