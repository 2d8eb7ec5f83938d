"""Puts a tariff into force after its checks."""

from pathlib import Path
from typing import NamedTuple

from flask import current_app

from app import clock
from app.adoption.facts import facts
from app.adoption.risks import risks
from app.tariff import active
from app.tariff.active import Record
from app.tariff.check import Problem, problems
from app.tariff.table import Table, parse


class RefusedError(ValueError):
    """A tariff that must not come into force; `problems` say why."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("; ".join(": ".join(filter(None, one[1:3])) for one in found))
        self.problems = found


class Checked(NamedTuple):
    """A file's problems, and its table when it has no errors of its own."""

    problems: list[Problem]
    table: Table | None

    @property
    def errors(self) -> list[Problem]:
        return [one for one in self.problems if one.error]


def checked(text: str) -> Checked:
    """Check a tariff's text by itself, and beside the loaded data."""
    found = problems(text)
    if any(one.error for one in found):
        return Checked(found, None)
    table = parse(text)
    found += risks(table, active.table(), facts(), clock.today())
    return Checked(found, table)


class Activated(NamedTuple):
    """A note of a table that came into force, what it risks, and where the one before is kept."""

    record: Record
    warnings: list[Problem]
    before: Path | None


def activate(file: Path, text: str, by: str, despite_warnings: bool = False) -> Activated:
    """Put a tariff into force; raises RefusedError when it has errors, or warnings unasked."""
    found = checked(text)
    if found.errors or (found.problems and not despite_warnings):
        raise RefusedError(found.problems)
    folder = Path(current_app.config["DATA_DIR"])
    record = active.store(folder, text, by, clock.now(), file.name)
    before = active.before(folder / "tariff.yaml")
    return Activated(record, found.problems, before if before.exists() else None)


def named(name: str) -> Table:
    """A table from a file's name, or the one in force by the word `active`.

    Raises TariffError or OSError.
    """
    if name == "active":
        return active.table()
    return parse(Path(name).read_text("utf-8-sig"))
