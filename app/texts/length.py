"""What fits into a text message: bytes, not signs, and not all signs that there are.

Phones get texts in CP949, where a Hangul syllable is two bytes. Syllables outside of KS X 1001 (뷁)
are two bytes there as well, but a provider that is strict about EUC-KR may refuse them.
"""

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple

SMS_BYTES, LMS_BYTES, SUBJECT_BYTES = 90, 2000, 40
REPLACED = {"–": "-", "—": "-", "−": "-", "•": "·", "〜": "～", "\u00a0": " ", "\u202f": " "}
TABLE = str.maketrans(REPLACED)
WON_SIGN = re.compile(r"₩\s?(\d[\d,]*)?")


class Type(StrEnum):
    """What a provider is asked for; it has prices of its own for each."""

    SMS = "SMS"
    LMS = "LMS"


class Measured(NamedTuple):
    """A text as it would be sent."""

    text: str
    bytes: int
    """0 when it cannot be sent at all."""
    type: Type | None
    """None when it is too long for any."""
    refused: str
    """The signs that no phone gets."""
    rare: str
    """The syllables that a strict provider may refuse."""

    @property
    def problems(self) -> list[str]:
        """What keeps it from being sent."""
        found = [f"signs that text messages do not have: {self.refused}"] if self.refused else []
        if not self.refused and self.type is None:
            found.append(f"{self.bytes} bytes; a text message has at most {LMS_BYTES}")
        return found


def tidy(text: str) -> str:
    """NFC, and signs that look alike in the place of those that text messages do not have."""
    composed = unicodedata.normalize("NFC", text).translate(TABLE)
    return WON_SIGN.sub(lambda found: f"{found[1] or ''}원", composed)


def size(text: str) -> int:
    """Bytes of a text as phones get it; raises UnicodeEncodeError."""
    return len(text.encode("cp949"))


def has(sign: str, codec: str, most: int = 2) -> bool:
    try:
        return len(sign.encode(codec)) <= most
    except UnicodeEncodeError:
        return False


def measure(text: str) -> Measured:
    """How a text would be sent, after what `tidy` does to it."""
    found = tidy(text)
    refused = "".join(dict.fromkeys(sign for sign in found if not has(sign, "cp949")))
    rare = "".join(dict.fromkeys(s for s in found if "가" <= s <= "힣" and not has(s, "euc_kr")))
    if refused:
        return Measured(found, 0, None, refused, rare)
    count = size(found)
    fits = Type.SMS if count <= SMS_BYTES else Type.LMS if count <= LMS_BYTES else None
    return Measured(found, count, fits, "", rare)


def cut(text: str, most: int = SUBJECT_BYTES) -> str:
    """The beginning of a text that fits into so many bytes, in whole signs."""
    found = tidy(text)
    while size(found) > most:
        found = found[:-1]
    return found.rstrip()
