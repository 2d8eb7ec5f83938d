"""Switches and counters of the emulated gateway, for tests and developers: `/control/…`."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from app.sandbox.pay_api import Api
from app.sandbox.pay_errors import RefusedError
from app.sandbox.pay_events import ONE_SHOT, Sender
from app.sandbox.pay_money import need
from app.sandbox.pay_objects import Doc


class Control:
    """Each switch is a POST of JSON to `/control/<name>`; what is read is a GET."""

    def __init__(self, api: Api) -> None:
        self.api, self.store, self.clock = api, api.store, api.clock
        self.sender = Sender(api.events)

    def set_clock(self, given: Doc) -> Doc:
        """`at` stops the clock there, `advance` (seconds) moves it, `run` lets it go on."""
        if "at" in given:
            self.clock.still = datetime.fromisoformat(given["at"])
        if given.get("run"):
            self.clock.still, self.clock.step = None, timedelta(0)
        if "advance" in given:
            step = timedelta(seconds=given["advance"])
            if self.clock.still:
                self.clock.still += step
            else:
                self.clock.step += step
        self.api.events.wake()
        return {"now": self.clock.text()}

    def set_webhooks(self, given: Doc) -> Doc:
        """`url`, `kinds` (payment, deposit), and what is to happen to the next notice."""
        need(set(given) <= {"url", "kinds", *ONE_SHOT})
        with self.store.writing():
            self.store.set("webhooks", {**self.api.events.setting(), **given})
        return self.api.events.setting()

    def send(self, given: Doc) -> Doc:
        """Send everything that is due, now; how many."""
        count = 0
        while self.sender.send_next():
            count += 1
        return {"sent": count}

    def replay(self, given: Doc) -> Doc:
        with self.store.writing():
            self.api.events.replay(given["id"])
        return {}

    def order_fault(self, given: Doc) -> Doc:
        with self.store.writing():
            self.api.faults.order(given)
        return {}

    def clear_faults(self, given: Doc) -> Doc:
        """No call fails any more."""
        with self.store.writing():
            self.store.rows("DELETE FROM faults")
        return {}

    def authenticate(self, given: Doc) -> Doc:
        """Open a window and say yes in it, as a customer does; `decline` fails at the confirm."""
        with self.store.writing():
            begun = self.store.payment("order_id", given["orderId"])
            doc = begun[0] if begun else self.api.money.open(given)
            return self.api.money.authenticate(doc["paymentKey"], given.get("decline", ""))

    def deposit(self, given: Doc) -> Doc:
        """A transfer into the account of an order; `amount` and `name` of who sends it."""
        with self.store.writing():
            doc, own = self.api.money.find("order_id", given["orderId"])
            amount: int = given.get("amount") or doc["totalAmount"]
            said = self.api.money.deposit(doc, own, amount, given.get("name", "김가상"))
        return {"result": said}

    def undo(self, given: Doc) -> Doc:
        with self.store.writing():
            return {
                "result": self.api.money.undo(*self.api.money.find("order_id", given["orderId"]))
            }

    def cancel(self, given: Doc) -> Doc:
        """A cancel that somebody makes at the gateway itself, past its merchant's program."""
        with self.store.writing():
            doc, _ = self.api.money.find("order_id", given["orderId"])
            reason = {"cancelReason": "console", **given}
            return self.api.money.cancel(doc["paymentKey"], reason, "console")

    def confirm(self, given: Doc) -> Doc:
        """Take the money, as a merchant's confirm does whose answer nobody hears."""
        with self.store.writing():
            return self.api.money.confirm(given)

    def stray(self, given: Doc) -> Doc:
        """A charge that the merchant's program does not know of."""
        with self.store.writing():
            doc = self.api.money.open({"orderName": "?", **given})
            doc = self.api.money.authenticate(doc["paymentKey"])
            names = ("paymentKey", "orderId")
            return self.api.money.confirm(
                {**{name: doc[name] for name in names}, "amount": doc["totalAmount"]}
            )

    def authorise_card(self, given: Doc) -> Doc:
        with self.store.writing():
            word = self.api.cards.authorise(given["customerKey"], given.get("decline", ""))
        return {"authKey": word}

    def delete_card(self, given: Doc) -> Doc:
        """The customer or the card's bank ends a card key."""
        body = {"eventType": "BILLING_DELETED", "createdAt": self.api.events.now(), "data": given}
        with self.store.writing():
            self.api.cards.delete(given["billingKey"])
            self.api.events.queue({**body, "data": {"reason": "issuer", **given}}, "")
        return {}

    def refuse_card(self, given: Doc) -> Doc:
        """From now on charges of a card key are declined with `decline`; empty: they are not."""
        with self.store.writing():
            self.api.cards.change(given["billingKey"], decline=given["decline"])
        return {}

    def reset(self, given: Doc) -> Doc:
        self.store.clear()
        return self.set_clock({"run": True})

    # what is read

    def money(self) -> Doc:
        """Real money by order: what was charged and came back, and how many charges there were."""
        found: Doc = {}
        for order_id, what, amount in self.store.rows("SELECT order_id, what, amount FROM money"):
            one = found.setdefault(order_id, {"charges": 0, "charged": 0, "back": 0})
            if what == "charge":
                one["charges"] += 1
                one["charged"] += amount
            else:
                one["back"] += amount
        return found

    def cancels(self) -> Doc:
        """What went back by order because its merchant asked for it."""
        sql = "SELECT order_id, sum(amount) FROM money WHERE what = 'cancel' GROUP BY order_id"
        return dict(self.store.rows(sql))

    def sums(self) -> Doc:
        orders = self.money().values()
        charged, back = (sum(one[name] for one in orders) for name in ("charged", "back"))
        return {"charged": charged, "back": back, "held": charged - back}

    def payments(self) -> list[Doc]:
        keys = self.store.rows("SELECT payment_key FROM payments ORDER BY rowid")
        return [self.api.money.find("payment_key", key)[0] for (key,) in keys]


WRITES: dict[str, Callable[[Control, Doc], Any]] = {
    "clock": Control.set_clock,
    "webhooks": Control.set_webhooks,
    "webhooks/send": Control.send,
    "webhooks/replay": Control.replay,
    "faults": Control.order_fault,
    "faults/clear": Control.clear_faults,
    "authenticate": Control.authenticate,
    "deposits": Control.deposit,
    "deposits/undo": Control.undo,
    "cancels": Control.cancel,
    "confirm": Control.confirm,
    "stray": Control.stray,
    "cards": Control.authorise_card,
    "cards/delete": Control.delete_card,
    "cards/refuse": Control.refuse_card,
    "reset": Control.reset,
}
READS: dict[str, Callable[[Control], Any]] = {
    "clock": lambda control: {"now": control.clock.text()},
    "money": Control.money,
    "cancels": Control.cancels,
    "sums": Control.sums,
    "payments": Control.payments,
    "webhooks": lambda control: control.api.events.listed(),
}


def answered(control: Control, method: str, name: str, given: Doc) -> tuple[int, Any]:
    """The status and body of a request to `/control/<name>`."""
    try:
        if method == "POST" and name in WRITES:
            return 200, WRITES[name](control, given)
        if method == "GET" and name in READS:
            return 200, READS[name](control)
    except RefusedError as error:
        return error.status, error.body
    except (KeyError, ValueError) as error:
        return 400, {"code": "INVALID_REQUEST", "message": str(error)}
    return 404, {"code": "NOT_FOUND", "message": name}
