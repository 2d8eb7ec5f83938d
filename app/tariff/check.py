"""What is wrong in a tariff file, all of it, for the person who edits it."""

import difflib
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

import yaml

from app.tariff.fields import WRONG, name_of, why
from app.tariff.rates import base_rates_of, rate_of, rules_of
from app.tariff.reductions import reduction
from app.tariff.table import TariffError, parse

FIELDS = {
    "rates": "key part class from billed_from to tiers confidence source",
    "base_charges": "key from to source won_a_month",
    "reductions": "code name kind of percent m3 won least most group counts unless ground classes"
    " reading first_bill by_day ground billed_from billed_until applied_from applied_until asked"
    " confidence source",
}
SECTIONS = ("rules", *FIELDS)
MENDS = {
    "tiers must": "write the limits in rising order and null for the last, like "
    "[[30, 360], [null, 790]]",
    "whole won": "write won as a whole number, without a point or a comma",
    "unknown part": "write water, sewer or levy",
    "either from or billed_from": "keep one: from for days of use, billed_from for billing months",
    "a day, written": "write the day like 2027-01-01, without quotes",
    "a month, written": "write the month like 2027-01",
    "verified or sample": "write verified for what was read in an official text, else sample",
    "a whole number": "write a whole number within these bounds, without a point or a comma",
    "is a text of": "write some words on one line, in quotes where they look like a number",
    "cannot be shown": "type the text anew: it has invisible signs",
    "is a list": "write the words in square brackets, also a single one",
    "true or false": "write true or false, without quotes",
    "letters, digits": "use letters, digits and hyphens",
    "share a key": "give the newer row another key; bills know the older one by it",
    "oldest first": "put rows of one part and class in the order of their first days",
    "stand in the order": "put reductions in the order volume, less_use, free, share, fixed",
}
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
LOOK = "compare it with a row that works"


class Problem(NamedTuple):
    """What is wrong, where, and how to mend it. Only errors keep a table from being used."""

    line: int
    row: str
    what: str
    mend: str
    error: bool = True


def problems(text: str) -> list[Problem]:
    """Everything that is wrong with a file by itself; none when it can be used."""
    try:
        data, lines = located(text)
    except RecursionError:
        return [Problem(1, "", "lists stand in lists too deep", "look for brackets too many")]
    except ValueError as error:
        return [no_such_day(text) or Problem(1, "", f"this is no YAML: {error}", LOOK)]
    except Exception as error:  # PyYAML has more ways to fail than its own errors
        mark = getattr(error, "problem_mark", None)
        what = f"this is no YAML: {getattr(error, 'problem', None) or error}"
        return [Problem(mark.line + 1 if mark else 1, "", what, "look at indentation and colons")]
    found = [
        Problem(1, name, f"the section {name} is missing", f"write {name}: and its rows")
        for name in SECTIONS
        if not isinstance(data.get(name), dict if name == "rules" else list)
    ]
    return found or [*of_rows(data, lines)] or [*as_a_whole(text, data, lines)]


def no_such_day(text: str) -> Problem | None:
    """The first day of a file that no calendar has."""
    for token in yaml.scan(text):
        if isinstance(token, yaml.ScalarToken) and token.plain and DAY.fullmatch(token.value):
            try:
                date.fromisoformat(token.value)
            except ValueError:
                what, line = f"there is no day {token.value}", token.start_mark.line + 1
                return Problem(line, "", what, "write a day of the calendar, like 2027-01-01")
    return None


def located(text: str) -> tuple[dict[str, Any], dict[tuple[str, int], int]]:
    """The content of a file, and the line of each row; raises YAMLError or ValueError."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise ValueError("no sections")
        data = loader.construct_document(node)
    finally:
        loader.dispose()
    lines = {}
    for name, section in node.value:
        lines[name.value, -1] = name.start_mark.line + 1
        if isinstance(section, yaml.SequenceNode):
            for at, row in enumerate(section.value):
                lines[name.value, at] = row.start_mark.line + 1
    return data, lines


READ: dict[str, Callable[[Any], object]] = {
    "rates": rate_of,
    "base_charges": base_rates_of,
    "reductions": reduction,
}


def of_rows(data: dict[str, Any], lines: dict[tuple[str, int], int]) -> Iterator[Problem]:
    """What is wrong with single rows."""
    if what := reason(rules_of, data["rules"]):
        yield problem(lines["rules", -1], "rules", what)
    for section, read in READ.items():
        known = FIELDS[section].split()
        for at, row in enumerate(data[section]):
            line = lines.get((section, at), 1)
            name = name_of(row) or f"{section}, row {at + 1}"
            if not isinstance(row, dict):
                yield problem(line, name, "this row has no fields")
                continue
            if what := reason(read, row):
                yield problem(line, name, what)
            for field in row:
                if field not in known:
                    near = difflib.get_close_matches(str(field), known, 1)
                    mend = f"write {near[0]}" if near else "take the field away"
                    yield Problem(line, name, f"unknown field {field}", mend)


def as_a_whole(
    text: str, data: dict[str, Any], lines: dict[tuple[str, int], int]
) -> Iterator[Problem]:
    """What is wrong between rows that are right by themselves."""
    try:
        parse(text)
    except TariffError as error:
        row, _, what = str(error).partition(": ")
        places = [
            (len(name), line)
            for (section, at), line in lines.items()
            if at >= 0 and row.startswith(name := name_of(data[section][at]))
        ]
        yield problem(max(places, default=(0, 1))[1], row, what)


def reason(read: Callable[[Any], object], row: Any) -> str:
    """Why a row cannot be read, or nothing."""
    try:
        read(row)
    except WRONG as error:
        return why(error)
    return ""


def problem(line: int, row: str, what: str) -> Problem:
    mend = next((mend for sign, mend in MENDS.items() if sign in what), LOOK)
    if what.endswith(" is missing"):
        mend = f"add a line {what.split()[0]}: …"
    return Problem(line, row, what, mend)
