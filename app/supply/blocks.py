"""Imports which supply block (급수 블록) each premises lies in: outages name blocks."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from app.db import rows
from app.supply import imports
from app.supply.imports import Progress, Reject

COLUMNS = ("customer_number", "supply_block")
BLOCK = re.compile(r"[0-9A-Za-z가-힣-]{1,12}")
PUT = """
UPDATE premises SET supply_block = ? WHERE number = ? AND supply_block <> ? RETURNING id
"""
THERE = "SELECT 1 FROM premises WHERE number = ?"

Row = tuple[int, str, str]
"""line, customer number, block"""


def typed(values: Sequence[Any], line: int, today: date) -> tuple[Row | None, str]:
    """A line's values, or the reason why it cannot be used."""
    if None in values:
        return None, "a column is missing on this line"
    number, block = (value.strip() for value in values)
    if not (len(number) == 9 and number.isascii() and number.isdigit()):
        return None, "the customer number must have nine digits (leading zeros count)"
    if not BLOCK.fullmatch(block):
        return None, "a block has up to 12 letters, digits and hyphens"
    return (line, number, block), ""


class Batch:
    """Stores blocks, counts what was so before, and refuses unknown premises."""

    def __init__(self, source_id: int) -> None:
        self.accepted = 0
        self.unchanged = 0
        self.rejected: list[Reject] = []

    def take(self, part: list[Row]) -> None:
        for line, number, block in part:
            if rows(PUT, (block, number, block)):
                self.accepted += 1
            elif rows(THERE, (number,)):
                self.unchanged += 1
            else:
                reason = "no premises has this customer number"
                self.rejected.append((number, block, line, reason))


def import_file(
    path: Path, today: date, now: Any, seen: Callable[[int], None] = imports.nobody
) -> Progress:
    """Import a file of blocks; see `imports.import_file`."""
    return imports.import_file(
        imports.Kind("blocks", COLUMNS, typed, Batch), path, today, now, seen
    )
