"""Web push as a channel: a message goes to all browsers of an account, or to the one of somebody
who has none, sealed for each (RFC 8291).

A browser shows two messages with one tag as one, so a message may be sent again without harm.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import Flask

from app import clock
from app.accounts.models import Account
from app.accounts.subscriptions import GuestBrowser, Keys, Subscription
from app.messages import channels
from app.messages.channels import Envelope, Outcome, RefusedError, Result
from app.messages.kinds import Kind, Values
from app.messages.models import Channel
from app.messages.render import filled
from app.messages.samples import sample
from app.observe import log
from app.outbound import Caller, ForbiddenError, NoAnswerError, NotSentError
from app.push import browsers, vapid

MOST = 3000
"""Bytes of a message; services take little more than 4,000 when it is sealed."""
LONGEST_TTL = timedelta(days=2)
BUSY, MOST_BUSY = timedelta(minutes=1), timedelta(hours=1)
NO_BROWSER = "no browser"
AD = "(광고)"


class Push(NamedTuple):
    """A finished message."""

    targets: Sequence[Keys]
    text: bytes
    headers: dict[str, str]


def payload(app: Flask, kind: Kind, language: str, values: Values, tag: str) -> bytes:
    """Title, a line, and a page of this site; no names and no amounts."""
    title, _, body = filled(app, f"{kind.name}.push", language, values).partition("\n")
    if kind.advertising and not title.startswith(AD):
        raise ValueError("advertising without its mark")
    base = str(app.config["BASE_URL"]).rstrip("/")
    said = {"title": title, "body": body.strip(), "url": own(base, values.get("link")) or "/"}
    said |= {"tag": tag, "lang": language}
    if kind.topic and (stop := own(base, values.get("unsubscribe"))):
        said |= {"stop": stop}
    return json.dumps(said, ensure_ascii=False).encode()


def own(base: str, link: object) -> str:
    """The path of a link to this site; empty for any other."""
    found = str(link or "")
    return found.removeprefix(base) if found.startswith(f"{base}/") else ""


class Pushes:
    """A lane's way to the push services."""

    def __init__(self, app: Flask, lease_seconds: float) -> None:
        self.config = app.config
        read = min(10.0, lease_seconds / 6)
        hosts, local = browsers.hosts(app.config), browsers.is_local(app.config)
        self.caller = Caller(hosts, local, min(5.0, read), read)

    def prepare(self, app: Flask, envelope: Envelope, now: datetime) -> Push:
        found = targets(envelope.one.to)
        if not found:
            raise RefusedError(NO_BROWSER)
        values, name = envelope.one.values, envelope.reference
        text = payload(app, envelope.kind, envelope.language, values, name)
        if len(text) > MOST:
            raise RefusedError("too long")
        left = min(envelope.expires_at - now, LONGEST_TTL)
        headers = {
            "TTL": str(max(0, int(left.total_seconds()))),
            "Topic": name,
            "Urgency": "low" if envelope.kind.advertising else "normal",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
        }
        return Push(found, text, headers)

    def send(self, finished: Push, deadline: float) -> Outcome:
        """To each browser. It is sent when one has it; those that are gone are forgotten."""
        outcomes = [self.send_to(keys, finished, deadline) for keys in finished.targets]
        for result in (Result.SENT, Result.AGAIN):
            if fitting := [one for one in outcomes if one.result is result]:
                return max(fitting, key=lambda one: one.wait)
        return outcomes[0]

    def send_to(self, keys: Keys, finished: Push, deadline: float) -> Outcome:
        now = clock.now()
        try:
            signed = {"Authorization": vapid.header(self.config, keys.endpoint, now)}
            headers, body = {**finished.headers, **signed}, sealed(finished.text, keys)
            answer = self.caller.call("POST", keys.endpoint, headers, body, deadline)
        except (ForbiddenError, ValueError):
            Subscription.forget(keys.endpoint)
            return Outcome(Result.REFUSED, "no browser that may be reached")
        except (NotSentError, NoAnswerError) as error:
            return Outcome(Result.AGAIN, str(error))
        return outcome_of(answer.status, str(answer.headers.get("Retry-After", "")), keys)

    def rest(self) -> None:
        self.caller.close()


def targets(to: str) -> list[Keys]:
    """The browsers of an account, or the one of somebody who has none."""
    if not to.isdecimal():
        guest = GuestBrowser.referred(to)
        return [guest.keys] if guest else []
    account = int(to)
    active = Account.select().where((Account.id == account) & Account.disabled_at.is_null())
    return [one.keys for one in Subscription.of(account)] if active.exists() else []


def sealed(text: bytes, keys: Keys) -> bytes:
    """A message that only the browser can open; raises ValueError for keys that are none."""
    import http_ece
    from cryptography.hazmat.primitives.asymmetric import ec

    found: bytes = http_ece.encrypt(
        text,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=browsers.decoded(keys.p256dh),
        auth_secret=browsers.decoded(keys.auth),
        version="aes128gcm",
    )
    return found


def outcome_of(status: int, retry_after: str, keys: Keys) -> Outcome:
    """What a push service's answer means."""
    if 200 <= status < 300:
        return Outcome(Result.SENT)
    if status in (404, 410):
        Subscription.forget(keys.endpoint)
        return Outcome(Result.REFUSED, NO_BROWSER)
    if status in (401, 403):
        log.error("push: our key is not taken", extra={"fields": {"status": status}})
        return Outcome(Result.AGAIN, str(status))
    if status == 429 or status >= 500:
        wait = timedelta(seconds=int(retry_after)) if retry_after.isdecimal() else BUSY
        return Outcome(Result.AGAIN, str(status), wait=min(wait, MOST_BUSY))
    return Outcome(Result.REFUSED, str(status))


def previewed(app: Flask, kind: Kind, language: str, html: bool) -> tuple[str, list[str]]:
    """A kind's message with sample values."""
    base = str(app.config["BASE_URL"]).rstrip("/")
    text = payload(app, kind, language, sample(kind, base), "preview")
    said = json.loads(text)
    problems = [] if len(text) <= MOST else [f"{len(text)} bytes; at most {MOST}"]
    return f"{said['title']}\n{said['body']}\n{said['url']}\n\n{len(text)} bytes\n", problems


channels.register(
    channels.Way(
        Channel.PUSH,
        is_on=vapid.is_on,
        open=Pushes,
        complaint=vapid.complaint,
        preview=previewed,
    )
)
