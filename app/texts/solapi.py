"""The provider Solapi: each request signed anew, our reference in each message, no second try.

It has no key against sending twice. So a message whose answer was lost is looked for among those
of its recipient, by our reference, before it is sent again.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml

from app.messages.channels import Outcome, Result
from app.messages.models import Cause, State
from app.outbound import (
    Answer,
    Caller,
    ForbiddenError,
    NoAnswerError,
    NotSentError,
    UntrustedError,
)
from app.texts import settings
from app.texts.provider import Asked, ProviderError, Purpose, Report, Standing, Text

REFERENCE = "reference"
"""The name of the custom field that our reference stands in."""
SKEWED, POOR = "RequestTimeTooSkewed", "NotEnoughBalance"
USED_SIGNATURE, NO_SENDER = "DuplicatedSignature", "UnregisteredSender"
ASK_AGAIN = {Purpose.AUTH: timedelta(seconds=5)}
ASK_LATER, RICHER, BUSY = timedelta(seconds=30), timedelta(minutes=5), timedelta(seconds=30)
REPORT_WAIT = timedelta(minutes=5)
"""So long a report is waited for before the provider is asked."""
MARGIN, PAGE, PAGES = timedelta(minutes=20), 100, 20
LONGEST_REPORT = 200


@cache
def codes() -> dict[str, frozenset[str]]:
    found = yaml.safe_load(Path(__file__).with_name("solapi_codes.yaml").read_text("utf-8"))
    return {name: frozenset(map(str, values)) for name, values in found.items()}


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def said(answer: Answer) -> dict[str, Any]:
    """An answer's JSON; empty when it is none."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


class Solapi:
    def __init__(self, config: Mapping[str, Any], read_seconds: float) -> None:
        self.url = str(config["SMS_URL"]).rstrip("/")
        self.key, self.secret = str(config["SMS_KEY"]), str(config["SMS_SECRET"])
        connect = min(5.0, read_seconds)
        self.caller = Caller(
            [settings.host(config)], settings.is_local(config), connect, read_seconds
        )

    def signed(self, now: datetime) -> dict[str, str]:
        """The header of one request; the same one is not taken twice."""
        date, salt = iso(now), secrets.token_hex(16)
        made = hmac.digest(self.secret.encode(), f"{date}{salt}".encode(), hashlib.sha256).hex()
        value = f"HMAC-SHA256 apiKey={self.key}, date={date}, salt={salt}, signature={made}"
        return {"Authorization": value, "Content-Type": "application/json"}

    def send(self, text: Text, now: datetime, deadline: float) -> Outcome:
        message = {
            "to": text.to,
            "from": text.sender,
            "text": text.text,
            "type": text.type.value,
            "country": "82",
            "autoTypeDetect": False,
            "customFields": {REFERENCE: text.reference},
        }
        if text.subject:
            message["subject"] = text.subject
        body = json.dumps({"message": message}, ensure_ascii=False).encode()
        try:
            answer = self.caller.call(
                "POST", f"{self.url}/messages/v4/send", self.signed(now), body, deadline
            )
        except (ForbiddenError, UntrustedError) as error:
            return Outcome(Result.OURS, str(error), False)
        except NotSentError as error:
            return Outcome(Result.AGAIN, str(error), False)
        except NoAnswerError as error:
            return Outcome(Result.UNKNOWN, str(error), wait=ask_after(text.purpose))
        return outcome_of(answer, text.purpose, now)

    def listed(self, query: Mapping[str, str], now: datetime) -> dict[str, Any]:
        """One page of messages; raises ProviderError."""
        return self.asked(f"/messages/v4/list?{urlencode(query)}", now)

    def asked(self, path: str, now: datetime) -> dict[str, Any]:
        """What the provider answers to a question; raises ProviderError."""
        try:
            answer = self.caller.call("GET", self.url + path, self.signed(now))
        except (NotSentError, NoAnswerError) as error:
            raise ProviderError(str(error)) from error
        if answer.status != 200:
            raise ProviderError(problem_of(answer, now))
        return said(answer)

    def look_up(self, asked: Asked, now: datetime) -> Outcome:
        query = {
            "to": asked.to,
            "startDate": iso(asked.since - MARGIN),
            "endDate": iso(now + MARGIN),
            "limit": str(PAGE),
        }
        found: list[tuple[str, str]] = []
        try:
            for _ in range(PAGES):
                page = self.listed(query, now)
                found += [
                    (str(one.get("dateCreated")), str(number))
                    for number, one in dict(page.get("messageList") or {}).items()
                    if (one.get("customFields") or {}).get(REFERENCE) == asked.reference
                ]
                if not page.get("nextKey"):
                    break
                query["startKey"] = str(page["nextKey"])
        except ProviderError as error:
            return Outcome(Result.UNKNOWN, str(error), wait=ask_after(asked.purpose))
        newest = max(found)[1] if found else asked.not_id
        if newest == asked.not_id:
            return Outcome(Result.MISSING)
        return Outcome(Result.ACCEPTED, provider_id=newest, wait=REPORT_WAIT)

    def read(self, provider_ids: Sequence[str], now: datetime) -> dict[str, Standing]:
        many = {f"messageIds[{at}]": one for at, one in enumerate(provider_ids)}
        found = self.standings({**many, "limit": str(len(provider_ids))}, provider_ids, now)
        if found:
            return found
        for one in provider_ids:  # should it not know how to list several
            found |= self.standings({"messageId": one, "limit": "1"}, [one], now)
        return found

    def standings(
        self, query: Mapping[str, str], wanted: Sequence[str], now: datetime
    ) -> dict[str, Standing]:
        messages = dict(self.listed(query, now).get("messageList") or {})
        return {
            one: standing_of(str(messages[one].get("statusCode", "")))
            for one in wanted
            if one in messages
        }

    def balance(self, now: datetime) -> int:
        try:
            return int(self.asked("/cash/v1/balance", now)["balance"])
        except (KeyError, TypeError, ValueError) as error:
            raise ProviderError("an answer that cannot be read") from error

    def close(self) -> None:
        self.caller.close()

    @staticmethod
    def parse_report(headers: Mapping[str, str], body: bytes) -> list[Report]:
        try:
            events = json.loads(body)
            return [report_of(event) for event in events[:LONGEST_REPORT] if is_of_one(event)]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ValueError("not a report") from error


