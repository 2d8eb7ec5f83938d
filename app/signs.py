"""What no text may have: signs that cannot be shown or turn it around, state numbers, formulas."""

import re
import unicodedata
from calendar import monthrange

BAD = {"Cc", "Cs", "Cn", "Zl", "Zp"}
BIDI = set("\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def has_odd_signs(text: str) -> bool:
    """Control characters, unpaired surrogates, unassigned ones, and what turns text around."""
    return any(unicodedata.category(sign) in BAD or sign in BIDI for sign in text)


def visible(text: str) -> str:
    """A text without control characters, which HTML forbids: as it is shown again in its field."""
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc")


RESIDENT_NUMBER = re.compile(
    r"(?<!\d)(\d\d)(\d\d)(\d\d)\s{0,3}[-‐-―−ー_.·/~]?\s{0,3}(\d)\d{6}(?!\d)", re.ASCII
)
LEAP_YEAR = 2000


def has_resident_number(text: str) -> bool:
    """Whether something in a text looks like a resident registration number (S-51).

    That is six digits that are a day and seven more; other long numbers are no business of ours.
    """
    plain = unicodedata.normalize("NFKC", text)
    visible_only = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    for found in RESIDENT_NUMBER.finditer(visible_only):
        month, day = int(found[2]), int(found[3])
        if 1 <= month <= 12 and 1 <= day <= monthrange(LEAP_YEAR, month)[1]:
            return True
    return False


FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: str) -> str:
    """A cell that no spreadsheet runs as a formula (S-32)."""
    return f"'{value}" if value.startswith(FORMULA) else value
