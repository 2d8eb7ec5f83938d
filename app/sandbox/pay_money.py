"""What the emulated gateway does with money: windows, approvals, cancels, accounts, card keys."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from app.clock import SEOUL
from app.sandbox import pay_objects as objects
from app.sandbox.pay_errors import RefusedError
from app.sandbox.pay_events import Events
from app.sandbox.pay_objects import CARD, DEPOSIT, EASY, Doc
from app.sandbox.pay_store import Clock, Store

WINDOW, CONFIRM = timedelta(minutes=30), timedelta(minutes=10)
LEAST = {CARD: 100, EASY: 100, DEPOSIT: 200}
ORDER = re.compile(r"[A-Za-z0-9_-]{6,64}")
BANKS = {"06": "국민", "11": "농협", "20": "우리", "81": "하나", "88": "신한"}
METHODS = {"CARD": CARD, "EASY_PAY": EASY}
PAID = ("DONE", "PARTIAL_CANCELED")
Pair = tuple[Doc, Doc]


def need(condition: object, code: str = "INVALID_REQUEST") -> None:
    if not condition:
        raise RefusedError(code)


def text(given: Doc, name: str, longest: int) -> str:
    value = given.get(name)
    need(isinstance(value, str) and 0 < len(value) <= longest)
    return str(value)


def whole(given: Doc, name: str) -> int:
    value = given.get(name)
    need(type(value) is int and value > 0)
    return int(given[name])


def order(given: Doc) -> str:
    found = text(given, "orderId", 64)
    need(ORDER.fullmatch(found))
    return found


class Money:
    """All changes of payments; called within the store's transaction."""

    def __init__(self, store: Store, clock: Clock, events: Events) -> None:
        self.store, self.clock, self.events = store, clock, events

    # payments in general

    def find(self, column: str, value: str) -> Pair:
        """A payment as it is now: times run out without anybody's doing."""
        found = self.store.payment(column, value)
        if found is None:
            raise RefusedError("NOT_FOUND_PAYMENT")
        doc, own = found
        self.age(doc, own)
        return doc, own

    def age(self, doc: Doc, own: Doc) -> None:
        limit = {"READY": WINDOW, "IN_PROGRESS": CONFIRM}.get(doc["status"])
        since = datetime.fromisoformat(own["since"])
        if limit and self.clock.now() > since + limit:
            doc["status"] = "EXPIRED"
            self.store.save(doc, own)
        account = doc["virtualAccount"]
        if account and doc["status"] == "WAITING_FOR_DEPOSIT":
            account["expired"] = self.clock.now() > datetime.fromisoformat(account["dueDate"])

    def keep(self, doc: Doc, own: Doc, before: str) -> None:
        """Store a payment, and tell its merchant when its state is another one."""
        self.store.save(doc, own)
        if doc["status"] != before:
            self.events.changed(doc)

    def moved(self, doc: Doc, what: str, amount: int, key: str, status: str) -> None:
        """Real money has moved."""
        at = self.clock.now()
        self.store.rows(
            "INSERT INTO money (order_id, payment_key, what, amount, at) VALUES (?, ?, ?, ?, ?)",
            doc["orderId"],
            doc["paymentKey"],
            what,
            amount,
            at.isoformat(),
        )
        entry = objects.transaction(doc, key, status, amount, at.isoformat(timespec="seconds"))
        self.store.rows(
            "INSERT INTO transactions VALUES (?, ?, ?, ?, ?)",
            key,
            at.isoformat(),
            self.events.json(entry),
            at.date().isoformat(),
            objects.paid_out(at),
        )

    # the window

    def open(self, given: Doc) -> Doc:
        """What the window does when it opens; a window of the same order may be opened again."""
        found = self.store.payment("order_id", order(given))
        if found:
            need(found[0]["status"] == "READY", "DUPLICATED_ORDER_ID")
            need(found[0]["totalAmount"] == given["amount"])
            return found[0]
        method = METHODS.get(given.get("method", "CARD"))
        need(method)
        need(whole(given, "amount") >= LEAST[str(method)], "BELOW_MINIMUM_AMOUNT")
        text(given, "orderName", 100)
        doc = objects.payment(given, method, self.clock.text())
        self.store.save(doc, {"since": self.clock.text(), "decline": ""})
        return doc

    def authenticate(self, key: str, decline: str = "") -> Doc:
        """The customer has said yes; `decline` is what the card's bank will say at the confirm."""
        doc, own = self.find("payment_key", key)
        need(doc["status"] in ("READY", "IN_PROGRESS"), "NOT_FOUND_PAYMENT_SESSION")
        before, doc["status"] = doc["status"], "IN_PROGRESS"
        own.update(since=self.clock.text(), decline=decline)
        self.keep(doc, own, before)
        return doc

    def abort(self, key: str, code: str, message: str) -> Doc:
        doc, own = self.find("payment_key", key)
        before = doc["status"]
        if before in ("READY", "IN_PROGRESS"):
            doc.update(status="ABORTED", failure={"code": code, "message": message})
            self.keep(doc, own, before)
        return doc

    # calls of the merchant

    def confirm(self, given: Doc) -> Doc:
        doc, own = self.find("payment_key", text(given, "paymentKey", 200))
        amount = whole(given, "amount")
        need(doc["orderId"] == order(given), "UNAPPROVED_ORDER_ID")
        need(doc["status"] not in (*PAID, "CANCELED"), "ALREADY_PROCESSED_PAYMENT")
        need(doc["status"] != "ABORTED", "NOT_AVAILABLE_PAYMENT")
        need(doc["status"] == "IN_PROGRESS", "NOT_FOUND_PAYMENT_SESSION")
        need(amount == doc["totalAmount"])
        if own["decline"]:
            raise RefusedError(own["decline"])
        shown = objects.easy_pay if doc["method"] == EASY else objects.card
        doc["easyPay" if doc["method"] == EASY else "card"] = shown(amount)
        self.charge(doc, own)
        return doc

    def charge(self, doc: Doc, own: Doc, tell: bool = True) -> None:
        before = doc["status"]
        key = objects.approve(doc, self.clock.text())
        self.moved(doc, "charge", doc["totalAmount"], key, "DONE")
        self.keep(doc, own, before if tell else doc["status"])

    def cancel(self, key: str, given: Doc, by: str = "cancel") -> Doc:
        doc, own = self.find("payment_key", key)
        reason, before = text(given, "cancelReason", 200), doc["status"]
        need(before != "CANCELED", "ALREADY_CANCELED_PAYMENT")
        if before == "WAITING_FOR_DEPOSIT":
            need(given.get("cancelAmount") is None, "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT")
            doc["status"] = "CANCELED"
            self.keep(doc, own, before)
            return doc
        need(before in PAID, "NOT_CANCELABLE_PAYMENT")
        asked = given.get("cancelAmount")
        amount = doc["balanceAmount"] if asked is None else whole(given, "cancelAmount")
        need(amount <= doc["balanceAmount"], "NOT_CANCELABLE_AMOUNT")
        if account := doc["virtualAccount"]:
            account["refundReceiveAccount"] = refund_account(given)
            account["refundStatus"] = "COMPLETED"
        entry = objects.cancelled(doc, amount, reason, self.clock.text())
        self.moved(doc, by, amount, entry["transactionKey"], doc["status"])
        self.keep(doc, own, before)
        return doc

    # accounts for one deposit

    def issue(self, given: Doc) -> Doc:
        need(not self.store.payment("order_id", order(given)), "DUPLICATED_ORDER_ID")
        need(whole(given, "amount") >= LEAST[DEPOSIT], "BELOW_MINIMUM_AMOUNT")
        text(given, "orderName", 100)
        text(given, "customerName", 100)
        need(given.get("bank") in BANKS, "INVALID_BANK")
        doc = objects.payment(given, DEPOSIT, self.clock.text())
        account = objects.virtual_account(given, self.free_number(), self.due(given))
        secret = f"ps_{secrets.token_urlsafe(18)}"
        doc.update(status="WAITING_FOR_DEPOSIT", virtualAccount=account, secret=secret)
        self.store.save(doc, {"since": self.clock.text(), "decline": ""})
        return doc

    def due(self, given: Doc) -> datetime:
        hours, due = given.get("validHours"), given.get("dueDate")
        need(hours is None or due is None)
        if due is None:
            hours = 168 if hours is None else whole(given, "validHours")
            need(hours <= 720)
            return self.clock.now() + timedelta(hours=hours)
        try:
            found = datetime.fromisoformat(due)
        except (TypeError, ValueError):
            raise RefusedError("INVALID_REQUEST") from None
        found = found if found.tzinfo else found.replace(tzinfo=SEOUL)
        need(self.clock.now() < found <= self.clock.now() + timedelta(hours=720))
        return found

    def free_number(self) -> str:
        """The first number of the pool that nobody can pay into: they are used again."""
        used = {
            doc["virtualAccount"]["accountNumber"]
            for doc in self.waiting()
            if not doc["virtualAccount"]["expired"]
        }
        number = 1
        while (found := f"X{65_000_000_000 + number}") in used:
            number += 1
        return found

    def waiting(self) -> list[Doc]:
        """The payments that wait for a deposit, newest first."""
        return self.listed("WAITING_FOR_DEPOSIT")

    def deposited(self) -> list[Doc]:
        """The last deposits, which a bank may undo."""
        return [doc for doc in self.listed("DONE")[:50] if doc["virtualAccount"]][:5]

    def listed(self, status: str) -> list[Doc]:
        found = self.store.rows(
            "SELECT payment_key FROM payments WHERE doc LIKE '%\"' || ? || '\"%'"
            " ORDER BY rowid DESC",
            status,
        )
        docs = [self.find("payment_key", key)[0] for (key,) in found]
        return [doc for doc in docs if doc["status"] == status]

    def deposit(self, doc: Doc, own: Doc, amount: int, name: str) -> str:
        """What a bank says to a transfer: it takes the exact amount in time, or refuses."""
        account, before = doc["virtualAccount"], doc["status"]
        if before != "WAITING_FOR_DEPOSIT":
            return "no such account"
        if account["expired"]:
            return "too late"
        if amount != doc["totalAmount"]:
            return "wrong amount"
        account.update(depositorName=name, settlementStatus="INCOMPLETED")
        key = objects.approve(doc, self.clock.text())
        self.moved(doc, "charge", amount, key, "DONE")
        self.keep(doc, own, before)
        return "taken"

    def undo(self, doc: Doc, own: Doc) -> str:
        """The bank takes a deposit back: the account waits again."""
        if doc["status"] != "DONE" or not doc["virtualAccount"]:
            return "nothing to undo"
        key = objects.transaction_key()
        doc.update(status="WAITING_FOR_DEPOSIT", approvedAt=None, lastTransactionKey=key)
        doc["virtualAccount"]["depositorName"] = None
        self.moved(doc, "undone", doc["totalAmount"], key, "WAITING_FOR_DEPOSIT")
        self.keep(doc, own, "DONE")
        return "undone"


def refund_account(given: Doc) -> dict[str, Any]:
    """Where a deposit goes back to."""
    found = given.get("refundReceiveAccount")
    if not isinstance(found, dict):
        raise RefusedError("INVALID_REFUND_ACCOUNT_INFO")
    need(found.get("bank") in BANKS, "INVALID_BANK")
    number = str(found.get("accountNumber", ""))
    need(number.isdecimal() and len(number) <= 20, "INVALID_REFUND_ACCOUNT_NUMBER")
    text(found, "holderName", 60)
    return {
        "bankCode": found["bank"],
        "accountNumber": f"{number[:-4]}****",
        "holderName": found["holderName"],
    }
