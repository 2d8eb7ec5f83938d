"""Signs that no text may have: they cannot be shown, or make it read otherwise than it is."""

import unicodedata

BAD = {"Cc", "Cs", "Cn"}
BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def has_odd_signs(text: str) -> bool:
    """Control characters, unpaired surrogates, unassigned ones, and what turns text around."""
    return any(unicodedata.category(sign) in BAD or sign in BIDI for sign in text)
