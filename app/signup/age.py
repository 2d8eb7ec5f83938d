"""Birth dates: reading what somebody typed, and whether the day of the 14th birthday has come."""

import re
import unicodedata
from datetime import date

OLD_ENOUGH = 14
OLDEST = 1900
WHOLE = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
PARTS = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D?", re.ASCII)


def read(typed: str) -> date | None:
    """`19900131`, `1990-1-31`, `1990. 1. 31.`, `1990년 1월 31일`; None for what is no day."""
    text = unicodedata.normalize("NFKC", typed).strip()
    found = WHOLE.fullmatch(text) or PARTS.fullmatch(text)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def is_old_enough(born: date, today: date) -> bool:
    """Who was born on 29 February has the birthday on 1 March of years without that day."""
    return (today.year - OLD_ENOUGH, today.month, today.day) >= (born.year, born.month, born.day)