def is_of_one(event: dict[str, Any]) -> bool:
    """Reports of whole groups say nothing of a message."""
    return bool(event["data"].get("messageId"))


def report_of(event: dict[str, Any]) -> Report:
    data = event["data"]
    fields = data.get("customFields") or {}
    texts = event["eventDataId"], data["messageId"], fields.get(REFERENCE), data.get("statusCode")
    key, number, reference, code = (str(text or "") for text in texts)
    whole = f"{key}{number}{reference}{code}"
    if not key or len(key) > 90 or not (whole.isascii() and whole.isprintable()):
        raise ValueError("not a report")
    return Report(key, number[:64], reference[:20], code[:20])


def ask_after(purpose: Purpose) -> timedelta:
    """How soon the provider is asked that gave no answer."""
    return ASK_AGAIN.get(purpose, ASK_LATER)


def problem_of(answer: Answer, now: datetime) -> str:
    """A few words of ours and the provider's code; of a wrong clock also by how much."""
    code = str(said(answer).get("errorCode", ""))[:40]
    if code == SKEWED:
        try:
            theirs = parsedate_to_datetime(answer.headers.get("Date", ""))
            return f"the clock of this machine is wrong by {(now - theirs).total_seconds():+.0f} s"
        except (ValueError, TypeError):
            return "the clock of this machine is wrong"
    return f"{answer.status} {code}".strip()


def outcome_of(answer: Answer, purpose: Purpose, now: datetime) -> Outcome:
    """What an answer to a message means."""
    status, found = answer.status, said(answer)
    if status == 200:
        return taken(found, purpose)
    code, problem = found.get("errorCode"), problem_of(answer, now)
    if code == POOR or status == 402:
        return Outcome(Result.HELD, f"no money left: {problem}", wait=RICHER)
    if code in (USED_SIGNATURE, "TooManyRequests") or status == 429:
        return Outcome(Result.AGAIN, problem, wait=pause_of(answer))
    if status >= 500:  # perhaps it broke after it had taken the message
        return Outcome(Result.UNKNOWN, problem, wait=ask_after(purpose))
    if code in (SKEWED, NO_SENDER) or status in (401, 403, 404) or status < 400:
        return Outcome(Result.OURS, problem)
    return Outcome(Result.REFUSED, problem)


def taken(found: dict[str, Any], purpose: Purpose) -> Outcome:
    """What an answer means that is no error."""
    code, number = str(found.get("statusCode", "")), str(found.get("messageId", ""))
    if code in codes()["accepted"] and number:
        return Outcome(Result.ACCEPTED, provider_id=number, wait=REPORT_WAIT)
    if not code:
        return Outcome(Result.UNKNOWN, "an answer that cannot be read", wait=ask_after(purpose))
    if code in codes()["ours"]:
        return Outcome(Result.OURS, code)
    if code in codes()["money"]:
        return Outcome(Result.HELD, f"no money left: {code}", wait=RICHER)
    return Outcome(Result.REFUSED, code)


def pause_of(answer: Answer) -> timedelta:
    """How long we are asked to wait, within reason."""
    asked = str(answer.headers.get("Retry-After", ""))
    return min(timedelta(seconds=int(asked)), RICHER) if asked.isdecimal() else BUSY


def standing_of(code: str) -> Standing:
    """What a status code means."""
    if code in codes()["pending"]:
        return Standing(code, None)
    if code in codes()["delivered"]:
        return Standing(code, State.DELIVERED)
    for name in (Cause.TEMPORARY, Cause.TECHNICAL):
        if code in codes()[name.value]:
            return Standing(code, State.FAILED, name)
    return Standing(code, State.FAILED, Cause.PERMANENT)
