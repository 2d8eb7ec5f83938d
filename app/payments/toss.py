"""Toss Payments: the calls of its core API, version 2022-11-16, and what their answers mean."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from app.clock import SEOUL
from app.money import Money
from app.observe import log
from app.payments import keys, toss_answers
from app.payments.gateway import (
    Answer,
    CardKey,
    Done,
    Notice,
    Order,
    Ours,
    PaidOut,
    Refund,
    Transaction,
    Truth,
    Unknown,
    UnreadableError,
)
from app.payments.outside import Host, NoReply, Reply
from app.payments.toss_answers import StrangeError
from app.payments.toss_errors import refused

CONFIRM = CHARGE = 50.0
CANCEL, LOOKUP, LIST = 20.0, 10.0, 70.0
"""Seconds that an answer may take."""
PAGE = 1000
Read = TypeVar("Read")


class Toss:
    """`app.payments.gateway.Gateway` for Toss Payments."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.keys = keys.read(config)
        word = b64encode(f"{self.keys.secret}:".encode()).decode()
        self.host = Host(self.keys.url, f"Basic {word}", float(config["PAY_PATIENCE"]))

    def window(self, order: Order, success_url: str, fail_url: str) -> Mapping[str, str]:
        """What a payment window is opened with. `page` is where the emulator's window is."""
        real = self.keys.is_real_host
        return {
            "clientKey": self.keys.client,
            "orderId": order.order_id,
            "orderName": order.name,
            "amount": str(int(order.amount)),
            "taxFreeAmount": str(int(order.tax_free)),
            "successUrl": success_url,
            "failUrl": fail_url,
            **({} if real else {"page": f"{self.keys.url}/window"}),
        }

    # calls that move money

    def confirm(self, order_id: str, payment_key: str, amount: Money, key: str) -> Answer:
        body = {"paymentKey": payment_key, "orderId": order_id, "amount": int(amount)}
        found = self.post("/v1/payments/confirm", body, CONFIRM, key, toss_answers.truth)
        return same(found, order_id, amount, payment_key)

    def cancel(
        self, payment_key: str, amount: Money | None, reason: str, to: Refund | None, key: str
    ) -> Answer:
        """Give back `amount`, or everything that is left and an account that still waits."""
        body: dict[str, Any] = {"cancelReason": reason[:200]}
        if amount is not None:
            body["cancelAmount"] = int(amount)
        if to:
            body["refundReceiveAccount"] = {
                "bank": to.bank,
                "accountNumber": to.number,
                "holderName": to.holder,
            }
        path = f"/v1/payments/{quote(payment_key, safe='')}/cancel"
        found = self.post(path, body, CANCEL, key, toss_answers.truth)
        return same(found, "", None, payment_key)

    def issue_account(
        self, order: Order, customer: str, bank: str, until: datetime, key: str
    ) -> Answer:
        """An account for one deposit; money moves when somebody sends it."""
        body = {
            **ordered(order),
            "customerName": customer[:100],
            "bank": bank,
            "dueDate": f"{until.astimezone(SEOUL):%Y-%m-%dT%H:%M:%S}",
        }
        found = self.post("/v1/virtual-accounts", body, CANCEL, key, toss_answers.truth)
        return same(found, order.order_id, order.amount)

    def issue_card_key(self, word: str, customer_key: str, key: str) -> Answer:
        body = {"authKey": word, "customerKey": customer_key}
        path = "/v1/billing/authorizations/issue"
        found = self.post(path, body, CANCEL, key, toss_answers.card_key)
        if isinstance(found, Done) and found.value.customer_key != customer_key:
            return strange("customerKey", path)
        return found

    def charge(self, card: CardKey, order: Order, key: str) -> Answer:
        body = {**ordered(order), "customerKey": card.customer_key}
        path = f"/v1/billing/{quote(card.key, safe='')}"
        found = self.post(path, body, CHARGE, key, toss_answers.truth)
        return same(found, order.order_id, order.amount)

    def delete_card_key(self, card_key: str) -> Answer:
        path = f"/v1/billing/{quote(card_key, safe='')}"
        reply = self.host.ask("DELETE", path, None, CANCEL, {})
        return read(reply, "/v1/billing", lambda body: body)

    # questions

    def lookup(self, order_id: str) -> Answer:
        path = f"/v1/payments/orders/{quote(order_id, safe='')}"
        reply = self.host.ask("GET", path, None, LOOKUP, {})
        return same(read(reply, "/v1/payments/orders", toss_answers.truth), order_id, None)

    def lookup_key(self, payment_key: str) -> Answer:
        path = f"/v1/payments/{quote(payment_key, safe='')}"
        reply = self.host.ask("GET", path, None, LOOKUP, {})
        return same(read(reply, "/v1/payments", toss_answers.truth), "", None, payment_key)

    def transactions(self, first: date, last: date) -> Iterator[Transaction]:
        """All of some days; raises UnreadableError."""
        after = ""
        while True:
            query = {
                "startDate": f"{first}T00:00:00",
                "endDate": f"{last}T23:59:59.999",
                "limit": str(PAGE),
                **({"startingAfter": after} if after else {}),
            }
            found = self.listed("/v1/transactions", query, toss_answers.transaction)
            yield from found
            if len(found) < PAGE:
                return
            after = found[-1].key

    def payouts(self, first: date, last: date) -> Iterator[PaidOut]:
        """What is paid out on some days; raises UnreadableError."""
        page = 1
        while True:
            query = {
                "dateType": "paidOutDate",
                "startDate": first.isoformat(),
                "endDate": last.isoformat(),
                "page": str(page),
                "size": str(PAGE),
            }
            found = self.listed("/v1/settlements", query, toss_answers.paid_out)
            yield from found
            if len(found) < PAGE:
                return
            page += 1

    def read_notice(self, body: bytes) -> Notice:
        """What a webhook is about; a notice of no kind for anything that cannot be read."""
        try:
            given = json.loads(body)
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, dict):
            return Notice("", "", "", None)
        kind = toss_answers.label(given.get("eventType"), 40)
        if not kind and "secret" in given:
            order_id = toss_answers.label(given.get("orderId"), 64)
            return Notice("deposit", order_id, "", toss_answers.label(given["secret"], 50))
        data = given.get("data")
        data = data if isinstance(data, dict) else {}
        order_id = toss_answers.label(data.get("orderId"), 64)
        return Notice(kind, order_id, toss_answers.label(data.get("paymentKey"), 200), None)

    # how they are made

    def post(
        self, path: str, body: Any, seconds: float, key: str, reader: Callable[[object], Any]
    ) -> Answer:
        reply = self.host.ask("POST", path, body, seconds, {"Idempotency-Key": key})
        return read(reply, path, reader)

    def listed(
        self, path: str, query: Mapping[str, str], reader: Callable[[object], Read]
    ) -> list[Read]:
        reply = self.host.ask("GET", f"{path}?{urlencode(query)}", None, LIST, {})
        found = read(reply, path, lambda body: [reader(one) for one in a_list(body)])
        if not isinstance(found, Done):
            raise UnreadableError(f"{path}: {found}")
        lines: list[Read] = found.value
        return lines


