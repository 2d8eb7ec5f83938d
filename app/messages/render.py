"""What a message says: its template filled in, as text and as the same text in HTML."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, NamedTuple

from flask import Flask
from jinja2 import Environment, StrictUndefined

from app.language import FIRST
from app.messages.kinds import Kind
from app.messages.models import Channel

SHEET = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{subject}</title>
</head>
<body style="margin: 0 auto; padding: 16px; max-width: 560px; font: 17px/1.6 sans-serif; \
color: #111; background: #fff; word-break: keep-all; overflow-wrap: anywhere">
{body}
</body>
</html>
"""
BREAK = "<br>\n"
RULE = "-" * 20
"""Stands between what is said and the footer."""


class Rendered(NamedTuple):
    """A finished message; the two parts say the same."""

    subject: str
    text: str
    html: str


class Line(NamedTuple):
    """One line of a message; `link` when it is nothing but an address of this site."""

    text: str
    link: bool


def environment(app: Flask) -> Environment:
    """Templates of plain text, in which a value that is missing is an error."""
    made: Environment | None = app.extensions.get("message_templates")
    if made is None:
        made = app.jinja_env.overlay(undefined=StrictUndefined, autoescape=False)
        app.extensions["message_templates"] = made
    return made


def site_name(app: Flask, language: str) -> str:
    return str(app.config["SITE_NAME_EN" if language == "en" else "SITE_NAME"])


def filled(app: Flask, name: str, language: str, values: Mapping[str, Any]) -> str:
    template = environment(app).get_template(f"messages/{name}.{language}.txt")
    found = template.render(site=site_name(app, language), **values)
    lines = "\n".join(line.rstrip() for line in found.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def render(
    app: Flask,
    kind: Kind,
    language: str,
    values: Mapping[str, Any],
    channel: str = Channel.MAIL,
) -> Rendered:
    """The message of these values with the footer that all messages have."""
    first, _, said = filled(app, kind.name, language, values).partition("\n")
    subject = " ".join(first.split())
    unsubscribe = values.get("unsubscribe", "") if kind.topic else ""
    ends = {"mail": channel == Channel.MAIL, "unsubscribe": unsubscribe}
    text = "\n\n".join([said.strip(), RULE, filled(app, "_footer", language, ends)])
    base = str(app.config["BASE_URL"])
    text = in_language(text, language, base)
    return Rendered(subject, f"{text}\n", as_html(subject, text, language, base))


def in_language(text: str, language: str, base: str) -> str:
    """The text with links that open in its language; the first language needs no word."""
    if language == FIRST:
        return text
    own = re.compile(rf"^({re.escape(base.rstrip('/'))}/[^\s?]*)$", re.MULTILINE)
    return own.sub(rf"\1?lang={language}", text)


def paragraphs(text: str, base: str) -> Iterator[list[Line]]:
    """The lines of each paragraph. Only addresses of this site count as links: what somebody
    gave as a name must not become one.
    """
    own = base.rstrip("/")
    for paragraph in re.split(r"\n{2,}", text.strip()):
        yield [
            Line(line, line == own or (line.startswith(f"{own}/") and not re.search(r"\s", line)))
            for line in paragraph.splitlines()
        ]


def as_html(subject: str, text: str, language: str, base: str) -> str:
    """The text as a plain HTML page; every sign of it is escaped."""
    body = [
        "<hr>" if lines == [Line(RULE, False)] else f"<p>{BREAK.join(map(html_line, lines))}</p>"
        for lines in paragraphs(text, base)
    ]
    return SHEET.format(language=language, subject=escape(subject), body="\n".join(body))


def html_line(line: Line) -> str:
    text = escape(line.text)
    return f'<a href="{text}">{text}</a>' if line.link else text
