"""How parts of a bill, use classes and typical homes are named in a comparison."""

from app import words
from app.adoption.typical import Case
from app.language import _, later

PARTS = {
    "water": later("상수도"),
    "sewer": later("하수도"),
    "levy": later("물이용부담금"),
    "base": later("기본요금"),
}
CLASSES = {
    "household": later("가정용"),
    "general": later("일반용"),
    "bath": later("욕탕용"),
    "all": later("모든 업종"),
}


def class_name(code: str) -> str:
    """A use class, or the diameter of a base charge."""
    return f"{code}mm" if code.isdecimal() else str(CLASSES.get(code, code))


def home_name(case: Case) -> str:
    terms = case.terms
    parts = [
        class_name(terms.water_class),
        f"{terms.diameter_mm}mm",
        _("%(count)s세대", count=terms.households),
        words.volume(case.usage_m3),
        *case.codes,
    ]
    return " · ".join(parts)
