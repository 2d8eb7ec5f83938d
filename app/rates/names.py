"""How a typical home is named in a comparison."""

from app import words
from app.adoption.typical import Case
from app.language import _


def home_name(case: Case) -> str:
    terms = case.terms
    parts = [
        terms.water_class,
        f"{terms.diameter_mm}mm",
        _("%(count)s세대", count=terms.households),
        words.volume(case.usage_m3),
        *case.codes,
    ]
    return " · ".join(parts)
