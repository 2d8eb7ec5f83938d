"""Codes of a one-time code app (TOTP, RFC 6238): six digits, thirty seconds."""

import hmac
from datetime import datetime

import pyotp

STEP_SECONDS = 30
OTHERS = (-1, 0, 1)
"""A code of the step before or behind is right too: clocks differ."""


class Codes(pyotp.TOTP):
    """Codes of a secret in base32. The package refuses secrets under 112 bits; the demo's, which
    its users know by heart, has 80. New ones have 160.
    """

    min_secret_length_bits = 80


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, email: str, issuer: str) -> str:
    """What apps read to take over a secret (`otpauth:`)."""
    return Codes(secret).provisioning_uri(name=email, issuer_name=issuer)


def code(secret: str, now: datetime) -> str:
    """The code that an app shows at a moment."""
    return Codes(secret).generate_otp(int(now.timestamp()) // STEP_SECONDS)


def step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The time step whose code was typed, of those that are right now."""
    present, codes, right = int(now.timestamp()) // STEP_SECONDS, Codes(secret), None
    for step in (present + other for other in OTHERS):
        if hmac.compare_digest(codes.generate_otp(step), typed):
            right = step
    return right
