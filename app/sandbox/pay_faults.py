"""Faults on order: how the emulated gateway misbehaves in the next calls or for one order."""

import json
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from threading import Event
from typing import NamedTuple

from werkzeug.wrappers import Request, Response

from app.sandbox.pay_errors import STATUS_OF, RefusedError, error_body
from app.sandbox.pay_objects import Doc
from app.sandbox.pay_store import Store

BEFORE = ("delay_before", "reset_before", "500_before", "409", "429", "code")
AFTER = (
    "delay_after", "reset_after", "500_after", "malformed", "html", "wrong_order",
    "unknown_status", "extra_fields", "amount_as_text",
)  # fmt: skip
FAULTS = (*BEFORE, *AFTER)
NOBODY = Event()
"""Nobody sets it: it is waited for."""


class Fault(NamedTuple):
    name: str
    seconds: float
    code: str


class Faults:
    """The switches; each is used up by the calls that it spoils."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def order(self, wanted: Doc) -> None:
        """`call` (or any), `orderId` (or any), `fault`, `next` calls, `seconds`, `code`."""
        if wanted["fault"] not in FAULTS:
            raise RefusedError("INVALID_REQUEST")
        self.store.rows(
            "INSERT INTO faults (call, order_id, fault, left, seconds, code)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            wanted.get("call", ""),
            wanted.get("orderId", ""),
            wanted["fault"],
            wanted.get("next", 1),
            wanted.get("seconds", 0),
            wanted.get("code", ""),
        )

    def take(self, call: str, order_id: str) -> list[Fault]:
        """The faults of this call."""
        found = self.store.rows(
            "UPDATE faults SET left = left - 1 WHERE left > 0 AND (call = '' OR call = ?)"
            " AND (order_id = '' OR order_id = ?) RETURNING fault, seconds, code",
            call,
            order_id,
        )
        return [Fault(*row) for row in found]


def answer(status: int, body: object) -> Response:
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status, content_type="application/json; charset=utf-8")


def refusal(code: str) -> Response:
    return answer(STATUS_OF[code], error_body(code))


def reset(request: Request) -> None:
    """Cut the connection off without a word."""
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        with suppress(OSError):  # it has gone by itself
            connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError("a fault on order")


def before(request: Request, faults: list[Fault]) -> Response | None:
    """What goes wrong before anything has happened."""
    for fault in faults:
        if fault.name == "delay_before":
            NOBODY.wait(fault.seconds)
        elif fault.name == "reset_before":
            reset(request)
        elif fault.name == "500_before":
            return refusal("FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING")
        elif fault.name == "409":
            return refusal("IDEMPOTENT_REQUEST_PROCESSING")
        elif fault.name == "429":
            return refusal("TOO_MANY_REQUESTS")
        elif fault.name == "code":
            return refusal(fault.code)
    return None


def changed(**changes: object) -> Callable[[Response], Response]:
    """A good answer with some fields made wrong."""

    def change(good: Response) -> Response:
        body = document(good)
        return answer(200, {**body, **changes}) if body else good

    return change


def document(good: Response) -> Doc:
    """What a good answer holds; nothing for lists and refusals."""
    try:
        body = json.loads(good.get_data())
    except ValueError:  # spoiled already
        return {}
    return body if good.status_code == 200 and isinstance(body, dict) else {}


def as_text(good: Response) -> Response:
    body = document(good)
    return answer(200, {**body, "totalAmount": str(body.get("totalAmount"))}) if body else good


SPOILED: dict[str, Callable[[Response], Response]] = {
    "500_after": lambda good: refusal("FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"),
    "malformed": lambda good: Response(
        good.get_data()[: len(good.get_data()) // 2], 200, content_type="application/json"
    ),
    "html": lambda good: Response("<html><body>점검 중</body></html>", 200),
    "wrong_order": changed(orderId="somebody-elses-order"),
    "unknown_status": changed(status="HALF_DONE"),
    "extra_fields": changed(newField={"deep": [1, 2]}, anotherOne="x"),
    "amount_as_text": as_text,
}


def after(request: Request, faults: list[Fault], good: Response) -> Response:
    """What goes wrong after everything has happened."""
    for fault in faults:
        if fault.name == "delay_after":
            NOBODY.wait(fault.seconds)
        elif fault.name == "reset_after":
            reset(request)
        elif fault.name in SPOILED:
            good = SPOILED[fault.name](good)
    return good
