"""The words for use classes and parts of a charge; the table only knows their codes."""

from app.bills import line_texts
from app.language import later

CLASSES = {
    "household": later("가정용"),
    "general": later("일반용"),
    "bath": later("욕탕용"),
    "all": later("모든 업종"),
}


def class_name(code: str) -> str:
    return str(CLASSES.get(code, code))


def part_name(code: str) -> str:
    return str(line_texts.PARTS[code])
