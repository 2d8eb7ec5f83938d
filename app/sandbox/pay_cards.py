"""Card keys and cash receipts of the emulated gateway."""

import json
import secrets

from app.sandbox import pay_objects as objects
from app.sandbox.pay_errors import RefusedError
from app.sandbox.pay_money import Money, need, order, text, whole
from app.sandbox.pay_objects import CARD, Doc


class Cards:
    """Keys with which a merchant charges a card again; called within the store's transaction."""

    def __init__(self, money: Money) -> None:
        self.money, self.store = money, money.store

    def authorise(self, customer_key: str, decline: str = "") -> str:
        """The customer has registered a card: the word that the redirect carries."""
        need(2 <= len(customer_key) <= 300)
        word = secrets.token_urlsafe(18)
        own = json.dumps({"decline": decline, "deleted": False})
        self.store.rows("INSERT INTO billing VALUES (?, NULL, ?, '{}', ?)", word, customer_key, own)
        return word

    def issue(self, given: Doc) -> Doc:
        """A card key for the redirect's word, which counts once."""
        word, customer = text(given, "authKey", 300), text(given, "customerKey", 300)
        found = self.store.rows(
            "SELECT customer_key, billing_key FROM billing WHERE auth_key = ?", word
        )
        need(found and found[0][1] is None)
        need(found[0][0] == customer, "NOT_MATCHES_CUSTOMER_KEY")
        doc = objects.billing(customer, self.money.clock.text())
        self.store.rows(
            "UPDATE billing SET billing_key = ?, doc = ? WHERE auth_key = ?",
            doc["billingKey"],
            json.dumps(doc, ensure_ascii=False),
            word,
        )
        return doc

    def found(self, billing_key: str) -> tuple[str, Doc]:
        rows = self.store.rows(
            "SELECT customer_key, own FROM billing WHERE billing_key = ?", billing_key
        )
        own = json.loads(rows[0][1]) if rows else {"deleted": True}
        if own["deleted"]:
            raise RefusedError("NOT_FOUND_BILLING")
        return rows[0][0], own

    def change(self, billing_key: str, **changes: object) -> None:
        _, own = self.found(billing_key)
        self.store.rows(
            "UPDATE billing SET own = ? WHERE billing_key = ?",
            json.dumps({**own, **changes}),
            billing_key,
        )

    def delete(self, billing_key: str) -> Doc:
        self.change(billing_key, deleted=True)
        return {"billingKey": billing_key}

    def charge(self, billing_key: str, given: Doc) -> Doc:
        """Charge a card; the answer says it all, so no notice is sent."""
        customer, own = self.found(billing_key)
        need(text(given, "customerKey", 300) == customer, "NOT_MATCHES_CUSTOMER_KEY")
        amount = whole(given, "amount")
        need(amount >= 100, "BELOW_MINIMUM_AMOUNT")
        text(given, "orderName", 100)
        need(not self.store.payment("order_id", order(given)), "DUPLICATED_ORDER_ID")
        if own["decline"]:
            raise RefusedError(own["decline"])
        doc = objects.payment({**given, "type": "BILLING"}, CARD, self.money.clock.text())
        doc["card"] = objects.card(amount)
        hidden = {"since": self.money.clock.text(), "decline": ""}
        self.money.charge(doc, hidden, tell=False)
        return doc

    # cash receipts

    def receipt(self, given: Doc) -> Doc:
        order(given)
        whole(given, "amount")
        for name in ("orderName", "customerIdentityNumber"):
            text(given, name, 100)
        need(given.get("type") in ("소득공제", "지출증빙"))
        doc = objects.cash_receipt(given, self.money.clock.text())
        self.keep_receipt(doc)
        return doc

    def keep_receipt(self, doc: Doc) -> None:
        day = doc["requestedAt"][:10]
        written = json.dumps(doc, ensure_ascii=False)
        self.store.rows(
            "INSERT OR REPLACE INTO receipts VALUES (?, ?, ?)", doc["receiptKey"], day, written
        )

    def receipts(self, day: str, cursor: int, limit: int) -> Doc:
        rows = self.store.rows(
            "SELECT rowid, doc FROM receipts WHERE day = ? AND rowid > ? ORDER BY rowid LIMIT ?",
            day,
            cursor,
            limit + 1,
        )
        shown = rows[:limit]
        last = shown[-1][0] if shown else cursor
        data = [json.loads(doc) for _, doc in shown]
        return {"hasNext": len(rows) > limit, "lastCursor": last, "data": data}

    def cancel_receipt(self, key: str, given: Doc) -> Doc:
        found = self.store.rows("SELECT doc FROM receipts WHERE receipt_key = ?", key)
        need(found, "NOT_FOUND")
        doc = json.loads(found[0][0])
        amount = given.get("amount")
        need(amount is None or (type(amount) is int and 0 < amount <= doc["amount"]))
        doc.update(transactionType="CANCEL", issueStatus="IN_PROGRESS")
        self.keep_receipt(doc)
        return dict(doc)
