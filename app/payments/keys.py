"""The gateway's address and keys: which go together, and which must never be used."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

REAL = "https://api.tosspayments.com"
EMULATOR = "http://127.0.0.1:8002"
EMULATOR_CLIENT = "test_ck_arisu_sandbox_client_key"
EMULATOR_SECRET = "test_sk_arisu_sandbox_secret_key"  # noqa: S105 of the emulator: it opens nothing
HERE = (None, "localhost", "127.0.0.1", "::1")
SETS = {"ck": "sk", "gck": "gsk"}
"""Client keys and the secret keys of the same set."""


class Keys(NamedTuple):
    url: str
    client: str
    secret: str

    @property
    def is_real_host(self) -> bool:
        return urlsplit(self.url).hostname not in HERE


def read(config: Mapping[str, Any]) -> Keys:
    """What the settings say; in development the emulator's where they say nothing."""
    if config["MODE"] == "production":
        return Keys(config["PAY_URL"] or REAL, config["PAY_CLIENT_KEY"], config["PAY_SECRET_KEY"])
    return Keys(
        config["PAY_URL"] or EMULATOR,
        config["PAY_CLIENT_KEY"] or EMULATOR_CLIENT,
        config["PAY_SECRET_KEY"] or EMULATOR_SECRET,
    )


def are_set(config: Mapping[str, Any]) -> bool:
    """Whether online payment is wanted at all: production without keys has none."""
    return bool(read(config).client or read(config).secret)


def kind(key: str) -> tuple[str, str]:
    """`test` or `live`, and the set: `test_gck_…` is (`test`, `gck`)."""
    parts = key.split("_", 2)
    return (parts[0], parts[1]) if len(parts) == 3 and parts[2] else ("", "")


def complaint(config: Mapping[str, Any]) -> str | None:
    """Why these keys must not be used, or None."""
    found = read(config)
    (mode, client), (secret_mode, secret) = kind(found.client), kind(found.secret)
    if client not in SETS:
        return "WATER_PAY_CLIENT_KEY is no client key (test_ck_…, live_gck_…)."
    if secret not in SETS.values():
        return "WATER_PAY_SECRET_KEY is no secret key (test_sk_…, live_gsk_…)."
    if SETS[client] != secret or mode != secret_mode:
        return "WATER_PAY_CLIENT_KEY and WATER_PAY_SECRET_KEY are not of one set."
    if config["MODE"] == "production":
        return in_production(found, mode)
    if mode != "test":
        return "A live key is for production only."
    return None


def in_production(found: Keys, mode: str) -> str | None:
    if mode != "live":
        return "A test key moves no money: production needs live keys."
    parts = urlsplit(found.url)
    if parts.scheme != "https" or parts.hostname in HERE:
        return "WATER_PAY_URL must be the gateway's https address: production takes no emulator."
    return None


def refuse_wrong(config: Mapping[str, Any]) -> None:
    """Raise when the program must not start with these keys."""
    if are_set(config) and (problem := complaint(config)):
        raise RuntimeError(problem)
