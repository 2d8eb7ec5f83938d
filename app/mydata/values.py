"""Values of people's own data: as a page shows them, as a table for spreadsheets, as JSON."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from app import clock, words
from app.accounts.models import Account
from app.language import Later, _


class Word(NamedTuple):
    """A word of the program, and what it means in the language of the request."""

    code: str
    text: str


Value = str | int | date | datetime | Word | None
Row = dict[str, Value]
Rows = Callable[[Account, datetime], list[Row]]


class Table(NamedTuple):
    """Rows of one kind. `columns` are their names for programs, with those for people.

    A page shows the `brief` ones, where there are such; a download has all.
    """

    code: str
    title: Later
    columns: Mapping[str, Later]
    rows: Rows
    brief: tuple[str, ...] = ()


class Topic(NamedTuple):
    """What people see as one thing; `links` lead to where they change it."""

    code: str
    title: Later
    text: Later
    tables: tuple[Table, ...]
    links: tuple[tuple[str, Later], ...] = ()


def word(code: str, names: Mapping[Any, Any]) -> Word:
    """A word with its meaning; one that nobody has explained stands for itself."""
    return Word(code, str(names.get(code, code)))


def shown(value: Value) -> str:
    """As a page shows it."""
    if isinstance(value, Word):
        return value.text
    if isinstance(value, datetime):
        return words.moment(value)
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, int):
        return f"{value:,}"
    return value or _("없음")


def plain(value: Value) -> str:
    """As a cell: days and times so that spreadsheets can sort them, in Seoul's time."""
    if isinstance(value, Word):
        return value.text
    if isinstance(value, datetime):
        return value.astimezone(clock.SEOUL).isoformat(" ", "minutes")[:16]
    return "" if value is None else str(value)


def raw(value: Value) -> str | int | None:
    """As JSON has it."""
    if isinstance(value, Word):
        return value.code
    if isinstance(value, datetime):
        return value.astimezone(clock.SEOUL).isoformat()
    return value.isoformat() if isinstance(value, date) else value
