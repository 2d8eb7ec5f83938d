"""Answer templates: a file for each kind in `answers/`, and `all.yaml` for every kind."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from flask import Flask

from app.complaint_desk.desk import me
from app.complaints import kinds, notices, officer
from app.complaints.kinds import Words, WrongTypeError
from app.complaints.models import Complaint, ComplaintEvent, Outcome, What
from app.language import LANGUAGES, speaking
from app.messages.render import Rendered, render

FOLDER = Path(__file__).with_name("answers")
EVERY_KIND = "all"
FIELDS = {"code", "name", "outcome", "text"}


class Template(NamedTuple):
    """An answer to begin from. `{number}`, `{kind}`, `{place}`, `{unit}` and `{phone}` in it are
    filled in.
    """

    code: str
    name: Words
    outcome: Outcome
    text: Words


def parse(text: str) -> list[Template]:
    """The templates of a file; raises WrongTypeError with what is wrong."""
    raw = yaml.safe_load(text)
    if not isinstance(raw, list) or any(not isinstance(o, dict) or {*o} != FIELDS for o in raw):
        raise WrongTypeError("a list of templates, each with code, name, outcome and text")
    found = []
    for one in raw:
        where = f"template {one['code']}"
        outcome = kinds.one_of(one["outcome"], [*Outcome], f"{where}, outcome")
        name, said = kinds.words(one["name"], where), kinds.words(one["text"], where)
        found.append(Template(str(one["code"]), name, Outcome(outcome), said))
    return found


@cache
def templates() -> dict[str, list[Template]]:
    """All templates by the kind of their file; raises WrongTypeError with the file's name."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        try:
            found[path.stem] = parse(path.read_text("utf-8"))
        except (yaml.YAMLError, WrongTypeError) as error:
            raise WrongTypeError(f"{path.name}: {error}") from error
    return found


def of(code: str) -> list[Template]:
    """The templates of a kind, its own first."""
    return [*templates().get(code, []), *templates().get(EVERY_KIND, [])]


def choices(code: str) -> list[tuple[str, str]]:
    return [(one.code, kinds.said(one.name)) for one in of(code)]


def begun(one: Complaint, code: str, language: str) -> dict[str, str]:
    """The answer as its template begins it, in a language; nothing without a template."""
    template = next((each for each in of(one.type) if each.code == code), None)
    if template is None or language not in LANGUAGES:
        return {}
    with speaking(language):
        unit, phone = officer.office(one)
        place = f"{one.district} {one.dong} {one.place}".strip()
        values = {
            "number": one.reference, "kind": kinds.name(one.type), "place": place,
            "unit": unit, "phone": phone,
        }  # fmt: skip
    text = template.text[language]
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return {"text": text, "outcome": template.outcome.value}


def preview(app: Flask, one: Complaint, form: Any, now: datetime) -> Rendered:
    """The mail that the applicant would get; nothing is written."""
    ended = Complaint(**{**one.__data__, "outcome": form.outcome.data, "closed_at": now})
    event = ComplaintEvent(
        kind=What.CLOSED, text=form.text.data, actor_kind="staff", actor=me().name,
        data=json.dumps({}), at=now, shown=True,
    )  # fmt: skip
    with speaking(one.language):
        values = notices.values_of(ended, event)
    return render(app, notices.DONE, one.language, values)