def a_list(body: object) -> list[object]:
    if not isinstance(body, list):
        raise StrangeError("list")
    return body


def ordered(order: Order) -> dict[str, Any]:
    return {
        "orderId": order.order_id,
        "orderName": order.name[:100],
        "amount": int(order.amount),
        "taxFreeAmount": int(order.tax_free),
    }


def read(reply: Reply | NoReply, path: str, reader: Callable[[object], Any]) -> Answer:
    """What a reply means; one that makes no sense is unknown, and an alarm."""
    if isinstance(reply, NoReply):
        return Unknown(reply.why)
    if reply.status != 200:
        found = refused(reply.status, reply.body)
        if isinstance(found, Ours):
            fields = {"path": shown(path), "status": reply.status, "code": found.code}
            log.error("the gateway calls our request wrong", extra={"fields": fields})
        return found
    try:
        return Done(reader(reply.body))
    except StrangeError as error:
        return strange(str(error), path)


def same(found: Answer, order_id: str, amount: Money | None, payment_key: str = "") -> Answer:
    """The answer, unless it speaks of another payment than the one that was asked about."""
    if not isinstance(found, Done):
        return found
    truth: Truth = found.value
    for name, asked, answered in (
        ("orderId", order_id, truth.order_id),
        ("paymentKey", payment_key, truth.payment_key),
        ("totalAmount", amount, truth.total),
    ):
        if asked and asked != answered:
            return strange(name, "another payment")
    return found


def strange(field: str, path: str) -> Unknown:
    fields = {"field": field, "path": shown(path)}
    log.error("the gateway's answer makes no sense", extra={"fields": fields})
    return Unknown(f"strange {field}")


def shown(path: str) -> str:
    """A path for the log, without the keys that it may hold."""
    return "/".join(part for part in urlsplit(path).path.split("/") if len(part) < 24)
