"""Texts that the database holds sealed: AES-256-GCM with a key that is kept outside of it (S-52).

A sealed text is `k<key id>.<base64 of nonce and ciphertext>`. The first of the keys seals; all of
them open, so that a key can be changed without losing what an older one sealed.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from hashlib import sha256
from typing import Any

from flask import Flask
from peewee import CharField, TextField

NONCE = 12
_keys: dict[str, bytes] = {}
_lookup_key = b""


class SealBrokenError(ValueError):
    """The text was not sealed with one of our keys, or was changed since."""


def use(secret_texts: list[str]) -> None:
    """The secrets from whose hashes the keys are made, the one that seals first."""
    global _lookup_key
    _lookup_key = sha256(b"lookup hashes " + secret_texts[0].encode()).digest()
    _keys.clear()
    for text in secret_texts:
        key = sha256(b"sealed columns " + text.encode()).digest()
        _keys[sha256(key).hexdigest()[:6]] = key
    cipher.cache_clear()


@cache
def cipher(name: str) -> Any:
    """The cipher of a key. Its package is heavy and loaded when something is first sealed."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(_keys[name])


def current() -> str:
    """The name of the key that seals."""
    return next(iter(_keys))


def has_key_of(text: str) -> bool:
    """Whether one of the keys sealed a text, by its name; cheaper than opening it."""
    return text.removeprefix("k").partition(".")[0] in _keys


def seal(text: str) -> str:
    """A text as the database keeps it; an empty one stays empty."""
    if not text:
        return ""
    name, nonce = current(), secrets.token_bytes(NONCE)
    closed = nonce + cipher(name).encrypt(nonce, text.encode(), None)
    return f"k{name}.{urlsafe_b64encode(closed).decode()}"


def opened(text: str) -> str:
    """What was sealed; raises SealBrokenError."""
    if not text:
        return ""
    name, _, closed = text.removeprefix("k").partition(".")
    if name not in _keys:
        raise SealBrokenError(f"sealed with the unknown key {name[:6]!r}")
    from cryptography.exceptions import InvalidTag

    try:
        raw = urlsafe_b64decode(closed)
        plain: bytes = cipher(name).decrypt(raw[:NONCE], raw[NONCE:], None)
    except (InvalidTag, ValueError) as error:
        raise SealBrokenError("a sealed text was changed") from error
    return plain.decode()


def lookup_hash(text: str) -> str:
    """By what a sealed text is found: nothing that could be tried out without the key. Empty for
    an empty text, which must not be found. `flask keys rotate` makes the hashes anew.
    """
    return hmac.digest(_lookup_key, text.encode(), sha256).hex() if text else ""


class SealedColumn(CharField):
    """A short text that is sealed; `max_length` counts its sealed form."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else seal(value)

    def python_value(self, value: Any) -> str | None:
        return None if value is None else opened(value)


class SealedText(TextField):
    """A text of any length that is sealed."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else seal(value)

    def python_value(self, value: Any) -> str | None:
        return None if value is None else opened(value)


class LookupColumn(CharField):
    """The `lookup_hash` of a sealed column of the same row, which `of` names."""

    def __init__(self, of: str, **options: Any) -> None:
        super().__init__(64, **options)
        self.of = of


def init_app(app: Flask) -> None:
    use([app.config["DATA_KEY"], *str(app.config["DATA_KEY_OLD"]).split()])
