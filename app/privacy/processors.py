"""Processors: the firms that work with residents' data, as the city lists them in public (S-59)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml
from flask import Flask, current_app

from app import health
from app.language import LANGUAGES, _, speaking
from app.observe import log

SHIPPED = Path(__file__).with_name("processors.yaml")
ADAPTERS = {"mail": "SMTP_HOST", "texts": "SMS_URL", "payments": "PAY_URL"}
"""What of the program can go through somebody else, and the setting that says through whom."""
OWN = ("", "localhost", "127.0.0.1", "::1", "[::1]")
"""Servers on this machine are nobody else."""
TEXTS = ("name", "task", "items", "period", "contact")
Words = dict[str, str]


class Processor(NamedTuple):
    """One firm, with texts by language."""

    name: Words
    task: Words
    items: Words
    period: Words
    contact: Words
    adapters: tuple[str, ...]


class ListError(ValueError):
    """The list cannot be read; says why."""


def path(config: Mapping[str, Any]) -> Path:
    """The city's own list, or the one that comes with the program."""
    own = Path(config["DATA_DIR"], "processors.yaml")
    return own if own.is_file() else SHIPPED


def listed(config: Mapping[str, Any]) -> list[Processor]:
    """The firms of the list; raises ListError."""
    file = path(config)
    try:
        found = yaml.safe_load(file.read_text("utf-8")) or []
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ListError(f"{file.name} cannot be read") from error
    if not isinstance(found, list):
        raise ListError(f"{file.name} must be a list")
    return [processor(one, number, file.name) for number, one in enumerate(found, 1)]


def processor(found: Any, number: int, file: str) -> Processor:
    """One entry of a list; raises ListError for one that lacks something."""
    entry = found if isinstance(found, dict) else {}
    lacking = [
        name
        for name in TEXTS
        if not isinstance(entry.get(name), dict)
        or not all(isinstance(entry[name].get(one), str) and entry[name][one] for one in LANGUAGES)
    ]
    if lacking:
        raise ListError(f"entry {number} of {file} needs {', '.join(lacking)} in both languages")
    adapters = entry.get("adapters") or []
    if not isinstance(adapters, list) or not set(adapters) <= set(ADAPTERS):
        raise ListError(f"entry {number} of {file}: adapters are {', '.join(ADAPTERS)}")
    return Processor(**{name: entry[name] for name in TEXTS}, adapters=tuple(adapters))


def in_use(config: Mapping[str, Any]) -> list[str]:
    """The adapters that hand something to somebody else, as the settings are."""
    found = [name for name, setting in ADAPTERS.items() if host(config.get(setting)) not in OWN]
    if config.get("PAY_CLIENT_KEY") and not config["PAY_URL"] and config["MODE"] == "production":
        found.append("payments")  # no address is the gateway's own
    return found


def host(setting: Any) -> str:
    """The host of an address, or of a name as it is."""
    text = str(setting or "")
    return (urlsplit(text).hostname or "") if "//" in text else text.lower()


def complaint(config: Mapping[str, Any]) -> str | None:
    """Who works with residents' data without standing in the public list; None when all is well."""
    try:
        named = {adapter for one in listed(config) for adapter in one.adapters}
    except ListError as error:
        return _("개인정보를 맡은 곳의 목록을 읽을 수 없습니다: %(problem)s", problem=str(error))
    missing = [f"{name} (WATER_{ADAPTERS[name]})" for name in in_use(config) if name not in named]
    if not missing:
        return None
    return _(
        "개인정보를 맡은 곳의 목록에 없습니다: %(names)s. DATA_DIR/processors.yaml에 적으십시오"
        " (deploy/README.md).",
        names=", ".join(missing),
    )


def init_app(app: Flask) -> None:
    """Warn at the start; the operators' page says it as long as it is so."""
    health.register("processors", lambda now: complaint(current_app.config))
    with speaking("en"):
        if problem := complaint(app.config):
            log.warning(problem)
