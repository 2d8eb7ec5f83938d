"""Small templates that a page repeats for each row: rendered once, then filled with plain `%`.

Jinja spends about a microsecond on each expression; a list of bills has hundreds. A stamp is
rendered once for each language with a mark where a value goes. All values of a page are escaped in
one call, so a stamp is as safe as a template.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from flask import current_app
from jinja2 import Undefined
from markupsafe import Markup, escape

from app.language import current, environment

EDGE = "\x01"
BETWEEN = "\x00"


class Mark(Undefined):
    """Stands for a value while a stamp is cut: prints its name between two edges."""

    def __str__(self) -> str:
        return f"{EDGE}{self._undefined_name}{EDGE}"

    def __html__(self) -> str:
        return str(self)


class Cut:
    """A template in one language: `form` has a `%s` for each name that `pick` takes from a row."""

    def __init__(self, text: str) -> None:
        pieces = text.split(EDGE)
        names = pieces[1::2]
        pieces[::2] = [piece.replace("%", "%%") for piece in pieces[::2]]
        pieces[1::2] = ["%s"] * len(names)
        self.form = "".join(pieces)
        self.width = len(names)
        self.pick = attrgetter(*names)


class Stamp:
    """A template for one row, given by its name; cut when it is first filled in a language."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cuts: dict[str, Cut] = {}

    def cut(self, language: str) -> Cut:
        templates = environment(current_app).overlay(undefined=Mark)
        made = self.cuts[language] = Cut(templates.get_template(self.name).render())
        return made

    def fill(self, rows: Sequence[Any]) -> Markup:
        """The rows, one after the other; each has the template's names as string attributes."""
        if not rows:
            return Markup("")
        language = current()
        cut = self.cuts.get(language) or self.cut(language)
        joined = BETWEEN.join([value for row in rows for value in cut.pick(row)])
        values = str(escape(joined)).split(BETWEEN)
        if len(values) != cut.width * len(rows):
            raise ValueError("a value holds the sign that separates values")
        return Markup(cut.form * len(rows) % tuple(values))  # noqa: S704 escaped just above
