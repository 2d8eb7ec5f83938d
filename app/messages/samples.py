"""Each kind's sample values, for previews: `templates/messages/<kind>.yaml` beside its texts."""

from flask import Flask
from yaml import safe_load

from app.config import ROOT
from app.messages import kinds
from app.messages.kinds import Kind, Values
from app.messages.models import Channel
from app.messages.render import Rendered, filled, render

HIDDEN = "●●●●●●"
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
        made[name, language] = title(app, kind, language)
    return made[name, language]


def title(app: Flask, kind: Kind, language: str) -> str:
    """The subject of a kind's mail; of one that does not go by mail its whole short text. A code
    in it is hidden: that of the sample is nobody's.
    """
    values = sample(kind, str(app.config["BASE_URL"]).rstrip("/"))
    values |= {"code": HIDDEN} if "code" in values else {}
    if Channel.MAIL in kind.channels:
        return render(app, kind, language, values).subject
    return filled(app, f"{kind.name}.{kind.channels[0].value}", language, values).partition("\n")[0]


def preview(app: Flask, kind: Kind, language: str) -> Rendered:
    """What a kind's message looks like."""
    return render(app, kind, language, sample(kind, str(app.config["BASE_URL"]).rstrip("/")))
