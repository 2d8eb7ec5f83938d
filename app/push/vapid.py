"""The key with which this service signs push messages (RFC 8292)."""

import base64
import os
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

HOLDS = timedelta(hours=12)
RAW = re.compile(r"[A-Za-z0-9_-]{43}")
"""32 bytes."""


def is_on(app: Flask) -> bool:
    return bool(app.config["VAPID_KEY"]) or app.config["MODE"] == "development"


def new_key() -> str:
    """A private key: any number of 32 bytes but those that no curve point belongs to."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def private(config: Mapping[str, Any]) -> str:
    """The settings' key; in development one that is made once and kept."""
    if config["VAPID_KEY"]:
        return str(config["VAPID_KEY"])
    path = Path(config["DATA_DIR"]).absolute() / "vapid.key"
    if not path.exists():
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(new_key(), "ascii")
        unfinished.chmod(0o600)
        try:
            os.link(unfinished, path)  # the first of several workers decides
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    return path.read_text("ascii").strip()


@lru_cache(4)
def signer(key: str) -> Any:
    from py_vapid import Vapid02  # brings cryptography: only for who needs it

    return Vapid02.from_raw(key.encode())


@lru_cache(4)
def public(key: str) -> str:
    """What browsers are told, so that they take messages from this service only."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    point = signer(key).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def header(config: Mapping[str, Any], endpoint: str, now: datetime) -> str:
    """Shows a push service who sends a message, and whom it can write to about it."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + HOLDS).timestamp()),
        "sub": f"mailto:{config['MAIL_FROM']}",
    }
    found: str = signer(private(config)).sign(claims)["Authorization"]
    return found


def complaint(app: Flask) -> str | None:
    """Why no push messages can be sent with these settings."""
    key = str(app.config["VAPID_KEY"])
    if key and not (RAW.fullmatch(key) and len(set(key)) >= 10):
        return "WATER_VAPID_KEY is no private key; `flask push key` makes one."
    return None


def init_app(app: Flask) -> None:
    """Refuse to start with a key that signs nothing."""
    if problem := complaint(app):
        raise RuntimeError(problem)
