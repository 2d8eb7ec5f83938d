"""The calls of the emulated gateway: who asks, once or again, and what is answered."""

import base64
import binascii
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from werkzeug.wrappers import Request, Response

from app.clock import SEOUL
from app.sandbox import pay_faults as faults
from app.sandbox import pay_objects as objects
from app.sandbox.pay_cards import Cards
from app.sandbox.pay_errors import STATUS_OF, RefusedError
from app.sandbox.pay_events import Events
from app.sandbox.pay_faults import Faults, answer
from app.sandbox.pay_money import Money, need
from app.sandbox.pay_objects import Doc
from app.sandbox.pay_store import Clock, Store

REMEMBERED = timedelta(days=15)
RUNNING = 0


class Api:
    """`/v1/…` of the gateway."""

    def __init__(self, store: Store, clock: Clock, secret_key: str) -> None:
        self.store, self.clock, self.secret_key = store, clock, secret_key
        self.events = Events(store, clock)
        self.money = Money(store, clock, self.events)
        self.cards, self.faults = Cards(self.money), Faults(store)

    def answer(self, request: Request, call: str, arguments: Doc) -> Response:
        """What a call is answered, with the faults that were ordered for it."""
        raw = request.get_data()
        try:
            self.authorise(request)
            given = read_body(raw)
            test_code = request.headers.get("TossPayments-Test-Code", "")
            if test_code:
                need(test_code in STATUS_OF)
                raise RefusedError(test_code)
            ordered = self.faults.take(call, self.order_of(given, arguments))
        except RefusedError as error:
            return answer(error.status, error.body)
        spoiled = faults.before(request, ordered)
        return spoiled or faults.after(request, ordered, self.done(request, call, arguments, given))

    def authorise(self, request: Request) -> None:
        kind, _, word = request.headers.get("Authorization", "").partition(" ")
        try:
            name = base64.b64decode(word, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            name = ""
        need(kind == "Basic" and name.endswith(":"), "INCORRECT_BASIC_AUTH_FORMAT")
        same = hmac.compare_digest(name[:-1].encode(), self.secret_key.encode())
        need(same, "UNAUTHORIZED_KEY")

    def order_of(self, given: Doc, arguments: Doc) -> str:
        """The order that a call is about."""
        if "order" in arguments:
            return str(arguments["order"])
        if "orderId" not in given and "key" in arguments:
            found = self.store.payment("payment_key", arguments["key"])
            return str(found[0]["orderId"]) if found else ""
        return str(given.get("orderId", ""))

    def done(self, request: Request, call: str, arguments: Doc, given: Doc) -> Response:
        """The answer of the first call with this idempotency key (the body is not compared)."""
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST" or not key:
            return self.run(request, call, arguments, given)
        if len(key) > 300:
            return faults.refusal("INVALID_IDEMPOTENCY_KEY")
        scope = " ".join([key, self.secret_key, request.path, request.method])
        known = self.begin(scope)
        if known is not None:
            return known
        result = self.run(request, call, arguments, given)
        if result.status_code >= 500:
            self.store.rows("DELETE FROM idempotency WHERE scope = ?", scope)
            return result
        self.store.rows(
            "UPDATE idempotency SET status = ?, body = ? WHERE scope = ?",
            result.status_code,
            result.get_data(as_text=True),
            scope,
        )
        return result

    def begin(self, scope: str) -> Response | None:
        """None for a first call, which is noted; else what it was answered, or that it runs."""
        with self.store.writing():
            known = self.store.rows(
                "SELECT first_at, status, body FROM idempotency WHERE scope = ?", scope
            )
            if known:
                first_at, status, body = known[0]
                if self.clock.now() < datetime.fromisoformat(first_at) + REMEMBERED:
                    if status == RUNNING:
                        return faults.refusal("IDEMPOTENT_REQUEST_PROCESSING")
                    return Response(body, status, content_type="application/json; charset=utf-8")
            self.store.rows(
                "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, '')",
                scope,
                self.clock.now().isoformat(),
                RUNNING,
            )
        return None

    def run(self, request: Request, call: str, arguments: Doc, given: Doc) -> Response:
        try:
            with self.store.writing():
                found = CALLS[call](self, arguments, given, request.args)
        except RefusedError as error:
            with self.store.writing():
                self.declined(call, given, error.code)
            return answer(error.status, error.body)
        return answer(200, found)

    def declined(self, call: str, given: Doc, code: str) -> None:
        """A card that is refused at the confirm ends the payment; the rest was taken back."""
        found = self.store.payment("payment_key", str(given.get("paymentKey", "")))
        if call == "confirm" and found and found[1]["decline"] == code:
            self.money.abort(found[0]["paymentKey"], code, "")

    # lists

    def transactions(self, args: Any) -> list[Doc]:
        start, end = moment(args.get("startDate")), moment(args.get("endDate"))
        need(start <= end)
        limit = number(args.get("limit", "100"), 5000)
        after = args.get("startingAfter", "")
        rows = self.store.rows(
            "SELECT doc FROM transactions WHERE at >= ? AND at <= ? AND rowid > coalesce("
            "(SELECT rowid FROM transactions WHERE key = ?), 0) ORDER BY rowid LIMIT ?",
            start.isoformat(),
            end.isoformat(),
            after,
            limit,
        )
        return [json.loads(doc) for (doc,) in rows]

    def settlements(self, args: Any) -> list[Doc]:
        start, end = moment(args.get("startDate")).date(), moment(args.get("endDate")).date()
        kind = args.get("dateType", "soldDate")
        need(kind in ("soldDate", "paidOutDate"))
        page, size = number(args.get("page", "1"), 10**6), number(args.get("size", "100"), 5000)
        rows = self.store.rows(
            "SELECT t.doc, t.sold_on, t.paid_out_on, p.doc FROM transactions t"
            " JOIN payments p ON p.payment_key = t.doc ->> 'paymentKey'"
            " WHERE CASE ? WHEN 'soldDate' THEN t.sold_on ELSE t.paid_out_on END BETWEEN ? AND ?"
            " ORDER BY t.rowid LIMIT ? OFFSET ?",
            kind,
            start.isoformat(),
            end.isoformat(),
            size,
            (page - 1) * size,
        )
        return [
            objects.settlement(json.loads(doc), json.loads(of)["approvedAt"], sold_on, paid_on)
            for doc, sold_on, paid_on, of in rows
        ]


def read_body(raw: bytes) -> Doc:
    try:
        found = json.loads(raw or b"{}")
    except ValueError:
        raise RefusedError("INVALID_REQUEST") from None
    need(isinstance(found, dict))
    return dict(found)


def moment(text: str | None) -> datetime:
    """A day or a local moment of a query."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        raise RefusedError("INVALID_REQUEST") from None
    return found.replace(tzinfo=SEOUL)


def number(text: str, most: int) -> int:
    need(text.isdecimal() and 0 < int(text) <= most)
    return int(text)


Call = Callable[[Api, Doc, Doc, Any], Any]
CALLS: dict[str, Call] = {
    "confirm": lambda api, path, given, args: api.money.confirm(given),
    "lookup": lambda api, path, given, args: api.money.find("payment_key", path["key"])[0],
    "lookup_order": lambda api, path, given, args: api.money.find("order_id", path["order"])[0],
    "cancel": lambda api, path, given, args: api.money.cancel(path["key"], given),
    "issue_account": lambda api, path, given, args: api.money.issue(given),
    "issue_billing": lambda api, path, given, args: api.cards.issue(given),
    "charge": lambda api, path, given, args: api.cards.charge(path["billing"], given),
    "delete_billing": lambda api, path, given, args: api.cards.delete(path["billing"]),
    "receipt": lambda api, path, given, args: api.cards.receipt(given),
    "receipts": lambda api, path, given, args: api.cards.receipts(
        args.get("requestDate", ""),
        int(args.get("cursor", "0")),
        number(args.get("limit", "100"), 10000),
    ),
    "cancel_receipt": lambda api, path, given, args: api.cards.cancel_receipt(path["key"], given),
    "transactions": lambda api, path, given, args: api.transactions(args),
    "settlements": lambda api, path, given, args: api.settlements(args),
}
