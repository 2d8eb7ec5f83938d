"""What this program needs of a company that sends text messages; each one is a module beside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from app.messages.channels import Outcome
from app.messages.models import Cause, State
from app.texts.length import Type


class Purpose(StrEnum):
    """Why a text is sent; providers and the law tell them apart."""

    AUTH = "auth"
    NORMAL = "normal"
    AD = "ad"


class Text(NamedTuple):
    """A finished text message."""

    reference: str
    """Ours; the provider keeps it, and is asked for it when it gave no answer."""
    to: str
    sender: str
    """Digits only, both."""
    text: str
    type: Type
    subject: str
    purpose: Purpose


class Asked(NamedTuple):
    """A text of which nobody knows whether the provider has it."""

    reference: str
    to: str
    since: datetime
    purpose: Purpose
    not_id: str
    """An earlier sending of the same message, which has failed and is not meant."""


class Report(NamedTuple):
    """What somebody who knows the secret address says of a message: a hint, and no more."""

    key: str
    provider_id: str
    reference: str
    code: str


class Standing(NamedTuple):
    """What a provider knows of a message that it has accepted."""

    code: str
    state: State | None
    """None as long as it is under way."""
    cause: Cause = Cause.NONE


class ProviderError(Exception):
    """The provider could not be asked; its text is a few words of ours."""


class Provider(Protocol):
    """One company's interface."""

    def send(self, text: Text, now: datetime, deadline: float) -> Outcome:
        """Hand a text over, once."""

    def look_up(self, asked: Asked, now: datetime) -> Outcome:
        """ACCEPTED with its id, MISSING, or UNKNOWN when it could not be asked."""

    def read(self, provider_ids: Sequence[str], now: datetime) -> dict[str, Standing]:
        """How some messages stand; without those that it does not know. Raises ProviderError."""

    def balance(self, now: datetime) -> int:
        """Won that are left. Raises ProviderError."""

    def close(self) -> None:
        """Nothing more to ask for now."""

    @staticmethod
    def parse_report(headers: Mapping[str, str], body: bytes) -> list[Report]:
        """The reports that were posted to us; raises ValueError for anything else."""


def open_provider(config: Mapping[str, Any], read_seconds: float) -> Provider:
    """The provider that the settings name."""
    return provider_class(config)(config, read_seconds)


def provider_class(config: Mapping[str, Any]) -> Any:
    from app.texts.solapi import Solapi

    return {"solapi": Solapi}[config["SMS_PROVIDER"]]
