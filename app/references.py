"""Public references that cannot be guessed or misread."""

import hashlib
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
PAIRS = [one + two for two in ALPHABET for one in ALPHABET]
"""No 0/O, 1/I/L, U: thirty signs that survive handwriting and a telephone."""


def new(length: int = 10) -> str:
    """A random reference; ten signs are 49 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def keyed(key: bytes, text: str) -> str:
    """Ten signs that only the holder of `key` (at most 64 bytes) can work out from `text`."""
    number = int.from_bytes(hashlib.blake2b(text.encode(), key=key, digest_size=8).digest())
    number, a = divmod(number, 900)
    number, b = divmod(number, 900)
    number, c = divmod(number, 900)
    number, d = divmod(number, 900)
    return PAIRS[a] + PAIRS[b] + PAIRS[c] + PAIRS[d] + PAIRS[number % 900]
