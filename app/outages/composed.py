"""An outage's file as the staff's form writes it, and the form's fields as a file has them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import yaml

from app.clock import SEOUL
from app.frontmatter import RECORD_NAME, Broken, take_apart
from app.outages import area
from app.outages.record import Outage

ORDER = (
    "title", "title_en", "kind", "state", "from", "to", "actual_from", "actual_to", "area",
    "cause", "cause_en", "office", "households", "relief", "quality_after", "updates",
)  # fmt: skip
BLOCK = "블록 "


def moment(value: datetime) -> str:
    """`2026-11-30T23:00:00+09:00`."""
    return value.astimezone(SEOUL).isoformat(timespec="seconds")


class Dumper(yaml.SafeDumper):
    """Moments as editors write them."""


Dumper.add_representer(
    datetime,
    lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:timestamp", moment(value)),
)


def file_text(fields: Mapping[str, Any], body: str = "") -> str:
    """The file of some fields; empty ones are left out."""
    found = {name: fields[name] for name in ORDER if fields.get(name) not in (None, "", [], {}, 0)}
    head = yaml.dump(found, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{head}---\n{body}"


def area_of(lines: Iterable[str], note: str) -> dict[str, Any]:
    """The area that was typed, a place a line; what cannot be read is for the checker to tell."""
    found: dict[str, Any] = {"districts": [], "dongs": [], "roads": [], "blocks": []}
    for line in (" ".join(one.split()) for one in lines):
        if line.startswith(BLOCK):
            found["blocks"].append(line.removeprefix(BLOCK))
        elif line == "서울 전체" or line.count(" ") == 0:
            found["districts"].append(line)
        elif line.count(" ") == 1:
            found["dongs"].append(line)
        else:
            found["roads"].append(line)
    found["note"] = note
    return {name: value for name, value in found.items() if value and value != [""]}


def area_lines(one: area.Area) -> str:
    found = area.written(one)
    blocks = [f"{BLOCK}{block}" for block in found.get("blocks", [])]
    names = ("districts", "dongs", "roads")
    return "\n".join([*(line for name in names for line in found.get(name, [])), *blocks])


def relief_of(lines: Iterable[str]) -> list[dict[str, str]]:
    """`어디 | 무엇 | 언제`, one place a line."""
    found = []
    for line in lines:
        parts = [part.strip() for part in line.split("|")]
        if parts[0]:
            names = zip(("where", "what", "when"), parts, strict=False)
            found.append({name: part for name, part in names if part})
    return found


def relief_lines(one: Outage) -> str:
    return "\n".join(" | ".join(part for part in place if part) for place in one.relief)


def kept_of(text: str) -> tuple[list[dict[str, Any]], str]:
    """What a form leaves as it is in a file: the updates that were told, and the text below."""
    try:
        source = take_apart("outages", "x.md", text.encode(), RECORD_NAME)
    except Broken:
        return [], ""
    updates: Sequence[Any] = source.meta.get("updates") or []
    return [one for one in updates if isinstance(one, dict)], source.body
