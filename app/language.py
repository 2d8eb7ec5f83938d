"""Korean first, English second: gettext catalogues, folded into the templates when they compile.

The texts in code and templates are Korean and are their own translation; `app/locale/` holds the
other languages. Each language has its own Jinja environment, in which `_("…")` is a constant:
a page costs no look-ups.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any, cast

from flask import Flask
from flask.templating import Environment as FlaskEnvironment
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import escape

from app.signs import visible

LOCALES = Path(__file__).with_name("locale")
LANGUAGES = {"ko": "한국어", "en": "English"}
FIRST = "ko"

_current: ContextVar[str] = ContextVar("language", default=FIRST)


@cache
def catalogue(language: str) -> NullTranslations:
    if language == FIRST:
        return NullTranslations()
    with (LOCALES / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        return GNUTranslations(file)


def current() -> str:
    """The language of this request; Korean outside of requests."""
    return _current.get()


def use(language: str) -> None:
    """Choose the language until the request ends."""
    _current.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """For a while another language: for what is written to somebody who is not the visitor."""
    before = current()
    use(language)
    try:
        yield
    finally:
        use(before)


def forget(error: BaseException | None = None) -> None:
    _current.set(FIRST)


def _(text: str, /, **values: object) -> str:
    """`text` in the language of this request, with `%(name)s` filled in."""
    found = catalogue(current()).gettext(text)
    return found % values if values else found


class Later:
    """A text that is translated when it is shown: for labels of form classes."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return _(self.text)

    def __len__(self) -> int:
        return len(self.text)


def later(text: str) -> Any:
    """Mark a text for translation at the time it is shown."""
    return Later(text)


class Fold(NodeTransformer):
    """Replace `_("…")` with constant text by the text itself, in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def pieces(self, node: nodes.Node) -> list[nodes.Expr] | None:
        """The parts of a `_()` call: constants and the expressions between them."""
        if not (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name)):
            return None
        if (
            node.node.name != "_"
            or len(node.args) != 1
            or not isinstance(node.args[0], nodes.Const)
        ):
            return None
        text = catalogue(self.language).gettext(node.args[0].value)
        values = {keyword.key: self.visit(keyword.value) for keyword in node.kwargs}
        parts: list[nodes.Expr] = []
        for index, piece in enumerate(re.split(r"%\((\w+)\)s", text)):
            if index % 2:
                parts.append(values[piece])
            elif piece:
                parts.append(nodes.Const(piece.replace("%%", "%") if values else piece))
        return parts

    def visit_Output(self, node: nodes.Output) -> nodes.Output:
        found: list[nodes.Expr] = []
        for child in node.nodes:
            parts = self.pieces(child)
            for part in [self.visit(child)] if parts is None else parts:
                if parts is not None and isinstance(part, nodes.Const):
                    part = nodes.TemplateData(str(escape(part.value)))
                found.append(part)
        node.nodes = found
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        parts = self.pieces(node)
        if parts is None:
            return self.generic_visit(node)
        if len(parts) == 1:
            return parts[0]
        return nodes.Concat(parts)


class Environment(FlaskEnvironment):
    """A Jinja environment for one language."""

    language = FIRST

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        Fold(self.language).visit(tree)
        return tree


def init_app(app: Flask) -> None:
    """Make an environment for each language; `app.extensions["languages"]` holds them."""
    first = app.jinja_env
    first.trim_blocks = first.lstrip_blocks = True
    first.globals["_"] = _
    first.filters["visible"] = visible
    environments: dict[str, Environment] = {}
    for language in LANGUAGES:
        own = cast(Environment, first.overlay())
        own.language = language
        own.globals = dict(first.globals)
        environments[language] = own
    app.teardown_request(forget)
    for own in environments.values():
        own.globals["ui"] = own.get_template("ui.html").module
    app.extensions["languages"] = environments


def environment(app: Flask) -> Environment:
    """The templates in the language of this request."""
    environments: Mapping[str, Environment] = app.extensions["languages"]
    return environments[current()]
