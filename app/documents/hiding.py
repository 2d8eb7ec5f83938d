"""What the lines of a bill tell about a person, hidden from whoever checks a paper.

A reduction may say that somebody is disabled or lives on welfare; a line may name another meter.
The amounts stay: they are what a checker compares.
"""

from collections.abc import Sequence
from typing import Any

from app import masks
from app.bills.line_texts import Source
from app.language import _

PERSONAL, MINUS = "discount", "−"


def lines(told: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The lines without other customers' numbers, their reductions without name and arithmetic."""
    nameless = {"name": _("감면"), "arithmetic": "", "source": ""}
    return [
        {field: masks.numbers(text) for field, text in line.items()}
        | (nameless if personal(line) else {})
        for line in told
    ]


def personal(line: dict[str, str]) -> bool:
    """Whether a line is a reduction; where a document does not say so, whatever is below 0."""
    return line.get("kind", PERSONAL if MINUS in line["amount"] else "") == PERSONAL


def sources(told: Sequence[Source], lines: Sequence[dict[str, Any]]) -> list[Source]:
    """The sources of all lines but reductions."""
    names = {line["name"] for line in lines if personal(line)}
    return [source for source in told if source.name not in names]
