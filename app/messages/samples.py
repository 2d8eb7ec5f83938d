"""Each kind's sample values, for previews: `templates/messages/<kind>.yaml` beside its texts."""

from flask import Flask
from yaml import safe_load

from app.config import ROOT
from app.messages import kinds
from app.messages.kinds import Kind, Values
from app.messages.render import Rendered, render

FOLDER = ROOT / "templates" / "messages"


def sample(kind: Kind, base: str) -> Values:
    """The values of a kind's sample; `{base}` in them is the address of this site."""
    found = safe_load((FOLDER / f"{kind.name}.yaml").read_text("utf-8")) or {}
    return {
        name: value.replace("{base}", base) if isinstance(value, str) else value
        for name, value in found.items()
    }


def subject(app: Flask, name: str, language: str) -> str:
    """What a kind of message is called: the first line of its sample. Its name when it has none."""
    made: dict[tuple[str, str], str] = app.extensions.setdefault("message_subjects", {})
    kind = kinds.find(name)
    if kind is None:
        return name
    if (name, language) not in made:
        made[name, language] = preview(app, kind, language).subject
    return made[name, language]


def preview(app: Flask, kind: Kind, language: str) -> Rendered:
    """What a kind's message looks like."""
    return render(app, kind, language, sample(kind, str(app.config["BASE_URL"]).rstrip("/")))
