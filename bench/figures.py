"""What a part of the bench hands back, and how RESULTS.md shows it."""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple


class Figure(NamedTuple):
    """One line of the table; `met` is None where there is no target."""

    what: str
    value: str
    target: str = ""
    met: bool | None = None


class Found(NamedTuple):
    """One part's title, its figures, remarks, and profiles (by name) that explain a miss."""

    title: str
    figures: list[Figure]
    remarks: list[str]
    profiles: dict[str, str]


def at_most(what: str, value: float, limit: float, unit: str, digits: int = 2) -> Figure:
    """A figure that should not exceed its limit."""
    return Figure(what, f"{value:,.{digits}f}{unit}", f"≤ {limit:,g}{unit}", value <= limit)


def at_least(what: str, value: float, limit: float, unit: str) -> Figure:
    """A figure that should reach its limit."""
    return Figure(what, f"{value:,.0f}{unit}", f"≥ {limit:,g}{unit}", value >= limit)


def plain(what: str, value: float, unit: str, digits: int = 0) -> Figure:
    """A figure without a target."""
    return Figure(what, f"{value:,.{digits}f}{unit}")


def p99(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def middle(values: Sequence[float]) -> float:
    return float(median(values))


def markdown(found: Found) -> str:
    """One part as a section of RESULTS.md."""
    lines = [
        f"## {found.title}",
        "",
        "| what | measured | target | |",
        "| --- | ---: | ---: | --- |",
    ]
    for what, value, target, met in found.figures:
        verdict = "" if met is None else "met" if met else "**missed**"
        lines.append(f"| {what} | {value} | {target} | {verdict} |")
    lines += ["", *[f"- {remark}" for remark in found.remarks]]
    for name, text in found.profiles.items():
        lines += ["", f"Where the CPU time goes: {name}", "", "```text", text, "```"]
    return "\n".join(lines).rstrip() + "\n"
