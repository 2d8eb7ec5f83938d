"""Notices of the gateway: stored as they come, then looked up. What they say is never believed."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import current_app

from app import limits
from app.crashpoint import crashpoint
from app.db import instant, rows, writing
from app.observe import log
from app.payments.gateway import Done, Notice, current
from app.payments.models import Attempt
from app.payments.records import Discrepancy, GatewayEvent, Kind
from app.payments.settle import settle
from app.payments.states import pause
from app.ready import read, read_one
from app.sealed import seal

HEADERS = "tosspayments-webhook-"
ID = f"{HEADERS}transmission-id"
MOST_TRIES = 12
KEPT = timedelta(days=400)
"""Notices about payments; those about nothing go sooner."""
UNKNOWN_KEPT = timedelta(days=7)
MOST_OF_ONE = 60
"""Notices about one attempt within an hour: the gateway sends a few, and who knows an order of
their own could have us ask it for ever. What is left out, the sweep finds.
"""

ADD = """
INSERT INTO gateway_events (transmission_id, received_at, headers, body, kind, order_id,
    attempt_id, try_at, tries, handled_at, outcome)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (transmission_id) DO NOTHING RETURNING id
"""
COUNT = "SELECT count(*) FROM gateway_events WHERE attempt_id = ? AND received_at > ?"
TAKE = """
UPDATE gateway_events SET tries = tries + 1, try_at = ? WHERE id = ? AND try_at = ? RETURNING id
"""
WAITING = """
SELECT id, try_at FROM gateway_events WHERE try_at <= ? ORDER BY try_at, id LIMIT ?
"""
END = """
UPDATE gateway_events SET try_at = NULL, handled_at = ?, outcome = ? WHERE id = ? RETURNING id
"""
FORGET = """
DELETE FROM gateway_events WHERE id IN (SELECT id FROM gateway_events
    WHERE (attempt_id IS NULL AND received_at <= ?) OR received_at <= ? LIMIT 500) RETURNING id
"""


class Received(NamedTuple):
    """What became of a notice when it came; the answer is always the same."""

    outcome: str
    event_id: int | None


def receive(body: bytes, headers: Mapping[str, str], now: datetime) -> Received:
    """Store a notice before anything is done about it; the worker does the rest.

    One that came before, by its id or its digest, is not stored again. Of notices about nothing
    that we know only so many are kept, and nothing is looked up for them (F-15).
    """
    notice = current().read_notice(body)
    attempt = attempt_of(notice)
    if attempt is None and not may_keep(now):
        return Received("too many", None)
    outcome = verdict(notice, attempt)
    if attempt and too_many_of(attempt, now):
        return Received("too many", None)
    waits = outcome == "waiting"
    moment = instant(now)
    row = (
        name_of(body, headers),
        moment,
        kept(headers),
        seal(body.decode("utf-8", "replace").replace("\0", "")),
        notice.kind,
        notice.order_id,
        attempt.id if attempt else None,
        moment if waits else None,
        None if waits else moment,
        outcome,
    )
    crashpoint("hook.before_store")
    with writing():
        found = rows(ADD, row)
        if found and outcome == "wrong secret" and attempt:
            Discrepancy.tell(Kind.WRONG_NOTICE, attempt.order_id, now, order_id=attempt.order_id)
    crashpoint("hook.after_store")
    return Received(outcome, int(found[0][0])) if found else Received("seen before", None)


def attempt_of(notice: Notice) -> Attempt | None:
    """The attempt that a notice names, by its order or by the gateway's key."""
    if notice.order_id and (found := Attempt.of_order(notice.order_id)):
        return found
    if notice.payment_key:
        return read_one(Attempt, "payment_key = ?", notice.payment_key)
    return None


def verdict(notice: Notice, attempt: Attempt | None) -> str:
    """What is to be done about a notice: look it up, or nothing."""
    if attempt is None:
        return "unknown"
    if notice.kind == "deposit":
        given = (notice.secret or "").encode()
        if not attempt.secret or not hmac.compare_digest(given, attempt.secret.encode()):
            log.error("payments: a notice with a wrong secret")
            return "wrong secret"
        return "waiting"
    return "waiting" if notice.kind == "PAYMENT_STATUS_CHANGED" else "ignored"


class Full:
    """Until when this process stores no more notices about nothing: not even counted in between."""

    until: datetime | None = None


def may_keep(now: datetime) -> bool:
    """Whether one more notice about nothing is stored within this hour."""
    if Full.until and now < Full.until:
        return False
    config = current_app.config
    most = int(config["UNKNOWN_NOTICES"])
    if limits.may("notices", config["SECRET_KEY"], limits.ALL, most, now):
        return True
    Full.until = limits.window_end(now, limits.HOUR)
    log.error("payments: many notices about nothing")
    return False


def too_many_of(attempt: Attempt, now: datetime) -> bool:
    """Whether an attempt has had all notices that are stored for it within an hour."""
    if int(rows(COUNT, (attempt.id, instant(now - limits.HOUR)))[0][0]) < MOST_OF_ONE:
        return False
    log.error("payments: many notices about one order")
    return True


def name_of(body: bytes, headers: Mapping[str, str]) -> str:
    """The id of a transmission; without a usable one the digest of what was sent."""
    given = headers.get(ID, "")
    if 0 < len(given) <= 70 and given.isascii() and given.isprintable():
        return given
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def kept(headers: Mapping[str, str]) -> str:
    """The headers that are the gateway's own."""
    found = {
        name.lower(): value[:100]
        for name, value in headers.items()
        if name.lower().startswith(HEADERS)
    }
    return json.dumps(found)[:1000]


def handle_waiting(now: datetime, most: int = 50) -> int:
    """Look up what notices hinted at; how many were handled. Two workers may do this at once."""
    handled = 0
    for number, try_at in rows(WAITING, (instant(now), most)):
        with writing():
            later = instant(now + pause(0))
            taken = rows(TAKE, (later, number, str(try_at)))
        crashpoint("hook.after_take")
        if taken:
            handled += sum(handle(one, now) for one in read(GatewayEvent, "id = ?", number))
    return handled


def handle(event: GatewayEvent, now: datetime) -> bool:
    """Look one up; it waits for another time when the gateway does not answer."""
    (attempt,) = read(Attempt, "id = ?", event.attempt_id)
    answer = settle(attempt, now)
    crashpoint("hook.after_settle")
    if isinstance(answer, Done) or event.tries >= MOST_TRIES:
        outcome = "looked up" if isinstance(answer, Done) else "given up"
        with writing():
            rows(END, (instant(now), outcome, event.id))
        return True
    later = now + pause(event.tries)
    GatewayEvent.update(try_at=later).where(GatewayEvent.id == event.id).execute()
    return False


def forget(now: datetime) -> None:
    """Delete old notices."""
    while True:
        with writing():
            gone = rows(FORGET, (instant(now - UNKNOWN_KEPT), instant(now - KEPT)))
        if len(gone) < 500:
            return
