"""One line of a file of finished bills: its values with their types, or why it cannot be used."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from app.clock import SEOUL
from app.db import instant
from app.supply.imports import EARLIEST, day_of
from app.supply.models import ReadingKind, UseClass
from app.tariff.lines import Line

HEADER = (
    "customer_number", "month", "from_on", "to_on", "previous_m3", "current_m3", "kind", "usage_m3",
    "months", "households", "diameter_mm", "water_class", "sewer_class", "due_on", "issued_on",
    "total", "paid_at",
)  # fmt: skip
"""What each line of a bill repeats."""
COLUMNS = (*HEADER, "part", "line", "quantity", "rate", "days", "of_days", "amount", "rule")
OPTIONAL = ("paid_at", "rule")
MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
RULE = re.compile(r"[A-Za-z0-9_-]{0,40}")
PARTS = ("water", "sewer", "levy")
KINDS = {
    **{(part, kind): kind for part in PARTS for kind in ("usage", "cut", "discount")},
    ("water", "base"): "base",
    ("late", "late"): "late",
}
CLASSES = [use_class.value for use_class in UseClass]
WORDS = {
    "kind": [kind.value for kind in ReadingKind],
    "water_class": CLASSES,
    "sewer_class": CLASSES,
}
MOST = {"months": 60, "households": 99_999, "diameter_mm": 9_999, "days": 9_999, "of_days": 9_999}
WON = 10**12
AHEAD = timedelta(days=2 * 366)
"""How far ahead the days of a bill may lie."""


class Header(NamedTuple):
    """A bill without its lines; days are ISO text, `paid_at` as the database writes it."""

    number: str
    month: str
    from_on: str
    to_on: str
    previous_m3: int
    current_m3: int
    kind: str
    usage_m3: int
    months: int
    households: int
    diameter_mm: int
    water_class: str
    sewer_class: str
    due_on: str
    issued_on: str
    total: int
    paid_at: str


class Row(NamedTuple):
    """A line of the file: as it was delivered, and what it says or why it says nothing."""

    number: int
    values: tuple[str, ...]
    header: Header | None
    line: Line | None
    reason: str


def group(values: Sequence[Any]) -> tuple[str, str] | None:
    """Lines of one bill: they have customer number and month in common."""
    number, month = (values[0] or "").strip(), (values[1] or "").strip()
    return (number, month) if number and month else None


def typed(values: Sequence[Any], line: int, today: date) -> tuple[Row, str]:
    """A line as the import takes it; a wrong one too, because its whole bill is refused."""
    if None in values:
        plain = tuple(value or "" for value in values)
        return Row(line, plain, None, None, "a column is missing on this line"), ""
    plain = tuple(map(str.strip, values))
    try:
        header = header_of(plain[: len(HEADER)], today)
        return Row(line, plain, header, line_of(plain[len(HEADER) :], header.month), ""), ""
    except ValueError as error:
        return Row(line, plain, None, None, str(error)), ""


@lru_cache(512)
def header_of(values: tuple[str, ...], today: date) -> Header:
    """What the lines of a bill have in common; raises ValueError for a value that is wrong."""
    given = dict(zip(HEADER, values, strict=True))
    if not re.fullmatch(r"\d{9}", given["customer_number"], re.ASCII):
        raise ValueError("the customer number must have nine digits (leading zeros count)")
    if not MONTH.fullmatch(given["month"]):
        raise ValueError("the month must be written YYYY-MM")
    latest = today + AHEAD
    from_on, to_on, due_on, issued_on = (
        day(given, name, latest) for name in ("from_on", "to_on", "due_on", "issued_on")
    )
    if given["month"] > latest.isoformat():
        raise ValueError("the month lies more than two years ahead")
    if not from_on < to_on <= issued_on <= due_on:
        raise ValueError("from_on, to_on, issued_on and due_on must follow each other")
    if issued_on > today:
        raise ValueError("issued_on lies in the future")
    for name, words in WORDS.items():
        if given[name] not in words:
            raise ValueError(f"{name} must be one of {', '.join(words)}")
    return Header(
        given["customer_number"],
        given["month"],
        from_on.isoformat(),
        to_on.isoformat(),
        whole(given["previous_m3"], "previous_m3"),
        whole(given["current_m3"], "current_m3"),
        given["kind"],
        whole(given["usage_m3"], "usage_m3"),
        whole(given["months"], "months", 1),
        whole(given["households"], "households", 1),
        whole(given["diameter_mm"], "diameter_mm", 1),
        given["water_class"],
        given["sewer_class"],
        due_on.isoformat(),
        issued_on.isoformat(),
        whole(given["total"], "total", most=WON),
        moment(given["paid_at"], today),
    )


def day(given: dict[str, str], name: str, latest: date) -> date:
    found = day_of(given[name])
    if found is None:
        raise ValueError(f"{name} must be written YYYY-MM-DD, from 1900 on")
    if found > latest:
        raise ValueError(f"{name} lies more than two years ahead")
    return found


def whole(text: str, name: str, least: int = 0, most: int = 0) -> int:
    """A whole number without sign."""
    most = most or MOST.get(name, 999_999_999)
    if text.isdecimal() and text.isascii() and len(text) < 14 and least <= int(text) <= most:
        return int(text)
    raise ValueError(f"{name} must be a whole number from {least} to {most}")


def moment(text: str, today: date) -> str:
    """A moment of payment as the database writes it; empty for an unpaid bill."""
    if not text:
        return ""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or len(text) < 16:
        raise ValueError("paid_at must be a moment with its offset, like 2026-10-30T09:00+09:00")
    if found.year < EARLIEST.year:  # so far back, a moment may have no UTC
        raise ValueError("paid_at lies before 1900")
    if found.year > today.year + 1 or found.astimezone(SEOUL).date() > today:
        raise ValueError("paid_at lies in the future")
    return instant(found)


@lru_cache(4096)
def line_of(values: tuple[str, ...], month: str) -> Line:
    """The line of a bill; raises ValueError for a value that is wrong."""
    part, kind, quantity, rate, days, of_days, amount, rule = values
    if (part, kind) not in KINDS:
        raise ValueError(f"a bill has no line {kind or 'without name'} of part {part or '?'}")
    if not RULE.fullmatch(rule):
        raise ValueError("rule must have at most 40 letters, digits and hyphens")
    if kind == "late" and not (MONTH.fullmatch(rule) and rule < month):
        raise ValueError("the rule of a late fee must be the month of the bill that was late")
    if kind == "cut":
        return Line(part, kind, 0, 0, 0, 0, won(amount, kind), rule)
    found = Line(
        part,
        kind,
        counted(quantity, kind),
        whole(rate or "0", "rate", most=WON),
        whole(days or "0", "days"),
        whole(of_days or "0", "of_days"),
        won(amount, kind),
        rule,
    )
    if found.days > found.of_days:
        raise ValueError("days must not be more than of_days")
    if kind == "late" and not found.days:
        raise ValueError("a late fee needs its days")
    return found


def counted(text: str, kind: str) -> int:
    """Tenths of a m3 for volumes, else months or won."""
    if kind not in ("usage", "discount"):
        return whole(text, "quantity", most=WON)
    if not re.fullmatch(r"\d{1,9}(\.\d)?", text or "0", re.ASCII):
        raise ValueError("quantity must be m3 with at most one decimal")
    m3, _, tenth = (text or "0").partition(".")
    return int(m3) * 10 + int(tenth or 0)


def won(text: str, kind: str) -> int:
    """An amount: not above 0 for cuts and discounts, not below 0 for the others."""
    if not re.fullmatch(r"-?\d{1,12}", text, re.ASCII):
        raise ValueError("amount must be a whole number of won")
    if int(text) > 0 and kind in ("cut", "discount"):
        raise ValueError(f"the amount of a {kind} is not above 0")
    if int(text) < 0 and kind not in ("cut", "discount"):
        raise ValueError(f"the amount of a line {kind} is not below 0")
    return int(text)
