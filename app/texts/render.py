"""What a text message says: the short template of its kind, filled in and measured."""

from flask import Flask

from app.messages.kinds import CODE_LIFETIME, Kind, Values
from app.messages.render import filled, site_name
from app.messages.samples import sample
from app.texts.length import SUBJECT_BYTES, Measured, Type, cut, measure
from app.texts.provider import Purpose

AD = "(광고)"
"""By law at the very start of advertising, in every language."""


def purpose_of(kind: Kind) -> Purpose:
    if kind.advertising:
        return Purpose.AD
    return Purpose.AUTH if kind.lifetime <= CODE_LIFETIME else Purpose.NORMAL


def rendered(app: Flask, kind: Kind, language: str, values: Values) -> Measured:
    """The text; raises ValueError for advertising that is not as the law wants it."""
    given = {**values, "refusal": app.config["SMS_REFUSAL"]} if kind.advertising else values
    found = measure(filled(app, f"{kind.name}.sms", language, given))
    if kind.advertising:
        refusal = str(app.config["SMS_REFUSAL"])
        if not refusal:
            raise ValueError("advertising without a toll-free number (WATER_SMS_REFUSAL)")
        if not (found.text.startswith(AD) and found.text.endswith(refusal)):
            raise ValueError("advertising without its mark, or without the number for refusing it")
    return found


def subject_of(app: Flask, kind: Kind, language: str, found: Measured) -> str:
    """The title of a long text; short ones have none."""
    if found.type is not Type.LMS:
        return ""
    name = site_name(app, language)
    return cut(f"{AD} {name}" if kind.advertising else name, SUBJECT_BYTES)


def previewed(app: Flask, kind: Kind, language: str, html: bool) -> tuple[str, list[str]]:
    """A kind's text with sample values, its type and bytes, and what is wrong with it."""
    values = sample(kind, str(app.config["BASE_URL"]).rstrip("/"))
    try:
        found = rendered(app, kind, language, values)
    except ValueError as error:
        return "", [str(error)]
    kind_of = found.type.value if found.type else "-"
    lines = [found.text, "", f"{kind_of}, {found.bytes} bytes"]
    if found.rare:
        lines.append(f"syllables that a strict provider may refuse: {found.rare}")
    return "\n".join(lines) + "\n", found.problems
