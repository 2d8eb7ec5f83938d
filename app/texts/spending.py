"""What text messages may cost within an hour, and how many a phone gets in a day."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.db import instant, rows, writing
from app.limits import DAY, FORGET, HOUR, add, counted, hidden, take_back, window_end
from app.messages.channels import Outcome, Result
from app.texts.length import Type
from app.texts.provider import Purpose, Text

COST, PHONE, WON = "texts cost", "texts phone", "won"
PER_DAY = 20
WAIT = timedelta(minutes=5)
CAP_REACHED = "the cost cap of this hour is reached"


def price(config: Mapping[str, Any], text: Text) -> int:
    return int(config["SMS_PRICE" if text.type is Type.SMS else "LMS_PRICE"])


def cap(config: Mapping[str, Any], purpose: Purpose) -> int:
    """The last tenth is for codes: a bulk must not use up what they need."""
    whole = int(config["SMS_COST_CAP"])
    return whole if purpose is Purpose.AUTH else whole * 9 // 10


def phone_of(config: Mapping[str, Any], text: Text) -> str:
    return hidden(str(config["SECRET_KEY"]), PHONE, text.to)


def reserve(config: Mapping[str, Any], text: Text, now: datetime) -> Outcome | None:
    """Count a text before it is sent, so that several workers do not exceed the cap together; or
    why it is not sent.
    """
    hour, day, cost = window_end(now, HOUR), window_end(now, DAY), price(config, text)
    with writing():
        spent = add(COST, WON, hour, cost)
        if spent == cost:
            rows(FORGET, (COST, instant(now)))
        if spent > cap(config, text.purpose):
            take_back(COST, WON, hour, cost)
            return Outcome(Result.HELD, CAP_REACHED, wait=WAIT)
        if text.purpose is Purpose.AUTH:  # these have limits of their own, where they are asked for
            return None
        if add(PHONE, phone_of(config, text), day) > PER_DAY:
            take_back(COST, WON, hour, cost)
            return Outcome(Result.REFUSED, "too many for one phone today")
    return None


def give_back(config: Mapping[str, Any], text: Text, now: datetime) -> None:
    """It was not sent after all."""
    with writing():
        take_back(COST, WON, window_end(now, HOUR), price(config, text))
        if text.purpose is not Purpose.AUTH:
            take_back(PHONE, phone_of(config, text), window_end(now, DAY))


def is_used_up(config: Mapping[str, Any], now: datetime) -> bool:
    """Whether no code would be sent within this hour."""
    spent = counted(COST, WON, window_end(now, HOUR))
    return spent + int(config["SMS_PRICE"]) > cap(config, Purpose.AUTH)
