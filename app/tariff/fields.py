"""Single values of a tariff file: each is what it should be, or a ValueError says what it is."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from app.signs import has_odd_signs

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])")
LONGEST = 300
WON, M3 = 10**8, 10**9
"""The most that a rate or an amount, and a volume, may be: sums of them fit into the database."""
READINGS = ("regular", "self", "remote", "final", "estimated")
WRONG = (AttributeError, KeyError, TypeError, ValueError)
"""What reading a row raises when something in it is missing or of another kind."""


def text(value: Any, name: str) -> str:
    """Words that people read, or that bills keep."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise ValueError(f"{name} is a text of 1 to {LONGEST} signs")
    if has_odd_signs(value):
        raise ValueError(f"{name} has signs that cannot be shown")
    return value


def whole(value: Any, name: str, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{name} is a whole number from {least} to {most}")
    return value


def day(value: Any, name: str) -> date:
    if type(value) is not date or not EARLIEST <= value <= LATEST:
        raise ValueError(f"{name} is a day, written YYYY-MM-DD, from 1900 to 2199")
    return value


def month(value: Any, name: str) -> str:
    if not isinstance(value, str) or not MONTH.fullmatch(value):
        raise ValueError(f"{name} is a month, written YYYY-MM, from 1900 to 2199")
    return value


def words(value: Any, name: str) -> frozenset[str]:
    if not isinstance(value, list):
        raise ValueError(f"{name} is a list, like [household]")
    return frozenset(text(word, name) for word in value)


def flag(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name} is true or false")
    return value


def one_of(value: Any, name: str, *known: str) -> str:
    if value not in known:
        raise ValueError(f"{name} is {' or '.join(known)}")
    return str(value)


CHECKS: dict[str, Callable[[Any, str], object]] = {
    **dict.fromkeys(("code", "source", "group"), text),
    **dict.fromkeys(("of", "classes", "unless"), words),
    **dict.fromkeys(("applied_from", "applied_until"), day),
    **dict.fromkeys(("billed_from", "billed_until"), month),
    **dict.fromkeys(("first_bill", "ground", "asked"), flag),
    **dict.fromkeys(("won", "least", "most"), partial(whole, least=0, most=WON)),
    "m3": partial(whole, least=0, most=M3),
    "by_day": partial(whole, least=1, most=28),
    "reading": lambda value, name: one_of(value, name, *READINGS),
    "counts": lambda value, name: one_of(value, name, "households"),
}
"""The fields of a reduction that stand for themselves."""


def refuse(row: Mapping[str, Any]) -> None:
    """Look at the fields of a reduction one by one; raises ValueError."""
    for language in ("ko", "en"):
        text(row["name"][language], f"name.{language}")
    for name, value in row.items():
        if name in CHECKS:
            CHECKS[name](value, name)


def name_of(row: Any) -> str:
    """How a row is called: its key or code, where it has one."""
    found = (row.get("key") or row.get("code")) if isinstance(row, dict) else ""
    return found[:LONGEST] if isinstance(found, str) else ""


def why(error: Exception) -> str:
    """What is wrong with a row, from what reading it raised."""
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
