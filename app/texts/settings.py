"""The settings of text messages: switched on by an address, and checked when the program starts."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from app import config as defaults
from app.outbound import ForbiddenError, is_here, place_of

NUMBER = re.compile(r"\d{8,11}")
PROVIDERS = ("solapi",)


def is_on(config: Mapping[str, Any]) -> bool:
    return bool(config["SMS_URL"])


def is_local(config: Mapping[str, Any]) -> bool:
    """Whether the provider may be one on this machine: the emulator, in development."""
    return config["MODE"] == "development"


def host(config: Mapping[str, Any]) -> str:
    return urlsplit(str(config["SMS_URL"])).hostname or ""


def senders(config: Mapping[str, Any]) -> list[str]:
    """The registered numbers, as they are dialled; nothing else may be a sender."""
    return [re.sub(r"\D", "", one) for one in str(config["SENDER_NUMBERS"]).split()]


def sender(config: Mapping[str, Any], wanted: str = "") -> str:
    """One of the registered numbers, the first unless another is asked for; raises ValueError."""
    known = senders(config)
    found = re.sub(r"\D", "", wanted) if wanted else known[0]
    if found not in known:
        raise ValueError("a sender that is not registered")
    return found


def weak(secret: str, least: int) -> bool:
    return len(secret) < least or len(set(secret)) < 10


def complaint(config: Mapping[str, Any]) -> str | None:
    """Why text messages cannot be sent with these settings."""
    if not is_on(config):
        return None
    if config["SMS_PROVIDER"] not in PROVIDERS:
        return f"WATER_SMS_PROVIDER must be one of: {', '.join(PROVIDERS)}."
    if not senders(config) or not all(map(NUMBER.fullmatch, senders(config))):
        return "WATER_SENDER_NUMBERS are the registered numbers, of 8 to 11 digits each."
    if is_local(config) and not is_here(host(config)):
        return "In development text messages go to the emulator: set WATER_SMS_URL to this machine."
    try:
        place_of(str(config["SMS_URL"]), [host(config)], is_local(config))
    except ForbiddenError as error:
        return f"WATER_SMS_URL is the https address of the provider: {error}."
    return None if is_local(config) else weakness(config)


def weakness(config: Mapping[str, Any]) -> str | None:
    """Which secret is missing or weak, where real messages are sent."""
    if is_here(host(config)) or re.fullmatch(r"[\d.:\[\]a-f]+", host(config)):
        return "WATER_SMS_URL must be the name of the provider's host."
    for name, least in (("SMS_KEY", 8), ("SMS_SECRET", 16), ("SMS_HOOK_SECRET", 32)):
        if config[name] == getattr(defaults, name) or weak(str(config[name]), least):
            return f"Set WATER_{name} to at least {least} random characters."
    return None


def init_app(app: Flask) -> None:
    """Refuse to start with settings with which messages would fail one by one."""
    if problem := complaint(app.config):
        raise RuntimeError(problem)
