"""Notices of the emulated gateway: which are sent, late, twice, in the wrong order, or never."""

import json
import secrets
from datetime import timedelta
from threading import Condition, Thread
from typing import Any

import urllib3

from app.sandbox.pay_objects import DEPOSIT, Doc, payment_key, transaction_key
from app.sandbox.pay_store import Clock, Store

BACK_OFF = (1, 4, 16, 64, 256, 1024, 4096)
"""Minutes until the next try, by the emulator's clock; then no more."""
ONE_SHOT = (
    "drop", "duplicate", "duplicate_new_id", "delay_minutes", "hold", "wrong_secret",
    "forged_key", "huge",
)  # fmt: skip
HUGE = 10 * 2**20


class Events:
    """Writes notices down in the transaction of what they tell of; a thread sends them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.changes = Condition()

    @staticmethod
    def json(doc: Any) -> str:
        return json.dumps(doc, ensure_ascii=False)

    def setting(self) -> Doc:
        """`url`, `kinds`, and the switches that the next notice uses up."""
        found: Doc = self.store.setting("webhooks", {"url": "", "kinds": ["payment", "deposit"]})
        return found

    def use_up(self) -> Doc:
        """The switches for the notices of this change."""
        setting = self.setting()
        switches = {name: setting.pop(name) for name in ONE_SHOT if name in setting}
        if switches:
            self.store.set("webhooks", setting)
        return switches

    def changed(self, doc: Doc) -> None:
        """A payment is in another state: queue what its merchant has asked to be told."""
        setting, switches = self.setting(), self.use_up()
        kinds = setting["kinds"]
        bodies = []
        if "payment" in kinds:
            bodies.append(self.payment_body(doc, switches))
        if "deposit" in kinds and doc["method"] == DEPOSIT:
            bodies.append(self.deposit_body(doc, switches))
        if not switches.get("drop"):
            for body in bodies:
                self.queue(body, doc["orderId"], switches)
        if not switches.get("hold"):
            self.release()

    def now(self) -> str:
        """As notices write moments: local, with microseconds, without a zone."""
        return self.clock.now().replace(tzinfo=None).isoformat(timespec="microseconds")

    def payment_body(self, doc: Doc, switches: Doc) -> Doc:
        data = dict(doc)
        if switches.get("forged_key"):
            data["paymentKey"] = payment_key()
        return {"eventType": "PAYMENT_STATUS_CHANGED", "createdAt": self.now(), "data": data}

    def deposit_body(self, doc: Doc, switches: Doc) -> Doc:
        return {
            "createdAt": self.now(),
            "secret": "ps_wrong" if switches.get("wrong_secret") else doc["secret"],
            "status": doc["status"],
            "transactionKey": doc["lastTransactionKey"] or transaction_key(),
            "orderId": doc["orderId"],
        }

    def queue(self, body: Doc, order_id: str, switches: Doc | None = None) -> None:
        switches = switches or {}
        if switches.get("huge"):
            body = {**body, "padding": "x" * HUGE}
        due = self.clock.now() + timedelta(minutes=switches.get("delay_minutes", 0))
        state = "held" if switches.get("hold") else "waiting"
        name = secrets.token_urlsafe(24)
        names = [name] * (1 + switches.get("duplicate", 0))
        names += [secrets.token_urlsafe(24) for _ in range(switches.get("duplicate_new_id", 0))]
        for one in names:
            self.add(one, self.json(body), due.isoformat(), state, order_id)

    def add(self, name: str, body: str, due_at: str, state: str, order_id: str) -> None:
        self.store.rows(
            "INSERT INTO deliveries (transmission, body, due_at, tries, state, order_id)"
            " VALUES (?, ?, ?, 0, ?, ?)",
            name,
            body,
            due_at,
            state,
            order_id,
        )
        self.wake()

    def release(self) -> None:
        """What was held back goes after what came later."""
        for (number,) in self.store.rows("SELECT id FROM deliveries WHERE state = 'held'"):
            self.store.rows(
                "UPDATE deliveries SET state = 'waiting', due_at = ?,"
                " id = (SELECT max(id) + 1 FROM deliveries) WHERE id = ?",
                self.clock.now().isoformat(),
                number,
            )

    def replay(self, number: int) -> None:
        """Send an old notice again, with the same id."""
        found = self.store.rows(
            "SELECT transmission, body, order_id FROM deliveries WHERE id = ?", number
        )
        name, body, order_id = found[0]
        self.add(name, body, self.clock.now().isoformat(), "waiting", order_id)

    def wake(self) -> None:
        with self.changes:
            self.changes.notify_all()

    def listed(self) -> list[Doc]:
        names = ("id", "transmission", "body", "due_at", "tries", "state", "status", "orderId")
        rows = self.store.rows(
            "SELECT id, transmission, body, due_at, tries, state, status, order_id"
            " FROM deliveries ORDER BY id"
        )
        return [dict(zip(names, row, strict=True)) for row in rows]

    def due(self) -> tuple[Any, ...] | None:
        """The first notice whose time has come."""
        found = self.store.rows(
            "SELECT id, transmission, body, tries, due_at FROM deliveries"
            " WHERE state = 'waiting' AND due_at <= ? ORDER BY id LIMIT 1",
            self.clock.now().isoformat(),
        )
        return found[0] if found else None


def headers(transmission: str, tries: int, at: str) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "tosspayments-webhook-transmission-id": transmission,
        "tosspayments-webhook-transmission-time": at,
        "tosspayments-webhook-transmission-retried-count": str(tries),
    }


class Sender(Thread):
    """Sends notices one after the other and waits for the next."""

    def __init__(self, events: Events) -> None:
        super().__init__(daemon=True, name="sender")
        self.events, self.http = events, urllib3.PoolManager(retries=False)

    def run(self) -> None:
        while True:
            if not self.send_next():
                with self.events.changes:
                    self.events.changes.wait(0.2)

    def send_next(self) -> bool:
        """Send what is due first; False when nothing is."""
        url = self.events.setting()["url"]
        found = self.events.due() if url else None
        if found is None:
            return False
        number, transmission, body, tries, _ = found
        at = self.events.clock.text()
        try:
            answer = self.http.request(
                "POST", url, body=body.encode(), headers=headers(transmission, tries, at),
                timeout=10, redirect=False,
            )  # fmt: skip
            status = answer.status
        except urllib3.exceptions.HTTPError:
            status = 0
        self.note(number, tries, status)
        return True

    def note(self, number: int, tries: int, status: int) -> None:
        """The notice has arrived, or is tried again later, or never."""
        store, now = self.events.store, self.events.clock.now()
        state, due = ("sent" if 200 <= status < 300 else "waiting"), now
        if state == "waiting" and tries < len(BACK_OFF):
            due = now + timedelta(minutes=BACK_OFF[tries])
        elif state == "waiting":
            state = "given up"
        store.rows(
            "UPDATE deliveries SET state = ?, tries = ?, status = ?, due_at = ? WHERE id = ?",
            state,
            tries + 1,
            status,
            due.isoformat(),
            number,
        )
